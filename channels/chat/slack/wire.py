"""Envelope to the arguments of Slack's methods, and a listed message back to its envelope. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from channels.chat import mrkdwn
from channels.contract import Envelope

EVENT_TYPE = "outage_update"
#: Our buttons among all that the app may have in the workspace begin with this.
OURS = "outage_"
ACKNOWLEDGE = OURS + "acknowledge"
CLOCK_SLACK = 5.0

_ADDRESS = re.compile(r"[CDGUW][A-Z0-9]+")
_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_REFERENCE = re.compile(r"([CDG][A-Z0-9]+):([^:\s]+)")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,60}")
_KEYS = uuid.UUID("5a0c0c8e-6a54-4a3f-9f1b-0d3c4f6f7f10")


def is_address(address: str) -> bool:
    """Whether this can be the id of a conversation or a user. Names are none: two places can bear the same one."""
    return _ADDRESS.fullmatch(address) is not None


def is_person(address: str) -> bool:
    """Whether this is a user's id, so that the message becomes a direct message."""
    return _PERSON.fullmatch(address) is not None


def message_arguments(envelope: Envelope, button: str = "") -> dict[str, Any]:
    """The arguments of the SDK's `chat_postMessage`.

    Args:
        envelope: With a `root`, it becomes a reply in that message's thread, where only those who follow it are woken;
            a notable one is shown in the conversation as well.
        button: What the button to acknowledge says; "" for none.
    """
    arguments = {
        "channel": envelope.to,
        **_said(envelope, button),
        "metadata": {
            "event_type": EVENT_TYPE,
            "event_payload": {
                "attempt": envelope.token,
                "key": envelope.key,
                "thread": envelope.thread,
                "sequence": envelope.sequence,
            },
        },
        # Not documented as an argument, though its errors are; where Slack heeds it, a repeat is dropped there.
        "client_msg_id": str(uuid.uuid5(_KEYS, envelope.key)),
        "unfurl_links": False,
        "unfurl_media": False,
    }
    root = place(envelope.root)
    if root is not None:
        # A direct message is addressed to a person, and its thread is in the conversation with them.
        arguments["channel"], arguments["thread_ts"] = root
        arguments["reply_broadcast"] = envelope.notable
    return arguments


def amendment_arguments(ref: str, envelope: Envelope, button: str = "") -> dict[str, Any] | None:
    """The arguments of the SDK's `chat_update`; None when the reference is none of ours.

    All blocks are sent again: those that are left out are gone afterwards. The metadata are not, so that the message
    keeps its own: a look-up for the update that stands in it now must not find it in place of that update's reply.
    """
    found = place(ref)
    if found is None:
        return None
    return {"channel": found[0], "ts": found[1], **_said(envelope, button)}


def _said(envelope: Envelope, button: str) -> dict[str, Any]:
    context = [f"{envelope.thread} · #{envelope.sequence}"]
    # Not in a conversation of several: whoever followed the link there would silence it for all of them.
    if envelope.unsubscribe_url is not None and (is_person(envelope.to) or envelope.to.startswith("D")):
        context.append(envelope.unsubscribe_url)
    blocks = mrkdwn.blocks(envelope.words, context)
    if button and envelope.token and envelope.receipt_url is not None:
        blocks.append(_button(button, envelope.token))
    return {"text": mrkdwn.fallback(envelope.words), "blocks": blocks}


def _button(label: str, token: str) -> dict[str, Any]:
    """The button carries the attempt's token as it is.

    A signature of our own around it would prove nothing more: Slack signs every press, and passes on only values that
    this app has put into its own messages. Who reads the token in the workspace can do nothing with it, because
    nothing is heard without Slack's signature; who guesses one would have to guess 128 bits.
    """
    text = {"type": "plain_text", "text": label, "emoji": False}
    pressed = {"type": "button", "action_id": ACKNOWLEDGE, "text": text, "value": token}
    return {"type": "actions", "elements": [pressed]}


def find(key: str, messages: Iterable[Any]) -> str | None:
    """The `ts` of the message that carries this key in its metadata."""
    for message in messages:
        match message:
            case {"ts": str(ts), "metadata": {"event_type": str(kind), "event_payload": {"key": str(theirs)}}}:
                if kind == EVENT_TYPE and theirs == key:
                    return ts
    return None


def reference(channel: str, ts: str) -> str:
    """Our name for a posted message: both parts are needed to find it again."""
    return f"{channel}:{ts}"


def place(ref: str) -> tuple[str, str] | None:
    """The conversation and the `ts` in a reference; None when it is none of ours."""
    found = _REFERENCE.fullmatch(ref)
    return (found[1], found[2]) if found else None


def error_word(answer: Mapping[str, Any]) -> str:
    """Slack's word for what went wrong, "" when the answer holds none. Anything else in its place is not repeated."""
    word = answer.get("error")
    return word if isinstance(word, str) and _WORD.fullmatch(word) else ""


def posted(answer: Mapping[str, Any]) -> str | None:
    """The reference in an answer to a method that names a message, None when it holds none."""
    match answer:
        case {"ok": True, "channel": str(channel), "ts": str(ts)} if channel and ts:
            return reference(channel, ts)
    return None
