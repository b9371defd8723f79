"""Mastodon, driven by the library that its documentation names for Python."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import mastodon
import pytest
from mastodon import Mastodon

from channels.simulator import Accounts, Simulator


def client_of(simulator: Simulator, accounts: Accounts) -> Mastodon:
    return Mastodon(
        access_token=accounts.mastodon_access_token,
        api_base_url=simulator.addresses.mastodon_base,
        ratelimit_method="throw",
        version_check_mode="none",
        request_timeout=5,
    )


@pytest.fixture
async def masto(simulator: Simulator) -> AsyncIterator[Mastodon]:
    client = client_of(simulator, simulator.accounts)
    yield client
    client.session.close()


async def test_post_show_delete(simulator: Simulator, masto: Mastodon) -> None:
    posted = await asyncio.to_thread(masto.status_post, "We are <down>", visibility="unlisted", language="en")
    shown = await asyncio.to_thread(masto.status, posted.id)
    assert (shown.id, shown.content, shown.visibility) == (posted.id, "<p>We are &lt;down&gt;</p>", "unlisted")
    assert abs((shown.created_at - datetime.now(UTC)).total_seconds()) < 5
    assert (await asyncio.to_thread(masto.account_verify_credentials)).acct == simulator.accounts.mastodon_account
    gone = await asyncio.to_thread(masto.status_delete, posted.id)
    assert gone.text == "We are <down>"
    for call in (masto.status, masto.status_delete):
        with pytest.raises(mastodon.MastodonNotFoundError):
            await asyncio.to_thread(call, posted.id)
    received = simulator.received(provider="mastodon")
    assert [(one["kind"], one["status"]) for one in received] == [("post", "deleted"), ("delete", "deleted")]


async def test_a_key_is_known_again_until_its_status_is_deleted(simulator: Simulator, masto: Mastodon) -> None:
    first = await asyncio.to_thread(masto.status_post, "We are down", idempotency_key="k1")
    again = await asyncio.to_thread(masto.status_post, "something else", idempotency_key="k1")
    other = await asyncio.to_thread(masto.status_post, "We are down", idempotency_key="k2")
    assert first.id == again.id != other.id
    assert again.content == "<p>We are down</p>"
    await asyncio.to_thread(masto.status_delete, first.id)
    with pytest.raises(mastodon.MastodonNotFoundError):
        await asyncio.to_thread(masto.status_post, "We are down", idempotency_key="k1")
    assert simulator.summary()["providers"]["mastodon"]["stored"] == 2


async def test_bad_text(simulator: Simulator, masto: Mastodon) -> None:
    for text in ("", "  ", "x" * 501, "👩‍👧" * 501):
        with pytest.raises(mastodon.MastodonAPIError, match="Validation failed"):
            await asyncio.to_thread(masto.status_post, text)
    await asyncio.to_thread(masto.status_post, "👩‍👧" * 500)
    await asyncio.to_thread(masto.status_post, "https://example.com/" + "x" * 900)
    refused = simulator.summary()["providers"]["mastodon"]["refused"]
    assert refused == {"422/blank": 2, "422/too-long": 2}


async def test_wrong_credentials(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    other = client_of(simulator, Accounts.generate())
    with pytest.raises(mastodon.MastodonUnauthorizedError):
        await asyncio.to_thread(other.status_post, "x")
    other.session.close()
    async with http.post(f"{simulator.addresses.mastodon_base}/api/v1/statuses", json={"status": "x"}) as response:
        assert response.status == 401
    assert simulator.received() == []


async def test_deletions_are_limited(simulator: Simulator, masto: Mastodon) -> None:
    for _ in range(30):
        with pytest.raises(mastodon.MastodonNotFoundError):
            await asyncio.to_thread(masto.status_delete, "7")
    with pytest.raises(mastodon.MastodonRatelimitError):
        await asyncio.to_thread(masto.status_delete, "7")


async def test_faults(simulator: Simulator, masto: Mastodon) -> None:
    simulator.add_faults(
        [
            {"provider": "mastodon", "do": {"what": "status", "status": 503}, "times": 1},
            {"provider": "mastodon", "do": {"what": "status", "status": 422, "code": "Nein"}, "times": 1},
            {"provider": "mastodon", "do": {"what": "error_after"}, "times": 1},
        ]
    )
    with pytest.raises(mastodon.MastodonServiceUnavailableError):
        await asyncio.to_thread(masto.status_post, "one")
    with pytest.raises(mastodon.MastodonAPIError, match="Nein"):
        await asyncio.to_thread(masto.status_post, "one")
    assert simulator.received() == []
    with pytest.raises(mastodon.MastodonInternalServerError):
        await asyncio.to_thread(masto.status_post, "one")
    assert [one["body"] for one in simulator.received()] == ["one"]
