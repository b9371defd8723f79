"""The Twilio adapter against Twilio's own OpenAPI document, served by a mock server that nobody of us has written.

The mock (npm `@stoplight/prism-cli`) checks every request against the document (in npm `@twilio/cli-core`) and answers
with the document's examples. It keeps nothing, so it judges forms only. `.ci/run` installs both.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from channels.contract import Absent, Accepted, Blame, CanBeAsked, Channel, Found, Rejected, Word
from channels.registry import Resources, channel_type
from channels.sms.twilio import wire
from channels.sms.twilio.samples import TWILIO_ACCOUNT, twilio_accepts, twilio_settings
from channels.sms.twilio.settings import TwilioSettings
from channels.testkit.bench import MemoryInbox, built
from channels.testkit.loopback import http_server
from channels.testkit.samples import envelope
from channels.transport.http import open_session

TOOLS = Path.home() / ".cache" / "outage-dispatcher-tests" / "node" / "node_modules"
PRISM = TOOLS / ".bin" / "prism"
DOCUMENT = TOOLS / "@twilio" / "cli-core" / "src" / "services" / "twilio-api" / "twilio_api_v2010.json"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
TO = "+15551234567"
#: Of the first message in the document's example of a list.
LISTED = ("testing", datetime(2019, 5, 24, 17, 44, 46, tzinfo=UTC).timestamp(), "SMded05904ccb347238880ca9264e8fe1c")


@pytest.fixture(scope="module")
def tools(need: Callable[[object, str], None]) -> None:
    need(shutil.which("node"), "Node.js, which serves Twilio's OpenAPI document,")
    need(PRISM.exists() and DOCUMENT.exists(), f"prism with Twilio's OpenAPI document (.ci/run puts them into {TOOLS})")


@pytest.fixture(scope="module")
def document(tools: None) -> dict[str, Any]:
    """The vendor's document, as it is."""
    loaded: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def judge(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the mock server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("prism") / "log"
    command = [str(PRISM), "mock", "--host", "127.0.0.1", "--port", str(port), str(DOCUMENT)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait_for(f"http://127.0.0.1:{port}/", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except urllib.error.HTTPError as answered:
            answered.close()
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"prism did not start: {log.read_text(encoding='utf-8', errors='replace')[-500:]}")


async def test_what_we_send_is_what_twilio_documents(judge: str) -> None:
    async with built("sms/twilio", twilio_settings(judge)) as channel:
        outcome = await channel.send(envelope(to=TO), timeout=20)
    # The sid is that of the document's example.
    assert outcome == Accepted("SM" + "a" * 32)


async def test_a_number_as_sender_and_no_receipts(judge: str) -> None:
    given = {"account_sid": TWILIO_ACCOUNT, "auth_token": "x", "from_number": "+15005550006", "base_url": judge}
    async with built("sms/twilio", given) as channel:
        assert isinstance(await channel.send(envelope(to=TO, receipt_url=None), timeout=20), Accepted)


async def test_a_look_up_reads_the_documented_list(judge: str) -> None:
    body, created, sid = LISTED
    async with built("sms/twilio", twilio_settings(judge)) as channel:
        assert isinstance(channel, CanBeAsked)
        assert await channel.look_up(envelope(to=TO, text=body, started_at=created), timeout=20) == Found(sid)
        assert await channel.look_up(envelope(to=TO, text="Never sent.", started_at=created), timeout=20) == Absent()


async def test_a_malformed_service_is_refused_and_that_is_a_refusal_to_us(judge: str) -> None:
    """Our own settings would not let it through; the judge has to see it."""
    settings = TwilioSettings.model_validate(twilio_settings(judge))
    malformed = settings.model_copy(update={"messaging_service_sid": "MGnonsense"})
    session = open_session()
    try:
        channel: Channel = channel_type("sms/twilio").build(malformed, Resources(session, MemoryInbox()))
        outcome = await channel.send(envelope(to=TO), timeout=20)
    finally:
        await session.close()
    assert isinstance(outcome, Rejected), outcome
    assert (outcome.fault.blame, outcome.fault.provider_code) == (Blame.MESSAGE, "422")


async def test_an_address_that_is_no_address_for_receipts_is_refused(judge: str) -> None:
    async with built("sms/twilio", twilio_settings(judge)) as channel:
        outcome = await channel.send(envelope(to=TO, receipt_url="no address"), timeout=20)
    assert isinstance(outcome, Rejected), outcome


async def test_every_field_that_we_send_is_in_the_document(document: dict[str, Any]) -> None:
    """The judge lets unknown fields pass."""
    form = document["paths"][MESSAGES]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    async with http_server(twilio_accepts) as far, built("sms/twilio", twilio_settings(far.url)) as channel:
        await channel.send(envelope(to=TO), timeout=5)
        sent = {name for name, _ in parse_qsl(far.requests[0].body.decode())}
    assert sent
    assert sent <= set(form["schema"]["properties"])


def test_every_documented_status_of_a_text_from_us_has_its_word(document: dict[str, Any]) -> None:
    statuses = set(document["components"]["schemas"]["message_enum_status"]["enum"])
    # Of texts to us, and of a group's part.
    assert statuses - set(wire.WORDS) == {"receiving", "received", "partially_delivered"}
    assert Word.UNKNOWN not in wire.WORDS.values()
