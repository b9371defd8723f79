"""What is peculiar to Telnyx, over a real socket."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

import pytest

from channels.contract import Accepted, Blame, CanWarm, Deferred, Outcome, Rejected, Uncertain, Words
from channels.registry import channel_type
from channels.simulator import Accounts, Simulator
from channels.sms.known import Settles
from channels.sms.telnyx.adapter import TelnyxChannel
from channels.sms.telnyx.codes import CODES, STOPPED
from channels.sms.telnyx.samples import TELNYX_KEY, telnyx_accepts, telnyx_settings
from channels.testkit.bench import built
from channels.testkit.loopback import Misbehave, Reply, http_server
from channels.testkit.samples import envelope
from channels.transport.http import exchange

TO = "+15550000001"


def says(status: int, *failures: dict[str, Any], **headers: str) -> Any:
    told = {"Content-Type": "application/json", **headers}
    return lambda _: Reply(status, json.dumps({"errors": list(failures)}).encode(), told)


async def sent(answer: Any, **changes: Any) -> Outcome:
    async with http_server(answer) as far, built("sms/telnyx", telnyx_settings(far.url)) as channel:
        return await channel.send(envelope(to=TO, **changes), timeout=5)


async def test_the_request_is_exactly_this() -> None:
    async with http_server(telnyx_accepts) as far, built("sms/telnyx", telnyx_settings(f"{far.url}/v2")) as channel:
        outcome = await channel.send(envelope(to=TO), timeout=5)
        (request,) = far.requests
    assert outcome == Accepted("T15550000001")
    assert (request.method, request.target) == ("POST", "/v2/messages")
    assert json.loads(request.body) == {
        "to": TO,
        "text": "Update 1: mail is down, we are on it.",
        "type": "SMS",
        "messaging_profile_id": "400174af-0a13-4e28-b4f5-000000000000",
        "webhook_url": "https://hooks.example.com/receipts/r/token1",
    }
    assert request.headers["authorization"] == f"Bearer {TELNYX_KEY}"
    assert request.headers["idempotency-key"].startswith("sha256:")


async def test_a_number_may_be_the_sender_and_receipts_may_be_left_out() -> None:
    async with http_server(telnyx_accepts) as far:
        given = {**telnyx_settings(far.url), "messaging_profile_id": None, "from_number": "+15005550006"}
        async with built("sms/telnyx", given) as channel:
            assert isinstance(await channel.send(envelope(to=TO, receipt_url=None), timeout=5), Accepted)
        body = json.loads(far.requests[0].body)
    assert body["from"] == "+15005550006"
    assert not {"webhook_url", "messaging_profile_id"} & set(body)


async def test_the_key_is_the_deliverys_and_the_body_the_same_to_the_byte() -> None:
    async with http_server(telnyx_accepts) as far, built("sms/telnyx", telnyx_settings(far.url)) as channel:
        for key, token in (("u1.all.r7", "a"), ("u1.all.r7", "b"), ("u1.all.r8", "c")):
            await channel.send(envelope(to=TO, key=key, token=token), timeout=5)
        first, again, other = far.requests
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"] != other.headers["idempotency-key"]
    assert first.body == again.body
    # What it is made of says who it is for; the key must not.
    assert "r7" not in first.headers["idempotency-key"]


# the SDK's own retries: three POSTs for each of these, unless they are switched off


@pytest.mark.parametrize("how", [Misbehave.CLOSE, Misbehave.RESET, Misbehave.NOT_HTTP, 408, 409, 429, 500])
async def test_the_sdk_does_not_send_again_by_itself(how: Misbehave | int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without the session's own guard, which would hide what the SDK tries.
    monkeypatch.setattr("channels.sms.telnyx.adapter.exchange", lambda timeout: exchange(timeout, posts=9))
    reply = how if isinstance(how, Misbehave) else Reply(how, b"{}")
    async with http_server(lambda _: reply) as far, built("sms/telnyx", telnyx_settings(far.url)) as channel:
        outcome = await channel.send(envelope(to=TO), timeout=5)
        assert len(far.requests) == 1
    assert isinstance(outcome, Deferred if how == 429 else Uncertain), outcome


async def test_an_environment_for_the_sdk_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELNYX_API_KEY", "TELNYX_BASE_URL", "TELNYX_PUBLIC_KEY", "TELNYX_LOG"):
        monkeypatch.setenv(name, "debug")
    assert isinstance(await sent(telnyx_accepts), Accepted)


_UNLOADED = """
import asyncio, sys
from channels.contract import Callback, Forged, Words
from channels.registry import Resources, channel_types
from channels.transport.http import open_session

def loaded(*names):
    return [name for name in names if name in sys.modules]

async def hear():
    async with open_session() as session:
        kind = channel_types()["sms/telnyx"]
        given = {"api_key": "KEY1", "public_key": "A" * 43 + "=", "from_number": "+18665550006"}
        channel = kind.build(kind.settings.model_validate(given), Resources(session, None))
        try:
            channel.hear(Callback("https://x/receipts/r", "", {}, b"{}", 0.0))
        except Forged:
            print(loaded("telnyx", "httpx"))

channel_types()["sms/telnyx"].measure(Words("x"), None)
print(loaded("telnyx", "httpx", "cryptography"))
asyncio.run(hear())
"""


def test_who_has_no_such_route_or_only_hears_does_not_load_the_sdk() -> None:
    done = subprocess.run([sys.executable, "-c", _UNLOADED], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n") == ["[]", "[]", ""]


async def test_an_sdk_that_cannot_be_loaded_is_no_sent_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "telnyx", None)
    outcome = await sent(telnyx_accepts)
    assert isinstance(outcome, Deferred), outcome
    assert outcome.fault.code == "not-sent"


async def test_an_sdk_that_takes_long_to_load_holds_no_send_longer_than_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded, load = threading.Event(), TelnyxChannel._load

    def slowly(channel: TelnyxChannel) -> object:
        loaded.wait(20)
        return load(channel)

    monkeypatch.setattr(TelnyxChannel, "_load", slowly)
    async with http_server(telnyx_accepts) as far, built("sms/telnyx", telnyx_settings(far.url)) as channel:
        outcome = await channel.send(envelope(to=TO), timeout=0.1)
        assert isinstance(outcome, Deferred), outcome
        assert (outcome.fault.code, outcome.wait, outcome.route_wide) == ("not-ready", 1.0, True)
        assert not far.requests
        loaded.set()
        assert isinstance(channel, CanWarm)
        await channel.warm()
        assert isinstance(await channel.send(envelope(to=TO), timeout=5), Accepted)


# answers


@pytest.mark.parametrize("code", sorted(CODES))
async def test_every_known_code(code: str) -> None:
    title = "Blocked due to STOP message" if code == STOPPED else f"no good: {TO}"
    outcome = await sent(says(400, {"code": code, "title": title}))
    kinds: dict[Settles, type] = {Settles.REFUSED: Rejected, Settles.LATER: Deferred, Settles.NOTHING: Uncertain}
    assert isinstance(outcome, kinds[CODES[code].settles])
    assert not isinstance(outcome, Accepted)
    assert outcome.fault == CODES[code].fault(code)
    assert outcome.fault.opt_out == (code == STOPPED)


async def test_the_error_that_is_known_counts_among_several() -> None:
    outcome = await sent(says(422, {"code": "99999", "title": "x"}, {"code": STOPPED, "title": "STOP"}))
    assert isinstance(outcome, Rejected)
    assert outcome.fault.opt_out


@pytest.mark.parametrize("code", ["10007", STOPPED, "99999"])
async def test_a_code_in_a_5xx_does_not_make_it_certain(code: str) -> None:
    assert isinstance(await sent(says(500, {"code": code, "title": "x"})), Uncertain)


@pytest.mark.parametrize("code", ["10011", "40318", "99999"])
async def test_a_limit_keeps_its_wait(code: str) -> None:
    outcome = await sent(says(429, {"code": code, "title": "x"}, **{"Retry-After": "12"}))
    assert isinstance(outcome, Deferred)
    assert (outcome.wait, outcome.route_wide) == (12.0, True)


async def test_a_repeat_whose_first_was_taken_is_no_refusal() -> None:
    said = {"code": "10015", "title": "Unprocessable", "detail": "This Idempotency-Key was used with another body"}
    assert await sent(says(422, said)) == Accepted("", duplicate=True)


@pytest.mark.parametrize(
    "said", ["The Idempotency-Key is not of the allowed form", "Missing Idempotency-Key", "Bad idempotency key"]
)
async def test_a_422_about_the_key_itself_is_no_proof_that_anything_was_taken(said: str) -> None:
    outcome = await sent(says(422, {"code": "10015", "title": "Bad Request", "detail": said}))
    assert isinstance(outcome, Uncertain)
    assert said in outcome.fault.detail


async def test_a_422_that_cannot_be_read_might_be_such_a_repeat() -> None:
    assert isinstance(await sent(lambda _: Reply(422, b'{"message": "This Idempotency-Key was used"}')), Uncertain)


async def test_a_422_that_nobody_knows_might_be_such_a_repeat() -> None:
    outcome = await sent(says(422, {"code": "99999", "title": f"odd: {TO}"}))
    assert isinstance(outcome, Uncertain)
    assert (outcome.fault.blame, outcome.fault.provider_code) == (Blame.PROVIDER, "99999")
    assert TO not in outcome.fault.detail


async def test_an_unknown_code_keeps_what_telnyx_said_without_the_number() -> None:
    outcome = await sent(says(400, {"code": "99999", "title": "Odd", "detail": f"The number {TO} is odd"}))
    assert isinstance(outcome, Rejected)
    assert outcome.fault.provider_code == "99999"
    assert "Odd The number +…01 is odd" in outcome.fault.detail


async def test_a_lost_answer_and_the_repeat_are_one_message() -> None:
    """Every attempt has its own address for receipts, so the second body differs from the first."""
    accounts = Accounts.generate()
    async with Simulator(accounts) as simulator:
        given = {
            "api_key": accounts.telnyx_api_key,
            "public_key": accounts.telnyx_public_key,
            "from_number": accounts.telnyx_from,
            "base_url": simulator.addresses.telnyx_base,
        }
        simulator.add_faults([{"provider": "telnyx", "do": {"what": "reset_after"}, "times": 1}])
        async with built("sms/telnyx", given) as channel:
            sends = [
                await channel.send(
                    envelope(to=TO, key="u.all.r1", token=token, receipt_url=f"http://127.0.0.1:9/r/{token}"), timeout=5
                )
                for token in ("one", "two", "two")
            ]
            other = await channel.send(envelope(to=TO, key="u.all.r2"), timeout=5)
        assert isinstance(sends[0], Uncertain)
        assert sends[1:] == [Accepted("", duplicate=True)] * 2
        assert isinstance(other, Accepted)
        assert not other.duplicate
        assert len(simulator.received(provider="telnyx")) == 2


async def test_segments_are_counted_as_they_will_be_sent() -> None:
    channel = channel_type("sms/telnyx")
    assert channel.measure(Words("é" * 161), None).parts == 2
    # Nobody replaces a typographic quote here, unless the messaging profile says so.
    assert channel.measure(Words("\u201cquoted\u201d" + "x" * 140), None).parts == 3


async def test_what_one_number_could_not_deliver_goes_from_another_of_the_account() -> None:
    async with Simulator(Accounts.generate()) as simulator:
        given = {
            "api_key": simulator.accounts.telnyx_api_key,
            "public_key": simulator.accounts.telnyx_public_key,
            "base_url": simulator.addresses.telnyx_base,
        }
        for number in ("+18665550006", "+18665550007"):
            async with built("sms/telnyx", given | {"from_number": number}) as channel:
                outcome = await channel.send(envelope(to=TO, token=number[1:]), timeout=5)
            assert isinstance(outcome, Accepted)
            assert not outcome.duplicate
        assert len(simulator.received()) == 2
