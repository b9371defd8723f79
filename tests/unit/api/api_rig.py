"""What every test of the HTTP API stands on: the real application, the shipped configuration, a ledger of its own."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from channels.contract import Kind
from dispatcher.faces.api.app import create_app
from dispatcher.ledger import queue, recipients
from dispatcher.ledger.tables import broadcast, delivery, idempotency, incident, incident_update, receipt
from dispatcher.model.delivery import Claimed
from dispatcher.model.recipient import Recipient
from dispatcher.wiring import Installation, install
from tests.migrated import make_ready

KEY = "a-key-that-nobody-can-guess-0123456789"
SECRET = "signs-tickets-and-cookies-0123456789-abcdef"
TWILIO_TOKEN = "2" * 32
PUBLIC = "https://outage.example.com"
PEOPLE = (
    Recipient("ann", "Ann", "en", {Kind.SMS: "+15551234567", Kind.EMAIL: "ann@example.com"}, frozenset({"eu"})),
    Recipient("bob", "Bob", "de", {Kind.INAPP: "bob-7", Kind.EMAIL: "bob@example.com"}),
    Recipient("eve", "Eve", "en", {Kind.SMS: "+15557654321"}, frozenset({"eu"})),
)
TABLES = {
    "broadcast": broadcast,
    "delivery": delivery,
    "idempotency": idempotency,
    "incident": incident,
    "update": incident_update,
    "receipt": receipt,
}


def closed_port() -> int:
    """A loopback port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, **more: str) -> dict[str, str]:
    return {
        "DISPATCHER_HOME": str(home),
        "DISPATCHER_API_KEY": f"Ada:{KEY},Bob:another-{KEY}",
        "DISPATCHER_SECRET": SECRET,
        "DISPATCHER_PUBLIC_URL": PUBLIC,
        "DISPATCHER_BROKER_URL": "redis://127.0.0.1:1/0",
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
        "TWILIO_MESSAGING_SERVICE_SID": "MG" + "3" * 32,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_FROM": "help@northwind.example",
        **more,
    }


@dataclass
class Api:
    """A caller with a key in front of the real application."""

    app: FastAPI
    here: Installation
    client: httpx.AsyncClient
    bare: httpx.AsyncClient = field(repr=False)

    async def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers=headers)

    async def raw(self, path: str, content: bytes, content_type: str = "application/json") -> httpx.Response:
        return await self.client.post(path, content=content, headers={"Content-Type": content_type})

    async def open(self, **body: object) -> dict[str, Any]:
        answer = await self.post("/api/v1/incidents", {"playbook": "microsoft-365", "override": "a test", **body})
        assert answer.status_code == 201, answer.text
        return cast("dict[str, Any]", answer.json())

    async def ticket(self, user: str) -> str:
        answer = await self.post("/api/v1/inapp/tickets", {"user": user})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["ticket"])

    def count(self, table: str) -> int:
        with self.here.ledger.read() as tx:
            return int(tx.execute(select(func.count()).select_from(TABLES[table])).scalar_one())

    def add(self, *people: Recipient) -> None:
        with self.here.ledger.write() as tx:
            recipients.upsert(tx, people)

    def claim(self, broadcast_id: int, route: str) -> list[Claimed]:
        """Plan a broadcast and begin its attempts on a route, as a worker would."""
        self.here.planner.plan(broadcast_id)
        with self.here.ledger.write() as tx:
            return queue.claim(tx, route, owner="a-test", lease=timedelta(seconds=60), limit=100)

    async def callback(
        self,
        token: str,
        fields: Sequence[tuple[str, str]],
        *,
        route: str = "twilio-main",
        secret: str = TWILIO_TOKEN,
        content: bytes | None = None,
    ) -> httpx.Response:
        """A status callback as Twilio signs and sends it."""
        url = f"{PUBLIC}/receipts/{route}/{token}"
        signature = RequestValidator(secret).compute_signature(url, _Form(fields))
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(fields).encode() if content is None else content
        return await self.bare.post(f"/receipts/{route}/{token}", content=body, headers=headers)


class _Form(dict[str, list[str]]):
    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        for name, value in fields:
            self.setdefault(name, []).append(value)

    def getlist(self, name: str) -> list[str]:
        return self[name]


@asynccontextmanager
async def started(environ: dict[str, str], *, migrated: bool = True) -> AsyncIterator[Api]:
    """The application with its lifespan running."""
    here = install(environ)
    if migrated:
        make_ready(here.ledger)
    app = create_app(here)
    # The broker is away on purpose; finding that out takes a tenth of a second otherwise.
    app.state.bells._app.conf.task_publish_retry_policy = {"max_retries": 1, "interval_start": 0, "interval_max": 0}
    # What nobody expected is answered as 500 like a server would, and the tests see it.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport, base_url=PUBLIC, headers={"Authorization": f"Bearer {KEY}"}, timeout=30
        ) as client,
        httpx.AsyncClient(transport=transport, base_url=PUBLIC, timeout=30) as bare,
    ):
        made = Api(app, here, client, bare)
        if migrated:
            made.add(*PEOPLE)
        yield made
    app.state.bells._app.close()
    here.ledger.close()


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The answer's problem, checked for its form."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    said = cast("dict[str, Any]", answer.json())
    assert said["status"] == status
    assert said["type"] == "about:blank"
    assert said["title"]
    assert said["detail"]
    return said
