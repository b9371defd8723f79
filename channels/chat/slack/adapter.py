"""The Slack SDK on the shared session."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, cast

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from channels.chat import mrkdwn
from channels.chat.refusals import unsendable
from channels.chat.slack import wire
from channels.chat.slack.codes import AMENDING, CODES, GONE, NO_THREAD, RETRACTING
from channels.chat.slack.receipts import Callbacks
from channels.chat.slack.settings import CAPABILITIES, SlackSettings
from channels.contract import (
    Absent,
    Accepted,
    Blame,
    Callback,
    CannotTell,
    Deferred,
    Envelope,
    Fault,
    Found,
    Heard,
    LookUp,
    Measure,
    Outcome,
    Probed,
    Rejected,
    Words,
)
from channels.transport.clocks import begun
from channels.transport.http import Exchange, SharedSession, exchange
from channels.transport.masking import masked
from channels.transport.outcomes import Failure, retry_after

#: Messages on one page of history, and pages looked through. Some apps get shorter pages than they ask for.
PAGE = 200
PAGES = 5

_NO_REFERENCE = Rejected(Fault(Blame.MESSAGE, "unknown-reference", "This is no reference of a message in Slack."))


class SlackChannel:
    """One Slack app in one workspace."""

    capabilities = CAPABILITIES

    def __init__(self, settings: SlackSettings, session: aiohttp.ClientSession) -> None:
        # The SDK writes whole requests to its logger, people's ids and words included, at DEBUG and when its level is
        # not set; one that is its own and stops above keeps them out whatever the host logs.
        quiet = logging.getLogger(f"{__name__}.sdk")
        quiet.setLevel(logging.WARNING)
        self._client = AsyncWebClient(
            token=settings.bot_token.get_secret_value(),
            base_url=settings.base_url + "/",
            # The SDK uses of a session only what SharedSession has.
            session=cast("aiohttp.ClientSession", SharedSession(session)),
            # By default it posts a second time when a connection breaks after the first.
            retry_handlers=[],
            logger=quiet,
        )
        secrets = [settings.signing_secret, settings.second_signing_secret]
        self._callbacks = Callbacks([secret.get_secret_value() for secret in secrets if secret is not None])
        self._button = settings.button if settings.signing_secret is not None else ""

    def measure(self, words: Words) -> Measure:
        return mrkdwn.measure(words)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        refusal = unsendable(envelope.words, mrkdwn.measure(envelope.words))
        if refusal is not None:
            return refusal
        if not wire.is_address(envelope.to):
            detail = "This is no id of a user or a conversation in Slack."
            return Rejected(Fault(Blame.RECIPIENT, "wrong-address", detail))
        with exchange(timeout) as talk:
            arguments = wire.message_arguments(envelope, self._button)
            return await _named(talk, CODES, partial(self._client.chat_postMessage, **arguments))

    async def amend(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        refusal = unsendable(envelope.words, mrkdwn.measure(envelope.words))
        if refusal is not None:
            return refusal
        arguments = wire.amendment_arguments(ref, envelope, self._button)
        if arguments is None:
            return _NO_REFERENCE
        with exchange(timeout) as talk:
            return await _named(talk, AMENDING, partial(self._client.chat_update, **arguments))

    async def retract(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        found = wire.place(ref)
        if found is None:
            return _NO_REFERENCE
        with exchange(timeout) as talk:
            outcome = await _named(talk, RETRACTING, partial(self._client.chat_delete, channel=found[0], ts=found[1]))
            if talk.status == 200 and talk.json().get("error") == GONE:
                return Accepted(ref, duplicate=True)
            return outcome

    def hear(self, callback: Callback) -> Heard:
        return self._callbacks.read(callback)

    async def look_up(self, envelope: Envelope, *, timeout: float) -> LookUp:
        root = wire.place(envelope.root)
        channel = root[0] if root else envelope.to
        with exchange(timeout) as talk:
            if wire.is_person(channel):
                failure = await _ask(talk, CODES, partial(self._client.conversations_open, users=envelope.to))
                opened = talk.json().get("channel")
                if failure is not None or not isinstance(opened, dict) or not isinstance(opened.get("id"), str):
                    return CannotTell((failure or talk.outcome()).fault)
                channel = opened["id"]
            # A reply to a message that is gone is posted into the conversation itself, and Slack says nothing of it.
            for thread in (root[1], "") if root else ("",):
                found = await self._search(talk, envelope, channel, thread)
                if not isinstance(found, Absent):
                    return found
        return Absent()

    async def _search(self, talk: Exchange, envelope: Envelope, channel: str, thread: str) -> LookUp:
        since, cursor = begun(envelope.started_at, talk.headers), ""
        for _ in range(PAGES):
            failure = await _ask(talk, CODES, partial(self._page, channel, thread, since, cursor))
            answer = talk.json()
            messages = answer.get("messages")
            if thread and talk.status == 200 and answer.get("error") == NO_THREAD:
                return Absent()
            if failure is not None or not isinstance(messages, list):
                return CannotTell((failure or talk.outcome()).fault)
            ts = wire.find(envelope.key, messages)
            if ts is not None:
                return Found(wire.reference(channel, ts))
            earlier = begun(envelope.started_at, talk.headers)
            if earlier < since - wire.CLOCK_SLACK:
                # By the date of the answer our clock is wrong: what was asked for began too late.
                since, cursor = earlier, ""
                continue
            if not answer.get("has_more"):
                return Absent()
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        detail = "The channel has more messages since then than can be looked through."
        return CannotTell(Fault(Blame.PROVIDER, "too-many", detail))

    def _page(self, channel: str, thread: str, since: float, cursor: str) -> Awaitable[Any]:
        """A page of the conversation, or of one thread in it: replies are not part of the conversation's history."""
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{since - wire.CLOCK_SLACK:.6f}",
            "include_all_metadata": True,
            "limit": PAGE,
            "cursor": cursor or None,
        }
        if thread:
            return self._client.conversations_replies(ts=thread, **asked)
        return self._client.conversations_history(**asked)

    async def probe(self, *, timeout: float) -> Probed | Fault:
        """Asks Slack whose token this is."""
        with exchange(timeout) as talk:
            failure = await _ask(talk, CODES, self._client.auth_test)
            answer = talk.json()
            if failure is None and answer.get("ok") is not True:
                failure = talk.outcome()
            if failure is not None:
                return failure.fault
        return Probed(masked(f"workspace {answer.get('team')}, as {answer.get('user')}"))

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""


async def _named(talk: Exchange, codes: Mapping[str, Failure], call: Callable[[], Awaitable[Any]]) -> Outcome:
    """Makes one call whose answer names the message that it was about."""
    failure = await _ask(talk, codes, call)
    if failure is not None:
        return failure
    ref = wire.posted(talk.json())
    return Accepted(ref) if ref is not None else talk.outcome()


async def _ask(talk: Exchange, codes: Mapping[str, Failure], call: Callable[[], Awaitable[Any]]) -> Failure | None:
    """Makes one call; what went wrong with it, or None when Slack says ok. The answer itself is in `talk`."""
    try:
        await call()
    except Exception as error:  # noqa: BLE001 - the SDK raises anything at a garbled answer; the wire decides
        return _failure(talk, codes, error)
    return None


def _failure(talk: Exchange, codes: Mapping[str, Failure], error: Exception) -> Failure:
    word = wire.error_word(talk.json())
    known = codes.get(word)
    if talk.status == 200 and known is not None:
        if isinstance(known, Deferred):
            return Deferred(known.fault, wait=retry_after(talk.headers), route_wide=known.route_wide)
        return known
    return talk.outcome(error, provider_code=word, said=f"Slack says {word}." if word else "")
