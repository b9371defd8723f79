"""A running simulator, the official SDKs pointed at it, and a listener for its callbacks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from simulator_rig import Listener
from slack_sdk.web.async_client import AsyncWebClient
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from channels.simulator import Accounts, Pace, Simulator


@pytest.fixture
def accounts() -> Accounts:
    return Accounts.generate()


@pytest.fixture
async def simulator(accounts: Accounts) -> AsyncIterator[Simulator]:
    pace = Pace(sent=(0.01, 0.02), delivered=(0.03, 0.05))
    async with Simulator(accounts, pace=pace, seed=7) as running:
        yield running


@pytest.fixture
async def twilio(simulator: Simulator) -> AsyncIterator[Client]:
    async with AsyncTwilioHttpClient() as http:
        client = Client(simulator.accounts.twilio_account_sid, simulator.accounts.twilio_auth_token, http_client=http)
        client.api.base_url = simulator.addresses.twilio_base
        yield client


@pytest.fixture
def slack(simulator: Simulator) -> AsyncWebClient:
    return AsyncWebClient(
        simulator.accounts.slack_bot_token, base_url=simulator.addresses.slack_base, timeout=5, retry_handlers=[]
    )


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def listener(accounts: Accounts) -> AsyncIterator[Listener]:
    listening = Listener("", accounts.twilio_auth_token)
    app = web.Application()
    app.router.add_post("/receipts/{token}", listening.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listening.url = f"http://127.0.0.1:{runner.addresses[0][1]}/receipts/one?a=1&b=%C3%A9"
    yield listening
    await runner.cleanup()
