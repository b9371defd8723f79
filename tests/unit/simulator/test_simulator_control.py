"""The control API, and the life of the process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from simulator_rig import Listener, settled
from slack_sdk.web.async_client import AsyncWebClient
from twilio.rest import Client

from channels.simulator import PROVIDERS, Accounts, Pace, Simulator, serve

TO = "+14155550123"

#: The SDK itself still uses what aiohttp deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]

DOWN: dict[str, Any] = {"provider": "slack", "do": {"what": "status", "status": 503}}


async def ask(http: aiohttp.ClientSession, simulator: Simulator, path: str, method: str = "GET", **kwargs: Any) -> Any:
    async with http.request(method, simulator.addresses.control + path, **kwargs) as response:
        return response.status, await response.json()


async def test_faults_are_added_replaced_shown_and_cleared(
    simulator: Simulator, http: aiohttp.ClientSession, slack: AsyncWebClient
) -> None:
    assert await ask(http, simulator, "/faults") == (200, [])
    _, shown = await ask(http, simulator, "/faults", "POST", json=[DOWN])
    assert shown == [{"number": 1, "fired": 0, **DOWN}]
    _, shown = await ask(http, simulator, "/faults", "POST", json=[{**DOWN, "provider": "x"}])
    assert [entry["provider"] for entry in shown] == ["slack", "x"]
    _, shown = await ask(http, simulator, "/faults", "PUT", json=[{**DOWN, "times": 1}])
    assert [entry["number"] for entry in shown] == [3]
    with pytest.raises(Exception, match="503"):
        await slack.auth_test()
    await slack.auth_test()
    _, shown = await ask(http, simulator, "/faults")
    assert shown[0]["fired"] == 1
    assert await ask(http, simulator, "/faults", "DELETE") == (200, [])


async def test_wrong_faults_are_refused_as_a_whole(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    bad = {"provider": "x", "do": {"what": "status", "status": 99}}
    status, answer = await ask(http, simulator, "/faults", "POST", json=[DOWN, bad])
    assert status == 422
    assert answer["errors"][0]["where"] == "1.do.status.status"
    status, answer = await ask(http, simulator, "/faults", "PUT", json={"provider": "x"})
    assert (status, answer["errors"][0]["where"]) == (422, "(all)")
    status, answer = await ask(http, simulator, "/faults", "POST", data="[")
    assert (status, answer["errors"][0]["why"]) == (400, "is not JSON")
    assert simulator.faults() == []


async def test_received_recipients_and_summary(
    simulator: Simulator, http: aiohttp.ClientSession, slack: AsyncWebClient, twilio: Client
) -> None:
    for text in ("one", "one", "two"):
        await slack.chat_postMessage(channel="C1", text=text)
    await twilio.messages.create_async(to=TO, from_=simulator.accounts.twilio_from, body="one")
    await settled(simulator)
    _, received = await ask(http, simulator, "/received", params={"provider": "slack", "to": "C1"})
    assert [record["body"] for record in received] == ["one", "one", "two"]
    assert set(received[0]) >= {"provider", "kind", "to", "body", "subject", "at", "ref", "status", "request"}
    _, latest = await ask(http, simulator, "/received", params={"since": str(received[-1]["at"]), "limit": "5"})
    assert [record["body"] for record in latest] == ["two", "one"]
    _, people = await ask(http, simulator, "/recipients")
    assert {provider: list(group) for provider, group in people.items()} == {"slack": ["C1"], "twilio": [TO]}
    _, people = await ask(http, simulator, "/recipients", params={"provider": "twilio", "to": TO})
    assert people["twilio"][TO][0]["status"] == "delivered"
    _, summary = await ask(http, simulator, "/summary")
    assert summary["twice"] == [{"provider": "slack", "to": "C1", "body": "one", "count": 2}]
    assert summary["twice_total"] == 1
    assert summary["providers"]["slack"] == {"requests": 3, "sends": 3, "stored": 3, "got": 3, "refused": {}}
    assert summary["providers"]["twilio"]["got"] == 1
    assert (summary["held"], summary["dropped"]) == (4, 0)
    assert (await ask(http, simulator, "/received", params={"provider": "telex"}))[0] == 400
    assert (await ask(http, simulator, "/received", params={"since": "yesterday"}))[0] == 400


async def test_reset_really_resets(
    simulator: Simulator, http: aiohttp.ClientSession, twilio: Client, listener: Listener
) -> None:
    simulator.add_faults([{"provider": "twilio", "do": {"what": "receipts", "how": "late", "seconds": 0.1}}])
    simulator.add_faults([{"provider": "twilio", "do": {"what": "status", "status": 500}, "match": {"nth": [2]}}])
    create = twilio.messages.create_async
    sender = simulator.accounts.twilio_from
    message = await create(to=TO, from_=sender, body="one", status_callback=listener.url)
    _, summary = await ask(http, simulator, "/received", "DELETE")
    untouched = {"requests": 0, "sends": 0, "stored": 0, "got": 0, "refused": {}}
    assert all(tally == untouched for tally in summary["providers"].values())
    assert simulator.received() == []
    assert simulator.recipients() == {}
    with pytest.raises(Exception, match="not found"):
        await twilio.messages(message.sid).fetch_async()
    await create(to=TO, from_=sender, body="one")  # number 1 again, so the fault of number 2 keeps quiet
    await settled(simulator)
    await asyncio.sleep(0.3)
    assert listener.heard == []
    assert simulator.summary()["twice"] == []
    assert simulator.summary()["callbacks"] == {"sent": 0, "failed": 0, "refused": 0, "waiting": 0}
    assert len(simulator.faults()) == 2


async def test_latency_is_set_and_checked(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    _, shown = await ask(http, simulator, "/latency", "PUT", json={"twilio": 25})
    assert shown == dict.fromkeys(PROVIDERS, 0.0) | {"twilio": 25.0}
    assert (await ask(http, simulator, "/latency", "PUT", json={"twilio": -1}))[0] == 422
    assert (await ask(http, simulator, "/latency", "PUT", json={"fax": 1}))[0] == 422
    assert (await ask(http, simulator, "/latency"))[1]["twilio"] == 25.0


async def test_health(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    status, answer = await ask(http, simulator, "/health")
    assert (status, answer["ok"]) == (200, True)


async def test_it_listens_on_this_machine_only(simulator: Simulator) -> None:
    assert simulator.addresses.http.startswith("http://127.0.0.1:")
    assert simulator.addresses.smtp_host == "127.0.0.1"


async def test_addresses_need_a_running_simulator(accounts: Accounts) -> None:
    simulator = Simulator(accounts)
    with pytest.raises(RuntimeError, match="not running"):
        _ = simulator.addresses
    await simulator.stop()


async def test_a_taken_port_is_an_error_and_leaves_nothing_behind(simulator: Simulator, accounts: Accounts) -> None:
    other = Simulator(accounts, smtp_port=simulator.addresses.smtp_port)
    with pytest.raises(OSError, match="address already in use"):
        await other.start()


def test_wrong_settings(accounts: Accounts) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Simulator(accounts, speed=0)
    with pytest.raises(ValueError, match="low to high"):
        Pace(sent=(2, 1))


async def test_serve_ends_on_sigterm(accounts: Accounts) -> None:
    ready = asyncio.Event()
    running = asyncio.create_task(serve(Simulator(accounts), ready=lambda _: ready.set()))
    await asyncio.wait_for(ready.wait(), 5)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 5)


async def test_it_imports_nothing_of_ours() -> None:
    code = (
        "import sys, json, channels.simulator;"
        "print(json.dumps([m for m in sys.modules if m.split('.')[0] in ('channels', 'dispatcher')]))"
    )
    root = Path(__file__).parents[3]
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=root, stdout=asyncio.subprocess.PIPE)
    out, _ = await child.communicate()
    ours = [name for name in json.loads(out) if name != "channels" and not name.startswith("channels.simulator")]
    assert ours == []
