"""`dispatcher recipients mx` against a real DNS server on this machine: who hosts whose mailbox, and what fails."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from channels.contract import Kind
from dispatcher.faces import mailboxes as face
from dispatcher.faces.cli.main import app
from dispatcher.ledger import Ledger, now, recipients
from dispatcher.ledger.tables import mail_domain
from dispatcher.model.config import Audience
from dispatcher.model.recipient import Recipient
from tests.migrated import make_ready

ZONES = {
    "acme.example.": ["10 acme-example.mail.protection.outlook.com."],
    "both.example.": ["5 aspmx.l.google.com.", "5 both.mail.protection.outlook.com."],
    "own.example.": ["10 mx.own.example.", "20 own.mail.protection.outlook.com."],
    "none.example.": ["0 ."],
    "bare.example.": [],
}


class Dns(socketserver.UDPServer):
    """Answers from `ZONES`; what is not there does not exist, `broken` fails and `silent` never answers."""

    def __init__(self) -> None:
        self.zones = dict(ZONES)
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Answer)


class _Answer(socketserver.BaseRequestHandler):
    server: Dns

    def handle(self) -> None:
        wire, socket = self.request
        question = dns.message.from_wire(wire)
        name = question.question[0].name
        text = name.to_text().lower()
        self.server.asked.append(text)
        if text.startswith("silent"):
            return
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        if text.startswith("broken"):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif text not in self.server.zones:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif records := self.server.zones[text]:
            answer.answer.append(dns.rrset.from_text(name, 300, "IN", "MX", *records))
        socket.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def dns_server() -> Iterator[Dns]:
    with Dns() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    url = f"sqlite:///{tmp_path / 'l.db'}"
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    monkeypatch.setenv("DISPATCHER_LEDGER_URL", url)
    monkeypatch.setattr(face, "_PATIENCE", 0.5)
    made = Ledger(url)
    make_ready(made)
    yield made
    made.close()


def _people(ledger: Ledger, *mails: str, tags: frozenset[str] = frozenset()) -> None:
    with ledger.write() as tx:
        recipients.upsert(tx, [Recipient(mail, addresses={Kind.EMAIL: mail}, tags=tags) for mail in mails])


def _run(server: Dns, *more: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(
        app, ["recipients", "mx", "--server", f"127.0.0.1:{server.server_address[1]}", "--json", *more]
    )
    return done.exit_code, json.loads(done.stdout)


def _where(ledger: Ledger) -> dict[str, int]:
    with ledger.read() as tx:
        return {one.mailbox_at: one.people for one in recipients.classes(tx, Audience(title="All"))}


def test_mailboxes_are_found_by_their_exchangers_and_by_the_list(ledger: Ledger, dns_server: Dns) -> None:
    _people(ledger, "a@acme.example", "b@acme.example", "c@both.example", "d@own.example", "e@none.example")
    _people(ledger, "f@bare.example", "g@hotmail.com", "h@gmail.com")
    status, told = _run(dns_server)
    assert (status, told["asked"], told["failed"]) == (0, 5, [])
    assert _where(ledger) == {"microsoft-365": 3, "google-workspace": 1, "": 4}
    assert "hotmail.com." not in dns_server.asked, "what is listed is not asked about"
    # Who is imported later is known by it.
    _people(ledger, "z@acme.example")
    assert _where(ledger)["microsoft-365"] == 4
    dns_server.asked.clear()
    assert _run(dns_server)[1]["asked"] == 0
    assert dns_server.asked == []


def test_what_cannot_be_answered_is_told_and_loses_nothing(ledger: Ledger, dns_server: Dns) -> None:
    names = ("gone", "broken", "silent")
    for name in names:
        dns_server.zones[f"{name}.example."] = ["1 aspmx.l.google.com."]
    _people(ledger, "a@gone.example", "b@acme.example", "x@odd..example", f"y@{'l' * 70}.example")
    status, told = _run(dns_server)
    assert status == 1
    assert {one["domain"] for one in told["failed"]} == {"odd..example", f"{'l' * 70}.example"}
    assert _where(ledger) == {"google-workspace": 1, "microsoft-365": 1, "": 2}
    del dns_server.zones["gone.example."]
    _people(ledger, "c@broken.example", "d@silent.example")
    with ledger.write() as tx:  # a year ago
        tx.execute(update(mail_domain).where(mail_domain.c.source == "mx").values(asked_at=now() - timedelta(days=365)))
    status, told = _run(dns_server)
    assert status == 1
    problems = {one["domain"]: one["problem"] for one in told["failed"]}
    assert problems["gone.example"] == "there is no such domain"
    assert problems["broken.example"] == "no DNS server could say"
    assert "no answer within" in problems["silent.example"]
    assert _where(ledger) == {"google-workspace": 1, "microsoft-365": 1, "": 4}, "gone.example is where it was"


def test_only_an_audience_is_asked_about(ledger: Ledger, dns_server: Dns) -> None:
    _people(ledger, "a@acme.example", tags=frozenset({"eu"}))
    _people(ledger, "b@own.example")
    assert _run(dns_server, "--audience", "eu")[1]["asked"] == 1
    assert set(dns_server.asked) == {"acme.example."}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--audience", "everbody"], "Did you mean 'everyone'?"),
        (["--older-than", "soon"], "30m, 2h or 1d"),
        (["--server", "dns.example"], "192.0.2.53:5353"),
        (["--server", "127.0.0.1:99999"], "192.0.2.53:5353"),
    ],
)
def test_a_wrong_call_says_what_to_do(ledger: Ledger, arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["recipients", "mx", *arguments])
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())


@pytest.mark.parametrize(
    ("given", "server"),
    [("::1", face.Server("::1")), ("[::1]:53", face.Server("::1", 53)), ("192.0.2.1", face.Server("192.0.2.1"))],
)
def test_servers_are_read(given: str, server: face.Server) -> None:
    assert face.Server.parse(given) == server
