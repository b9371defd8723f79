"""Mail over real TLS: to a relay whose certificate fits, and to those whose does not. Never without TLS instead."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channels.contract import Accepted, Blame, CanProbe, Deferred, Fault, Probed
from channels.email.smtp.samples import SMTP_PASSWORD, smtp_settings
from channels.testkit.bench import built
from channels.testkit.samples import envelope

TO = "person@customer.example"


class Authority:
    """Signs certificates for tests; nobody trusts it who was not told to."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
        self.certificate = self._sign(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0), 30)

    def _sign(self, subject: x509.Name, key: Any, extension: Any, days: int) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(self._key, hashes.SHA256())
        )

    def server(self, folder: Path, host: str = "localhost", days: int = 30) -> ssl.SSLContext:
        """What a server with a certificate for this host works with."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._sign(subject, key, names, days)
        plain = serialization.NoEncryption()
        pem = serialization.Encoding.PEM
        (folder / "server.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        (folder / "server.pem").write_bytes(certificate.public_bytes(pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        return context


class Relay:
    """What reached a relay, and whether it came in TLS."""

    def __init__(self) -> None:
        self.mails: list[bool] = []
        self.logins: list[bool] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"

    def log_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        self.logins.append(session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
        return AuthResult(success=True)


@asynccontextmanager
async def relaying(context: ssl.SSLContext, *, starttls: bool) -> AsyncIterator[tuple[Relay, int]]:
    relay, loop = Relay(), asyncio.get_running_loop()

    def protocol() -> Any:
        return SMTP(
            relay,
            hostname="localhost",
            loop=loop,
            tls_context=context if starttls else None,
            authenticator=relay.log_in,
            auth_require_tls=False,
        )

    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=None if starttls else context)
    try:
        yield relay, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The machine trusts the authority, as it would one that an administrator has installed."""
    file = tmp_path / "authorities.pem"
    file.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return tmp_path


def settings(port: int, security: str) -> dict[str, Any]:
    return {**smtp_settings(port), "host": "localhost", "security": security}


BOTH = pytest.mark.parametrize("security", ["starttls", "tls"])


@BOTH
async def test_a_mail_goes_in_tls_and_so_does_the_password(authority: Authority, trusted: Path, security: str) -> None:
    async with (
        relaying(authority.server(trusted), starttls=security == "starttls") as (relay, port),
        built("email/smtp", settings(port, security)) as channel,
    ):
        assert isinstance(channel, CanProbe)
        assert isinstance(await channel.probe(timeout=10), Probed)
        for number in (1, 2):
            outcome = await channel.send(envelope(number, to=TO), timeout=10)
            assert isinstance(outcome, Accepted), outcome
    assert relay.mails == [True, True]
    assert relay.logins == [True]


@BOTH
@pytest.mark.parametrize("wrong", ["another name", "expired", "nobody we trust"])
async def test_a_certificate_that_does_not_fit_sends_nothing(
    authority: Authority, trusted: Path, security: str, wrong: str
) -> None:
    match wrong:
        case "another name":
            context = authority.server(trusted, host="elsewhere.example")
        case "expired":
            context = authority.server(trusted, days=-1)
        case _:
            context = Authority().server(trusted)
    async with (
        relaying(context, starttls=security == "starttls") as (relay, port),
        built("email/smtp", settings(port, security)) as channel,
    ):
        outcome = await channel.send(envelope(to=TO), timeout=10)
        assert isinstance(channel, CanProbe)
        probed = await channel.probe(timeout=10)
    assert isinstance(outcome, Deferred), outcome
    assert (outcome.fault.blame, outcome.fault.code) == (Blame.PATH, "tls")
    assert isinstance(probed, Fault)
    assert probed.code == "tls"
    assert (relay.mails, relay.logins) == ([], [])
    assert SMTP_PASSWORD not in repr(outcome)
