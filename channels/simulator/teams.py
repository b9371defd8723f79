"""A workflow of Microsoft Teams that posts what its webhook is given.

It knows one workflow and its signature, takes messages with Adaptive Cards, answers 202 with nothing, and records each
under the workflow's id, with the text of the card as body. Not modelled: that a run may fail afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from aiohttp import web
from yarl import URL

from channels.simulator import gate
from channels.simulator.faults import Provider
from channels.simulator.gate import Core, Reply
from channels.simulator.store import Held

CARD = "application/vnd.microsoft.card.adaptive"
#: Documented: about 28 KB.
LARGEST = 28 * 1024
_CODES = {429: "TooManyRequests", 503: "ServiceUnavailable"}


class Teams:
    provider: Provider = "teams"

    def __init__(self, core: Core) -> None:
        self._core = core
        self._runs = 0

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/teams/workflows/{workflow}/triggers/manual/paths/invoke", self.invoke)]

    def failure(self, status: int, code: int | str | None, retry_after: int | None) -> Reply:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return _refused(status, str(code or _CODES.get(status, "InternalServerError")), headers)

    async def invoke(self, request: web.Request) -> web.Response:
        body = await request.read()
        workflow = request.match_info["workflow"]
        meant = URL(self._core.accounts.teams_webhook_url)
        known = request.rel_url.raw_path == "/teams" + meant.raw_path
        signed = request.query.get("sig") == meant.query["sig"]

        def answer(number: int) -> Reply:
            if not known:
                return _refused(404, "WorkflowNotFound")
            if not signed:
                return _refused(401, "AuthorizationFailed")
            return self._take(workflow, body, number)

        return await gate.serve(self._core, self, request, answer, to=workflow, sending=True)

    def _take(self, workflow: str, body: bytes, number: int) -> Reply:
        if len(body) > LARGEST:
            return _refused(413, "RequestEntityTooLarge")
        try:
            cards = [one["content"] for one in json.loads(body)["attachments"] if one["contentType"] == CARD]
        except (ValueError, KeyError, TypeError):
            return _refused(400, "InvalidRequestContent")
        if len(cards) != 1:
            return _refused(400, "TriggerInputSchemaMismatch")
        self._runs += 1
        self._core.store.hold(
            Held(
                provider="teams",
                kind="post",
                to=workflow,
                body="\n".join(_texts(cards[0])),
                ref=f"run-{self._runs}",
                at=self._core.now(),
                status="posted",
                request=number,
                delivered=True,
                metadata={"card": cards[0]},
            )
        )
        return Reply(202, b"")


def _texts(card: Any) -> Iterator[str]:
    """The text of a card, block by block."""
    if isinstance(card, list):
        for part in card:
            yield from _texts(part)
    elif isinstance(card, dict):
        if isinstance(card.get("text"), str):
            yield card["text"]
        for name in ("body", "inlines", "items"):
            yield from _texts(card.get(name))


def _refused(status: int, code: str, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, {"error": {"code": code, "message": "Refused."}}, refused=f"{status}/{code}", headers=headers)
