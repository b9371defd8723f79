"""What would happen: everything a broadcast does before it leaves is done for real, looked at, and undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dispatcher.incidents.desk import Audit, Told
from dispatcher.ledger import Tx, broadcasts, recipients
from dispatcher.plan.planner import Branch, branches
from dispatcher.wiring import Installation


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to name in a warning."""

    id: int
    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be said, to whom, by which route first.

    `mail_alone` names some of those who could be reached by mail alone; `audit` counts them all.
    """

    told: Told
    wording: tuple[broadcasts.Wording, ...]
    branches: tuple[Branch, ...]
    audit: Audit
    mail_alone: tuple[Person, ...]

    @property
    def first_by_route(self) -> dict[tuple[str, str], int]:
        """How many hear it first by each (kind, route); ("", "") counts those whom nothing reaches."""
        counted: dict[tuple[str, str], int] = {}
        for branch in self.branches:
            first = branch.chain.hops[0] if branch.chain.hops else None
            key = (first.kind.value, first.route) if first else ("", "")
            counted[key] = counted.get(key, 0) + branch.who.people
        return counted


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
    reach = here.reach(tx, playbook, incident.audience)
    named = [
        Person(*row)
        for kinds in reach.mail_alone_kinds
        for row in recipients.with_only(tx, here.config.audiences[incident.audience], kinds, 20)
    ]
    return Preview(
        told=told,
        wording=tuple(broadcasts.wording(tx, told.broadcast.id)),
        branches=tuple(
            branches(
                tx,
                here.config,
                here.ways,
                audience=incident.audience,
                legs=playbook.legs,
                down=incident.vendors,
            )
        ),
        audit=here.audit(tx, playbook, incident.audience),
        mail_alone=tuple(named[:20]),
    )
