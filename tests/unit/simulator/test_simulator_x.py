"""X, driven by tweepy with its host rewritten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from channels.simulator import Accounts, Simulator
from channels.simulator.x import weight


class Redirected(HTTPAdapter):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        assert request.url is not None
        request.url = request.url.replace("https://api.twitter.com", self.base)
        kwargs["timeout"] = 5
        return super().send(request, *args, **kwargs)


def client_of(simulator: Simulator, accounts: Accounts) -> tweepy.Client:
    client = tweepy.Client(
        consumer_key=accounts.x_consumer_key,
        consumer_secret=accounts.x_consumer_secret,
        access_token=accounts.x_access_token,
        access_token_secret=accounts.x_access_token_secret,
    )
    client.session.mount("https://api.twitter.com", Redirected(simulator.addresses.x_base))
    return client


@pytest.fixture
async def x(simulator: Simulator) -> AsyncIterator[tweepy.Client]:
    client = client_of(simulator, simulator.accounts)
    yield client
    client.session.close()


async def test_post_show_list_delete(simulator: Simulator, x: tweepy.Client) -> None:
    posted = await asyncio.to_thread(x.create_tweet, text="We are down")
    ref = posted.data["id"]
    shown = await asyncio.to_thread(x.get_tweet, ref, user_auth=True, tweet_fields=["created_at"])
    assert shown.data.text == "We are down"
    assert abs(shown.data.created_at.timestamp() - time.time()) < 5
    user = simulator.accounts.x_user_id
    listed = await asyncio.to_thread(x.get_users_tweets, user, user_auth=True)
    assert [tweet.id for tweet in listed.data] == [int(ref)]
    gone = await asyncio.to_thread(x.delete_tweet, ref)
    assert gone.data == {"deleted": True}
    missing = await asyncio.to_thread(x.get_tweet, ref, user_auth=True)
    assert missing.data is None
    assert missing.errors[0]["title"] == "Not Found Error"
    assert (await asyncio.to_thread(x.get_users_tweets, user, user_auth=True)).data is None
    assert [(record["kind"], record["status"]) for record in simulator.received(provider="x")] == [
        ("post", "deleted"),
        ("delete", "deleted"),
    ]
    assert (await asyncio.to_thread(x.delete_tweet, ref)).data == {"deleted": False}


async def test_me(simulator: Simulator, x: tweepy.Client) -> None:
    me = await asyncio.to_thread(x.get_me)
    assert str(me.data.id) == simulator.accounts.x_user_id


async def test_duplicate_words_are_refused_while_the_first_stand(simulator: Simulator, x: tweepy.Client) -> None:
    first = await asyncio.to_thread(x.create_tweet, text="We are down")
    with pytest.raises(tweepy.Forbidden) as caught:
        await asyncio.to_thread(x.create_tweet, text="We are down")
    assert caught.value.response.json() == {
        "detail": "You are not allowed to create a Tweet with duplicate content.",
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
    }
    await asyncio.to_thread(x.delete_tweet, first.data["id"])
    await asyncio.to_thread(x.create_tweet, text="We are down")
    assert simulator.summary()["providers"]["x"]["refused"] == {"403/duplicate": 1}


async def test_wrong_credentials(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    other = client_of(simulator, Accounts.generate())
    with pytest.raises(tweepy.Unauthorized):
        await asyncio.to_thread(other.create_tweet, text="x")
    other.session.close()
    async with http.post(f"{simulator.addresses.x_base}/2/tweets", json={"text": "x"}) as response:
        assert response.status == 401
    assert simulator.received() == []


async def test_bad_text(simulator: Simulator, x: tweepy.Client) -> None:
    for text in ("", "x" * 281, "字" * 141):
        with pytest.raises(tweepy.BadRequest):
            await asyncio.to_thread(x.create_tweet, text=text)
    await asyncio.to_thread(x.create_tweet, text="x" * 280)
    await asyncio.to_thread(x.create_tweet, text="https://example.com/" + "x" * 400)


@pytest.mark.parametrize(
    ("text", "count"),
    [("Hello, world! 👋", 16), ("字", 2), ("👨‍👩‍👧", 2), ("see https://example.com/a/long/path", 27), ("e\u0301", 1)],
)
def test_weight(text: str, count: int) -> None:
    assert weight(text) == count


async def test_rate_limit_headers_and_window(accounts: Accounts) -> None:
    async with Simulator(accounts, x_posts_per_window=2, speed=900) as simulator:
        x = client_of(simulator, accounts)
        x.return_type = requests.Response
        first = await asyncio.to_thread(x.create_tweet, text="one")
        assert first.headers["x-rate-limit-limit"] == "2"
        assert first.headers["x-rate-limit-remaining"] == "1"
        assert 0 < int(first.headers["x-rate-limit-reset"]) - time.time() < 3
        await asyncio.to_thread(x.create_tweet, text="two")
        with pytest.raises(tweepy.TooManyRequests):
            await asyncio.to_thread(x.create_tweet, text="three")
        await asyncio.sleep(1.05)
        await asyncio.to_thread(x.create_tweet, text="three")
        x.session.close()


async def test_status_fault(simulator: Simulator, x: tweepy.Client) -> None:
    simulator.add_faults(
        [
            {"provider": "x", "do": {"what": "status", "status": 429, "retry_after": 60}, "times": 1},
            {"provider": "x", "do": {"what": "status", "status": 503}, "times": 1},
            {"provider": "x", "do": {"what": "error_after"}, "times": 1},
            {"provider": "x", "do": {"what": "garbled"}, "times": 1},
        ]
    )
    with pytest.raises(tweepy.TooManyRequests) as caught:
        await asyncio.to_thread(x.create_tweet, text="one")
    assert 55 < int(caught.value.response.headers["x-rate-limit-reset"]) - time.time() < 65
    with pytest.raises(tweepy.TwitterServerError):
        await asyncio.to_thread(x.create_tweet, text="one")
    assert simulator.received() == []
    with pytest.raises(tweepy.TwitterServerError):
        await asyncio.to_thread(x.create_tweet, text="one")
    with pytest.raises(ValueError):  # noqa: PT011  (which kind depends on the decoder)
        await asyncio.to_thread(x.create_tweet, text="two")
    assert [record["body"] for record in simulator.received()] == ["one", "two"]
    with pytest.raises(tweepy.Forbidden):
        await asyncio.to_thread(x.create_tweet, text="one")


async def test_timeline_pages(simulator: Simulator, x: tweepy.Client) -> None:
    refs = [(await asyncio.to_thread(x.create_tweet, text=f"n{n}")).data["id"] for n in range(7)]
    user = simulator.accounts.x_user_id

    def read(**kwargs: Any) -> Any:
        return x.get_users_tweets(user, user_auth=True, max_results=5, **kwargs)

    first = await asyncio.to_thread(read)
    assert [str(tweet.id) for tweet in first.data] == refs[:1:-1]
    rest = await asyncio.to_thread(read, pagination_token=first.meta["next_token"])
    assert [str(tweet.id) for tweet in rest.data] == [refs[1], refs[0]]
    newer = await asyncio.to_thread(read, since_id=refs[4])
    assert [str(tweet.id) for tweet in newer.data] == [refs[6], refs[5]]
