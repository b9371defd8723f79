"""What happens by itself when monitors speak: the same alert again is the same incident, and its end is heard too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dispatcher.incidents.desk import Desk, Order, Refused, Say, Told
from dispatcher.incidents.rules import Lead, find_rule, group_key, lead_of_ended, lead_of_firing
from dispatcher.ledger import Tx, alerts, incidents
from dispatcher.model.config import Rule
from dispatcher.model.incident import State
from dispatcher.model.signal import Signal


@dataclass(frozen=True, slots=True)
class Reacted:
    """What one signal led to. `told` is set when something was promised; `why` says why not, where that matters."""

    key: str
    lead: Lead
    rule: str
    incident_id: int | None
    told: Told | None = None
    why: str = ""


def react(tx: Tx, signal: Signal, rules: Sequence[Rule], desk: Desk) -> Reacted:
    """Take in one signal. A broadcast that is refused leaves a draft, so that the alert is not lost."""
    rule = find_rule(signal, rules)
    return _fires(tx, signal, rule, desk) if signal.firing else _ended(tx, signal, rule, desk)


def _fires(tx: Tx, signal: Signal, rule: Rule | None, desk: Desk) -> Reacted:
    if rule is None:
        return Reacted(signal.key, Lead.NOTHING, "", None, why="no rule in config/rules.yaml matches its labels")
    group = group_key(rule, signal)
    open_id = alerts.open_incident_of(tx, key=signal.key, group_key=group)
    lead = lead_of_firing(rule, is_open=open_id is not None)
    told, why = None, ""
    if open_id is None:
        order = Order(
            playbook=rule.playbook,
            author=f"rule {rule.name}",
            title=signal.title,
            vendors=rule.vendors or None,
            audience=rule.audience,
            severity=rule.severity,
        )
        drafted = desk.draft(tx, order)
        open_id = drafted.id
        if lead is Lead.BROADCAST:
            try:
                told = desk.tell(tx, drafted, Say(author=order.author))
            except Refused as refused:
                lead, why = Lead.DRAFT, f"kept as a draft: {refused}"
    else:
        incidents.withdraw_offer(tx, open_id)
    alerts.note_firing(tx, key=signal.key, group_key=group, incident_id=open_id)
    return Reacted(signal.key, lead, rule.name, open_id, told, why)


def _ended(tx: Tx, signal: Signal, rule: Rule | None, desk: Desk) -> Reacted:
    incident_id = alerts.note_ended(tx, key=signal.key)
    name = rule.name if rule else ""
    if incident_id is None:
        return Reacted(signal.key, Lead.NOTHING, name, None, why="this alert was not firing")
    about = desk.find(tx, incident_id, lock=True)
    lead = lead_of_ended(
        rule,
        was_firing=True,
        others_firing=alerts.any_firing(tx, incident_id),
        is_open=about.state is not State.RESOLVED,
        was_told=bool(incidents.updates(tx, incident_id)),
    )
    told, why = None, ""
    if lead is Lead.RESOLVE:
        try:
            told = desk.tell(tx, about, Say(author=f"rule {name}", state=State.RESOLVED))
        except Refused as refused:
            lead, why = Lead.OFFER_RESOLVE, f"not resolved by itself: {refused}"
    if lead is Lead.OFFER_RESOLVE:
        incidents.offer_resolve(tx, incident_id)
    return Reacted(signal.key, lead, name, incident_id, told, why)
