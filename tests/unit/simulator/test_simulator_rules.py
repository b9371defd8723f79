"""Fault rules: what is refused, and for which requests one holds."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from channels.simulator import complaint, read_rules
from channels.simulator.faults import Match, Plan, fraction


def rule(do: dict[str, Any], provider: str = "twilio", **rest: Any) -> dict[str, Any]:
    return {"provider": provider, "do": do, **rest}


@pytest.mark.parametrize(
    ("data", "where", "why"),
    [
        (rule({"what": "status", "status": 200}), "0.do.status.status", "greater than or equal to 400"),
        (rule({"what": "explode"}), "0.do", "explode"),
        (rule({"status": 500}), "0.do", "discriminator"),
        (rule({"what": "reset_before", "seconds": 3}), "0.do.reset_before.seconds", "not permitted"),
        (rule({"what": "receipts", "how": "late"}), "0.do.receipts", "late"),
        (rule({"what": "receipts", "how": "never", "seconds": 1}), "0.do.receipts", "late"),
        (rule({"what": "receipts", "how": "never"}, "slack"), "0", "only telnyx, twilio"),
        (rule({"what": "status", "status": 500}, "smtp"), "0", "not something that smtp does"),
        (rule({"what": "smtp", "code": 550}, "x"), "0", "only smtp"),
        (rule({"what": "slack_error", "error": "Not Found"}, "slack"), "0.do.slack_error.error", "pattern"),
        (rule({"what": "reset_before"}, "telex"), "0.provider", "twilio"),
        (rule({"what": "reset_before"}, match={"share": 2}), "0.match.share", "less than or equal to 1"),
        (rule({"what": "reset_before"}, match={"after": 5, "until": 5}), "0.match", "later than"),
        (rule({"what": "reset_before"}, match={"nth": [0]}), "0.match.nth.0", "greater than 0"),
        (rule({"what": "reset_before"}, match={"from": "x"}), "0.match.from", "not permitted"),
        (rule({"what": "garbled"}, match={"on": "read"}), "0", "never match"),
        (rule({"what": "reset_before"}, times=0), "0.times", "greater than 0"),
    ],
)
def test_a_rule_without_sense_is_refused_with_its_place(data: dict[str, Any], where: str, why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read_rules([data])
    complaints = complaint(caught.value)
    assert complaints[0]["where"] == where
    assert why in complaints[0]["why"]


def holds(
    match: dict[str, Any], *, to: str = "+1555", sending: bool = True, number: int = 1, elapsed: float = 0
) -> bool:
    return Match.model_validate(match).holds(to=to, sending=sending, number=number, elapsed=elapsed)


def test_an_empty_match_holds_always() -> None:
    assert holds({})
    assert holds({}, to="", sending=False)


def test_recipients_by_name_and_by_glob() -> None:
    assert holds({"to": "+1555"})
    assert holds({"to": "+15*"})
    assert holds({"to": ["+49*", "+1555"]})
    assert not holds({"to": ["+49*", "+1556"]})
    assert not holds({"to": "+155"})
    assert not holds({"to": []})
    assert not holds({"to": "*5"}, to="")


def test_numbers_window_and_direction() -> None:
    assert holds({"nth": [2, 4]}, number=4)
    assert not holds({"nth": [2, 4]}, number=3)
    assert not holds({"nth": [1]}, number=1, sending=False)
    assert not holds({"after": 2, "until": 4}, elapsed=1.9)
    assert holds({"after": 2, "until": 4}, elapsed=2)
    assert not holds({"after": 2, "until": 4}, elapsed=4)
    assert holds({"on": "read"}, sending=False)
    assert not holds({"on": "read"})
    assert not holds({"on": "send"}, sending=False)


def test_all_that_is_given_must_hold() -> None:
    match = {"to": "+1*", "nth": [3], "share": 1}
    assert holds(match, number=3)
    assert not holds(match, number=2)
    assert not holds(match, number=3, to="+49")


def test_a_share_is_about_right_and_always_the_same_people() -> None:
    people = [f"+1555{n:07d}" for n in range(4000)]
    chosen = [to for to in people if holds({"share": 0.1, "seed": "a"}, to=to)]
    assert 300 < len(chosen) < 500
    assert chosen == [to for to in people if holds({"share": 0.1, "seed": "a"}, to=to)]
    assert chosen != [to for to in people if holds({"share": 0.1, "seed": "b"}, to=to)]
    wider = {to for to in people if holds({"share": 0.2, "seed": "a"}, to=to)}
    assert set(chosen) < wider
    assert not holds({"share": 1}, to="")
    assert not any(holds({"share": 0}, to=to) for to in people)


def test_fraction_is_pinned() -> None:
    assert fraction(0, "+15550001") == fraction("0", "+15550001")
    assert round(fraction(0, "+15550001"), 6) == 0.453409


def test_first_match_of_each_phase_fires_and_is_counted() -> None:
    plan = Plan()
    rules = [
        rule({"what": "reset_before"}, match={"to": "+49*"}, times=1),
        rule({"what": "status", "status": 503}),
        rule({"what": "undelivered"}),
        rule({"what": "garbled"}, "x"),
    ]
    plan.add(read_rules(rules), now=100)

    def fire(phase: Any, to: str) -> Any:
        do = plan.fire(phase, "twilio", to=to, sending=True, number=1, now=101)
        return do and do.what

    assert fire("request", "+49") == "reset_before"
    assert fire("request", "+49") == "status"
    assert fire("request", "+1") == "status"
    assert fire("fate", "+1") == "undelivered"
    assert fire("receipts", "+1") is None
    assert [entry["fired"] for entry in plan.as_data()] == [1, 2, 1, 0]
    assert plan.as_data()[1]["do"] == {"what": "status", "status": 503}
    plan.clear()
    assert fire("request", "+1") is None


def test_a_fault_of_sending_leaves_reading_alone() -> None:
    plan = Plan()
    plan.add(read_rules([rule({"what": "reset_after"}), rule({"what": "reset_before"})]), now=0)
    read = plan.fire("request", "twilio", to="", sending=False, number=0, now=0)
    assert read.what == "reset_before"


def test_what_is_shown_can_be_set_again() -> None:
    plan = Plan()
    plan.add(read_rules([rule({"what": "hang", "seconds": 3}, match={"nth": [1]}, times=2, note="why")]), now=0)
    shown = plan.as_data()
    for entry in shown:
        del entry["number"], entry["fired"]
    assert read_rules(shown)[0].model_dump() == read_rules(shown)[0].model_dump()
    assert read_rules(shown)[0].match.nth == [1]
