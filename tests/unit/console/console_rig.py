from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from dispatcher.ledger import incidents, recipients
from dispatcher.model.incident import Incident
from dispatcher.model.recipient import Recipient
from dispatcher.wiring import Installation

KEY = "a-key-that-nobody-can-guess-0123456789"
PROVIDERS = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "2" * 32,
    "TWILIO_MESSAGING_SERVICE_SID": "MG" + "3" * 32,
    "SMTP_HOST": "127.0.0.1",
    "SMTP_FROM": "help@northwind.example",
}


@dataclass
class FakeBells:
    """Stands for the broker."""

    reachable: bool = True
    rung: list[int] = field(default_factory=list)

    def plan(self, broadcast_id: int) -> bool:
        self.rung.append(broadcast_id)
        return self.reachable


@dataclass
class Console:
    """A browser without script in front of a real ledger."""

    client: httpx.AsyncClient
    here: Installation
    bells: FakeBells

    async def log_in(self, key: str = KEY, target: str = "/console") -> httpx.Response:
        return await self.client.post("/console/login", data={"key": key, "next": target})

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(path, headers=headers)

    async def post(self, path: str, form: dict[str, str | list[str]], **headers: str) -> httpx.Response:
        return await self.client.post(path, data=form, headers=headers)

    async def form(self, path: str) -> dict[str, str | list[str]]:
        """The fields of the form on a page, as a browser would send them."""
        return fields((await self.get(path)).text)

    def incidents(self) -> list[Incident]:
        with self.here.ledger.read() as tx:
            return incidents.newest(tx)

    def add(self, *people: Recipient) -> None:
        with self.here.ledger.write() as tx:
            recipients.upsert(tx, people)


def fields(page: str) -> dict[str, str | list[str]]:
    """What a browser would send with the form in the main part of a page."""
    main = page.partition("<main")[2]
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", main):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        ticking = attributes.get("type") in {"checkbox", "radio"}
        if "name" not in attributes or (ticking and " checked" not in tag):
            continue
        name, value = html.unescape(attributes["name"]), html.unescape(attributes.get("value", ""))
        if name in found:
            before = found[name]
            found[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            found[name] = value
    for name, text in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', main, re.DOTALL):
        found[html.unescape(name)] = html.unescape(text)
    for name, options in re.findall(r'<select name="([^"]*)">(.*?)</select>', main, re.DOTALL):
        found[name] = "".join(re.findall(r'<option value="([^"]*)" selected>', options))
    return found


def settings(home: Path) -> dict[str, str]:
    return {"DISPATCHER_HOME": str(home), "DISPATCHER_API_KEY": f"Ada:{KEY}", **PROVIDERS}
