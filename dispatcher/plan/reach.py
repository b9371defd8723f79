"""Proof of reach: who would be told if a vendor died, and who has mail alone. Pure, and exact for any number of people.

It looks at classes of people (one language, the same kinds of address), never at persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from channels.contract import Kind
from dispatcher.model.recipient import PeopleClass
from dispatcher.plan.chains import Way


@dataclass(frozen=True, slots=True)
class Reach:
    """How well an audience can be reached.

    Attributes:
        people: How many there are.
        mail_alone: How many could be reached by mail alone.
        mail_alone_kinds: The kinds of address of those people, class by class, for listing them.
        unreachable: How many no route can reach even on a good day.
        without: For every vendor whose loss alone would silence somebody: how many.
    """

    people: int
    mail_alone: int
    mail_alone_kinds: tuple[frozenset[Kind], ...]
    unreachable: int
    without: dict[str, int]

    @property
    def is_proven(self) -> bool:
        """Whether invariant 1 holds: nobody has mail alone, and no single vendor's loss silences anybody."""
        return not (self.mail_alone or self.unreachable or self.without)


def reach(classes: Iterable[PeopleClass], ways: Sequence[Way], kinds: Iterable[Kind]) -> Reach:
    """The reach of a playbook's kinds to these people.

    Args:
        classes: The people.
        ways: All configured routes.
        kinds: The kinds that any leg of the playbook uses.
    """
    wanted = set(kinds)
    usable = [way for way in ways if not way.problem and not way.one_place and way.kind in wanted]
    people = mail_alone = unreachable = 0
    mail_kinds: set[frozenset[Kind]] = set()
    without: dict[str, int] = {}
    for one in classes:
        people += one.people
        routes = [way for way in usable if way.kind in one.kinds]
        if not routes:
            unreachable += one.people
            continue
        if all(way.kind is Kind.EMAIL for way in routes):
            mail_alone += one.people
            mail_kinds.add(one.kinds)
        for vendor in set.intersection(*(set(way.depends_on) for way in routes)):
            without[vendor] = without.get(vendor, 0) + one.people
    ordered = tuple(sorted(mail_kinds, key=lambda kinds: sorted(kind.value for kind in kinds)))
    return Reach(people, mail_alone, ordered, unreachable, dict(sorted(without.items())))
