"""The parts of a Mastodon server's API that posting needs.

An `Idempotency-Key` is kept for an hour; a status that was deleted is not found by it any more, which is a 404. Text is
counted in letters, joined emoji as one, addresses with an explicit scheme as 23. Of the rate limits those of all calls
and of deletions are kept.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

from aiohttp import web

from channels.simulator import gate
from channels.simulator.budget import Budget
from channels.simulator.counting import clusters, without_addresses
from channels.simulator.faults import Provider
from channels.simulator.gate import Core, Reply
from channels.simulator.posts import Post, take_back

LIMIT = 500
KEY_KEPT = 3600.0
#: Seconds of a window and calls within it.
CALLS = (300.0, 300)
DELETIONS = (1800.0, 30)
VISIBILITIES = ("public", "unlisted", "private", "direct")
_ERRORS = {
    401: "The access token is invalid",
    403: "This action is not allowed",
    404: "Record not found",
    429: "Too many requests",
    503: "There was a temporary problem serving your request, please try again",
}


def refusal(status: int, error: str = "", *, refused: str = "") -> Reply:
    return Reply(
        status, {"error": error or _ERRORS.get(status, "Something went wrong")}, refused=refused or str(status)
    )


def limits(limit: int, remaining: int, ends: float) -> dict[str, str]:
    reset = datetime.fromtimestamp(ends, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(remaining), "X-RateLimit-Reset": reset}


def spent(budget: Budget) -> dict[str, str]:
    return limits(budget.points, budget.remaining, budget.ends)


class Mastodon:
    provider: Provider = "mastodon"

    def __init__(self, core: Core) -> None:
        self._core = core
        self._last = 0
        self.forget()

    def forget(self) -> None:
        #: Key -> the status it made, and until when it is known.
        self._keys: dict[str, tuple[str, float]] = {}
        self._calls = Budget(CALLS[0] / self._core.speed, CALLS[1])
        self._deletions = Budget(DELETIONS[0] / self._core.speed, DELETIONS[1])

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/mastodon/api/v1/statuses", self.create),
            web.get("/mastodon/api/v1/statuses/{id}", self.show, allow_head=False),
            web.delete("/mastodon/api/v1/statuses/{id}", self.delete),
            web.get("/mastodon/api/v1/accounts/verify_credentials", self.me, allow_head=False),
            web.route("*", "/mastodon/{rest:.*}", self.unknown),
        ]

    def failure(self, status: int, code: int | str | None, retry_after: int | None) -> Reply:
        reply = refusal(status, code if isinstance(code, str) else "")
        if retry_after is not None:
            reply.headers = limits(CALLS[1], 0, self._core.now() + retry_after)
        return reply

    async def create(self, request: web.Request) -> web.Response:
        given = await _parameters(request)
        key = request.headers.get("Idempotency-Key", "")
        return await self._serve(request, lambda number: self._create(given, key, number), sending=True)

    async def show(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda _: self._show(request.match_info["id"]))

    async def delete(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda number: self._delete(request.match_info["id"], number))

    async def me(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda _: Reply(200, self._account()))

    async def unknown(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda _: refusal(404))

    async def _serve(
        self, request: web.Request, process: Callable[[int], Reply], *, sending: bool = False
    ) -> web.Response:
        def checked(number: int) -> Reply:
            if request.headers.get("Authorization") != f"Bearer {self._core.accounts.mastodon_access_token}":
                return refusal(401)
            within = self._calls.take(1, self._core.now())
            reply = process(number) if within else refusal(429)
            reply.headers = {**spent(self._calls), **(reply.headers or {})}
            return reply

        return await gate.serve(
            self._core, self, request, checked, to=self._core.accounts.mastodon_account, sending=sending
        )

    def _create(self, given: dict[str, Any] | None, key: str, number: int) -> Reply:
        now = self._core.now()
        if given is None:
            return refusal(400, "Error occurred while parsing request parameters")
        if key and key in self._keys and now < self._keys[key][1]:
            return self._show(self._keys[key][0])
        text, visibility = given.get("status", ""), given.get("visibility") or "public"
        if not isinstance(text, str) or not text.strip():
            return refusal(422, "Validation failed: Text can't be blank", refused="422/blank")
        if visibility not in VISIBILITIES:
            return refusal(422, "Validation failed: Visibility is not included in the list", refused="422/visibility")
        if clusters(without_addresses(text)) > LIMIT:
            return refusal(422, f"Validation failed: Text character limit of {LIMIT} exceeded", refused="422/too-long")
        self._last = max(int(now * 1000) << 16 | secrets.randbelow(1 << 16), self._last + 1)
        status = Post(
            provider="mastodon",
            kind="post",
            to=self._core.accounts.mastodon_account,
            body=text,
            ref=str(self._last),
            at=now,
            status="posted",
            request=number,
            delivered=True,
            metadata={"visibility": visibility, "language": given.get("language"), "idempotency_key": key},
        )
        self._core.store.hold(status)
        if key:
            self._keys[key] = (status.ref, now + KEY_KEPT)
        return Reply(200, self._data(status))

    def _find(self, ref: str) -> Post | None:
        status = self._core.store.find("mastodon", ref)
        return status if isinstance(status, Post) and not status.deleted else None

    def _show(self, ref: str) -> Reply:
        status = self._find(ref)
        return refusal(404) if status is None else Reply(200, self._data(status))

    def _delete(self, ref: str, number: int) -> Reply:
        if not self._deletions.take(1, self._core.now()):
            reply = refusal(429)
            reply.headers = spent(self._deletions)
            return reply
        status = self._find(ref)
        if status is None:
            return refusal(404)
        take_back(self._core, status, number)
        return Reply(200, self._data(status) | {"text": status.body})

    def _account(self) -> dict[str, Any]:
        name = self._core.accounts.mastodon_account
        return {"id": "1", "username": name, "acct": name, "display_name": "Simulated status", "bot": True}

    def _data(self, status: Post) -> dict[str, Any]:
        return {
            "id": status.ref,
            "created_at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(status.at)),
            "content": f"<p>{escape(status.body)}</p>",
            "visibility": status.metadata["visibility"],
            "language": status.metadata["language"],
            "account": self._account(),
            "media_attachments": [],
            "mentions": [],
            "tags": [],
            "emojis": [],
        }


async def _parameters(request: web.Request) -> dict[str, Any] | None:
    """From JSON or from a form; None when it is neither."""
    if request.content_type == "application/json":
        try:
            given = json.loads(await request.read())
        except ValueError:
            return None
        return given if isinstance(given, dict) else None
    return dict(await request.post())
