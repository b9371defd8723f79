"""Bluesky, driven by the atproto SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from atproto import Client, models
from atproto.exceptions import BadRequestError, RateLimitExceededError, RequestException, UnauthorizedError

from channels.simulator import Accounts, Simulator

KEY = "3kabcdefghijk"


def sign_in(client: Client, accounts: Accounts) -> Client:
    client.login(accounts.bluesky_handle, accounts.bluesky_app_password, fetch_bsky_profile=False)
    return client


def put(client: Client, key: str = KEY, text: str = "We are down", made: str = "2026-02-02T02:40:00.000Z") -> Any:
    record = models.AppBskyFeedPost.Record(text=text, created_at=made)
    data = models.ComAtprotoRepoPutRecord.Data(
        repo=client._session.did, collection="app.bsky.feed.post", rkey=key, record=record
    )
    return client.com.atproto.repo.put_record(data)


def delete(client: Client, key: str = KEY) -> Any:
    data = models.ComAtprotoRepoDeleteRecord.Data(repo=client._session.did, collection="app.bsky.feed.post", rkey=key)
    return client.com.atproto.repo.delete_record(data)


@pytest.fixture
def stranger(simulator: Simulator) -> Iterator[Client]:
    """Somebody who has not signed in yet."""
    client = Client(f"{simulator.addresses.bluesky_base}/xrpc")
    yield client
    client.request.close()


@pytest.fixture
async def bluesky(simulator: Simulator, stranger: Client) -> Client:
    return await asyncio.to_thread(sign_in, stranger, simulator.accounts)


async def test_post_show_delete(simulator: Simulator, bluesky: Client) -> None:
    posted = await asyncio.to_thread(put, bluesky)
    did = simulator.accounts.bluesky_did
    assert posted.uri == f"at://{did}/app.bsky.feed.post/{KEY}"
    shown = await asyncio.to_thread(
        bluesky.com.atproto.repo.get_record,
        models.ComAtprotoRepoGetRecord.Params(repo=did, collection="app.bsky.feed.post", rkey=KEY),
    )
    assert (shown.uri, shown.cid, shown.value.text) == (posted.uri, posted.cid, "We are down")
    assert (await asyncio.to_thread(delete, bluesky)).commit is not None
    assert (await asyncio.to_thread(delete, bluesky)).commit is None
    received = simulator.received(provider="bluesky")
    assert [(one["kind"], one["status"]) for one in received] == [("post", "deleted"), ("delete", "deleted")]


async def test_a_record_key_holds_one_post(simulator: Simulator, bluesky: Client, http: aiohttp.ClientSession) -> None:
    posted = await asyncio.to_thread(put, bluesky)
    again = await asyncio.to_thread(put, bluesky)
    assert (again.uri, again.cid, again.commit) == (posted.uri, posted.cid, None)
    body = {
        "repo": simulator.accounts.bluesky_did,
        "collection": "app.bsky.feed.post",
        "rkey": KEY,
        "record": {"$type": "app.bsky.feed.post", "text": "We are down", "createdAt": "2026-02-02T02:41:00.000Z"},
        # The SDK leaves out what is null, and this null means something: nothing may be there yet.
        "swapRecord": None,
    }
    url = f"{simulator.addresses.bluesky_base}/xrpc/com.atproto.repo.putRecord"
    headers = {"Authorization": f"Bearer {bluesky._session.access_jwt}"}
    async with http.post(url, json=body, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["error"] == "InvalidSwap"
    assert len(simulator.received()) == 1


async def test_bad_records(simulator: Simulator, bluesky: Client) -> None:
    for wrong in ({"text": "x" * 301}, {"text": "👩‍👩‍👧‍👦" * 299}, {"key": "key-1"}, {"made": "yesterday"}):
        with pytest.raises((BadRequestError, ValueError)):
            await asyncio.to_thread(put, bluesky, **wrong)
    await asyncio.to_thread(put, bluesky, text="é🇩🇪" * 150)
    assert len(simulator.received()) == 1


async def test_wrong_credentials(simulator: Simulator, stranger: Client, http: aiohttp.ClientSession) -> None:
    with pytest.raises(UnauthorizedError):
        await asyncio.to_thread(sign_in, stranger, Accounts.generate())
    base = f"{simulator.addresses.bluesky_base}/xrpc/com.atproto.repo"
    for headers, status, error in (({}, 401, "AuthMissing"), ({"Authorization": "Bearer x.y.z"}, 400, "InvalidToken")):
        async with http.post(f"{base}.putRecord", json={}, headers=headers) as response:
            assert response.status == status
            assert (await response.json())["error"] == error
    assert simulator.received() == []


async def test_sessions_end_and_are_renewed_once(simulator: Simulator, bluesky: Client) -> None:
    simulator.end_sessions()
    with pytest.raises(BadRequestError, match="ExpiredToken"):
        await asyncio.to_thread(put, bluesky)
    old = bluesky._get_refresh_auth_headers()
    await asyncio.to_thread(bluesky._refresh_and_set_session)
    await asyncio.to_thread(put, bluesky)
    with pytest.raises(BadRequestError, match="ExpiredToken"):
        await asyncio.to_thread(bluesky.com.atproto.server.refresh_session, headers=old, ignore_session_check=True)
    simulator.end_sessions(altogether=True)
    with pytest.raises(BadRequestError, match="InvalidToken"):
        await asyncio.to_thread(put, bluesky)


async def test_signing_in_is_limited(simulator: Simulator, stranger: Client) -> None:
    for _ in range(30):
        await asyncio.to_thread(sign_in, stranger, simulator.accounts)
    with pytest.raises(RateLimitExceededError) as caught:
        await asyncio.to_thread(sign_in, stranger, simulator.accounts)
    assert "ratelimit-reset" in caught.value.response.headers


async def test_faults(simulator: Simulator, bluesky: Client) -> None:
    simulator.add_faults(
        [
            {"provider": "bluesky", "do": {"what": "status", "status": 503}, "times": 1},
            {"provider": "bluesky", "do": {"what": "status", "status": 401, "code": "AccountTakedown"}, "times": 1},
            {"provider": "bluesky", "do": {"what": "error_after"}, "times": 1},
        ]
    )
    with pytest.raises(RequestException):
        await asyncio.to_thread(put, bluesky)
    with pytest.raises(UnauthorizedError, match="AccountTakedown"):
        await asyncio.to_thread(put, bluesky)
    assert simulator.received() == []
    with pytest.raises(RequestException):
        await asyncio.to_thread(put, bluesky)
    assert [one["body"] for one in simulator.received()] == ["We are down"]
