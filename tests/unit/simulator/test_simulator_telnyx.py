"""The simulated Telnyx, tried with Telnyx' own SDK; and people who text to either provider's number."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import telnyx
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from telnyx import AsyncTelnyx
from twilio.rest import Client

from channels.simulator import Accounts, Simulator

TO = "+14155550101"

#: The SDK itself still uses what aiohttp deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]


class Hooks:
    """Takes webhooks and checks each as Telnyx documents it. (The SDK's own check wants another library.)"""

    def __init__(self, public_key: str) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        self.url = ""
        self.events: list[dict[str, Any]] = []
        self.genuine: list[bool] = []
        self._more = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        body = await request.text()
        signed = f"{request.headers['Telnyx-Timestamp']}|{body}".encode()
        try:
            self._key.verify(base64.b64decode(request.headers["Telnyx-Signature-Ed25519"]), signed)
            self.genuine.append(True)
        except InvalidSignature:
            self.genuine.append(False)
        self.events.append(json.loads(body)["data"])
        self._more.set()
        return web.Response(status=204)

    async def until(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.events) < count:
                self._more.clear()
                await self._more.wait()
        return [f"{one['event_type']}:{one['payload']['to'][0]['status']}" for one in self.events]


@pytest.fixture
async def client(simulator: Simulator, accounts: Accounts) -> AsyncIterator[AsyncTelnyx]:
    async with AsyncTelnyx(
        api_key=accounts.telnyx_api_key,
        public_key=accounts.telnyx_public_key,
        base_url=simulator.addresses.telnyx_base,
        max_retries=0,
        timeout=5,
    ) as made:
        yield made


@pytest.fixture
async def hooks(accounts: Accounts) -> AsyncIterator[Hooks]:
    listening = Hooks(accounts.telnyx_public_key)
    app = web.Application()
    app.router.add_post("/receipts/{route}/{token}", listening.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listening.url = f"http://127.0.0.1:{runner.addresses[0][1]}/receipts/telnyx-backup/one"
    yield listening
    await runner.cleanup()


async def test_a_message_is_taken_and_its_end_is_told(client: AsyncTelnyx, hooks: Hooks, simulator: Simulator) -> None:
    sent = await client.messages.send(to=TO, from_="+18665550006", text="Mail is down.", webhook_url=hooks.url)
    assert sent.data is not None
    assert sent.data.id
    assert await hooks.until(2) == ["message.sent:sent", "message.finalized:delivered"]
    assert hooks.genuine == [True, True]
    assert hooks.events[0]["payload"]["webhook_url"] == hooks.url
    [kept] = simulator.received(provider="telnyx")
    assert (kept["to"], kept["body"], kept["delivered"]) == (TO, "Mail is down.", True)
    again = await client.messages.retrieve(sent.data.id)
    assert "delivered" in again.model_dump_json()


async def test_the_same_key_is_the_same_message(client: AsyncTelnyx, simulator: Simulator) -> None:
    async def send(text: str, key: str) -> Any:
        return await client.messages.send(to=TO, from_="+18665550006", text=text, idempotency_key=key)

    first, again, other = await send("one", "k1"), await send("one", "k1"), await send("one", "k2")
    assert first.data.id == again.data.id != other.data.id
    assert len(simulator.received(provider="telnyx")) == 2
    with pytest.raises(telnyx.UnprocessableEntityError, match="Idempotency-Key"):
        await send("two", "k1")
    with pytest.raises(telnyx.BadRequestError):
        await send("one", "not.allowed")


async def test_a_key_whose_request_was_refused_is_free(client: AsyncTelnyx) -> None:
    with pytest.raises(telnyx.BadRequestError):
        await client.messages.send(to="+15005550009", from_="+18665550006", text="x", idempotency_key="k")
    assert (await client.messages.send(to=TO, from_="+18665550006", text="x", idempotency_key="k")).data


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"to": "+15005550004"}, "40300"),
        ({"to": "+15005550003"}, "40309"),
        ({"to": "nonsense"}, "40310"),
        ({"text": " "}, "40316"),
        ({"text": "x" * 1600}, "40302"),
        ({"from_": ""}, "40305"),
    ],
)
async def test_refusals(client: AsyncTelnyx, message: dict[str, str], code: str) -> None:
    with pytest.raises(telnyx.BadRequestError) as refused:
        await client.messages.send(**{"to": TO, "from_": "+18665550006", "text": "x", **message})
    assert code in str(refused.value.body)


async def test_another_key_opens_nothing(simulator: Simulator) -> None:
    async with AsyncTelnyx(api_key="KEYother", base_url=simulator.addresses.telnyx_base, max_retries=0) as stranger:
        with pytest.raises(telnyx.AuthenticationError):
            await stranger.messages.send(to=TO, from_="+18665550006", text="x")


async def test_faults(client: AsyncTelnyx, hooks: Hooks, simulator: Simulator) -> None:
    simulator.add_faults(
        [
            {"provider": "telnyx", "do": {"what": "undelivered"}, "match": {"to": TO}},
            {"provider": "telnyx", "do": {"what": "status", "status": 429, "retry_after": 3}, "match": {"nth": [2]}},
            {"provider": "telnyx", "do": {"what": "receipts", "how": "forged"}, "match": {"to": TO}},
        ]
    )
    await client.messages.send(to=TO, from_="+18665550006", text="x", webhook_url=hooks.url)
    assert (await hooks.until(2))[-1] == "message.finalized:delivery_failed"
    assert hooks.events[-1]["payload"]["errors"][0]["code"] == "40008"
    assert hooks.genuine == [False, False]
    with pytest.raises(telnyx.RateLimitError) as limited:
        await client.messages.send(to=TO, from_="+18665550006", text="x")
    assert limited.value.response.headers["retry-after"] == "3"


# people who text


async def write(http: aiohttp.ClientSession, simulator: Simulator, **text: Any) -> tuple[int, dict[str, Any]]:
    async with http.post(f"{simulator.addresses.control}/texts", json={"from": TO, **text}) as answer:
        return answer.status, await answer.json()


async def test_a_text_to_telnyx_is_told_signed(hooks: Hooks, simulator: Simulator, http: aiohttp.ClientSession) -> None:
    status, told = await write(http, simulator, provider="telnyx", body="stop", url=hooks.url)
    assert (status, told["status"]) == (200, 204)
    [event] = hooks.events
    assert (event["event_type"], event["payload"]["text"]) == ("message.received", "stop")
    assert event["payload"]["autoresponse_type"] == "STOP"
    assert hooks.genuine == [True]


async def test_who_texts_stop_is_refused_by_that_provider_until_start(
    client: AsyncTelnyx, twilio: Client, hooks: Hooks, simulator: Simulator, http: aiohttp.ClientSession
) -> None:
    message = {"to": TO, "from_": "+18665550006", "text": "x"}
    await write(http, simulator, provider="telnyx", body="STOP", url=hooks.url)
    with pytest.raises(telnyx.BadRequestError, match="STOP"):
        await client.messages.send(**message)
    # The block is that provider's alone; that is why the list of who said no must be ours.
    await twilio.messages.create_async(to=TO, from_=simulator.accounts.twilio_from, body="x")
    await write(http, simulator, provider="telnyx", body="start", url=hooks.url)
    assert (await client.messages.send(**message)).data


async def test_only_this_machine_is_told(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    status, told = await write(http, simulator, body="STOP", url="https://hooks.example.com/receipts/x")
    assert status == 400
    assert "this machine" in str(told)
    assert (await write(http, simulator, body="STOP"))[0] == 422
    assert (await write(http, simulator, body="STOP", url="http://127.0.0.1:1/", colour="red"))[0] == 422
