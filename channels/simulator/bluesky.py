"""The parts of a Bluesky server (a PDS) that posting needs.

Sessions are two tokens in the form of JSON Web Tokens: one for calls, which ends after two hours, and one that renews
both, once. Signing in is limited to 30 in five minutes. Of the collections only posts are kept; their record keys must
be TIDs, and their links must lie within the text. Reading needs no session.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from aiohttp import web

from channels.simulator import gate
from channels.simulator.budget import Budget
from channels.simulator.counting import clusters
from channels.simulator.faults import Provider
from channels.simulator.gate import Core, Reply
from channels.simulator.posts import Post, take_back

COLLECTION = "app.bsky.feed.post"
GRAPHEMES = 300
BYTES = 3000
ACCESS_LASTS = 7200.0
REFRESH_LASTS = 90 * 86_400.0
SIGN_INS = (300.0, 30)
POINTS = (3600.0, 5000)
COST = {"putRecord": 2, "deleteRecord": 1}
_TID = re.compile(r"[2-7a-j][2-7a-z]{12}")
_NAMES = {
    400: "InvalidRequest",
    401: "AuthenticationRequired",
    403: "Forbidden",
    404: "NotFound",
    429: "RateLimitExceeded",
    500: "InternalServerError",
    502: "UpstreamFailure",
    503: "NotEnoughResources",
}


def error(status: int, name: str = "", message: str = "", *, refused: str = "") -> Reply:
    name = name or _NAMES.get(status, "InternalServerError")
    return Reply(status, {"error": name, "message": message or name}, refused=refused or f"{status}/{name}")


@dataclass(slots=True, kw_only=True)
class Record(Post):
    cid: str = ""


def limits(limit: int, remaining: int, ends: float) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(int(ends)),
    }


def spent(budget: Budget) -> dict[str, str]:
    return limits(budget.points, budget.remaining, budget.ends)


class Bluesky:
    provider: Provider = "bluesky"

    def __init__(self, core: Core) -> None:
        self._core = core
        #: Tokens for calls, those of them that were ended before their time, and tokens that renew.
        self._access: set[str] = set()
        self._ended: set[str] = set()
        self._refreshing: set[str] = set()
        self.forget()

    def forget(self) -> None:
        """Records and limits. Sessions go on."""
        self._records: dict[str, Record] = {}
        self._writing = Budget(POINTS[0] / self._core.speed, POINTS[1])
        self._signing_in = Budget(SIGN_INS[0] / self._core.speed, SIGN_INS[1])

    def end_sessions(self, *, altogether: bool = False) -> None:
        """No token for calls is good any more; with `altogether`, none that renews it either."""
        self._ended |= self._access
        if altogether:
            self._access.clear()
            self._ended.clear()
            self._refreshing.clear()

    def routes(self) -> list[web.RouteDef]:
        base = "/bluesky/xrpc/com.atproto"
        return [
            web.post(f"{base}.server.createSession", self.sign_in),
            web.post(f"{base}.server.refreshSession", self.renew),
            web.get(f"{base}.server.getSession", self.session, allow_head=False),
            web.post(f"{base}.repo.putRecord", self.put),
            web.post(f"{base}.repo.deleteRecord", self.delete),
            web.get(f"{base}.repo.getRecord", self.show, allow_head=False),
            web.route("*", "/bluesky/{rest:.*}", self.unknown),
        ]

    def failure(self, status: int, code: int | str | None, retry_after: int | None) -> Reply:
        reply = error(status, code if isinstance(code, str) else "")
        if retry_after is not None:
            reply.headers = limits(POINTS[1], 0, self._core.now() + retry_after)
        return reply

    async def sign_in(self, request: web.Request) -> web.Response:
        given = await _document(request)
        return await self._serve(request, lambda _: self._sign_in(given))

    async def renew(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda _: self._renew(_bearer(request)))

    async def session(self, request: web.Request) -> web.Response:
        def told(_: int) -> Reply:
            accounts = self._core.accounts
            return self._stranger(request) or Reply(
                200, {"did": accounts.bluesky_did, "handle": accounts.bluesky_handle, "active": True}
            )

        return await self._serve(request, told)

    async def put(self, request: web.Request) -> web.Response:
        given = await _document(request)
        return await self._serve(
            request, lambda number: self._stranger(request) or self._put(given, number), sending=True
        )

    async def delete(self, request: web.Request) -> web.Response:
        given = await _document(request)
        return await self._serve(request, lambda number: self._stranger(request) or self._delete(given, number))

    async def show(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda _: self._show(request.query.get("rkey", "")))

    async def unknown(self, request: web.Request) -> web.Response:
        return await self._serve(request, lambda _: error(501, "MethodNotImplemented", "Method Not Implemented"))

    async def _serve(
        self, request: web.Request, process: Callable[[int], Reply], *, sending: bool = False
    ) -> web.Response:
        to = self._core.accounts.bluesky_did
        return await gate.serve(self._core, self, request, process, to=to, sending=sending)

    def _sign_in(self, given: dict[str, Any] | None) -> Reply:
        if given is None or not isinstance(given.get("identifier"), str) or not isinstance(given.get("password"), str):
            return error(400, message="Input must have the property identifier")
        if not self._signing_in.take(1, self._core.now()):
            reply = error(429, message="Rate Limit Exceeded")
            reply.headers = spent(self._signing_in)
            return reply
        accounts = self._core.accounts
        known = given["identifier"].lower() in (accounts.bluesky_handle, accounts.bluesky_did)
        if not known or given["password"] != accounts.bluesky_app_password:
            return error(401, message="Invalid identifier or password")
        return self._opened()

    def _opened(self) -> Reply:
        access, refresh = self._token("appPass", ACCESS_LASTS), self._token("refresh", REFRESH_LASTS)
        self._access.add(access)
        self._refreshing.add(refresh)
        accounts = self._core.accounts
        made = {"accessJwt": access, "refreshJwt": refresh, "active": True}
        return Reply(200, {"did": accounts.bluesky_did, "handle": accounts.bluesky_handle, **made})

    def _token(self, scope: str, lasts: float) -> str:
        now = self._core.now()
        claims = {
            "scope": f"com.atproto.{scope}",
            "sub": self._core.accounts.bluesky_did,
            "iat": int(now),
            "exp": int(now + lasts),
            "jti": secrets.token_hex(8),
        }
        parts = (json.dumps({"typ": "at+jwt", "alg": "HS256"}).encode(), json.dumps(claims).encode())
        signed = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts]
        return ".".join([*signed, secrets.token_urlsafe(32)])

    def _renew(self, token: str) -> Reply:
        if token not in self._refreshing:
            return error(400, "ExpiredToken", "Token has been revoked")
        self._refreshing.discard(token)
        return self._opened()

    def _stranger(self, request: web.Request) -> Reply | None:
        """Why these credentials do not do, None when they do."""
        token = _bearer(request)
        if not token:
            return error(401, "AuthMissing")
        if token in self._ended or (token in self._access and self._core.now() >= _ends(token)):
            return error(400, "ExpiredToken", "Token has expired")
        return None if token in self._access else error(400, "InvalidToken", "Token could not be verified")

    def _spend(self, call: str) -> Reply | None:
        if self._writing.take(COST[call], self._core.now()):
            return None
        reply = error(429, message="Rate Limit Exceeded")
        reply.headers = spent(self._writing)
        return reply

    def _put(self, given: dict[str, Any] | None, number: int) -> Reply:
        limited = self._spend("putRecord")
        if limited is not None:
            return limited
        wrong = "Input must be an object" if given is None else complaint(given, self._core.accounts.bluesky_did)
        if given is None or wrong:
            return error(400, message=wrong)
        key, record = given["rkey"], given["record"]
        cid = f"bafyrei{sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:52]}"
        there = self._records.get(key)
        if there is not None and there.cid == cid:
            return Reply(200, {"uri": there.ref, "cid": cid, "validationStatus": "valid"})
        if "swapRecord" in given and given["swapRecord"] != (there.cid if there is not None else None):
            return error(400, "InvalidSwap", f"Record was at {there.cid if there is not None else 'null'}")
        if there is not None:
            return error(501, "MethodNotImplemented", "Changing a post is not simulated")
        made = Record(
            provider="bluesky",
            kind="post",
            to=self._core.accounts.bluesky_did,
            body=record["text"],
            ref=f"at://{given['repo']}/{COLLECTION}/{key}",
            at=self._core.now(),
            status="posted",
            request=number,
            delivered=True,
            metadata={name: value for name, value in record.items() if name != "text"},
            cid=cid,
        )
        self._core.store.hold(made)
        self._records[key] = made
        commit = {"cid": cid, "rev": key}
        return Reply(200, {"uri": made.ref, "cid": cid, "commit": commit, "validationStatus": "valid"})

    def _delete(self, given: dict[str, Any] | None, number: int) -> Reply:
        limited = self._spend("deleteRecord")
        if limited is not None:
            return limited
        if given is None or given.get("repo") != self._core.accounts.bluesky_did:
            return error(400, message="Could not find repo")
        gone = self._records.pop(str(given.get("rkey")), None) if given.get("collection") == COLLECTION else None
        if gone is None:
            return Reply(200, {})
        take_back(self._core, gone, number)
        return Reply(200, {"commit": {"cid": gone.cid, "rev": str(given["rkey"])}})

    def _show(self, key: str) -> Reply:
        record = self._records.get(key)
        if record is None:
            return error(400, "RecordNotFound", "Could not locate record")
        value = {"$type": COLLECTION, "text": record.body, **record.metadata}
        return Reply(200, {"uri": record.ref, "cid": record.cid, "value": value})


def complaint(given: dict[str, Any], did: str) -> str:
    """What is wrong with the input of `putRecord`, "" when nothing is."""
    record, key = given.get("record"), given.get("rkey")
    if given.get("repo") != did:
        return "Could not find repo"
    if given.get("collection") != COLLECTION or not isinstance(record, dict) or record.get("$type") != COLLECTION:
        return f"Invalid $type: expected {COLLECTION}"
    if not isinstance(key, str) or _TID.fullmatch(key) is None:
        return "Invalid rkey: a TID is expected"
    text = record.get("text")
    if not isinstance(text, str) or len(text.encode("utf-8", "surrogatepass")) > BYTES or clusters(text) > GRAPHEMES:
        return f"Invalid {COLLECTION} record: Record/text must not be longer than {GRAPHEMES} graphemes"
    try:
        datetime.fromisoformat(record["createdAt"])
    except (KeyError, TypeError, ValueError):
        return f"Invalid {COLLECTION} record: Record/createdAt must be a valid datetime"
    for facet in record.get("facets", ()):
        index = facet.get("index", {})
        try:
            text.encode()[index["byteStart"] : index["byteEnd"]].decode()
            within = 0 <= index["byteStart"] < index["byteEnd"] <= len(text.encode())
        except (KeyError, TypeError, UnicodeDecodeError):
            within = False
        if not within:
            return f"Invalid {COLLECTION} record: Record/facets must lie within the text"
    return ""


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _ends(token: str) -> float:
    payload = token.split(".")[1]
    return float(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"])


async def _document(request: web.Request) -> dict[str, Any] | None:
    try:
        given = json.loads(await request.read())
    except ValueError:
        return None
    return given if isinstance(given, dict) else None
