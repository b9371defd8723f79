"""Trying an account without telling anybody anything: what is peculiar to some, and all of them for real."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from channels.contract import Blame, CanProbe, Fault, Probed
from channels.simulator import Accounts, Simulator
from channels.testkit.bench import built
from channels.testkit.loopback import Reply, http_server
from channels.testkit.samples import Http, samples_of


async def probe(name: str, settings: Any) -> Probed | Fault:
    async with built(name, settings) as channel:
        assert isinstance(channel, CanProbe)
        return await channel.probe(timeout=2.0)


def settings_of(name: str, url: str) -> Any:
    samples = samples_of(name)
    assert isinstance(samples, Http)
    return samples.settings(url)


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
        assert isinstance(await probe("social/mastodon", settings_of("social/mastodon", far.url)), Probed)


async def test_a_suspended_account_is_no_good_account() -> None:
    body = b'{"sid": "AC1", "friendly_name": "Northwind", "status": "suspended"}'
    async with http_server(lambda _: Reply(200, body)) as far:
        found = await probe("sms/twilio", settings_of("sms/twilio", far.url))
    assert isinstance(found, Fault)
    assert (found.blame, found.code) == (Blame.ACCOUNT, "not-active")
