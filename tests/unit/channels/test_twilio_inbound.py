"""What people text to a Twilio number, and who answers. No network."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from channels.contract import Callback, Forged, Heard, Unreadable, Wish
from channels.sms.twilio.receipts import Callbacks
from channels.sms.twilio.settings import TwilioSettings

URL = "https://hooks.example.com/receipts/twilio-main"
SECRET = "12345"
TEXT = {"MessageSid": "SM1", "SmsStatus": "received", "From": "+15551234567", "To": "+15005550006", "Body": "STOP"}
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


def settings(**more: Any) -> TwilioSettings:
    given = {"account_sid": "AC" + "0" * 32, "auth_token": SECRET, "from_number": "+15005550006"}
    return TwilioSettings.model_validate({**given, **more})


def heard(*, token: str = "", without: str = "", account: TwilioSettings | None = None, **changes: str) -> Heard:
    fields = {name: value for name, value in {**TEXT, **changes}.items() if name != without}
    url = f"{URL}/{token}" if token else URL
    signature = RequestValidator(SECRET).compute_signature(url, fields)
    called = Callback(url, token, {"x-twilio-signature": signature}, urlencode(fields).encode(), 0.0)
    return Callbacks([SECRET], account or settings()).read(called)


def answer(told: Heard) -> str:
    assert told.answer is not None
    assert told.answer.content_type == "text/xml"
    return told.answer.body.decode().removeprefix('<?xml version="1.0" encoding="UTF-8"?><Response>')[
        : -len("</Response>")
    ]


def test_a_stop_is_heard() -> None:
    told = heard()
    (said,) = told.said
    assert (said.wish, said.address, said.words, said.event) == (Wish.STOP, "+15551234567", "STOP", "SM1")
    assert list(told.receipts) == []


@pytest.mark.parametrize("body", ["STOP", " stop ", "Unsubscribe", "START", "yes", "HELP", "info"])
def test_what_twilio_answers_by_itself_is_not_answered_again(body: str) -> None:
    assert answer(heard(Body=body)) == ""
    assert answer(heard(Body=body, OptOutType="STOP")) == ""
    assert "<Message>" in answer(heard(Body=body, account=settings(own_replies=True)))


def test_a_no_in_other_words_is_answered_once_by_us() -> None:
    assert answer(heard(Body="please stop texting me")) == f"<Message>{settings().stop_reply}</Message>"
    # Advanced Opt-Out with keywords of the account's own: Twilio has answered.
    assert answer(heard(Body="please stop texting me", OptOutType="STOP")) == ""


def test_the_words_of_the_answer_are_the_companys_and_harmless() -> None:
    own = settings(stop_reply="Done & <over>.", own_replies=True, help_reply="")
    assert answer(heard(Body="please stop", account=own)) == "<Message>Done &amp; &lt;over&gt;.</Message>"
    assert answer(heard(Body="help", account=own)) == ""


@pytest.mark.parametrize(
    ("body", "kind", "means"),
    [
        ("STOP", "", Wish.STOP),
        ("Start", "START", Wish.START),
        ("HELP", "HELP", Wish.HELP),
        ("Schluss", "STOP", Wish.STOP),
        ("remove me please", "HELP", Wish.STOP),
        ("when will it stop?", "", Wish.OTHER),
        ("", "", Wish.OTHER),
        ("when?", "BRAND-NEW", Wish.OTHER),
    ],
)
def test_wishes(body: str, kind: str, means: Wish) -> None:
    told = heard(Body=body, **({"OptOutType": kind} if kind else {}))
    assert [one.wish for one in told.said] == [means]
    if means is Wish.OTHER:
        assert answer(told) == ""


def test_a_text_by_another_of_twilios_channels_is_none_of_ours() -> None:
    told = heard(From="whatsapp:+15551234567")
    assert list(told.said) == []
    assert answer(told) == ""


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_a_text_from_nobody_is_not_understood(missing: str) -> None:
    with pytest.raises(Unreadable):
        heard(without=missing)


def test_a_forged_text_is_refused_and_one_at_an_attempts_address_is_no_text() -> None:
    called = Callback(URL, "", {"x-twilio-signature": "nonsense"}, urlencode(TEXT).encode(), 0.0)
    with pytest.raises(Forged):
        Callbacks([SECRET], settings()).read(called)
    told = heard(token="tok1")
    assert list(told.said) == []
    assert len(told.receipts) == 1
