"""The parts of X's v2 API that posting needs.

The OAuth 1.0a header must name the right consumer key and token; its signature is not checked. The text is counted as
X weighs it, with addresses of an explicit scheme as 23 and joined emoji as one; a bare domain counts letter by letter.
Text over 280 is answered 400. The duplicate filter compares exactly and remembers every post that still stands.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from channels.simulator import gate
from channels.simulator.faults import Provider
from channels.simulator.gate import Core, Reply
from channels.simulator.posts import Post, take_back

LIMIT = 280
WINDOW = 900.0
#: How many texts the duplicate filter remembers.
REMEMBERED = 100_000
_EPOCH_MS = 1_288_834_974_657
_URL = re.compile(r"https?://\S+")
_JOINED = re.compile("\u200d.|[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]", re.DOTALL)
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_TITLES = {400: "Invalid Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}


def weight(text: str) -> int:
    plain = _JOINED.sub("", _URL.sub("x" * 23, unicodedata.normalize("NFC", text)))
    return sum(1 if _light(ord(letter)) else 2 for letter in plain)


def _light(point: int) -> bool:
    return point <= 4351 or 8192 <= point <= 8205 or 8208 <= point <= 8223 or 8242 <= point <= 8247


def problem(status: int, detail: str, *, refused: str = "", kind: str = "about:blank") -> Reply:
    title = _TITLES.get(status, "Service Unavailable" if status == 503 else "Internal Server Error")
    payload = {"detail": detail, "type": kind, "title": title, "status": status}
    return Reply(status, payload, refused=refused or str(status))


class X:
    provider: Provider = "x"

    def __init__(self, core: Core, *, posts_per_window: int = 100) -> None:
        self._core = core
        self._per_window = posts_per_window
        self._last = 0
        self.forget()

    def forget(self) -> None:
        self._standing: OrderedDict[str, str] = OrderedDict()
        self._window_ends = 0.0
        self._posted = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/x/2/tweets", self.create),
            web.get("/x/2/tweets/{id}", self.show, allow_head=False),
            web.delete("/x/2/tweets/{id}", self.delete),
            web.get("/x/2/users/me", self.me, allow_head=False),
            web.get("/x/2/users/{user}/tweets", self.timeline, allow_head=False),
            web.route("*", "/x/{rest:.*}", self.unknown),
        ]

    def failure(self, status: int, code: int | str | None, retry_after: int | None) -> Reply:
        title = _TITLES.get(status, "Service Unavailable" if status == 503 else "Internal Server Error")
        reply = problem(status, str(code) if isinstance(code, str) else title)
        if isinstance(code, int):
            reply.payload["errors"] = [{"code": code, "message": title}]
        if retry_after is not None:
            reply.headers = self._headers(0, self._core.now() + retry_after)
        return reply

    async def create(self, request: web.Request) -> web.Response:
        body = await request.read()
        return await self._serve(request, lambda number: self._create(body, number), sending=True)

    async def show(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda _: self._show(request.match_info["id"], request.query))

    async def delete(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda number: self._delete(request.match_info["id"], number))

    async def me(self, request: web.Request) -> web.Response:
        accounts = self._core.accounts
        data = {"id": accounts.x_user_id, "name": "Simulated status", "username": accounts.x_username}
        return await self._serve(request, lambda _: Reply(200, {"data": data}))

    async def timeline(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda _: self._timeline(request.match_info["user"], request.query))

    async def unknown(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda _: problem(404, "Not Found"))

    async def _serve(
        self, request: web.Request, process: Callable[[int], Reply], *, sending: bool = False
    ) -> web.Response:
        return await gate.serve(
            self._core,
            self,
            request,
            lambda number: process(number) if self._knows(request) else problem(401, "Unauthorized"),
            to=self._core.accounts.x_user_id,
            sending=sending,
        )

    def _knows(self, request: web.Request) -> bool:
        scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
        given = {name: unquote(value) for name, value in _PARAMETER.findall(rest)}
        accounts = self._core.accounts
        return (
            scheme.lower() == "oauth"
            and given.get("oauth_consumer_key") == accounts.x_consumer_key
            and given.get("oauth_token") == accounts.x_access_token
            and bool(given.get("oauth_signature"))
        )

    def _headers(self, remaining: int, ends: float) -> dict[str, str]:
        return {
            "x-rate-limit-limit": str(self._per_window),
            "x-rate-limit-remaining": str(remaining),
            "x-rate-limit-reset": str(int(ends) + 1),
        }

    def _create(self, body: bytes, number: int) -> Reply:
        now = self._core.now()
        if now >= self._window_ends:
            self._window_ends = now + WINDOW / self._core.speed
            self._posted = 0
        if self._posted >= self._per_window:
            reply = problem(429, "Too Many Requests")
            reply.headers = self._headers(0, self._window_ends)
            return reply
        self._posted += 1
        reply = self._post(body, number, now)
        reply.headers = self._headers(self._per_window - self._posted, self._window_ends)
        return reply

    def _post(self, body: bytes, number: int, now: float) -> Reply:
        invalid = "https://api.twitter.com/2/problems/invalid-request"
        try:
            given = json.loads(body)
        except ValueError:
            given = None
        text = given.get("text") if isinstance(given, dict) else None
        if not isinstance(text, str) or not text.strip():
            return problem(400, "One or more parameters to your request was invalid.", kind=invalid)
        if weight(text) > LIMIT:
            return problem(400, "Your Tweet text is too long.", kind=invalid, refused="400/too-long")
        if text in self._standing:
            return problem(
                403, "You are not allowed to create a Tweet with duplicate content.", refused="403/duplicate"
            )
        self._last = max((int(now * 1000) - _EPOCH_MS) << 22, self._last + 1)
        tweet = Post(
            provider="x",
            kind="post",
            to=self._core.accounts.x_user_id,
            body=text,
            ref=str(self._last),
            at=now,
            status="posted",
            request=number,
            delivered=True,
            metadata={name: value for name, value in given.items() if name != "text"},
        )
        self._core.store.hold(tweet)
        self._standing[text] = tweet.ref
        if len(self._standing) > REMEMBERED:
            self._standing.popitem(last=False)
        return Reply(201, {"data": {"id": tweet.ref, "text": text, "edit_history_tweet_ids": [tweet.ref]}})

    def _find(self, ref: str) -> Post | None:
        tweet = self._core.store.find("x", ref)
        return tweet if isinstance(tweet, Post) and not tweet.deleted else None

    def _show(self, ref: str, query: Any) -> Reply:
        tweet = self._find(ref)
        if tweet is not None:
            return Reply(200, {"data": self._data(tweet, query)})
        missing = {
            "value": ref,
            "detail": f"Could not find tweet with id: [{ref}].",
            "title": "Not Found Error",
            "resource_type": "tweet",
            "parameter": "id",
            "resource_id": ref,
            "type": "https://api.twitter.com/2/problems/resource-not-found",
        }
        return Reply(200, {"errors": [missing]})

    def _delete(self, ref: str, number: int) -> Reply:
        tweet = self._find(ref)
        if tweet is not None:
            take_back(self._core, tweet, number)
            self._standing.pop(tweet.body, None)
        return Reply(200, {"data": {"deleted": tweet is not None}})

    def _timeline(self, user: str, query: Any) -> Reply:
        if user != self._core.accounts.x_user_id:
            return Reply(200, {"meta": {"result_count": 0}})
        try:
            limit = int(query.get("max_results", "10"))
            since, until = int(query.get("since_id", "0")), int(query.get("until_id", str(2**63)))
            start = datetime.fromisoformat(query["start_time"]).timestamp() if "start_time" in query else 0.0
            below = int(query["pagination_token"]) if "pagination_token" in query else None
        except ValueError:
            limit = 0
        if not 5 <= limit <= 100:
            return problem(400, "One or more parameters to your request was invalid.")
        chosen: list[Post] = []
        token = ""
        for tweet in self._core.store.newest("x", user, below):
            if tweet.at < start:
                break
            if not isinstance(tweet, Post) or tweet.deleted or not since < int(tweet.ref) < until:
                continue
            if len(chosen) == limit:
                token = str(chosen[-1].seq)
                break
            chosen.append(tweet)
        meta: dict[str, Any] = {"result_count": len(chosen)}
        if not chosen:
            return Reply(200, {"meta": meta})
        meta |= {"newest_id": chosen[0].ref, "oldest_id": chosen[-1].ref}
        if token:
            meta["next_token"] = token
        return Reply(200, {"data": [self._data(tweet, query) for tweet in chosen], "meta": meta})

    def _data(self, tweet: Post, query: Any) -> dict[str, Any]:
        data: dict[str, Any] = {"id": tweet.ref, "text": tweet.body, "edit_history_tweet_ids": [tweet.ref]}
        wanted = query.get("tweet.fields", "").split(",")
        if "created_at" in wanted:
            data["created_at"] = datetime.fromtimestamp(tweet.at, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
        if "author_id" in wanted:
            data["author_id"] = tweet.to
        return data
