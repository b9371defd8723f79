"""What the conformance suite must know of each channel to try it: an entry in `ENROLLED` for every installed one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from loopback import Reply, Request, closed_port

from channels.contract import Channel, Envelope, Words
from channels.registry import Resources, channel_type
from channels.transport.http import open_session

STARTED_AT = 1_770_000_000.0


def envelope(number: int = 1, *, to: str, text: str = "", **changes: Any) -> Envelope:
    """One of many attempts; everything that may differ does."""
    filled: dict[str, Any] = {
        "key": f"key-{number}",
        "token": f"token{number}",
        "to": to,
        "words": Words(text=text or f"Update {number}: mail is down, we are on it.", subject=f"Update {number}"),
        "thread": "mail-2026-02",
        "sequence": number,
        "started_at": STARTED_AT,
        "useful_for": 900.0,
        "receipt_url": f"https://hooks.example.com/receipts/r/token{number}",
        "unsubscribe_url": None,
        **changes,
    }
    return Envelope(**filled)


class MemoryInbox:
    """An inbox that keeps its promise about keys, and can be told to fail."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.puts = 0
        self.before: Callable[[], Any] | None = None

    async def put(self, *, user: str, key: str, token: str, subject: str, text: str, useful_for: float) -> int:
        self.puts += 1
        if self.before is not None:
            await self.before()
        return self.numbers.setdefault(key, len(self.numbers) + 1)


@dataclass(frozen=True)
class Http:
    """A channel that speaks HTTP.

    Attributes:
        settings: The account's settings against a server at this URL.
        address: An address in the channel's form; different for every number.
        accepts: The provider's answer to a send.
        ref: What that answer makes the reference of a send.
        secrets: All secrets among the settings.
        oversize: A text that is too long.
        path: What every delivering request's path ends with.
    """

    settings: Callable[[str], Mapping[str, Any]]
    address: Callable[[int], str]
    accepts: Callable[[Request], Reply]
    ref: Callable[[Envelope], str]
    secrets: tuple[str, ...]
    oversize: str
    path: str


@dataclass(frozen=True)
class Smtp:
    settings: Callable[[int], Mapping[str, Any]]
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Inboxed:
    pass


@contextlib.asynccontextmanager
async def built(name: str, settings: Mapping[str, Any], inbox: MemoryInbox | None = None) -> AsyncIterator[Channel]:
    """The channel of this name, built as the host builds it."""
    kind = channel_type(name)
    session = open_session()
    channel = kind.build(kind.settings.model_validate(settings), Resources(session, inbox or MemoryInbox()))
    try:
        yield channel
    finally:
        await channel.aclose()
        await channel.aclose()
        await session.close()


# Twilio

TWILIO_ACCOUNT = "AC" + "0" * 32
TWILIO_TOKEN = "twilio-auth-token-1"


def twilio_settings(base_url: str) -> dict[str, Any]:
    return {
        "account_sid": TWILIO_ACCOUNT,
        "auth_token": TWILIO_TOKEN,
        "second_auth_token": "twilio-auth-token-2",
        "messaging_service_sid": "MG" + "0" * 32,
        "base_url": base_url,
    }


def twilio_accepts(request: Request) -> Reply:
    form = parse_qs(request.body.decode())
    body = {"sid": "SM" + form["To"][0].removeprefix("+"), "status": "accepted", "num_segments": "0"}
    return Reply(201, json.dumps(body).encode())


# Slack

SLACK_TOKEN = "xoxb-1234-secretsecret"


def slack_settings(base_url: str) -> dict[str, Any]:
    return {"bot_token": SLACK_TOKEN, "base_url": f"{base_url}/api"}


def slack_accepts(request: Request) -> Reply:
    sent = json.loads(request.body)
    body = {"ok": True, "channel": sent["channel"], "ts": f"1.{sent['metadata']['event_payload']['key']}"}
    return Reply(200, json.dumps(body).encode())


# X

X_SECRETS = ("x-consumer-key", "x-consumer-secret", "123-x-access-token", "x-access-token-secret")


def x_settings(base_url: str) -> dict[str, Any]:
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    return {**dict(zip(names, X_SECRETS, strict=True)), "base_url": base_url}


def x_accepts(request: Request) -> Reply:
    text = json.loads(request.body)["text"]
    return Reply(201, json.dumps({"data": {"id": f"id {text}", "text": text}}).encode())


# mail

SMTP_PASSWORD = "smtp-password"


def smtp_settings(port: int) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "username": "status",
        "password": SMTP_PASSWORD,
        "from_address": "status@example.com",
        "from_name": "Example Status",
        "message_id_domain": "mail.example.com",
    }


ENROLLED: dict[str, Http | Smtp | Inboxed] = {
    "sms/twilio": Http(
        settings=twilio_settings,
        address=lambda number: f"+1555{number:07}",
        accepts=twilio_accepts,
        ref=lambda sent: "SM" + sent.to.removeprefix("+"),
        secrets=(TWILIO_TOKEN, "twilio-auth-token-2"),
        oversize="x" * 613,
        path=f"/2010-04-01/Accounts/{TWILIO_ACCOUNT}/Messages.json",
    ),
    "chat/slack": Http(
        settings=slack_settings,
        address=lambda number: f"C0{number:08}",
        accepts=slack_accepts,
        ref=lambda sent: f"{sent.to}:1.{sent.key}",
        secrets=(SLACK_TOKEN,),
        oversize="x" * 12_001,
        path="/api/chat.postMessage",
    ),
    "social/x": Http(
        settings=x_settings,
        address=lambda number: f"@example_status_{number}",
        accepts=x_accepts,
        ref=lambda sent: f"id {sent.words.text}",
        secrets=X_SECRETS,
        oversize="x" * 281,
        path="/2/tweets",
    ),
    "email/smtp": Smtp(settings=smtp_settings, secrets=(SMTP_PASSWORD,)),
    "inapp/inbox": Inboxed(),
}


def nowhere() -> str:
    """The URL of a server that is not there."""
    return f"http://127.0.0.1:{closed_port()}"
