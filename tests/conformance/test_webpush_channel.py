"""What is peculiar to web push, over a real socket, read as the browser reads it."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import http_ece
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import ValidationError

from channels.contract import Accepted, Blame, CanEnrol, Deferred, Outcome, Rejected, Uncertain, Unreadable, Words
from channels.push.web import wire
from channels.push.web.keys import private_key, public_key, unpadded
from channels.push.web.samples import VAPID_KEY, browser, push_accepts, push_address, push_settings, secret
from channels.push.web.settings import WebPushSettings
from channels.testkit.bench import built
from channels.testkit.loopback import Reply, Request, http_server
from channels.testkit.samples import envelope


async def sent(answer: Any, **changes: Any) -> tuple[Outcome, list[Request]]:
    async with http_server(answer) as far, built("push/web", push_settings(far.url)) as channel:
        outcome = await channel.send(envelope(**{"to": push_address(1), **changes}), timeout=5)
        return outcome, far.requests


def read(request: Request, number: int = 1) -> dict[str, Any]:
    """What the browser with this number makes of it."""
    plain = http_ece.decrypt(request.body, private_key=browser(number), auth_secret=secret(number), version="aes128gcm")
    found: dict[str, Any] = json.loads(plain)
    return found


def claims(request: Request, audience: str) -> dict[str, Any]:
    """What the signed part says, when our public key made it."""
    scheme, _, rest = request.headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    assert parts["k"] == public_key(VAPID_KEY)
    found: dict[str, Any] = jwt.decode(
        parts["t"], private_key(VAPID_KEY).public_key(), algorithms=["ES256"], audience=audience
    )
    return found


async def test_the_request_is_exactly_this() -> None:
    outcome, [request] = await sent(push_accepts)
    assert outcome == Accepted("https://fcm.googleapis.com/message/fcm.googleapis.com/fcm/send/sub-0001")
    assert (request.method, request.target) == ("POST", "/fcm.googleapis.com/fcm/send/sub-0001")
    assert request.headers["ttl"] == "900"
    assert request.headers["urgency"] == "high"
    assert request.headers["topic"] == wire.topic("mail-2026-02")
    assert request.headers["content-encoding"] == "aes128gcm"
    assert read(request) == {
        "web_push": 8030,
        "notification": {
            "title": "Update 1",
            "body": "Update 1: mail is down, we are on it.",
            "navigate": "https://northwind.example/status",
            "tag": wire.topic("mail-2026-02"),
            "silent": False,
            "data": {"token": "token1", "navigate": "https://northwind.example/status"},
        },
        "mutable": True,
    }
    said = claims(request, "https://fcm.googleapis.com")
    assert said["sub"] == "mailto:ops@northwind.example"
    assert time.time() < said["exp"] <= time.time() + 24 * 3600
    assert VAPID_KEY not in str(request)


@pytest.mark.parametrize(("useful_for", "ttl"), [(0.2, "1"), (1.9, "1"), (86_400, "86400"), (10.0**9, "2419200")])
async def test_a_push_lives_as_long_as_it_is_useful_and_never_zero(useful_for: float, ttl: str) -> None:
    """The library's own default is 0, by which a push service drops what it cannot deliver at once."""
    _, [request] = await sent(push_accepts, useful_for=useful_for)
    assert request.headers["ttl"] == ttl


async def test_each_push_service_gets_claims_of_its_own() -> None:
    """The library writes into the claims it is handed; kept, they would name the first push service for good."""
    async with http_server(push_accepts) as far, built("push/web", push_settings(far.url)) as channel:
        for number, host in enumerate(
            ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com")
        ):
            to = push_address(number).replace("fcm.googleapis.com", host)
            assert isinstance(await channel.send(envelope(number, to=to), timeout=5), Accepted)
            assert claims(far.requests[-1], f"https://{host}")
            assert read(far.requests[-1], number)["notification"]["data"]["token"] == f"token{number}"


async def test_a_topic_names_the_incident_within_what_is_allowed() -> None:
    for thread in ("INC-1", "INC-2", "", "Ä" * 500, "half \ud83d"):
        topic = wire.topic(thread)
        assert len(topic) <= 32
        assert topic.replace("-", "a").replace("_", "a").isalnum()
    assert wire.topic("INC-1") == wire.topic("INC-1") != wire.topic("INC-2")


async def test_what_is_not_notable_is_silent_and_without_a_headline_the_text_is_one() -> None:
    _, [request] = await sent(push_accepts, notable=False, words=Words("First line.\nMore."))
    told = read(request)["notification"]
    assert (told["silent"], told["title"], told["body"]) == (True, "First line.", "First line.\nMore.")


@pytest.mark.parametrize("text", ["\x01" * 300 + "x", "😀" * 400, '"' * 400, "é\u2028\ud83d\n" * 100])
async def test_the_largest_text_fits(text: str) -> None:
    outcome, [request] = await sent(push_accepts, words=Words(text))
    assert isinstance(outcome, Accepted)
    assert len(json.dumps(read(request), ensure_ascii=False)) <= wire.LARGEST_PAYLOAD
    assert len(request.body) <= 4096


@pytest.mark.parametrize(
    ("status", "kind", "blame", "code"),
    [
        (400, Rejected, Blame.MESSAGE, "refused"),
        (401, Rejected, Blame.ACCOUNT, "not-allowed"),
        (403, Rejected, Blame.ACCOUNT, "not-allowed"),
        (404, Rejected, Blame.RECIPIENT, "unsubscribed"),
        (410, Rejected, Blame.RECIPIENT, "unsubscribed"),
        (413, Rejected, Blame.MESSAGE, "too-long"),
        (429, Deferred, Blame.PROVIDER, "rate-limited"),
        (500, Uncertain, Blame.PROVIDER, "provider-error"),
        (503, Uncertain, Blame.PROVIDER, "provider-error"),
    ],
)
async def test_refusals(status: int, kind: type, blame: Blame, code: str) -> None:
    outcome, _ = await sent(lambda _: Reply(status, b'{"errno": 105, "message": "see token1"}', {"Retry-After": "7"}))
    assert isinstance(outcome, kind)
    assert isinstance(outcome, Rejected | Deferred | Uncertain)
    assert (outcome.fault.blame, outcome.fault.code, outcome.fault.provider_code) == (blame, code, str(status))
    assert outcome.fault.opt_out is (status in (404, 410)), "only a subscription that is gone is a no"
    if isinstance(outcome, Deferred):
        assert (outcome.wait, outcome.route_wide) == (7, True)


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_a_push_service_that_took_it_need_not_name_it(status: int) -> None:
    outcome, _ = await sent(lambda _: Reply(status, b"", {}))
    assert outcome == Accepted("")


GOOD = push_address(1)
ENDPOINT, P256DH, AUTH = GOOD.split(" ")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        ENDPOINT,
        f"{ENDPOINT} {P256DH}",
        f"{GOOD} x",
        f"{ENDPOINT} {P256DH[:-4]} {AUTH}",
        f"{ENDPOINT} {P256DH} {AUTH[:-2]}",
        f"{ENDPOINT} {P256DH} {AUTH}!",
        f"{ENDPOINT} {'A' * 87} {AUTH}",
        *(
            f"{endpoint} {P256DH} {AUTH}"
            for endpoint in (
                "http://fcm.googleapis.com/fcm/send/x",
                "https://127.0.0.1/x",
                "https://[::1]/x",
                "https://169.254.169.254/latest/meta-data",
                "https://localhost/x",
                "https://evil.example/fcm.googleapis.com",
                "https://fcm.googleapis.com.evil.example/x",
                "https://evilfcm.googleapis.com/x",
                "https://push.apple.com.evil.example/x",
                "https://push.apple.com/x",
                "https://fcm.googleapis.com@evil.example/x",
                "https://evil.example\\@fcm.googleapis.com/x",
                "https://fcm.googleapis.com:8443/x",
                "https://fcm.googleapis.com:x/x",
                "https://fcm.googleapis.com/x#y",
                "https://fcm.googleapis.com/\u00e4",
                "ftp://fcm.googleapis.com/x",
                "https://fcm.googleapis.com/" + "x" * 1500,
            )
        ),
    ],
    ids=lambda address: address[:44],
)
async def test_an_address_that_leads_elsewhere_is_refused_before_any_request(address: str) -> None:
    outcome, requests = await sent(push_accepts, to=address)
    assert requests == []
    assert isinstance(outcome, Rejected)
    assert (outcome.fault.blame, outcome.fault.code, outcome.fault.opt_out) == (Blame.RECIPIENT, "bad-address", False)
    assert AUTH not in outcome.fault.detail


@pytest.mark.parametrize(
    "host",
    ["fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "wns2-am3p.notify.windows.com"],
)
async def test_the_known_push_services_are_allowed(host: str) -> None:
    outcome, [request] = await sent(push_accepts, to=GOOD.replace("fcm.googleapis.com", host))
    assert isinstance(outcome, Accepted)
    assert request.target.startswith(f"/{host}/")


async def test_others_are_allowed_by_name_and_reached_where_they_are() -> None:
    """Without a base_url the request goes to the endpoint itself."""
    settings = {**push_settings("x"), "base_url": None, "extra_hosts": "*.push.invalid, other.invalid"}
    async with built("push/web", settings) as channel:
        for host in ("a.push.invalid", "other.invalid"):
            outcome = await channel.send(envelope(to=GOOD.replace("fcm.googleapis.com", host)), timeout=3)
            assert isinstance(outcome, Deferred)
            assert outcome.fault.code in ("dns", "connect-timeout")
        outcome = await channel.send(envelope(to=GOOD.replace("fcm.googleapis.com", "push.invalid")), timeout=3)
        assert isinstance(outcome, Rejected)


async def test_a_browser_is_invited_and_enrolled() -> None:
    async with built("push/web", push_settings("http://127.0.0.1:9")) as channel:
        assert isinstance(channel, CanEnrol)
        assert channel.invitation() == {"key": public_key(VAPID_KEY)}
        assert len(unpadded(channel.invitation()["key"])) == 65
        told = {"endpoint": ENDPOINT, "expirationTime": None, "keys": {"p256dh": P256DH + "=", "auth": AUTH}}
        assert channel.enrol(told) == GOOD
        for broken in ({}, {"endpoint": 7}, {**told, "keys": []}, {**told, "endpoint": "https://10.0.0.1/"}):
            with pytest.raises(Unreadable):
                channel.enrol(broken)


def text_of(key: ec.EllipticCurvePrivateKey, encoding: Encoding) -> str:
    made = key.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())
    return made.decode() if encoding is Encoding.PEM else base64.urlsafe_b64encode(made).decode()


def test_the_private_key_may_come_in_any_usual_form() -> None:
    key = private_key(VAPID_KEY)
    pem = text_of(key, Encoding.PEM)
    for given in (VAPID_KEY, f" {VAPID_KEY}=\n", pem, pem.replace("\n", "\\n"), text_of(key, Encoding.DER)):
        assert public_key(given) == public_key(VAPID_KEY)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("vapid_private_key", "not a key", "vapid --gen"),
        ("vapid_private_key", "A" * 43, "vapid --gen"),
        ("vapid_private_key", text_of(ec.generate_private_key(ec.SECP384R1()), Encoding.PEM), "P-256"),
        ("vapid_subject", "ops@northwind.example", "https://"),
        ("vapid_subject", "mailto:", "https://"),
        ("open_url", "http://northwind.example", "https://"),
        ("open_url", "https://northwind.example/" + "x" * 300, "at most"),
        ("extra_hosts", "10.0.0.1", "names of hosts"),
        ("extra_hosts", "*.com, localhost", "names of hosts"),
        ("extra_hosts", ["https://push.example.com"], "names of hosts"),
    ],
)
def test_settings_that_cannot_be_right_are_refused_without_showing_them(name: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        WebPushSettings.model_validate({**push_settings("https://push.example.com"), name: value})
    assert said in str(refused.value)
    if isinstance(value, str):
        assert value not in str(refused.value)
