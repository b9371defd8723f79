"""What `explain` says of an attempt: each thing once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from channels.contract import Kind
from dispatcher.model.delivery import Chain, Status
from dispatcher.model.story import AttemptStory, DeliveryLine, ReceiptStory, Story, ended, events

AT = datetime(2026, 11, 25, 14, 5, tzinfo=UTC)


def tried(outcome: str, detail: str | None, decision: str | None, code: str | None = None) -> AttemptStory:
    return AttemptStory(1, "twilio-main", Kind.SMS, AT, AT, outcome, None, None, code, detail, None, decision, None, ())


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (
            tried("rejected", "No such number.", "twilio-main rejected: No such number.", "21211"),
            "rejected: No such number. [21211]",
        ),
        (
            tried("rejected", "No such number.", "rejected: No such number.; no route is left"),
            "rejected: No such number.; so: rejected: No such number.; no route is left",
        ),
        (
            tried("accepted", None, "accepted by the provider"),
            "accepted; so: accepted by the provider",
        ),
        (tried("accepted", None, None), "accepted"),
    ],
)
def test_a_decision_that_only_repeats_the_answer_is_not_said_again(attempt: AttemptStory, said: str) -> None:
    assert ended(attempt) == said


def test_events_are_told_in_order_with_what_came_late() -> None:
    """A text comes back, the app is told, the network then says that the text arrived after all."""

    def at(seconds: float) -> datetime:
        return AT + timedelta(seconds=seconds)

    heard = (
        ReceiptStory(at(2), "undelivered", "undelivered: on to the next route", {"ErrorCode": "30006"}),
        ReceiptStory(at(9), "delivered", "recorded", {"MessageStatus": "delivered"}),
    )
    text = replace(tried("accepted", None, None), finished_at=at(0.4), ref="SM1", receipts=heard)
    text = replace(text, silent_at=at(1), silence="on to the next route")
    skipped = tried("skipped", None, "telnyx-backup: skipped before trying")
    skipped = replace(skipped, route="telnyx-backup", started_at=at(2.5))
    app = replace(tried("accepted", None, None), id=3, route="inapp", started_at=at(3), finished_at=at(3))
    line = DeliveryLine(
        1, 1, 1, "reach", "recipient 1", "inapp", "inapp", "", Status.ACCEPTED, "", 1, maybe_twice=False,
        first_tried_at=AT, updated_at=AT,
    )  # fmt: skip
    story = Story(line, "It is down", "everyone", "en", AT, AT, None, Chain(()), "", "", (text, skipped, app))
    told = events(story)
    assert [(one.what, one.route, one.late) for one in told] == [
        ("tried", "twilio-main", False),
        ("answered", "twilio-main", False),
        ("silent", "twilio-main", False),
        ("receipt", "twilio-main", False),
        ("skipped", "telnyx-backup", False),
        ("tried", "inapp", False),
        ("answered", "inapp", False),
        ("receipt", "twilio-main", True),
    ]
    assert told[1].words == "accepted as SM1 after 0.4 s"
    assert told[3].raw == {"ErrorCode": "30006"}
    assert told[-1].words == "receipt 'delivered': recorded (late: inapp had been tried by then)"
