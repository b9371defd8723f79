"""Telnyx's webhooks, keys and codes. No network."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.contract import Blame, Callback, Forged, Unreadable, Wish, Word
from channels.sms.known import Settles
from channels.sms.telnyx.codes import CODES, STOPPED, known, undelivered
from channels.sms.telnyx.receipts import LARGEST_BODY, TOLERANCE, Webhooks
from channels.sms.telnyx.samples import PUBLIC_KEYS, SIGNERS, telnyx_settings
from channels.sms.telnyx.settings import TelnyxSettings
from channels.sms.telnyx.wire import WORDS, errors, idempotency_key, says_same_key

URL = "https://hooks.example.com/receipts/telnyx-backup/tok1"
TOKEN = "tok1"
NOW = 1_770_000_000.0
KEYS = [base64.b64decode(key) for key in PUBLIC_KEYS]


def event(
    status: str = "delivered", *failures: Mapping[str, object], kind: str = "message.finalized", **more: Any
) -> Any:
    payload = {
        "id": "40385f64-5717-4562-b3fc-2c963f66afa6",
        "direction": "outbound",
        "to": [{"phone_number": "+15551234567", "status": status, "carrier": "T-MOBILE", "line_type": "Wireless"}],
        "webhook_url": URL,
        "errors": list(failures),
        **more,
    }
    data = {"event_type": kind, "id": "e1", "occurred_at": "2026-02-02T02:40:00.000+00:00", "payload": payload}
    return {"data": data, "meta": {"attempt": 1}}


def texted(text: str, **more: Any) -> Any:
    return event(kind="message.received", text=text, **{"from": {"phone_number": "+15551234567"}, **more})


def callback(
    said: Any, *, signer: Ed25519PrivateKey = SIGNERS[0], at: float = NOW, token: str = TOKEN, url: str = URL
) -> Callback:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    stamp = str(int(at))
    signature = base64.b64encode(signer.sign(f"{stamp}|".encode() + body)).decode()
    return Callback(url, token, {"telnyx-signature-ed25519": signature, "telnyx-timestamp": stamp}, body, NOW)


def changed(genuine: Callback, **headers: str | None) -> Callback:
    kept = {**genuine.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    told = {name: value for name, value in kept.items() if value is not None}
    return Callback(genuine.url, genuine.token, told, genuine.body, genuine.received_at)


def test_a_genuine_webhook() -> None:
    heard = Webhooks(KEYS).read(callback(event()))
    (receipt,) = heard.receipts
    assert (receipt.word, receipt.token, receipt.ref) == (
        Word.DELIVERED,
        "tok1",
        "40385f64-5717-4562-b3fc-2c963f66afa6",
    )
    assert receipt.event == "40385f64-5717-4562-b3fc-2c963f66afa6:delivered:"
    assert receipt.at == NOW
    assert receipt.raw["to"] == "+…67"
    assert "+15551234567" not in str(receipt)
    assert heard.answer is None


def test_both_keys_are_believed_while_one_replaces_the_other() -> None:
    for signer in SIGNERS:
        assert Webhooks(KEYS).read(callback(event(), signer=signer)).receipts
    with pytest.raises(Forged):
        Webhooks(KEYS[:1]).read(callback(event(), signer=SIGNERS[1]))


GENUINE = callback(event())
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.mark.parametrize(
    "forged",
    [
        changed(GENUINE, telnyx_signature_ed25519=None),
        changed(GENUINE, telnyx_timestamp=None),
        changed(GENUINE, telnyx_signature_ed25519=""),
        changed(GENUINE, telnyx_signature_ed25519="nonsense"),
        changed(GENUINE, telnyx_signature_ed25519="ünïcödé"),
        changed(GENUINE, telnyx_signature_ed25519=base64.b64encode(b"x" * 64).decode()),
        changed(GENUINE, telnyx_timestamp=str(int(NOW) + 1)),
        changed(GENUINE, telnyx_timestamp="soon"),
        changed(GENUINE, telnyx_timestamp="-5"),
        changed(GENUINE, telnyx_timestamp="²"),
        changed(GENUINE, telnyx_timestamp="9" * 400),
        callback(event(), signer=OTHER),
        callback(event(), at=NOW - TOLERANCE - 1),
        callback(event(), at=NOW + TOLERANCE + 1),
        Callback(URL, "tok1", GENUINE.headers, GENUINE.body + b" ", NOW),
        callback(event(), token="tok2", url=URL.replace("tok1", "tok2")),
    ],
)
def test_forged(forged: Callback) -> None:
    with pytest.raises(Forged) as refused:
        Webhooks(KEYS).read(forged)
    assert not any(key in str(refused.value) for key in PUBLIC_KEYS)


def test_a_clock_a_little_off_does_not_matter() -> None:
    for off in (-TOLERANCE + 1, TOLERANCE - 1):
        assert Webhooks(KEYS).read(callback(event(), at=NOW + off)).receipts


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"data": 1}',
        b'{"data": {"payload": {}}}',
        b'{"data": {"event_type": 7, "payload": {}}}',
        b"[" * 60_000,
        b'{"data": {}, "data": {}}',
        b"x" * (LARGEST_BODY + 1),
        event(""),
        event(id=None),
        event(to=[]),
        event(to="+15551234567"),
        texted("STOP", **{"from": "+15551234567"}),
    ],
)
def test_genuine_and_not_of_the_documented_form(said: Any) -> None:
    with pytest.raises(Unreadable):
        Webhooks(KEYS).read(callback(said))


def test_other_events_tell_nothing() -> None:
    heard = Webhooks(KEYS).read(callback(event(kind="message.link_click")))
    assert (list(heard.receipts), list(heard.said)) == ([], [])


@given(st.binary(max_size=300), st.text(max_size=60), st.text(max_size=20))
def test_junk_is_refused_and_never_breaks(body: bytes, signed: str, stamp: str) -> None:
    junk = Callback(URL, "t", {"telnyx-signature-ed25519": signed, "telnyx-timestamp": stamp}, body, NOW)
    with pytest.raises((Forged, Unreadable)):
        Webhooks(KEYS).read(junk)


@pytest.mark.parametrize(
    ("status", "word"), [*WORDS.items(), ("webhook_delivered", Word.UNKNOWN), ("brand-new", Word.UNKNOWN)]
)
def test_words(status: str, word: Word) -> None:
    (receipt,) = Webhooks(KEYS).read(callback(event(status))).receipts
    assert receipt.word is word
    assert (receipt.fault is not None) == (word is Word.UNDELIVERED)


def test_no_word_from_the_carrier_is_no_failure() -> None:
    (receipt,) = Webhooks(KEYS).read(callback(event("delivery_unconfirmed"))).receipts
    assert (receipt.word, receipt.fault) == (Word.SENT, None)


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_may_come_with_a_webhook(code: str) -> None:
    failure = {"code": code, "title": "" if code != STOPPED else "Blocked due to STOP message", "detail": ""}
    (receipt,) = Webhooks(KEYS).read(callback(event("delivery_failed", failure))).receipts
    assert receipt.fault == CODES[code].fault(code)
    assert receipt.event.endswith(f":delivery_failed:{code}")


def test_a_number_in_what_telnyx_says_is_masked() -> None:
    failure = {"code": 40008, "title": "Undeliverable", "detail": "+15551234567 did not take it"}
    (receipt,) = Webhooks(KEYS).read(callback(event("delivery_failed", failure))).receipts
    assert receipt.raw["said"] == "Undeliverable +…67 did not take it"


@pytest.mark.parametrize("code", ["", "0", "99999", "banana", "²", "9" * 40])
def test_an_unknown_code_is_no_reason_to_fall(code: str) -> None:
    fault = undelivered(code, "", "delivery_failed")
    assert (fault.blame, fault.code, fault.provider_code) == (Blame.PROVIDER, "unknown", code)


def test_codes_are_told_to_people() -> None:
    for code, meaning in CODES.items():
        assert code.isdecimal()
        assert meaning.reason.endswith("."), code
        assert meaning.code == meaning.code.lower().replace(" ", "-"), code
        assert meaning.settles is not Settles.NOTHING or code in ("10007", "10008")
    assert [code for code, meaning in CODES.items() if meaning.opt_out] == [STOPPED]


@pytest.mark.parametrize(
    ("said", "opt_out"),
    [
        ("", True),
        ("Blocked due to STOP message", True),
        ("Blocked. The recipient has opted out.", True),
        ("The 'from' number is not assigned to a messaging profile", False),
    ],
)
def test_a_block_is_a_no_only_where_it_comes_from_a_stop(said: str, opt_out: bool) -> None:
    found = known(STOPPED, said)
    assert found is not None
    assert (found.opt_out, found.blame) == (opt_out, Blame.RECIPIENT)


@pytest.mark.parametrize(
    ("text", "answered", "means"),
    [
        ("STOP", "STOP", Wish.STOP),
        ("STOP", None, Wish.STOP),
        ("please stop texting me", None, Wish.STOP),
        ("Start", "START", Wish.START),
        ("HELP", None, Wish.HELP),
        ("Is it fixed?", None, Wish.OTHER),
        ("Genug", "STOP", Wish.STOP),  # a keyword of the profile's own
        ("stop", "HELP", Wish.STOP),
        ("Is it fixed?", "brand-new", Wish.OTHER),
    ],
)
def test_what_people_write(text: str, answered: str | None, means: Wish) -> None:
    (said,) = Webhooks(KEYS).read(callback(texted(text, autoresponse_type=answered), token="")).said
    assert (said.wish, said.address, said.words) == (means, "+15551234567", text)
    assert said.event


def test_idempotency_keys_are_of_the_allowed_form() -> None:
    settings = TelnyxSettings.model_validate(telnyx_settings("https://api.example.com/v2"))
    key = idempotency_key("0123.customers.r12", settings)
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", key)
    assert key == idempotency_key("0123.customers.r12", settings) != idempotency_key("0123.customers.r1", settings)


def test_another_sender_of_the_account_is_another_message() -> None:
    """A second route of one account sends what the first one's number could not deliver: Telnyx had taken that."""
    given = telnyx_settings("https://api.example.com/v2")
    changes = ({}, {"from_number": "+18665550006"}, {"messaging_profile_id": "another-profile"})
    senders = [TelnyxSettings.model_validate(given | change) for change in changes]
    assert len({idempotency_key("u1.all.r7", sender) for sender in senders}) == 3


def test_errors_are_read_whatever_they_are() -> None:
    for odd in ({}, {"errors": None}, {"errors": "x"}, {"errors": [1, None, {}, {"code": None}, {"code": ["x"]}]}):
        assert errors(odd) == []
    (error,) = errors({"errors": [{"code": 10015, "title": "Idempotency key was used before"}]})
    assert error.code == "10015"
    assert says_same_key(error)


def test_settings_say_what_is_wrong_and_keep_what_is_secret() -> None:
    given = telnyx_settings("https://api.example.com/v2")
    with pytest.raises(ValidationError, match="32 bytes in base64"):
        TelnyxSettings.model_validate({**given, "public_key": "KEYnonsense"})
    with pytest.raises(ValidationError, match="messaging_profile_id or from_number"):
        TelnyxSettings.model_validate({**given, "messaging_profile_id": None})
    assert given["api_key"] not in repr(TelnyxSettings.model_validate(given))


def test_verifying_is_quick() -> None:
    """It is done on the web process' event loop."""
    webhooks, begun = Webhooks(KEYS), time.process_time()
    for _ in range(200):
        webhooks.read(GENUINE)
    assert time.process_time() - begun < 1.0
