"""How each kind of broker is spoken to, read from the one address in DISPATCHER_BROKER_URL.

    redis://:password@host:6379/0
    rediss://:password@host:6379/0?ssl_ca_certs=/etc/ssl/our-ca.pem
    sentinel://:password@host1:26379,host2:26379/0?master=mymaster      sentinels:// for TLS
    amqp://user:password@host1:5672,host2:5672/vhost                    amqps:// for TLS

The other side's certificate and name are checked unless the address says otherwise; the libraries' own default for
`rediss` is to check nothing. No message shows the address: it holds the password.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from redis.backoff import NoBackoff
from redis.retry import Retry

from dispatcher.settings import SettingsError

_NAME = "DISPATCHER_BROKER_URL"
#: Nobody listens there: an application without a broker can only be looked at.
_NOWHERE = "redis://127.0.0.1:1/0"

_TLS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname")
_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
_CERT_REQS = {"required": ssl.CERT_REQUIRED, "optional": ssl.CERT_OPTIONAL, "none": ssl.CERT_NONE}

#: Seconds. A blocking read of ours lasts 1 s, so a longer silence means that the connection is dead.
_REDIS = {
    "socket_connect_timeout": 5,
    "socket_timeout": 30,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "retry_on_timeout": True,
}
#: A sentinel answers at once or is not worth waiting for: the next one knows as much. By itself the library tries each
#: one four times, seconds apart, while whoever rings waits.
_SENTINEL = {"socket_connect_timeout": 2, "socket_timeout": 5, "retry": Retry(NoBackoff(), 0)}
#: Seconds after which a silent RabbitMQ is taken for dead are twice this.
_HEARTBEAT = 20


@dataclass(frozen=True, slots=True)
class _Scheme:
    """One kind of address.

    Attributes:
        port: Where it listens when the address does not say.
        transport: What the library calls it.
        tls: Whether it is spoken to in TLS.
        several: Whether more than one host may be named.
        parameters: What may stand behind the question mark.
    """

    port: int
    transport: str
    tls: bool = False
    several: bool = False
    parameters: tuple[str, ...] = ()


_OF_SENTINEL = ("master", "sentinel_username", "sentinel_password")
_SCHEMES = {
    "redis": _Scheme(6379, "redis"),
    "rediss": _Scheme(6379, "rediss", tls=True, parameters=_TLS),
    "sentinel": _Scheme(26379, "sentinel", several=True, parameters=_OF_SENTINEL),
    "sentinels": _Scheme(26379, "sentinel", tls=True, several=True, parameters=(*_OF_SENTINEL, *_TLS)),
    "amqp": _Scheme(5672, "amqp", several=True),
    # The library would ask every further host for the certificate of the first.
    "amqps": _Scheme(5671, "amqps", tls=True, parameters=_TLS),
}


@dataclass(frozen=True, slots=True)
class _Address:
    """An address taken apart. `path` is the number of the database, or the virtual host."""

    scheme: _Scheme
    userinfo: str = field(repr=False)
    hosts: tuple[str, ...]
    path: str
    query: Mapping[str, str] = field(repr=False)

    def url(self) -> str:
        """As the library wants it: one address a host, and without parameters."""
        user = f"{self.userinfo}@" if self.userinfo else ""
        return ";".join(f"{self.scheme.transport}://{user}{host}/{self.path}" for host in self.hosts)


def broker_settings(url: str | None) -> dict[str, Any]:
    """What the Celery application is told about its broker; None means that there is none.

    Raises:
        SettingsError: the address cannot be used; says what is wrong without showing it.
    """
    address = _read(url or _NOWHERE)
    settings: dict[str, Any] = {"broker_url": address.url()}
    checks = _checks(address.query) if address.scheme.tls else {}
    match address.scheme.transport:
        case "redis" | "rediss":
            settings["broker_transport_options"] = _REDIS
            if checks:
                settings["broker_use_ssl"] = checks
        case "sentinel":
            settings["broker_transport_options"] = _REDIS | {
                "master_name": address.query["master"],
                "sentinel_kwargs": _to_sentinels(address.query, checks),
            }
            if checks:
                settings["broker_use_ssl"] = checks
        case _:
            settings["broker_heartbeat"] = _HEARTBEAT
            if checks:
                settings["broker_use_ssl"] = _for_amqp(checks)
    return settings


def _read(url: str) -> _Address:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise _wrong("is not an address", "write it as redis://:password@host:6379/0") from None
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None:
        raise _wrong(
            f"begins with {parts.scheme + '://' if parts.scheme else 'no scheme'!r}",
            f"it must begin with one of {', '.join(f'{name}://' for name in _SCHEMES)}",
        )
    userinfo, _, listed = parts.netloc.rpartition("@")
    hosts = tuple(_host(one, scheme.port) for one in listed.split(","))
    if len(hosts) > 1 and not scheme.several:
        able = ", ".join(f"{name}://" for name, one in _SCHEMES.items() if one.several)
        raise _wrong(f"names {len(hosts)} hosts", f"{parts.scheme}:// takes one; only {able} take several")
    if parts.fragment:
        raise _wrong("holds a '#'", "write it as %23 where it belongs to a password")
    return _Address(scheme, userinfo, hosts, _path(parts, scheme), _query(parts, scheme))


def _host(given: str, port: int) -> str:
    try:
        found = urlsplit(f"//{given}")
        name, number = found.hostname, found.port
    except ValueError:
        name, number = None, None
    if not name or not re.fullmatch(r"[\w.:%-]+", name):
        raise _wrong(
            "names no host where one belongs",
            "write host or host:port, several separated by commas; in a password write @ as %40, / as %2F, : as %3A",
        )
    return f"[{name}]:{number or port}" if ":" in name else f"{name}:{number or port}"


def _path(parts: SplitResult, scheme: _Scheme) -> str:
    given = parts.path.removeprefix("/")
    if scheme.transport in {"amqp", "amqps"}:
        # No virtual host means the one called "/".
        return quote(unquote(given), safe="") if given else "%2F"
    if given and not given.isdecimal():
        raise _wrong("ends in something that is no number", "behind the host stands the number of a database, as in /0")
    return given or "0"


def _query(parts: SplitResult, scheme: _Scheme) -> dict[str, str]:
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    for name, value in query.items():
        if name in _TLS and not scheme.tls:
            raise _wrong(f"has {name}, but asks for no TLS", f"begin it with {parts.scheme}s://")
        if name not in scheme.parameters:
            known = ", ".join(scheme.parameters) or "no parameters"
            raise _wrong(f"has the parameter {name!r}", f"{parts.scheme}:// takes {known}")
        if not value:
            raise _wrong(f"has {name} without a value", "give it one or leave it out")
        if name in _FILES and not Path(value).is_file():
            raise _wrong(f"has {name}={value}, and there is no such file", "give the whole path of a PEM file")
    if scheme.transport == "sentinel" and "master" not in query:
        raise _wrong("does not name the master", "add ?master= and the name under which the sentinels watch it")
    if "ssl_keyfile" in query and "ssl_certfile" not in query:
        raise _wrong("has ssl_keyfile without ssl_certfile", "a key is of no use without its certificate")
    if query.get("ssl_cert_reqs", "required") not in _CERT_REQS:
        raise _wrong("has an ssl_cert_reqs that does not exist", f"it is one of {', '.join(_CERT_REQS)}")
    if query.get("ssl_check_hostname", "true") not in {"true", "false"}:
        raise _wrong("has an ssl_check_hostname that does not exist", "it is true or false")
    return query


def _checks(query: Mapping[str, str]) -> dict[str, Any]:
    """In the words of the Redis library. Without `ssl_ca_certs` the machine's own authorities count."""
    reqs = _CERT_REQS[query.get("ssl_cert_reqs", "required")]
    checked = reqs is not ssl.CERT_NONE and query.get("ssl_check_hostname", "true") == "true"
    return {"ssl_cert_reqs": reqs, "ssl_check_hostname": checked} | {
        name: query[name] for name in _FILES if name in query
    }


def _for_amqp(checks: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the words of the AMQP library."""
    said = {name.removeprefix("ssl_"): value for name, value in checks.items() if name != "ssl_check_hostname"}
    # None stands for the host's own name; left out, names are not checked.
    return said | ({"server_hostname": None} if checks["ssl_check_hostname"] else {})


def _to_sentinels(query: Mapping[str, str], checks: Mapping[str, Any]) -> dict[str, Any]:
    """How the sentinels are spoken to: they have credentials of their own, or none."""
    said = {name: query[f"sentinel_{name}"] for name in ("username", "password") if f"sentinel_{name}" in query}
    return _SENTINEL | said | ({"ssl": True, **checks} if checks else {})


def _wrong(what: str, mend: str) -> SettingsError:
    return SettingsError(f"{_NAME} {what}; {mend}")
