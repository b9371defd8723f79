"""Slack's Web API: posting, editing, deleting, reading back, opening direct messages, auth.test; an incoming webhook.

A direct message is recorded under the id of the person, whether it was addressed to the person (U...) or to the
conversation (D...): the conversation's id is the person's with a D in front. Any channel id is accepted; use a fault to
make one unknown. `client_msg_id` is echoed and deduplicates nothing, as Slack documents no such promise. A reply to a
message that is not there becomes one of the conversation, without a word. The webhook posts into `WEBHOOK_CHANNEL`.

Not modelled: limits of single blocks, ephemeral messages, scheduled messages, rate limits (a fault
with status 429 makes one).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qsl

from aiohttp import web
from yarl import URL

from channels.simulator import gate
from channels.simulator.faults import Provider
from channels.simulator.gate import Core, Reply
from channels.simulator.slack_wire import (
    CHANNEL,
    MAX_POST,
    MAX_UPDATE,
    PERSON,
    Args,
    Post,
    addressee,
    conversation,
    metadata_of,
    micros,
    refuse,
    words_of,
    yes,
)
from channels.simulator.store import Held

#: Where the incoming webhook writes to; the shipped configuration names it as well.
WEBHOOK_CHANNEL = "C0STATUS"

_ERRORS = {429: "ratelimited", 503: "service_unavailable", 504: "request_timeout"}


class Slack:
    provider: Provider = "slack"

    def __init__(self, core: Core) -> None:
        self._core = core
        self._last = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/slack/api/{method:.+}", self.call),
            web.post("/slack/services/{hook:.+}", self.hook),
        ]

    def failure(self, status: int, code: int | str | None, retry_after: int | None) -> Reply:
        error = str(code) if code is not None else _ERRORS.get(status, "internal_error")
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return Reply(status, {"ok": False, "error": error}, refused=f"{status}/{error}", headers=headers)

    async def call(self, request: web.Request) -> web.Response:
        body = await request.read()
        method = request.match_info["method"]
        args, unreadable = self._read(request, body)
        target = args.get("channel") or args.get("users") or ""
        return await gate.serve(
            self._core,
            self,
            request,
            lambda number: unreadable or self._answer(method, args, self._token(request, args), number),
            to=addressee(conversation(str(target))),
            sending=method in {"chat.postMessage", "chat.update"},
        )

    async def hook(self, request: web.Request) -> web.Response:
        """The incoming webhook: its errors are plain words with a status that fits."""
        body = await request.read()
        args, unreadable = self._read(request, body)

        def answer(number: int) -> Reply:
            if "/slack" + URL(self._core.accounts.slack_webhook_url).raw_path != request.rel_url.raw_path:
                return Reply(404, b"no_service", refused="404/no_service")
            posted = unreadable or self._post({**args, "channel": WEBHOOK_CHANNEL, "metadata": None}, number)
            if not posted.refused:
                return Reply(200, b"ok")
            word = "no_text" if posted.refused == "no_text" else "invalid_payload"
            return Reply(400, word.encode(), refused=f"400/{word}")

        return await gate.serve(self._core, self, request, answer, to=WEBHOOK_CHANNEL, sending=True)

    def _read(self, request: web.Request, body: bytes) -> tuple[Args, Reply | None]:
        args: Args = dict(request.query)
        try:
            if request.content_type == "application/json":
                given = json.loads(body) if body else {}
                if not isinstance(given, dict):
                    return args, refuse("json_not_object")
                args.update(given)
            else:
                args.update(parse_qsl(body.decode(), keep_blank_values=True))
        except ValueError:
            return args, refuse("invalid_json" if request.content_type == "application/json" else "invalid_form_data")
        return args, None

    def _token(self, request: web.Request, args: Args) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else str(args.get("token", ""))

    def _answer(self, method: str, args: Args, token: str, number: int) -> Reply:
        if not token:
            return refuse("not_authed")
        if token != self._core.accounts.slack_bot_token:
            return refuse("invalid_auth")
        methods: dict[str, Callable[[], Reply]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": lambda: self._post(args, number),
            "chat.update": lambda: self._update(args, number),
            "chat.delete": lambda: self._delete(args, number),
            "conversations.history": lambda: self._history(args),
            "conversations.replies": lambda: self._replies(args),
            "conversations.open": lambda: self._open(args),
        }
        if method not in methods:
            return refuse("unknown_method")
        return methods[method]()

    def _auth_test(self) -> Reply:
        accounts = self._core.accounts
        return Reply(
            200,
            {
                "ok": True,
                "url": "https://simulated.slack.com/",
                "team": "Simulated",
                "user": "dispatcher",
                "team_id": accounts.slack_team_id,
                "user_id": accounts.slack_bot_user_id,
                "bot_id": accounts.slack_bot_id,
                "is_enterprise_install": False,
            },
        )

    def _open(self, args: Args) -> Reply:
        channel = str(args.get("channel") or "")
        people = [name for name in str(args.get("users") or "").split(",") if name]
        if not channel and not people:
            return refuse("users_list_not_supplied")
        if len(people) > 1 or not all(PERSON.fullmatch(name) for name in people):
            return refuse("user_not_found")
        return Reply(200, {"ok": True, "channel": {"id": channel or conversation(people[0])}})

    def _post(self, args: Args, number: int) -> Reply:
        channel = conversation(str(args.get("channel") or ""))
        if not CHANNEL.fullmatch(channel):
            return refuse("channel_not_found")
        words, refusal = words_of(args)
        if refusal is not None:
            return refusal
        meta, refusal = metadata_of(args)
        if refusal is not None:
            return refusal
        core = self._core
        now = core.now()
        self._last = max(int(now * 1_000_000), self._last + 1)
        ts = f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
        words["text"] = words["text"][:MAX_POST]  # Slack cuts, it does not refuse.
        if args.get("client_msg_id"):
            words["client_msg_id"] = args["client_msg_id"]
        thread = str(args.get("thread_ts") or "")
        if self._standing(channel, thread) is None:
            thread = ""
        post = Post(
            provider="slack",
            kind="post",
            to=addressee(channel),
            body=words["text"] or json.dumps(words.get("blocks") or words.get("attachments")),
            ref=ts,
            at=now,
            status="posted",
            request=number,
            delivered=True,
            channel=channel,
            now=words,
            thread=thread,
            shown=not thread or thread == ts or yes(args.get("reply_broadcast")),
            meta=meta,
        )
        post.metadata = {"channel": channel, "thread_ts": thread, "metadata": meta}
        core.store.hold(post)
        return Reply(200, {"ok": True, "channel": channel, "ts": ts, "message": self._message(post, meta=True)})

    def _update(self, args: Args, number: int) -> Reply:
        channel = conversation(str(args.get("channel") or ""))
        ts = str(args.get("ts") or "")
        post = self._standing(channel, ts)
        if post is None:
            return refuse("message_not_found")
        words, refusal = words_of(args)
        if refusal is not None:
            return refusal
        if len(words["text"]) > MAX_UPDATE:
            return refuse("msg_too_long")
        meta, refusal = metadata_of(args)
        if refusal is not None:
            return refusal
        now = self._core.now()
        edited = {"user": self._core.accounts.slack_bot_user_id, "ts": f"{now:.6f}"}
        post.now = {**words, "edited": edited}
        post.meta = meta if meta is not None else post.meta
        # The edit is a record of its own; it tells nobody anew, and it is not found under the message's ts.
        self._core.store.hold(
            Held(
                provider="slack",
                kind="update",
                to=post.to,
                body=words["text"],
                ref=f"{ts}#{number}",
                at=now,
                status="updated",
                request=number,
                metadata={"channel": channel, "ts": ts, "metadata": meta},
            )
        )
        message = self._message(post, meta=True)
        return Reply(200, {"ok": True, "channel": channel, "ts": ts, "text": words["text"], "message": message})

    def _standing(self, channel: str, ts: str) -> Post | None:
        post = self._core.store.find("slack", ts) if ts else None
        return post if isinstance(post, Post) and post.channel == channel and not post.deleted else None

    def _delete(self, args: Args, number: int) -> Reply:
        channel = conversation(str(args.get("channel") or ""))
        ts = str(args.get("ts") or "")
        post = self._standing(channel, ts)
        if post is None:
            return refuse("message_not_found")
        post.deleted = True
        post.status = "deleted"
        self._core.store.hold(
            Held(
                provider="slack",
                kind="delete",
                to=post.to,
                body=post.body,
                ref=f"{ts}#deleted",
                at=self._core.now(),
                status="deleted",
                request=number,
                metadata={"channel": channel, "ts": ts},
            )
        )
        return Reply(200, {"ok": True, "channel": channel, "ts": ts})

    def _message(self, post: Post, *, meta: bool) -> Args:
        accounts = self._core.accounts
        message: Args = {
            "type": "message",
            "user": accounts.slack_bot_user_id,
            "bot_id": accounts.slack_bot_id,
            "app_id": accounts.slack_app_id,
            "team": accounts.slack_team_id,
            "ts": post.ref,
            **post.now,
        }
        if post.thread:
            message["thread_ts"] = post.thread
        if meta and post.meta is not None:
            message["metadata"] = post.meta
        return message

    def _history(self, args: Args) -> Reply:
        """Newest first. Replies in threads are not part of a conversation's history, unless they were broadcast."""
        return self._slice(args, lambda post: post.shown)

    def _replies(self, args: Args) -> Reply:
        root = str(args.get("ts") or "")
        channel = conversation(str(args.get("channel") or ""))
        if self._standing(channel, root) is None:
            return refuse("thread_not_found")
        reply = self._slice(args, lambda post: root in (post.ref, post.thread))
        if not reply.refused:
            reply.payload["messages"].reverse()
        return reply

    def _slice(self, args: Args, belongs: Callable[[Post], bool]) -> Reply:
        channel = conversation(str(args.get("channel") or ""))
        if not CHANNEL.fullmatch(channel):
            return refuse("channel_not_found")
        try:
            limit = min(999, max(1, int(args.get("limit") or 100)))
            oldest = micros(args.get("oldest"), 0)
            latest = micros(args.get("latest"), 2**63)
            below = int(args["cursor"]) if args.get("cursor") else None
        except ValueError:
            return refuse("invalid_arguments")
        ends = yes(args.get("inclusive"))
        with_meta = yes(args.get("include_all_metadata"))
        messages: list[Args] = []
        cursor = ""
        last = -1
        for post in self._core.store.newest("slack", addressee(channel), below):
            if not isinstance(post, Post) or post.deleted:
                continue
            ts = micros(post.ref, 0)
            if ts < oldest or (ts == oldest and not ends and oldest):
                break
            if ts > latest or (ts == latest and not ends) or not belongs(post):
                continue
            if len(messages) == limit:
                cursor = str(last)
                break
            messages.append(self._message(post, meta=with_meta))
            last = post.seq
        payload: Args = {"ok": True, "messages": messages, "has_more": bool(cursor), "pin_count": 0}
        if cursor:
            payload["response_metadata"] = {"next_cursor": cursor}
        return Reply(200, payload)
