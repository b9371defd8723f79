"""Which state may follow which, which rule an alert falls under, and what it leads to."""

from __future__ import annotations

import itertools

import pytest

from dispatcher.incidents.rules import Lead, find_rule, group_key, lead_of_ended, lead_of_firing
from dispatcher.incidents.states import WrongState, next_state, reason_for
from dispatcher.model.config import Reaction, Rule
from dispatcher.model.incident import Reason, State
from dispatcher.model.signal import Signal


def signal(**labels: str) -> Signal:
    return Signal("test", "test:1", True, "It broke", labels, {})


@pytest.mark.parametrize(("current", "asked"), list(itertools.product(State, [None, *State])))
def test_states(current: State, asked: State | None) -> None:
    if current is State.RESOLVED:
        with pytest.raises(WrongState, match="open a new one"):
            next_state(current, asked)
    else:
        assert next_state(current, asked) is (asked or current)


@pytest.mark.parametrize(
    ("number", "state", "reason"),
    [
        (1, State.INVESTIGATING, Reason.OPENED),
        (1, State.RESOLVED, Reason.RESOLVED),
        (2, State.INVESTIGATING, Reason.UPDATE),
        (7, State.MONITORING, Reason.UPDATE),
        (7, State.RESOLVED, Reason.RESOLVED),
    ],
)
def test_why_something_is_said(number: int, state: State, reason: Reason) -> None:
    assert reason_for(number, state) is reason


RULES = [
    Rule(name="exact", match={"alertname": "Down", "severity": "critical"}, playbook="a"),
    Rule(name="prefix", match={"alertname": "Down*"}, playbook="b"),
    Rule(name="label", match={"team": "*"}, playbook="c"),
]


@pytest.mark.parametrize(
    ("labels", "rule"),
    [
        ({"alertname": "Down", "severity": "critical"}, "exact"),
        ({"alertname": "Down", "severity": "warning"}, "prefix"),
        ({"alertname": "DownAgain"}, "prefix"),
        ({"alertname": "down"}, None),
        ({"alertname": "Up", "team": ""}, "label"),
        ({}, None),
    ],
)
def test_the_first_rule_whose_labels_all_match_decides(labels: dict[str, str], rule: str | None) -> None:
    found = find_rule(signal(**labels), RULES)
    assert (found.name if found else None) == rule


def test_alerts_that_agree_in_the_grouping_labels_are_one_incident() -> None:
    rule = Rule(name="r", match={}, playbook="a", group_by=("service", "zone"))
    assert group_key(rule, signal(service="mail", zone="eu", pod="1")) == group_key(
        rule, signal(zone="eu", service="mail", pod="2")
    )
    assert group_key(rule, signal(service="mail")) != group_key(rule, signal(service="chat"))
    assert group_key(rule, signal(service="x|zone=y")) != group_key(rule, signal(service="x", zone="y|zone="))


@pytest.mark.parametrize(
    ("rule", "is_open", "lead"),
    [
        (None, False, Lead.NOTHING),
        (None, True, Lead.NOTHING),
        (Reaction.DRAFT, False, Lead.DRAFT),
        (Reaction.BROADCAST, False, Lead.BROADCAST),
        (Reaction.DRAFT, True, Lead.REPEAT),
        (Reaction.BROADCAST, True, Lead.REPEAT),
    ],
)
def test_what_a_firing_alert_leads_to(rule: Reaction | None, is_open: bool, lead: Lead) -> None:
    made = None if rule is None else Rule(name="r", match={}, playbook="a", then=rule)
    assert lead_of_firing(made, is_open=is_open) is lead


def test_what_the_end_of_an_alert_leads_to() -> None:
    for resolves, was, others, is_open, told in itertools.product((True, False), repeat=5):
        rule = Rule(name="r", match={}, playbook="a", when_resolved="resolve" if resolves else "offer")
        lead = lead_of_ended(rule, was_firing=was, others_firing=others, is_open=is_open, was_told=told)
        if not (was and is_open):
            assert lead is Lead.NOTHING
        elif others:
            assert lead is Lead.STILL_FIRING
        else:
            assert lead is (Lead.RESOLVE if resolves and told else Lead.OFFER_RESOLVE)
