"""What the address of a broker comes to, and what is said about one that cannot be used."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from dispatcher.faces.worker.brokers import broker_settings
from dispatcher.faces.worker.making import make_app
from dispatcher.settings import SettingsError


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (None, "redis://127.0.0.1:1/0"),
        ("redis://localhost", "redis://localhost:6379/0"),
        ("redis://:s3cret@h:7000/3", "redis://:s3cret@h:7000/3"),
        ("redis://[::1]:7000", "redis://[::1]:7000/0"),
        ("rediss://:s3cret@h", "rediss://:s3cret@h:6379/0"),
        ("sentinel://:p@h1,h2:7000/2?master=m", "sentinel://:p@h1:26379/2;sentinel://:p@h2:7000/2"),
        ("sentinels://:p@h1?master=m", "sentinel://:p@h1:26379/0"),
        ("amqp://me:p%2Fw@h", "amqp://me:p%2Fw@h:5672/%2F"),
        ("amqp://me:p@h1,h2:7000/mine", "amqp://me:p@h1:5672/mine;amqp://me:p@h2:7000/mine"),
        ("amqps://me:p@h/%2Fmine", "amqps://me:p@h:5671/%2Fmine"),
    ],
)
def test_the_address_as_the_library_wants_it(given: str | None, made: str) -> None:
    settings = broker_settings(given)
    assert settings["broker_url"] == made
    assert make_app(given).conf.broker_url == made


def understood(url: str) -> dict[str, Any]:
    with Connection(broker_settings(url)["broker_url"]) as connection:
        return connection.info()


def test_the_library_understands_what_it_is_given() -> None:
    info = understood("amqp://me:p%2Fw%40@h/mine")
    assert (info["userid"], info["password"], info["virtual_host"]) == ("me", "p/w@", "mine")
    assert understood("amqp://me:p@h")["virtual_host"] == "/"
    info = understood("redis://:p%2Fw%40@h:7000/3")
    assert (info["password"], info["port"], info["virtual_host"]) == ("p/w@", 7000, "3")


def test_certificates_are_checked_unless_the_address_says_otherwise(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.touch()
    full = {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
    assert broker_settings("rediss://h")["broker_use_ssl"] == full
    assert broker_settings(f"rediss://h?ssl_ca_certs={ca}")["broker_use_ssl"] == {**full, "ssl_ca_certs": str(ca)}
    anybody = {"ssl_cert_reqs": ssl.CERT_NONE, "ssl_check_hostname": False}
    assert broker_settings("rediss://h?ssl_cert_reqs=none")["broker_use_ssl"] == anybody
    assert broker_settings("amqps://h")["broker_use_ssl"] == {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": None}
    nameless = broker_settings("amqps://h?ssl_check_hostname=false")["broker_use_ssl"]
    assert nameless == {"cert_reqs": ssl.CERT_REQUIRED}
    for plain in ("redis://h", "amqp://h", "sentinel://h?master=m"):
        assert "broker_use_ssl" not in broker_settings(plain)


def test_sentinels_have_a_master_and_credentials_of_their_own() -> None:
    url = "sentinels://:p@h1,h2?master=bells&sentinel_username=u&sentinel_password=s%20q"
    options = broker_settings(url)["broker_transport_options"]
    assert options["master_name"] == "bells"
    spoken = options["sentinel_kwargs"]
    assert (spoken["username"], spoken["password"], spoken["ssl"]) == ("u", "s q", True)
    assert spoken["ssl_cert_reqs"] is ssl.CERT_REQUIRED
    bare = broker_settings("sentinel://:p@h1?master=bells")["broker_transport_options"]["sentinel_kwargs"]
    assert not {"username", "password", "ssl"} & set(bare)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("h:6379", "begins with .*; it must begin with one of redis://, rediss://, sentinel://"),
        ("http://h", "begins with 'http://'; it must begin with one of"),
        ("", None),
        ("redis://", "names no host where one belongs; write host or host:port"),
        ("redis://:s3cret@h:port", "names no host where one belongs"),
        ("redis://:s3cret/more@h", "names no host where one belongs.*in a password write @ as %40, / as %2F"),
        ("redis://:s3cret#more@h", "'#'; write it as %23|names no host"),
        ("redis://h:99999", "names no host where one belongs"),
        (
            "redis://:s3cret@h1,h2",
            "names 2 hosts; redis:// takes one; only sentinel://, sentinels://, amqp:// take",
        ),
        ("amqps://:s3cret@h1,h2", "names 2 hosts; amqps:// takes one"),
        ("redis://h/mine", "ends in something that is no number; behind the host stands the number of a database"),
        ("redis://h?master=m", "has the parameter 'master'; redis:// takes no parameters"),
        ("redis://h?ssl_cert_reqs=none", "has ssl_cert_reqs, but asks for no TLS; begin it with rediss://"),
        ("amqp://h?ssl_ca_certs=x", "has ssl_ca_certs, but asks for no TLS; begin it with amqps://"),
        (
            "rediss://h?ssl_ca_certs=/no/such.pem",
            "ssl_ca_certs=/no/such.pem, and there is no such file; give",
        ),
        ("rediss://h?ssl_ca_certs=", "has ssl_ca_certs without a value; give it one or leave it out"),
        ("rediss://h?ssl_cert_reqs=maybe", "it is one of required, optional, none"),
        ("rediss://h?ssl_check_hostname=no", "it is true or false"),
        ("sentinel://:s3cret@h", r"does not name the master; add \?master="),
        ("redis://[::1", "is not an address; write it as redis://"),
    ],
)
def test_invariant_10_a_wrong_address_is_explained_and_never_shown(given: str, said: str | None) -> None:
    if said is None:
        assert broker_settings(given)["broker_url"] == broker_settings(None)["broker_url"]
        return
    with pytest.raises(SettingsError, match=f"DISPATCHER_BROKER_URL .*{said}") as refused:
        broker_settings(given)
    assert "s3cret" not in str(refused.value)


def test_a_key_needs_its_certificate(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.touch()
    with pytest.raises(SettingsError, match="ssl_keyfile without ssl_certfile"):
        broker_settings(f"rediss://h?ssl_keyfile={key}")
