"""Twilio, driven by its official SDK."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from simulator_rig import Listener, settled
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from channels.simulator import Accounts, Pace, Simulator

TO = "+14155550123"

#: The SDK itself still uses what aiohttp deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]


async def send(client: Client, simulator: Simulator, **kwargs: Any) -> Any:
    given = {"to": TO, "from_": simulator.accounts.twilio_from, "body": "We are down"}
    given.update(kwargs)
    return await client.messages.create_async(**{name: value for name, value in given.items() if value is not None})


async def refused(client: Client, simulator: Simulator, **kwargs: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as caught:
        await send(client, simulator, **kwargs)
    return caught.value.status, caught.value.code


async def test_create_fetch_and_end(twilio: Client, simulator: Simulator) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    message = await send(twilio, simulator)
    assert message.sid.startswith("SM")
    assert len(message.sid) == 34
    assert (message.status, message.direction, message.num_segments) == ("queued", "outbound-api", "1")
    assert (message.to, message.from_, message.body) == (TO, simulator.accounts.twilio_from, "We are down")
    assert before <= message.date_created <= datetime.now(UTC)
    assert (message.date_sent, message.error_code, message.api_version) == (None, None, "2010-04-01")
    await settled(simulator)
    fetched = await twilio.messages(message.sid).fetch_async()
    assert (fetched.status, fetched.error_code) == ("delivered", None)
    assert fetched.date_sent is not None
    [record] = simulator.received()
    assert record["ref"] == message.sid
    assert (record["delivered"], record["got"], record["request"], record["kind"]) == (True, True, 1, "sms")


async def test_messaging_service_starts_accepted_and_chooses_the_sender_later(
    twilio: Client, simulator: Simulator
) -> None:
    service = simulator.accounts.twilio_messaging_service_sid
    message = await send(twilio, simulator, from_=None, messaging_service_sid=service)
    assert (message.status, message.from_, message.num_segments) == ("accepted", None, "0")
    assert message.messaging_service_sid == service
    await settled(simulator)
    fetched = await twilio.messages(message.sid).fetch_async()
    assert (fetched.from_, fetched.num_segments) == (simulator.accounts.twilio_from, "1")


async def test_the_synchronous_client_and_an_api_key_work_too(simulator: Simulator) -> None:
    accounts = simulator.accounts

    def talk() -> str:
        http = TwilioHttpClient(timeout=5)
        client = Client(
            accounts.twilio_api_key_sid, accounts.twilio_api_key_secret, accounts.twilio_account_sid, http_client=http
        )
        client.api.base_url = simulator.addresses.twilio_base
        try:
            return str(client.messages.create(to=TO, from_=accounts.twilio_from, body="hi").sid)
        finally:
            assert http.session is not None
            http.session.close()

    sid = await asyncio.to_thread(talk)
    assert simulator.received()[0]["ref"] == sid


async def test_wrong_credentials(simulator: Simulator) -> None:
    other = Accounts.generate()
    async with AsyncTwilioHttpClient() as http:
        for sid, token in (
            (simulator.accounts.twilio_account_sid, other.twilio_auth_token),
            (other.twilio_account_sid, other.twilio_auth_token),
        ):
            client = Client(sid, token, http_client=http)
            client.api.base_url = simulator.addresses.twilio_base
            assert await refused(client, simulator) == (401, 20003)
            with pytest.raises(TwilioRestException) as caught:
                await client.messages("SM" + "0" * 32).fetch_async()
            assert caught.value.code == 20003
    assert simulator.received() == []
    assert simulator.summary()["providers"]["twilio"]["refused"] == {"401/20003": 4}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"from_": None}, 21603),
        ({"to": ""}, 21604),
        ({"to": "555"}, 21211),
        ({"to": "+0123456789"}, 21211),
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": None, "messaging_service_sid": "MGnope"}, 21701),
        ({"body": " "}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"status_callback": "example.com/x"}, 21609),
        ({"validity_period": 0}, 20001),
        ({"validity_period": 36001}, 20001),
    ],
)
async def test_refusals(twilio: Client, simulator: Simulator, given: dict[str, Any], code: int) -> None:
    assert await refused(twilio, simulator, **given) == (400, code)
    assert simulator.received() == []


async def test_error_shape(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    accounts = simulator.accounts
    auth = aiohttp.encode_basic_auth(accounts.twilio_account_sid, accounts.twilio_auth_token)
    base = f"{simulator.addresses.twilio_base}/2010-04-01/Accounts/{accounts.twilio_account_sid}"
    url = f"{base}/Messages.json"
    form = {"To": "nobody", "From": "+15005550006", "Body": "x"}
    async with http.post(url, data=form, headers={"Authorization": auth}) as response:
        assert response.status == 400
        assert response.content_type == "application/json"
        error = await response.json()
    assert set(error) == {"code", "message", "more_info", "status"}
    assert error["more_info"].endswith("/21211")
    async with http.get(f"{base}/Calls.json", headers={"Authorization": auth}) as response:
        assert (response.status, (await response.json())["code"]) == (404, 20404)


async def test_longest_body_is_taken(twilio: Client, simulator: Simulator) -> None:
    message = await send(twilio, simulator, body="x" * 1600)
    assert message.num_segments == "11"


async def test_unknown_message(twilio: Client) -> None:
    with pytest.raises(TwilioRestException) as caught:
        await twilio.messages("SM" + "0" * 32).fetch_async()
    assert (caught.value.status, caught.value.code) == (404, 20404)


async def test_list_filters_and_pages_newest_first(twilio: Client, simulator: Simulator) -> None:
    for n in range(7):
        await send(twilio, simulator, to=TO if n % 2 else "+14155550999", body=f"number {n}")
    await settled(simulator, 7)
    paged = await twilio.messages.list_async(page_size=2)
    assert [message.body for message in paged] == [f"number {n}" for n in range(6, -1, -1)]
    mine = await twilio.messages.list_async(to=TO, page_size=2)
    assert [message.body for message in mine] == ["number 5", "number 3", "number 1"]
    assert [m.body for m in await twilio.messages.list_async(to=TO, limit=1)] == ["number 5"]
    assert await twilio.messages.list_async(to="+14155550000") == []
    assert await twilio.messages.list_async(from_="+14155550000") == []
    assert len(await twilio.messages.list_async(from_=simulator.accounts.twilio_from)) == 7


async def test_date_sent_counts_in_days(twilio: Client, simulator: Simulator) -> None:
    await send(twilio, simulator)
    await settled(simulator)
    now = datetime.now(UTC)
    day = timedelta(days=1)
    assert len(await twilio.messages.list_async(date_sent_after=now + timedelta(seconds=1))) == 1
    assert len(await twilio.messages.list_async(date_sent=now.date())) == 1
    assert len(await twilio.messages.list_async(date_sent_after=now - day, date_sent_before=now + day)) == 1
    assert await twilio.messages.list_async(date_sent_after=now + 2 * day) == []
    assert await twilio.messages.list_async(date_sent_before=date(2020, 1, 1)) == []


async def test_a_message_that_was_not_sent_yet_has_no_date_sent(accounts: Accounts) -> None:
    async with Simulator(accounts, pace=Pace(sent=(60, 60))) as simulator, AsyncTwilioHttpClient() as http:
        client = Client(accounts.twilio_account_sid, accounts.twilio_auth_token, http_client=http)
        client.api.base_url = simulator.addresses.twilio_base
        await send(client, simulator)
        assert len(await client.messages.list_async(to=TO)) == 1
        assert await client.messages.list_async(to=TO, date_sent=datetime.now(UTC).date()) == []


async def test_callbacks_are_signed_and_in_order(twilio: Client, simulator: Simulator, listener: Listener) -> None:
    message = await send(twilio, simulator, status_callback=listener.url)
    await listener.until(2)
    assert listener.statuses == ["sent", "delivered"]
    assert listener.genuine == [True, True]
    last = listener.heard[-1]
    assert last["MessageSid"] == last["SmsSid"] == message.sid
    assert last["SmsStatus"] == "delivered"
    assert last["AccountSid"] == simulator.accounts.twilio_account_sid
    assert (last["To"], last["From"], last["ApiVersion"]) == (TO, simulator.accounts.twilio_from, "2010-04-01")
    assert "ErrorCode" not in last
    await simulator.callbacks_idle()
    assert simulator.summary()["callbacks"] == {"sent": 2, "failed": 0, "refused": 0, "waiting": 0}


async def test_callbacks_of_a_messaging_service_begin_with_queued(
    twilio: Client, simulator: Simulator, listener: Listener
) -> None:
    service = simulator.accounts.twilio_messaging_service_sid
    await send(twilio, simulator, from_=None, messaging_service_sid=service, status_callback=listener.url)
    await listener.until(3)
    assert listener.statuses == ["queued", "sent", "delivered"]
    assert {params["MessagingServiceSid"] for params in listener.heard} == {service}


async def test_a_failing_receiver_is_not_called_again(twilio: Client, simulator: Simulator, listener: Listener) -> None:
    listener.status = 503
    await send(twilio, simulator, status_callback=listener.url)
    await listener.until(2)
    await simulator.callbacks_idle()
    await asyncio.sleep(0.05)
    assert len(listener.heard) == 2
    assert simulator.summary()["callbacks"]["failed"] == 2


async def test_a_receiver_elsewhere_is_never_called(twilio: Client, simulator: Simulator) -> None:
    await send(twilio, simulator, status_callback="https://example.com/receipts")
    await settled(simulator)
    assert simulator.summary()["callbacks"] == {"sent": 0, "failed": 0, "refused": 2, "waiting": 0}


async def test_validity_period(twilio: Client, simulator: Simulator, listener: Listener) -> None:
    simulator.add_faults([{"provider": "twilio", "do": {"what": "queued", "seconds": 30}}])
    message = await send(twilio, simulator, validity_period=1, status_callback=listener.url)
    [record] = await settled(simulator)
    assert (record["status"], record["code"], record["got"]) == ("failed", "30036", False)
    fetched = await twilio.messages(message.sid).fetch_async()
    assert (fetched.status, fetched.error_code, fetched.date_sent) == ("failed", 30036, None)
    await listener.until(1)
    assert [(p["MessageStatus"], p["ErrorCode"]) for p in listener.heard] == [("failed", "30036")]
    assert simulator.recipients() == {}


async def test_speed_divides_the_stages(accounts: Accounts) -> None:
    pace = Pace(sent=(4, 4), delivered=(8, 8))
    async with Simulator(accounts, pace=pace, speed=100) as simulator, AsyncTwilioHttpClient() as http:
        client = Client(accounts.twilio_account_sid, accounts.twilio_auth_token, http_client=http)
        client.api.base_url = simulator.addresses.twilio_base
        started = asyncio.get_running_loop().time()
        await send(client, simulator)
        await settled(simulator)
        assert 0.07 < asyncio.get_running_loop().time() - started < 2
