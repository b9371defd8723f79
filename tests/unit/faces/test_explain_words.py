"""What `explain` says of an attempt: each thing once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels.contract import Kind
from dispatcher.faces.cli.explaining import attempt_ended
from dispatcher.model.story import AttemptStory

AT = datetime(2026, 11, 25, 14, 5, tzinfo=UTC)


def tried(outcome: str, detail: str | None, decision: str | None, code: str | None = None) -> AttemptStory:
    return AttemptStory(1, "twilio-main", Kind.SMS, AT, AT, outcome, None, None, code, detail, None, decision, None, ())


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (
            tried("rejected", "No such number.", "twilio-main rejected: No such number.", "21211"),
            "twilio-main: rejected: No such number. [21211]",
        ),
        (
            tried("rejected", "No such number.", "rejected: No such number.; no route is left"),
            "twilio-main: rejected: No such number.; so: rejected: No such number.; no route is left",
        ),
        (
            tried("accepted", None, "accepted by the provider"),
            "twilio-main: accepted; so: accepted by the provider",
        ),
        (tried("accepted", None, None), "twilio-main: accepted"),
    ],
)
def test_a_decision_that_only_repeats_the_answer_is_not_said_again(attempt: AttemptStory, said: str) -> None:
    assert attempt_ended(attempt) == said
