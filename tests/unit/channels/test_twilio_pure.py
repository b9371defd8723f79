"""Twilio's callbacks, and the matching of its listed messages. No network."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from channels.contract import Blame, Callback, Forged, Unreadable, Word
from channels.sms.twilio.codes import CODES, undelivered
from channels.sms.twilio.receipts import LARGEST_BODY, Callbacks
from channels.sms.twilio.settings import TwilioSettings
from channels.sms.twilio.wire import WORDS, same_words

URL = "https://hooks.example.com/receipts/twilio-main/tok1?x=1"
SECRET = "12345"
ACCOUNT = TwilioSettings.model_validate(
    {"account_sid": "AC" + "0" * 32, "auth_token": SECRET, "from_number": "+15005550006"}
)
FIELDS = {
    "MessageSid": "SM1",
    "SmsSid": "SM1",
    "AccountSid": "AC1",
    "MessageStatus": "delivered",
    "To": "+15551234567",
    "From": "+15557654321",
    "RawDlrDoneDate": "",
    "Später": "ü & =",
}


def signature(fields: dict[str, str], secret: str = SECRET, url: str = URL, digest: Any = hashlib.sha1) -> str:
    """As Twilio documents it, written down a second time."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(secret.encode(), signed.encode(), digest).digest()).decode()


def callback(
    fields: dict[str, str] | None = None, *, url: str = URL, body: bytes | None = None, **headers: str
) -> Callback:
    fields = FIELDS if fields is None else fields
    sent = (
        {"x-twilio-signature": signature(fields)}
        if not headers
        else {k.replace("_", "-"): v for k, v in headers.items()}
    )
    return Callback(url, "tok1", sent, urlencode(fields).encode() if body is None else body, 1_770_000_000.0)


def test_the_official_vector() -> None:
    # Published by Twilio for this token, URL and these parameters.
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature(params, url=url) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert RequestValidator(SECRET).compute_signature(url, params) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    genuine = callback(params, url=url, x_twilio_signature="RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    with pytest.raises(Unreadable, match="names no message"):  # verified, then found to be no status of a message
        Callbacks([SECRET], ACCOUNT).read(genuine)


def test_a_genuine_callback() -> None:
    (receipt,) = Callbacks([SECRET], ACCOUNT).read(callback()).receipts
    assert (receipt.word, receipt.ref, receipt.token) == (Word.DELIVERED, "SM1", "tok1")
    assert receipt.event == "SM1:delivered:"
    assert receipt.fault is None
    assert receipt.at is None
    assert receipt.raw["To"] == "+…67"
    assert receipt.raw["From"] == "+…21"
    assert receipt.raw["Später"] == "ü & ="
    assert receipt.raw["RawDlrDoneDate"] == ""


@pytest.mark.parametrize("port", ["", ":443"])
def test_a_port_in_the_url_does_not_matter(port: str) -> None:
    url = f"https://hooks.example.com{port}/receipts/twilio-main/tok1"
    other = "https://hooks.example.com/receipts/twilio-main/tok1"
    assert Callbacks([SECRET], ACCOUNT).read(callback(url=url, x_twilio_signature=signature(FIELDS, url=other)))


def test_a_rotated_secret_and_a_shared_key() -> None:
    assert Callbacks(["new", SECRET], ACCOUNT).read(callback())
    signed = signature(FIELDS, secret="shared", digest=hashlib.sha256)
    settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    genuine = callback(x_twilio_signature=signed, x_twilio_webhooks_signature_settings=settings)
    assert Callbacks([SECRET, "shared"], ACCOUNT).read(genuine)


@pytest.mark.parametrize(
    "forged",
    [
        callback(x_other="1"),
        callback(x_twilio_signature=""),
        callback(x_twilio_signature="nonsense"),
        callback(x_twilio_signature="ünïcödé"),
        callback(x_twilio_signature=signature(FIELDS, secret="other")),
        callback(x_twilio_signature=signature({**FIELDS, "MessageStatus": "read"})),
        callback(x_twilio_signature=signature(FIELDS, url=URL.replace("https", "http"))),
        callback(x_twilio_signature=signature(FIELDS, url=URL.replace("tok1", "tok2"))),
        callback(x_twilio_signature=signature(FIELDS), x_twilio_webhooks_signature_settings="algorithm=NONE"),
        callback(url="https://hooks.example.com:notaport/x", x_twilio_signature="x"),
        callback(url=URL + "&bodySHA256=abc", x_twilio_signature="x"),
        callback(body=b"", x_twilio_signature=signature(FIELDS)),
    ],
)
def test_forged(forged: Callback) -> None:
    with pytest.raises(Forged) as refused:
        Callbacks([SECRET], ACCOUNT).read(forged)
    assert SECRET not in str(refused.value)


def test_a_secret_is_never_empty_by_accident() -> None:
    with pytest.raises(Forged):
        Callbacks([], ACCOUNT).read(callback())


@pytest.mark.parametrize(
    "body",
    [
        b"a" * (LARGEST_BODY + 1),
        b"&".join(b"a%d=1" % number for number in range(200)),
        b"\xff\xfe=1",
    ],
)
def test_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        Callbacks([SECRET], ACCOUNT).read(callback(body=body))


@pytest.mark.parametrize(
    "fields", [{"MessageSid": "SM1"}, {"MessageStatus": "sent"}, {"MessageSid": "", "MessageStatus": "sent"}]
)
def test_genuine_but_not_a_status(fields: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        Callbacks([SECRET], ACCOUNT).read(callback(fields))


@given(st.binary(max_size=300), st.text(max_size=60), st.text(max_size=40))
def test_junk_is_refused_and_never_breaks(body: bytes, signed: str, path: str) -> None:
    junk = Callback(f"https://h.example/{path}", "t", {"x-twilio-signature": signed}, body, 0.0)
    with pytest.raises((Forged, Unreadable)):
        Callbacks([SECRET], ACCOUNT).read(junk)


@pytest.mark.parametrize(
    ("status", "word"), [*WORDS.items(), ("partially_delivered", Word.UNKNOWN), ("brand-new", Word.UNKNOWN)]
)
def test_words(status: str, word: Word) -> None:
    fields = {**FIELDS, "MessageStatus": status}
    (receipt,) = Callbacks([SECRET], ACCOUNT).read(callback(fields)).receipts
    assert receipt.word is word
    assert (receipt.fault is not None) == (word is Word.UNDELIVERED)


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_may_come_with_a_callback(code: int) -> None:
    fields = {**FIELDS, "MessageStatus": "undelivered", "ErrorCode": str(code)}
    (receipt,) = Callbacks([SECRET], ACCOUNT).read(callback(fields)).receipts
    assert receipt.fault == CODES[code].fault(code)
    assert receipt.event == f"SM1:undelivered:{code}"


@pytest.mark.parametrize("code", ["", "0", "99999", "banana", "²", "9" * 40])
def test_an_unknown_code_is_no_reason_to_fall(code: str) -> None:
    fault = undelivered(code, "failed")
    assert (fault.blame, fault.code, fault.provider_code) == (Blame.PROVIDER, "unknown", code)


def test_codes_are_told_to_people() -> None:
    for code, known in CODES.items():
        assert known.reason.endswith("."), code
        assert known.code == known.code.lower().replace(" ", "-"), code
    assert [code for code, known in CODES.items() if known.opt_out] == [21610]


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("Mail is down, we are on it.", "Mail is down, we are on it.", True),
        ("“Mail” is down \u2014 it’s us…", '"Mail" is down - it\'s us...', True),
        ("Mail\u00a0is down", "Mail is down", True),
        ("Mail is down", "Sent from your Twilio trial account - Mail is down", True),
        ("Mail is down. Update 1", "Mail is down. Update 2", False),
        ("Mail is down", "Mail is down and so is chat", False),
        ("Mail is down", "", False),
        ("🔥🔥", "🔥🔥", True),
        ("🔥🔥", "🔥", False),
        ("Down!", "Down?", False),
    ],
)
def test_same_words(ours: str, theirs: str, same: bool) -> None:
    assert same_words(ours, theirs) is same
