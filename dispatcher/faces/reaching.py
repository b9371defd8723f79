"""The proof of reach of playbooks and audiences, for every face that shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from channels.contract import Kind
from dispatcher.config_checks import suggest
from dispatcher.incidents.desk import NotFound
from dispatcher.ledger import Tx, recipients
from dispatcher.ledger.who import Somebody, people_of
from dispatcher.model.masking import mask
from dispatcher.model.recipient import PeopleClass
from dispatcher.plan.planner import kinds_of
from dispatcher.plan.reach import Plight, Reach, reach, who
from dispatcher.wiring import Installation


@dataclass(frozen=True, slots=True)
class Proof:
    """How well an audience is reached by the kinds of some playbooks.

    Attributes:
        audience: Who is told.
        playbooks: Those that tell people by just these kinds; their reach is the same.
        kinds: The kinds.
        classes: The people.
        reach: What was found.
    """

    audience: str
    playbooks: tuple[str, ...]
    kinds: frozenset[Kind]
    classes: tuple[PeopleClass, ...]
    reach: Reach


def proofs(
    here: Installation, tx: Tx, *, audience: str | None = None, playbook: str | None = None, pairs: bool = False
) -> list[Proof]:
    """The proof for every audience and playbook, or for one. Each audience is read once.

    Raises:
        NotFound: there is no such audience or playbook.
    """
    known(here, audience=audience, playbook=playbook)
    config = here.config
    by_kinds: dict[frozenset[Kind], list[str]] = {}
    for name, one in config.playbooks.items():
        if playbook in (None, name):
            by_kinds.setdefault(frozenset(kinds_of(one.legs)), []).append(name)
    found = []
    for name, to in config.audiences.items():
        if audience not in (None, name):
            continue
        classes = tuple(recipients.classes(tx, to, config.mail_rides_on))
        for kinds, names in by_kinds.items():
            proven = reach(classes, here.ways, kinds, pairs=pairs)
            found.append(Proof(name, tuple(names), kinds, classes, proven))
    return found


def known(
    here: Installation, *, audience: str | None = None, playbook: str | None = None, vendors: Iterable[str] = ()
) -> None:
    """Refuse names that `config/` does not have.

    Raises:
        NotFound: with the names that are there, or the one that may be meant.
    """
    asked: list[tuple[str, str | None, Collection[str]]] = [
        ("audience", audience, here.config.audiences),
        ("playbook", playbook, here.config.playbooks),
    ]
    asked += [("vendor", vendor, here.config.vendors) for vendor in vendors]
    for what, name, names in asked:
        if name is not None and name not in names:
            raise NotFound(f"unknown {what} {name!r}. {suggest(name, names)}")


def named(
    here: Installation, tx: Tx, proof: Proof, lost: Collection[str], plight: Plight, limit: int
) -> Iterator[Somebody]:
    """Those of an audience who are so off without these vendors, with masked addresses; read as they are taken."""
    concerned = who(proof.classes, here.ways, proof.kinds, lost, plight)
    for one in people_of(tx, here.config.audiences[proof.audience], concerned, limit):
        masked = {kind: mask(address) for kind, address in one.addresses.items()}
        yield Somebody(one.id, one.ref, one.name, masked)
