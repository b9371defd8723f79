"""Which rule an alert falls under, and what it leads to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fnmatch import fnmatchcase

from dispatcher.model.config import Reaction, Rule
from dispatcher.model.signal import Signal


class Lead(StrEnum):
    """What an alert leads to."""

    #: No rule matches, or an alert ended that opened nothing.
    NOTHING = "nothing"
    #: A new incident whose first message a person sends.
    DRAFT = "draft"
    #: A new incident whose first message leaves at once.
    BROADCAST = "broadcast"
    #: The incident is open already.
    REPEAT = "repeat"
    #: Something of the incident still fires.
    STILL_FIRING = "still-firing"
    #: All its alerts ended: a person is asked whether it is over.
    OFFER_RESOLVE = "offer-resolve"
    #: All its alerts ended, and the rule says that this is enough.
    RESOLVE = "resolve"


def find_rule(signal: Signal, rules: Sequence[Rule]) -> Rule | None:
    """The first rule all of whose labels match."""
    for rule in rules:
        if all(name in signal.labels and fnmatchcase(signal.labels[name], want) for name, want in rule.match.items()):
            return rule
    return None


def group_key(rule: Rule, signal: Signal) -> str:
    """Alerts with the same key are one incident."""
    parts = [f"{name}={signal.labels.get(name, '')!r}" for name in rule.group_by]
    return "|".join([rule.name, *parts])


def lead_of_firing(rule: Rule | None, *, is_open: bool) -> Lead:
    """What a firing alert leads to, by its rule and whether its incident is open."""
    if rule is None:
        return Lead.NOTHING
    if is_open:
        return Lead.REPEAT
    return Lead.BROADCAST if rule.then is Reaction.BROADCAST else Lead.DRAFT


def lead_of_ended(rule: Rule | None, *, was_firing: bool, others_firing: bool, is_open: bool, was_told: bool) -> Lead:
    """What the end of an alert leads to.

    Nobody was told anything of a draft: then there is nothing to resolve by message, and a person closes it.
    """
    if not was_firing or not is_open:
        return Lead.NOTHING
    if others_firing:
        return Lead.STILL_FIRING
    if rule is not None and rule.when_resolved == "resolve" and was_told:
        return Lead.RESOLVE
    return Lead.OFFER_RESOLVE
