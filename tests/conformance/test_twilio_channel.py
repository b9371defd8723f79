"""What is peculiar to Twilio, over a real socket."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from channels.contract import (
    Absent,
    Accepted,
    Blame,
    CanBeAsked,
    CannotTell,
    Deferred,
    Found,
    Outcome,
    Rejected,
    Uncertain,
    Word,
    Words,
)
from channels.sms.known import Settles
from channels.sms.twilio.codes import CODES
from channels.sms.twilio.samples import TWILIO_ACCOUNT, TWILIO_TOKEN, twilio_accepts, twilio_settings
from channels.testkit.bench import built
from channels.testkit.loopback import Misbehave, Reply, Request, http_server
from channels.testkit.samples import STARTED_AT, envelope

TO = "+15550000001"


def says(status: int, /, **body: Any) -> Any:
    return lambda _: Reply(status, json.dumps(body).encode())


async def sent(answer: Any, **changes: Any) -> Outcome:
    async with http_server(answer) as far, built("sms/twilio", twilio_settings(far.url)) as channel:
        return await channel.send(envelope(to=TO, **changes), timeout=5)


async def looked_up(answer: Any, **changes: Any) -> Any:
    async with http_server(answer) as far, built("sms/twilio", twilio_settings(far.url)) as channel:
        assert isinstance(channel, CanBeAsked)
        found = await channel.look_up(envelope(to=TO, **changes), timeout=0.5)
        assert all(request.method == "GET" for request in far.requests)
        assert all(parse_qs(urlsplit(request.target).query)["To"] == [TO] for request in far.requests)
        return found


def listed(**changes: Any) -> dict[str, Any]:
    return {
        "sid": "SM1",
        "body": envelope(to=TO).words.text,
        "direction": "outbound-api",
        "status": "sent",
        "error_code": None,
        "date_created": format_datetime(datetime.fromtimestamp(STARTED_AT + 1, UTC)),
        **changes,
    }


def page(*messages: Mapping[str, Any]) -> Any:
    return says(200, messages=list(messages), page=0, page_size=100, next_page_uri=None, uri="/x")


async def test_the_request_is_exactly_this() -> None:
    async with http_server(twilio_accepts) as far, built("sms/twilio", twilio_settings(far.url)) as channel:
        await channel.send(envelope(to=TO, useful_for=90.9), timeout=5)
        (request,) = far.requests
    assert parse_qs(request.body.decode()) == {
        "To": [TO],
        "Body": ["Update 1: mail is down, we are on it."],
        "ValidityPeriod": ["90"],
        "SmartEncoded": ["true"],
        "MessagingServiceSid": ["MG" + "0" * 32],
        "StatusCallback": ["https://hooks.example.com/receipts/r/token1"],
    }
    login = base64.b64encode(f"{TWILIO_ACCOUNT}:{TWILIO_TOKEN}".encode()).decode()
    assert request.headers["authorization"] == f"Basic {login}"


@pytest.mark.parametrize(("useful_for", "asked"), [(0.2, "1"), (1e9, "36000"), (-5, "1")])
async def test_validity_stays_within_what_twilio_takes(useful_for: float, asked: str) -> None:
    async with http_server(twilio_accepts) as far, built("sms/twilio", twilio_settings(far.url)) as channel:
        await channel.send(envelope(to=TO, useful_for=useful_for, receipt_url=None), timeout=5)
        form = parse_qs(far.requests[0].body.decode())
    assert form["ValidityPeriod"] == [asked]
    assert "StatusCallback" not in form


async def test_a_number_may_be_the_sender() -> None:
    settings = {"account_sid": TWILIO_ACCOUNT, "auth_token": "x", "from_number": "+15005550006"}
    async with http_server(twilio_accepts) as far, built("sms/twilio", {**settings, "base_url": far.url}) as channel:
        assert isinstance(await channel.send(envelope(to=TO), timeout=5), Accepted)
        form = parse_qs(far.requests[0].body.decode())
    assert form["From"] == ["+15005550006"]
    assert "MessagingServiceSid" not in form


async def test_region_and_edge_of_the_environment_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    assert isinstance(await sent(twilio_accepts), Accepted)


@pytest.mark.parametrize("code", sorted(CODES))
async def test_every_known_code(code: int) -> None:
    outcome = await sent(says(400, code=code, message=f"no good: {TO}", status=400))
    kinds: dict[Settles, type] = {
        Settles.REFUSED: Rejected,
        Settles.LATER: Deferred,
        Settles.NOTHING: Uncertain,
    }
    assert isinstance(outcome, kinds[CODES[code].settles])
    assert not isinstance(outcome, Accepted)
    assert outcome.fault == CODES[code].fault(code)
    assert outcome.fault.opt_out == (code == 21610)


async def test_the_newer_form_of_errors_is_read_too() -> None:
    body = {"type": "https://x", "title": "Opted out", "status": 400, "code": 21610, "detail": "opted out"}
    outcome = await sent(says(400, **body))
    assert isinstance(outcome, Rejected)
    assert outcome.fault.opt_out


@pytest.mark.parametrize("code", [20500, 21211, 99999])
async def test_a_code_in_a_5xx_does_not_make_it_certain(code: int) -> None:
    assert isinstance(await sent(says(500, code=code, message="x")), Uncertain)


@pytest.mark.parametrize("code", [20429, 21611, 21211, 99999])
async def test_a_429_was_never_processed(code: int) -> None:
    outcome = await sent(says(429, code=code, message="x"))
    assert isinstance(outcome, Deferred)
    assert outcome.route_wide


async def test_an_unknown_code_keeps_what_twilio_said_without_the_number() -> None:
    outcome = await sent(says(400, code=99999, message=f"The number {TO} is odd"))
    assert isinstance(outcome, Rejected)
    assert outcome.fault.provider_code == "99999"
    assert "The number +…01 is odd" in outcome.fault.detail


async def test_ucs2_and_long_bodies_are_measured() -> None:
    settings = {**twilio_settings("http://127.0.0.1:9"), "max_segments": 10}
    async with built("sms/twilio", settings) as channel:
        assert channel.measure(Words("é" * 161)).parts == 2
        assert "cyrillic" in channel.measure(Words("почта")).note
        assert channel.measure(Words("\u201cquoted\u201d \u2014 5\u2026" + "x" * 140)).parts == 1
        long = channel.measure(Words("x" * 1601))
        assert (long.unit, long.length, long.limit, long.parts) == ("characters", 1601, 1600, 11)


@pytest.mark.parametrize(
    ("status", "error_code", "word"),
    [
        ("delivered", None, Word.DELIVERED),
        ("read", None, Word.READ),
        ("undelivered", 30005, Word.UNDELIVERED),
        ("failed", None, Word.UNDELIVERED),
    ],
)
async def test_look_up_finds_the_fate_too(status: str, error_code: int | None, word: Word) -> None:
    found = await looked_up(page(listed(status=status, error_code=error_code)))
    assert isinstance(found, Found)
    assert found.ref == "SM1"
    assert found.receipt is not None
    assert found.receipt.word is word
    assert found.receipt.token == "token1"
    assert (found.receipt.fault is not None) == (word is Word.UNDELIVERED)


@pytest.mark.parametrize("status", ["accepted", "queued", "sending", "sent", "something-new"])
async def test_look_up_finds_what_is_on_its_way(status: str) -> None:
    assert await looked_up(page(listed(status=status))) == Found("SM1")


@pytest.mark.parametrize(
    "message",
    [
        listed(direction="inbound"),
        listed(direction="outbound-reply"),
        listed(body="Update 2: mail is down, we are on it."),
        listed(date_created=format_datetime(datetime.fromtimestamp(STARTED_AT - 61, UTC))),
    ],
)
async def test_look_up_does_not_take_another_message_for_ours(message: dict[str, Any]) -> None:
    assert await looked_up(page(message)) == Absent()
    assert await looked_up(page(message, listed(sid="SM2"))) == Found("SM2")


async def test_look_up_cannot_tell_when_words_are_not_kept() -> None:
    found = await looked_up(page(listed(body="")))
    assert isinstance(found, CannotTell)
    assert found.fault.code == "words-withheld"


@pytest.mark.parametrize("answer", [says(500), says(401, code=20003, message="no"), says(200), says(200, messages=[7])])
async def test_look_up_that_fails_cannot_tell(answer: Any) -> None:
    assert isinstance(await looked_up(answer), CannotTell)


async def test_look_up_that_hangs_cannot_tell() -> None:
    found = await looked_up(lambda _: Misbehave.HANG)
    assert isinstance(found, CannotTell)
    assert found.fault.blame is Blame.PATH


async def test_look_up_is_asked_again_on_a_dying_connection() -> None:
    first = True

    def answer(request: Request) -> Reply | Misbehave:
        nonlocal first
        if first:
            first = False
            return Misbehave.CLOSE
        reply: Reply = page(listed())(request)
        return reply

    assert await looked_up(answer) == Found("SM1")
