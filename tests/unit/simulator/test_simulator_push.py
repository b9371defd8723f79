"""Push services, driven by pywebpush with its endpoint rewritten."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPusher

from channels.simulator import Simulator, push_subscription

NOTE = {
    "web_push": 8030,
    "notification": {"title": "Mail is down", "body": "We are on it.", "navigate": "https://x.test"},
}
Posted = tuple[int, dict[str, str]]


def signed(simulator: Simulator, key: ec.EllipticCurvePrivateKey | None = None, **claims: Any) -> str:
    raw = base64.urlsafe_b64decode(simulator.accounts.push_vapid_private_key + "=")
    own = ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    told = {"aud": "https://fcm.googleapis.com", "sub": "mailto:a@b.example", "exp": int(time.time()) + 600, **claims}
    return str(Vapid02(key or own).sign(told)["Authorization"])


async def post(simulator: Simulator, name: str, body: bytes | None = None, **headers: str | None) -> Posted:
    told = push_subscription(name)
    content = WebPusher(told).encode(json.dumps(NOTE).encode())["body"] if body is None else body
    given = {"ttl": "60", "content-encoding": "aes128gcm", "authorization": signed(simulator), **headers}
    url = told["endpoint"].replace("https://", f"{simulator.addresses.push_base}/")
    async with aiohttp.ClientSession() as http:
        sent = {name: value for name, value in given.items() if value is not None}
        async with http.post(url, data=content, headers=sent) as answer:
            return answer.status, dict(answer.headers)


async def test_what_is_sent_is_read_as_the_browser_reads_it(simulator: Simulator) -> None:
    status, headers = await post(simulator, "ann's phone", topic="INC-1", urgency="high")
    assert status == 201
    [got] = simulator.received(provider="push")
    assert headers["Location"] == got["ref"]
    assert (got["to"], got["subject"], got["body"], got["got"]) == (
        "ann's phone",
        "Mail is down",
        "We are on it.",
        True,
    )
    assert got["metadata"]["payload"] == NOTE
    assert (got["metadata"]["ttl"], got["metadata"]["topic"], got["metadata"]["urgency"]) == (60, "INC-1", "high")


async def test_a_subscription_is_the_same_whenever_one_asks(simulator: Simulator) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{simulator.addresses.control}/push/ann") as answer:
        assert await answer.json() == push_subscription("ann")
    assert push_subscription("ann")["keys"] != push_subscription("bob")["keys"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"ttl": None}, 400),
        ({"ttl": "soon"}, 400),
        ({"topic": "x" * 33}, 400),
        ({"topic": "INC 1"}, 400),
        ({"urgency": "urgent"}, 400),
        ({"content-encoding": "aesgcm"}, 400),
        ({"authorization": None}, 401),
        ({"authorization": "Bearer x"}, 401),
        ({"body": b"x" * 4097}, 413),
    ],
)
async def test_what_a_push_service_refuses(simulator: Simulator, headers: dict[str, Any], status: int) -> None:
    assert (await post(simulator, "ann", **headers))[0] == status
    assert simulator.received(provider="push") == []


async def test_only_our_key_for_this_push_service_and_day_is_taken(simulator: Simulator) -> None:
    strangers = ec.generate_private_key(ec.SECP256R1())
    for authorization in (
        signed(simulator, strangers),
        signed(simulator, aud="https://updates.push.services.mozilla.com"),
        signed(simulator, exp=int(time.time()) - 1),
        signed(simulator, exp=int(time.time()) + 2 * 86_400),
    ):
        assert (await post(simulator, "ann", authorization=authorization))[0] == 403


async def test_what_is_meant_for_another_device_cannot_be_read(simulator: Simulator) -> None:
    content = WebPusher(push_subscription("bob")).encode(b"{}")["body"]
    assert (await post(simulator, "ann", content))[0] == 201
    [got] = simulator.received(provider="push")
    assert (got["status"], got["code"], got["got"], got["body"]) == ("undelivered", "unreadable", False, "")


async def test_a_subscription_is_gone_on_demand(simulator: Simulator) -> None:
    simulator.add_faults([{"provider": "push", "match": {"to": "ann"}, "do": {"what": "status", "status": 410}}])
    assert (await post(simulator, "ann"))[0] == 410
    assert (await post(simulator, "bob"))[0] == 201
