"""Trying an account without telling anybody anything: every channel that declares it, against faults and for real."""

from __future__ import annotations

import dataclasses
import time
from importlib.metadata import entry_points
from typing import Any

import pytest

from channels.contract import Blame, CanProbe, Fault, Probed
from channels.registry import channel_types
from channels.simulator import Accounts, Simulator
from channels.testkit.bench import built
from channels.testkit.loopback import Misbehave, Reply, closed_port, http_server
from channels.testkit.samples import GROUP, Http

SAMPLES = {point.name: samples for point in entry_points(group=GROUP) if isinstance(samples := point.load(), Http)}
PROBING = [name for name in sorted(SAMPLES) if channel_types()[name].capabilities.probes]
GARBAGE = b"\x1f\x8b\xff\xfe{no"


def test_somebody_probes() -> None:
    assert len(PROBING) >= 3


async def probe(name: str, settings: Any, timeout: float = 2.0) -> Probed | Fault:
    async with built(name, settings) as channel:
        assert isinstance(channel, CanProbe)
        return await channel.probe(timeout=timeout)


@pytest.mark.parametrize("name", PROBING)
@pytest.mark.parametrize(
    "answer",
    [
        *[Reply(status, b"{}") for status in (400, 401, 403, 404, 409, 418, 429, 500, 503)],
        *[Reply(200, body) for body in (b"", b"{}", b"[]", b"null", GARBAGE, b'{"ok": false, "data": 7}')],
        *[one for one in Misbehave if one is not Misbehave.HANG],
    ],
    ids=str,
)
async def test_whatever_comes_back_is_a_fault(name: str, answer: Reply | Misbehave) -> None:
    entry = SAMPLES[name]
    async with http_server(lambda _: answer) as far:
        found = await probe(name, entry.settings(far.url))
    assert isinstance(found, Fault), found
    assert found.detail
    assert not any(request.target.endswith(entry.path) and request.method == "POST" for request in far.requests)
    assert not any(secret in repr(found) for secret in entry.secrets)
    if isinstance(answer, Reply) and answer.status == 401:
        assert found.blame is Blame.ACCOUNT


@pytest.mark.parametrize("name", PROBING)
async def test_silence_and_absence_are_told_in_time(name: str) -> None:
    entry = SAMPLES[name]
    async with http_server(lambda _: Misbehave.HANG) as far:
        begun = time.monotonic()
        found = await probe(name, entry.settings(far.url), timeout=0.3)
        seconds = time.monotonic() - begun
    assert isinstance(found, Fault)
    assert found.blame is Blame.PATH
    assert seconds < 2
    assert isinstance(await probe(name, entry.settings(f"http://127.0.0.1:{closed_port()}")), Fault)


def simulated(accounts: Accounts, at: Any) -> dict[str, dict[str, Any]]:
    return {
        "sms/twilio": {
            "account_sid": accounts.twilio_account_sid,
            "auth_token": accounts.twilio_auth_token,
            "from_number": accounts.twilio_from,
            "base_url": at.twilio_base,
        },
        "chat/slack": {"bot_token": accounts.slack_bot_token, "base_url": at.slack_base},
        "social/x": {
            "consumer_key": accounts.x_consumer_key,
            "consumer_secret": accounts.x_consumer_secret,
            "access_token": accounts.x_access_token,
            "access_token_secret": accounts.x_access_token_secret,
            "base_url": at.x_base,
        },
        "social/mastodon": {"access_token": accounts.mastodon_access_token, "base_url": at.mastodon_base},
        "social/bluesky": {
            "identifier": accounts.bluesky_handle,
            "app_password": accounts.bluesky_app_password,
            "base_url": at.bluesky_base,
        },
    }


@pytest.mark.parametrize("name", ["sms/twilio", "chat/slack", "social/x", "social/mastodon", "social/bluesky"])
async def test_a_good_account_is_named_and_a_bad_one_refused(name: str) -> None:
    accounts = Accounts.generate()
    async with Simulator(accounts) as simulator:
        good = await probe(name, simulated(accounts, simulator.addresses)[name])
        wrong = dataclasses.replace(
            accounts,
            twilio_auth_token="0" * 32,
            slack_bot_token="xoxb-wrong",
            x_access_token="wrong",
            mastodon_access_token="wrong",
            bluesky_app_password="wrong",
        )
        bad = await probe(name, simulated(wrong, simulator.addresses)[name])
        assert not simulator.received()
    assert isinstance(good, Probed), good
    assert good.account
    assert isinstance(bad, Fault)
    assert bad.blame is Blame.ACCOUNT


async def test_a_token_that_may_only_post_is_good() -> None:
    body = b'{"error": "This action is outside the authorized scopes"}'
    async with http_server(lambda _: Reply(403, body)) as far:
        assert isinstance(await probe("social/mastodon", SAMPLES["social/mastodon"].settings(far.url)), Probed)


async def test_a_suspended_account_is_no_good_account() -> None:
    body = b'{"sid": "AC1", "friendly_name": "Northwind", "status": "suspended"}'
    async with http_server(lambda _: Reply(200, body)) as far:
        found = await probe("sms/twilio", SAMPLES["sms/twilio"].settings(far.url))
    assert isinstance(found, Fault)
    assert (found.blame, found.code) == (Blame.ACCOUNT, "not-active")
