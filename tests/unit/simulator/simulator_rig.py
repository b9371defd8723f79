"""Somebody who listens to the simulator's callbacks, and somebody who waits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from twilio.request_validator import RequestValidator

from channels.simulator import Simulator


@dataclass
class Listener:
    """Takes status callbacks and checks their signatures with Twilio's own validator."""

    url: str
    token: str
    heard: list[dict[str, str]] = field(default_factory=list)
    genuine: list[bool] = field(default_factory=list)
    status: int = 204
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        params = {name: str(value) for name, value in (await request.post()).items()}
        url = self.url.partition("/receipts")[0] + request.raw_path
        good = RequestValidator(self.token).validate(url, params, request.headers["X-Twilio-Signature"])
        self.heard.append(params)
        self.genuine.append(good)
        self._more.set()
        return web.Response(status=self.status)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                self._more.clear()
                await self._more.wait()

    @property
    def statuses(self) -> list[str]:
        return [params["MessageStatus"] for params in self.heard]


async def settled(simulator: Simulator, count: int = 1) -> list[dict[str, Any]]:
    """All SMS, once that many have come to their end."""
    final = {"delivered", "undelivered", "failed"}
    async with asyncio.timeout(5):
        while True:
            messages = simulator.received(provider="twilio")
            if sum(message["status"] in final for message in messages) >= count:
                return messages
            await asyncio.sleep(0.005)
