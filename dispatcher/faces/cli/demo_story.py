"""What the demo does: set faults, open an incident, update it, resolve it; people with the app open read along."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from channels.contract import Kind
from dispatcher.faces.cli.sample import people as invented
from dispatcher.faces.cli.sending import by_kind
from dispatcher.faces.cli.show import out
from dispatcher.faces.cli.system import System
from dispatcher.model.story import RouteLine

#: What the providers do wrong, and why the demo wants it.
FAULTS: list[dict[str, Any]] = [
    {
        "provider": "twilio",
        "match": {"share": 0.03, "seed": "refused"},
        "do": {"what": "status", "status": 400, "code": 21211},
        "note": "Twilio refuses some numbers",
    },
    {
        "provider": "telnyx",
        "match": {"share": 0.03, "seed": "refused"},
        "do": {"what": "status", "status": 400, "code": 40310},
        "note": "and Telnyx the same ones",
    },
    {
        "provider": "twilio",
        "match": {"share": 0.04, "seed": "undelivered"},
        "do": {"what": "undelivered", "code": 30003},
        "note": "some texts come back undelivered, after they were accepted",
    },
    {
        "provider": "twilio",
        "match": {"share": 0.05, "seed": "doubled"},
        "do": {"what": "receipts", "how": "doubled"},
        "note": "some receipts come twice",
    },
    {
        "provider": "twilio",
        "match": {"share": 0.02, "seed": "never"},
        "do": {"what": "receipts", "how": "never"},
        "note": "some receipts never come",
    },
    {
        "provider": "slack",
        "match": {"nth": [5]},
        "do": {"what": "status", "status": 429, "retry_after": 1, "code": "ratelimited"},
        "times": 1,
        "note": "Slack asks once to slow down",
    },
    {
        "provider": "x",
        "match": {"nth": [1]},
        "do": {"what": "error_after", "status": 500},
        "times": 1,
        "note": "X answers 500 after it has posted",
    },
    {
        "provider": "smtp",
        "match": {"share": 0.3, "seed": "mailbox"},
        "do": {"what": "smtp", "code": 550, "text": "no such mailbox"},
        "note": "some mailboxes do not exist",
    },
]
_SETTLED_AFTER = 2.0
_AT_MOST = 45.0


@dataclass
class Ended:
    """What the story led to, seen from outside: by the API and by the providers."""

    incident_id: int
    broadcasts: list[dict[str, Any]]
    summary: dict[str, Any]
    recipients: dict[str, dict[str, list[Any]]]
    faults: list[dict[str, Any]]
    #: In-app user -> the numbers of the messages seen on the live stream, in order.
    streamed: dict[str, list[int]] = field(default_factory=dict)
    #: In-app user -> how often each message stands in the inbox.
    inboxes: dict[str, Counter[str]] = field(default_factory=dict)


class _Client:
    """The API as any integrator uses it."""

    def __init__(self, http: aiohttp.ClientSession, system: System) -> None:
        self._http = http
        self._base = system.url
        self._headers = {"Authorization": f"Bearer {system.key}"}

    async def post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        headers = self._headers | {"Idempotency-Key": key}
        async with self._http.post(self._base + path, json=body, headers=headers) as answer:
            found: dict[str, Any] = await answer.json(content_type=None)
            if answer.status >= 400:
                raise RuntimeError(f"{path} answered {answer.status}: {found}")
            return found

    async def get(self, path: str) -> dict[str, Any]:
        async with self._http.get(self._base + path, headers=self._headers) as answer:
            answer.raise_for_status()
            found: dict[str, Any] = await answer.json()
            return found

    async def ticket(self, user: str) -> str:
        body = {"user": user}
        async with self._http.post(f"{self._base}/api/v1/inapp/tickets", json=body, headers=self._headers) as answer:
            found: dict[str, Any] = await answer.json()
            return str(found["ticket"])

    async def inbox(self, ticket: str) -> list[dict[str, Any]]:
        async with self._http.get(f"{self._base}/inapp/messages", params={"ticket": ticket}) as answer:
            found: dict[str, list[dict[str, Any]]] = await answer.json()
            return found["messages"]

    async def read(self, ticket: str, seq: int) -> None:
        async with self._http.post(f"{self._base}/inapp/messages/{seq}/read", params={"ticket": ticket}) as answer:
            answer.raise_for_status()

    async def stream(self, ticket: str, seen: list[int]) -> None:
        """Read a live stream, saying of every message that it was seen, until cancelled."""
        params = {"ticket": ticket}
        event = b""
        async with self._http.get(f"{self._base}/inapp/stream", params=params, timeout=_NO_LIMIT) as answer:
            async for line in answer.content:
                if line.startswith(b"event:"):
                    event = line[6:].strip()
                if line.startswith(b"data:") and event == b"message":
                    message = json.loads(line[5:])
                    seen.append(message["seq"])
                    await self.read(ticket, message["seq"])


_NO_LIMIT = aiohttp.ClientTimeout(total=None)


async def tell_story(system: System, people: int) -> Ended:
    """Run the whole story; answers what came of it."""
    if system.simulator is None:
        raise RuntimeError("the demo never runs against real providers")
    control = system.simulator.control
    # Connections are let go before the server does so: a request on one that is just being closed would be lost.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=2)) as http:
        async with http.post(f"{control}/faults", json=FAULTS) as answer:
            answer.raise_for_status()
        client = _Client(http, system)
        out.print("\n[bold]The providers misbehave today:[/bold] " + "; ".join(fault["note"] for fault in FAULTS))
        users = [one.addresses[Kind.INAPP] for one in invented(people) if Kind.INAPP in one.addresses]
        tickets = await _tickets(client, users)
        async with _people_with_the_app_open(client, tickets) as streamed:
            incident_id = await _tell(client)
        async with http.get(f"{control}/summary") as answer:
            summary = await answer.json()
        async with http.get(f"{control}/recipients") as answer:
            recipients = await answer.json()
        async with http.get(f"{control}/faults") as answer:
            faults = await answer.json()
        found = await client.get(f"/api/v1/incidents/{incident_id}")
        inboxes = await _inboxes(client, tickets)
    return Ended(incident_id, found["broadcasts"], summary, recipients, faults, streamed, inboxes)


async def _tell(client: _Client) -> int:
    out.print("\n[bold]Microsoft 365 is down.[/bold] Mail rides on it, so mail goes behind all other routes.")
    told = await client.post("/api/v1/incidents", {"playbook": "microsoft-365"}, "demo-open")
    incident_id = int(told["incident"]["id"])
    again = await client.post("/api/v1/incidents", {"playbook": "microsoft-365"}, "demo-open")
    if again["incident"]["id"] != incident_id:
        raise RuntimeError("the same request opened a second incident")
    await _watch(client, incident_id)
    out.print("\n[bold]An update:[/bold] the cause is known.")
    news = {"en": "Microsoft has found the cause and is repairing it.", "de": "Microsoft hat die Ursache gefunden."}
    await client.post(
        f"/api/v1/incidents/{incident_id}/updates", {"state": "identified", "facts": {"news": news}}, "demo-update"
    )
    await _watch(client, incident_id)
    out.print("\n[bold]It is over.[/bold]")
    await client.post(f"/api/v1/incidents/{incident_id}/updates", {"state": "resolved"}, "demo-resolve")
    await _watch(client, incident_id)
    return incident_id


async def _watch(client: _Client, incident_id: int) -> None:
    """Progress by kind until everything is sent and the receipts have come in."""
    columns = (TextColumn("  {task.description:<7}"), BarColumn(30), MofNCompleteColumn())
    until = time.monotonic() + _AT_MOST
    last, since = "", time.monotonic()
    with Progress(*columns, console=out) as shown:
        bars: dict[str, Any] = {}
        while time.monotonic() < until:
            found = (await client.get(f"/api/v1/incidents/{incident_id}"))["broadcasts"][-1]
            routes = [RouteLine(**line) for line in found["routes"]]
            for kind, (finished, total) in by_kind(routes).items():
                bars.setdefault(kind, shown.add_task(kind, total=max(total, 1)) if kind not in bars else None)
                shown.update(bars[kind], completed=finished, total=max(total, 1))
            now = json.dumps(found["routes"])
            if now != last:
                last, since = now, time.monotonic()
            planned = found["broadcast"]["planned_at"] is not None
            if planned and not found["under_way"] and time.monotonic() - since >= _SETTLED_AFTER:
                return
            await asyncio.sleep(0.25)


async def _tickets(client: _Client, users: list[str]) -> dict[str, str]:
    gate = asyncio.Semaphore(32)

    async def one(user: str) -> tuple[str, str]:
        async with gate:
            return user, await client.ticket(user)

    return dict(await asyncio.gather(*(one(user) for user in users)))


@asynccontextmanager
async def _people_with_the_app_open(client: _Client, tickets: dict[str, str]) -> AsyncIterator[dict[str, list[int]]]:
    """Everybody who has the app has it open, and sees messages as they come."""
    seen: dict[str, list[int]] = {user: [] for user in tickets}
    tasks = [asyncio.create_task(client.stream(tickets[user], numbers)) for user, numbers in seen.items()]
    try:
        yield seen
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _inboxes(client: _Client, tickets: dict[str, str]) -> dict[str, Counter[str]]:
    gate = asyncio.Semaphore(32)

    async def one(user: str, ticket: str) -> tuple[str, Counter[str]]:
        async with gate:
            return user, Counter(message["text"] for message in await client.inbox(ticket))

    return dict(await asyncio.gather(*(one(user, ticket) for user, ticket in tickets.items())))
