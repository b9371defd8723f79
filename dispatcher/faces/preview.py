"""What would happen: everything a broadcast does before it leaves is done for real, looked at, and undone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from dispatcher.faces.forecasting import Forecast, forecast
from dispatcher.incidents.desk import Audit, Told
from dispatcher.ledger import Tx, broadcasts, recipients
from dispatcher.ledger.who import people_of
from dispatcher.model.incident import Reason
from dispatcher.plan.capping import Weighed, weigh
from dispatcher.plan.costs import too_dear
from dispatcher.plan.health import fallen, look
from dispatcher.plan.planner import Branch, branches, corrections, kinds_of
from dispatcher.plan.reach import Loss, Plight, who, without
from dispatcher.wiring import Installation

#: So many people a warning names, at most.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to name in a warning."""

    id: int
    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be said, to whom, by which route first.

    `mail_alone` names some of those who could be reached by mail alone on any day; `audit` counts them all. `today`
    counts who is how badly off while what is `down` now is down, and `today_named` names some of them. `weighed` is the
    plan against the playbook's cost cap, None where none holds.
    """

    told: Told
    wording: tuple[broadcasts.Wording, ...]
    branches: tuple[Branch, ...]
    audit: Audit
    mail_alone: tuple[Person, ...]
    today: Loss
    down: tuple[str, ...]
    today_named: Mapping[Plight, tuple[Person, ...]]
    forecast: Forecast
    weighed: Weighed | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """What it is refused for without a reason."""
        capped = self.weighed.problems(self.told.incident.playbook) if self.weighed else ()
        return (*self.audit.problems, *capped)

    @property
    def first_by_route(self) -> dict[tuple[str, str], int]:
        """How many hear it first by each (kind, route); ("", "") counts those whom nothing reaches."""
        counted: dict[tuple[str, str], int] = {}
        for branch in (branch for branch in self.branches if branch.people):
            first = branch.chain.hops[0] if branch.chain.hops else None
            key = (first.kind.value, first.route) if first else ("", "")
            counted[key] = counted.get(key, 0) + branch.people
        return counted


def today(seen: Preview) -> list[tuple[str, tuple[Person, ...]]]:
    """What must be known of who is reached while what is down is down: sentences, each with some of the people."""
    vendors = seen.down
    if not vendors:
        return []
    lost = f"{', '.join(vendors)} {'is' if len(vendors) == 1 else 'are'} down"
    of = f"of {seen.audit.people} people"
    found = []
    if seen.today.unreachable:
        people = seen.today_named[Plight.UNREACHABLE]
        found.append((f"while {lost}, {seen.today.unreachable} {of} are reached by nothing else", people))
    if seen.today.mail_alone:
        people = seen.today_named[Plight.MAIL_ALONE]
        found.append((f"while {lost}, {seen.today.mail_alone} {of} are reached by mail alone", people))
    return found


class _Undo(Exception):
    """Carries nothing; ends the transaction without keeping it."""


def preview(here: Installation, do: Callable[[Tx], Told]) -> Preview:
    """Do it, look at it, undo it.

    Args:
        here: The installation.
        do: Opens or updates an incident within the transaction, with a `Say.override`, so that people with mail alone
            are shown rather than refused.

    Raises:
        Refused, NotFound, WrongState, LedgerAway: as the real thing would.
    """
    found: Preview | None = None
    try:
        with here.ledger.write() as tx:
            found = _look(here, tx, do(tx))
            raise _Undo
    except _Undo:
        pass
    if found is None:
        raise RuntimeError("the preview was undone before it was looked at")
    return found


def _look(here: Installation, tx: Tx, told: Told) -> Preview:
    incident = told.incident
    playbook = here.config.playbooks[incident.playbook]
    audience = here.config.audiences[incident.audience]
    classes = recipients.classes(tx, audience, here.config.mail_rides_on)
    kinds = kinds_of(playbook.legs)

    wording = tuple(broadcasts.wording(tx, told.broadcast.id))
    costs = here.costs({(one.kind, one.locale): one.words for one in wording})
    retracted = told.update.reason is Reason.RETRACTED
    cap = None if retracted else playbook.cap_at(incident.severity)
    dear = too_dear(cap, here.ways, costs)
    seen = look(tx, here.config, here.ways, incident)
    lost = tuple(dict.fromkeys((*incident.vendors, *fallen(seen.health))))

    def named(lost: Collection[str], plight: Plight) -> tuple[Person, ...]:
        concerned = who(classes, here.ways, kinds, lost, plight, dear)
        return tuple(Person(one.id, one.ref, one.name) for one in people_of(tx, audience, concerned, NAMED))

    if retracted:
        planned = tuple(corrections(tx, told.broadcast))
    else:
        planned = tuple(
            branches(tx, here.config, here.ways, audience=incident.audience, legs=playbook.legs, seen=seen, dear=dear)
        )
    return Preview(
        told=told,
        wording=wording,
        branches=planned,
        audit=here.audit(tx, playbook, incident.audience),
        mail_alone=named((), Plight.MAIL_ALONE),
        today=without(classes, here.ways, kinds, lost, dear),
        down=lost,
        forecast=forecast(here, tx, planned, costs, playbook.useful_for, None if retracted else audience),
        weighed=None if cap is None else weigh(cap, planned, here.ways, kinds, costs),
        today_named={plight: named(lost, plight) for plight in (Plight.UNREACHABLE, Plight.MAIL_ALONE)},
    )
