"""Signatures, against the providers' own examples and their own verifiers."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from slack_sdk.signature import Clock, SignatureVerifier
from twilio.request_validator import RequestValidator
from yarl import URL

from channels.simulator import Accounts, slack_interaction, slack_signature, twilio_signature
from channels.simulator.callbacks import is_local, prepare
from channels.simulator.segments import segments

URL_OF_VECTOR = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMS_OF_VECTOR = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}


def test_twilio_vector() -> None:
    assert twilio_signature("12345", URL_OF_VECTOR, PARAMS_OF_VECTOR) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_twilio_validator_agrees_on_awkward_values() -> None:
    params = {"Body": "naïve ☎ & = +", "Empty": "", "AccountSid": "AC1", "a": "lower after upper"}
    url = "http://127.0.0.1:8080/receipts/x?one=%20&two=2"
    assert RequestValidator("secret").validate(url, params, twilio_signature("secret", url, params))
    assert not RequestValidator("other").validate(url, params, twilio_signature("secret", url, params))


def test_connection_settings_in_the_fragment_are_neither_signed_nor_sent() -> None:
    call = prepare("secret", "http://localhost/r?a=%2F#rc=3&rt=500", {"a": "b"})
    assert str(call.url) == "http://localhost/r?a=%2F"
    assert call.headers["X-Twilio-Signature"] == twilio_signature("secret", "http://localhost/r?a=%2F", {"a": "b"})


def test_the_form_is_encoded_as_the_standard_library_does() -> None:
    params = {"To": "+1555", "Plain": "abc123", "Empty": "", "Words": "naïve & é = ½ 字"}
    assert prepare("secret", "http://localhost/", params).body == urlencode(params).encode()


def test_slack_verifier_accepts_our_interaction() -> None:
    accounts = Accounts.generate()
    headers, body = slack_interaction(accounts, {"type": "block_actions", "user": {"id": "U1"}})
    assert SignatureVerifier(accounts.slack_signing_secret).is_valid_request(body, headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)


def test_slack_documented_example() -> None:
    """The example of Slack's guide to verifying requests."""
    secret, stamp = "8f742231b10e8888abcd99yyyzzz85a5", "1531420618"
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    ours = slack_signature(secret, stamp, body)
    assert ours == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"

    class Then(Clock):
        def now(self) -> float:
            return float(stamp)

    assert SignatureVerifier(secret, Then()).is_valid(body, stamp, ours)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:80/x", True),
        ("http://127.8.9.1/x", True),
        ("http://localhost/x", True),
        ("http://[::1]:9/x", True),
        ("http://127.0.0.1@example.com/x", False),
        ("http://localhost.example.com/x", False),
        ("http://example.com/x", False),
        ("http://10.0.0.1/x", False),
        ("http://[::]/x", False),
        ("ftp://127.0.0.1/x", False),
        ("nonsense", False),
    ],
)
def test_only_this_machine_is_called(url: str, local: bool) -> None:
    assert is_local(URL(url, encoded=True)) is local


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 159 + "€", 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("👋" * 35, 1),
        ("👋" * 36, 2),
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


def test_accounts_hide_their_secrets() -> None:
    accounts = Accounts.generate()
    shown = repr(accounts)
    for secret in (accounts.twilio_auth_token, accounts.slack_bot_token, accounts.slack_signing_secret):
        assert secret not in shown
    for secret in (accounts.x_consumer_secret, accounts.x_access_token_secret, accounts.smtp_password):
        assert secret not in shown
