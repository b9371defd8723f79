"""The control API under /sim: set faults, see what was received, start over. It is no part of any provider."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field, TypeAdapter, ValidationError

from channels.simulator.callbacks import Caller
from channels.simulator.faults import PROVIDERS, Provider, Rule, read_rules
from channels.simulator.gate import Core
from channels.simulator.texts import Text, Texts

#: How many entries of `twice` a summary lists; the number of all is beside it.
LISTED = 1000
_LATENCY: TypeAdapter[dict[Provider, float]] = TypeAdapter(
    dict[Provider, Annotated[float, Field(ge=0, le=60_000, allow_inf_nan=False)]]
)


def complaint(error: ValidationError) -> list[dict[str, str]]:
    """Where and why, without pydantic's addresses and without repeating the input."""
    return [
        {"where": ".".join(str(part) for part in item["loc"]) or "(all)", "why": item["msg"]}
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]


class Control:
    def __init__(self, core: Core, caller: Caller, texts: Texts, reset: Callable[[], None]) -> None:
        self._core = core
        self._texts = texts
        self._caller = caller
        self._reset = reset
        self._started = time.monotonic()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sim/health", self.health),
            web.get("/sim/faults", self.faults),
            web.post("/sim/faults", self.add),
            web.put("/sim/faults", self.replace),
            web.delete("/sim/faults", self.clear),
            web.get("/sim/received", self.received),
            web.delete("/sim/received", self.reset),
            web.get("/sim/recipients", self.recipients),
            web.get("/sim/summary", self.summary),
            web.post("/sim/texts", self.text),
            web.get("/sim/latency", self.latency),
            web.put("/sim/latency", self.set_latency),
        ]

    def as_summary(self) -> dict[str, Any]:
        store = self._core.store
        twice = store.twice()
        return {
            "providers": {provider: tally.as_data() for provider, tally in store.tallies.items()},
            "twice": twice[:LISTED],
            "twice_total": len(twice),
            "callbacks": self._caller.as_data(),
            "held": len(store),
            "dropped": store.dropped,
        }

    async def health(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "up": round(time.monotonic() - self._started, 3)})

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response(self._core.plan.as_data())

    async def add(self, request: web.Request) -> web.Response:
        self._core.plan.add(await self._rules(request), now=self._core.now())
        return await self.faults(request)

    async def replace(self, request: web.Request) -> web.Response:
        self._core.plan.replace(await self._rules(request), now=self._core.now())
        return await self.faults(request)

    async def clear(self, request: web.Request) -> web.Response:
        self._core.plan.clear()
        return await self.faults(request)

    async def received(self, request: web.Request) -> web.Response:
        provider = self._provider(request)
        try:
            since = float(request.query["since"]) if "since" in request.query else None
            limit = max(0, int(request.query["limit"])) if "limit" in request.query else None
        except ValueError:
            raise _bad("query", "`since` is Unix seconds and `limit` a whole number") from None
        found = self._core.store.received(provider=provider, to=request.query.get("to"), since=since, limit=limit)
        return web.json_response(found)

    async def reset(self, request: web.Request) -> web.Response:
        self._reset()
        return web.json_response(self.as_summary())

    async def recipients(self, request: web.Request) -> web.Response:
        provider = self._provider(request)
        return web.json_response(self._core.store.recipients(provider=provider, to=request.query.get("to")))

    async def summary(self, request: web.Request) -> web.Response:
        return web.json_response(self.as_summary())

    async def text(self, request: web.Request) -> web.Response:
        try:
            text = Text.model_validate(await self._json(request))
            return web.json_response(await self._texts.write(text))
        except ValidationError as error:
            raise _refused(complaint(error)) from None
        except ValueError as error:
            raise _bad("url", str(error)) from None

    async def latency(self, request: web.Request) -> web.Response:
        return web.json_response(self._core.latency)

    async def set_latency(self, request: web.Request) -> web.Response:
        try:
            self._core.latency.update(_LATENCY.validate_python(await self._json(request)))
        except ValidationError as error:
            raise _refused(complaint(error)) from None
        return await self.latency(request)

    def _provider(self, request: web.Request) -> Provider | None:
        name = request.query.get("provider")
        if name is None:
            return None
        for provider in PROVIDERS:
            if provider == name:
                return provider
        raise _bad("provider", f"is one of {', '.join(PROVIDERS)}")

    async def _rules(self, request: web.Request) -> list[Rule]:
        try:
            return read_rules(await self._json(request))
        except ValidationError as error:
            raise _refused(complaint(error)) from None

    async def _json(self, request: web.Request) -> Any:
        try:
            return json.loads(await request.read())
        except ValueError:
            raise _bad("body", "is not JSON") from None


def _refused(errors: list[dict[str, str]]) -> web.HTTPUnprocessableEntity:
    return web.HTTPUnprocessableEntity(text=json.dumps({"errors": errors}), content_type="application/json")


def _bad(where: str, why: str) -> web.HTTPBadRequest:
    text = json.dumps({"errors": [{"where": where, "why": why}]})
    return web.HTTPBadRequest(text=text, content_type="application/json")
