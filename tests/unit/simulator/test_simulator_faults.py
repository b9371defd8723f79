"""Every fault over real sockets: what the client sees, what was stored, how often it fired."""

from __future__ import annotations

import asyncio
import errno
import logging
from typing import Any

import aiohttp
import pytest
from simulator_rig import Listener, settled
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from channels.simulator import Simulator

TO = "+14155550123"

#: The SDK itself still uses what aiohttp deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]


async def send(client: Client, simulator: Simulator, to: str = TO, **kwargs: Any) -> Any:
    return await client.messages.create_async(to=to, from_=simulator.accounts.twilio_from, body="We are down", **kwargs)


def fault(simulator: Simulator, do: dict[str, Any], provider: str = "twilio", **rest: Any) -> None:
    simulator.add_faults([{"provider": provider, "do": do, **rest}])


def fired(simulator: Simulator) -> int:
    return sum(entry["fired"] for entry in simulator.faults())


async def test_status_with_retry_after(simulator: Simulator, http: aiohttp.ClientSession, twilio: Client) -> None:
    fault(simulator, {"what": "status", "status": 429, "retry_after": 7}, times=2)
    url = f"{simulator.addresses.twilio_base}/2010-04-01/Accounts/AC/Messages.json"
    async with http.post(url, data={"To": TO}) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "7")
        assert (await response.json())["code"] == 20429
    with pytest.raises(TwilioRestException) as caught:
        await send(twilio, simulator)
    assert (caught.value.status, caught.value.code) == (429, 20429)
    await send(twilio, simulator)
    summary = simulator.summary()["providers"]["twilio"]
    assert (summary["requests"], summary["stored"], summary["refused"]) == (3, 1, {"429/20429": 2})
    assert fired(simulator) == 2


async def test_status_with_a_code_of_the_provider(simulator: Simulator, twilio: Client) -> None:
    fault(simulator, {"what": "status", "status": 400, "code": 21610})
    with pytest.raises(TwilioRestException) as caught:
        await send(twilio, simulator)
    assert (caught.value.status, caught.value.code) == (400, 21610)


async def test_reset_before_stores_nothing(simulator: Simulator, twilio: Client) -> None:
    fault(simulator, {"what": "reset_before"})
    with pytest.raises(aiohttp.ClientConnectionError):
        await send(twilio, simulator)
    assert simulator.received() == []
    assert simulator.summary()["providers"]["twilio"]["refused"] == {"reset": 1}


async def test_a_reset_is_a_real_one_and_no_accident_of_the_server(
    simulator: Simulator, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    fault(simulator, {"what": "reset_before"}, "x")
    with pytest.raises(aiohttp.ClientOSError) as caught:
        await http.post(f"{simulator.addresses.x_base}/2/tweets", json={"text": "x"})
    assert caught.value.errno == errno.ECONNRESET
    await asyncio.sleep(0.05)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_reset_after_stores_and_the_message_lives_on(
    simulator: Simulator, twilio: Client, listener: Listener
) -> None:
    fault(simulator, {"what": "reset_after"})
    with pytest.raises(aiohttp.ClientConnectionError):
        await send(twilio, simulator, status_callback=listener.url)
    [record] = await settled(simulator)
    await listener.until(2)
    assert listener.heard[0]["MessageSid"] == record["ref"]
    [found] = await twilio.messages.list_async(to=TO)
    assert found.sid == record["ref"]
    assert fired(simulator) == 1


async def test_error_after(simulator: Simulator, twilio: Client) -> None:
    fault(simulator, {"what": "error_after"})
    with pytest.raises(TwilioRestException) as caught:
        await send(twilio, simulator)
    assert (caught.value.status, caught.value.code) == (500, 20500)
    assert len(simulator.received()) == 1


async def test_garbled(simulator: Simulator, twilio: Client, http: aiohttp.ClientSession) -> None:
    fault(simulator, {"what": "garbled"})
    with pytest.raises((ValueError, TwilioException)):
        await send(twilio, simulator)
    assert len(simulator.received()) == 1
    auth = aiohttp.encode_basic_auth(simulator.accounts.twilio_account_sid, simulator.accounts.twilio_auth_token)
    account = simulator.accounts.twilio_account_sid
    url = f"{simulator.addresses.twilio_base}/2010-04-01/Accounts/{account}/Messages.json"
    form = {"To": TO, "From": "+15005550006", "Body": "x"}
    async with http.post(url, data=form, headers={"Authorization": auth}) as response:
        assert response.status == 201
        with pytest.raises(ValueError, match="utf-8"):
            await response.json()


@pytest.mark.parametrize("stored", [False, True])
async def test_hang_past_the_patience_of_the_client(
    simulator: Simulator, http: aiohttp.ClientSession, slack: AsyncWebClient, stored: bool
) -> None:
    fault(simulator, {"what": "hang", "seconds": 30, "stored": stored}, "slack")
    slack.timeout = 0.2
    with pytest.raises(TimeoutError):
        await slack.chat_postMessage(channel="C1", text="hello")
    assert len(simulator.received()) == int(stored)
    # Stopping does not wait for what hangs; the fixture would take 30 s otherwise.


async def test_hang_shorter_than_the_patience(simulator: Simulator, twilio: Client) -> None:
    fault(simulator, {"what": "hang", "seconds": 0.1}, times=1)
    fault(simulator, {"what": "hang", "seconds": 0.1, "stored": True}, times=1)
    with pytest.raises(TwilioRestException) as caught:
        await send(twilio, simulator)
    assert caught.value.status == 504
    assert simulator.received() == []
    message = await send(twilio, simulator)
    assert message.sid == simulator.received()[0]["ref"]


@pytest.mark.parametrize(("code", "status"), [(30003, "undelivered"), (30005, "undelivered"), (30007, "failed")])
async def test_undelivered(simulator: Simulator, twilio: Client, listener: Listener, code: int, status: str) -> None:
    fault(simulator, {"what": "undelivered", "code": code, "status": status}, match={"to": TO})
    message = await send(twilio, simulator, status_callback=listener.url)
    await send(twilio, simulator, to="+14155550999")
    await settled(simulator, 2)
    fetched = await twilio.messages(message.sid).fetch_async()
    assert (fetched.status, fetched.error_code) == (status, code)
    told = ["sent", status] if status == "undelivered" else [status]
    await listener.until(len(told))
    assert listener.statuses == told
    assert listener.heard[-1]["ErrorCode"] == str(code)
    assert list(simulator.recipients()["twilio"]) == ["+14155550999"]
    assert simulator.summary()["providers"]["twilio"]["got"] == 1


async def test_receipts_doubled(simulator: Simulator, twilio: Client, listener: Listener) -> None:
    fault(simulator, {"what": "receipts", "how": "doubled"})
    await send(twilio, simulator, status_callback=listener.url)
    await listener.until(4)
    assert listener.statuses == ["sent", "sent", "delivered", "delivered"]
    assert listener.heard[0] == listener.heard[1]


async def test_receipts_reordered(simulator: Simulator, twilio: Client, listener: Listener) -> None:
    fault(simulator, {"what": "receipts", "how": "reordered"})
    service = simulator.accounts.twilio_messaging_service_sid
    await twilio.messages.create_async(
        to=TO, messaging_service_sid=service, body="We are down", status_callback=listener.url
    )
    await listener.until(3)
    assert listener.statuses == ["delivered", "sent", "queued"]
    assert all(listener.genuine)


async def test_receipts_never(simulator: Simulator, twilio: Client, listener: Listener) -> None:
    fault(simulator, {"what": "receipts", "how": "never"})
    message = await send(twilio, simulator, status_callback=listener.url)
    await settled(simulator)
    await simulator.callbacks_idle()
    assert listener.heard == []
    assert (await twilio.messages(message.sid).fetch_async()).status == "delivered"


async def test_receipts_late(simulator: Simulator, twilio: Client, listener: Listener) -> None:
    fault(simulator, {"what": "receipts", "how": "late", "seconds": 0.3})
    await send(twilio, simulator, status_callback=listener.url)
    await settled(simulator)
    assert listener.heard == []
    await listener.until(2)
    assert listener.statuses == ["sent", "delivered"]


async def test_receipts_forged(simulator: Simulator, twilio: Client, listener: Listener) -> None:
    fault(simulator, {"what": "receipts", "how": "forged"})
    await send(twilio, simulator, status_callback=listener.url)
    await listener.until(2)
    assert listener.genuine == [False, False]


async def test_fate_and_receipts_combine(simulator: Simulator, twilio: Client, listener: Listener) -> None:
    fault(simulator, {"what": "undelivered", "code": 30005})
    fault(simulator, {"what": "receipts", "how": "doubled"})
    fault(simulator, {"what": "error_after"})
    with pytest.raises(TwilioRestException):
        await send(twilio, simulator, status_callback=listener.url)
    await listener.until(4)
    assert listener.statuses == ["sent", "sent", "undelivered", "undelivered"]
    assert [entry["fired"] for entry in simulator.faults()] == [1, 1, 1]


async def test_slack_error(simulator: Simulator, slack: AsyncWebClient) -> None:
    fault(simulator, {"what": "slack_error", "error": "channel_not_found"}, "slack", match={"to": "CGONE"})
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await slack.chat_postMessage(channel="CGONE", text="x")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await slack.conversations_history(channel="CGONE")
    await slack.chat_postMessage(channel="C1", text="x")
    assert simulator.summary()["providers"]["slack"]["refused"] == {"channel_not_found": 2}


async def test_slack_rate_limit(simulator: Simulator, slack: AsyncWebClient) -> None:
    fault(simulator, {"what": "status", "status": 429, "retry_after": 3}, "slack", match={"nth": [2]})
    await slack.chat_postMessage(channel="C1", text="one")
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel="C1", text="two")
    assert caught.value.response["error"] == "ratelimited"
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "3"


async def test_slack_garbled_and_error_after(simulator: Simulator, slack: AsyncWebClient) -> None:
    fault(simulator, {"what": "garbled"}, "slack", match={"nth": [1]})
    fault(simulator, {"what": "error_after", "status": 503}, "slack", match={"nth": [2]})
    with pytest.raises((SlackApiError, ValueError)):
        await slack.chat_postMessage(channel="C1", text="one")
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel="C1", text="two")
    assert caught.value.response.status_code == 503
    history = await slack.conversations_history(channel="C1")
    assert [message["text"] for message in history["messages"]] == ["two", "one"]


async def test_freezing_a_whole_provider_spares_the_others(
    simulator: Simulator, twilio: Client, slack: AsyncWebClient
) -> None:
    fault(simulator, {"what": "status", "status": 503})
    with pytest.raises(TwilioRestException):
        await send(twilio, simulator)
    with pytest.raises(TwilioException):
        await twilio.messages.list_async(to=TO)
    await slack.auth_test()
    simulator.clear_faults()
    assert await twilio.messages.list_async(to=TO) == []


async def test_on_read_hits_only_look_ups(simulator: Simulator, twilio: Client) -> None:
    fault(simulator, {"what": "status", "status": 500}, match={"on": "read"})
    message = await send(twilio, simulator)
    with pytest.raises(TwilioRestException):
        await twilio.messages(message.sid).fetch_async()


async def test_a_share_of_the_people(simulator: Simulator, twilio: Client) -> None:
    fault(simulator, {"what": "status", "status": 500}, match={"share": 0.5, "seed": 3})

    async def outcome(n: int) -> bool:
        try:
            await send(twilio, simulator, to=f"+1415556{n:04d}")
        except TwilioRestException:
            return False
        return True

    first = await asyncio.gather(*(outcome(n) for n in range(60)))
    again = await asyncio.gather(*(outcome(n) for n in range(60)))
    assert first == again
    assert 15 < sum(first) < 45
    assert len(simulator.summary()["twice"]) == sum(first)


async def test_latency(simulator: Simulator, twilio: Client) -> None:
    simulator.set_latency("twilio", 120)
    loop = asyncio.get_running_loop()
    started = loop.time()
    await asyncio.gather(*(send(twilio, simulator) for _ in range(5)))
    assert 0.12 <= loop.time() - started < 0.55
