"""The proof of reach of playbooks and audiences, for every face that shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from channels.contract import Kind
from dispatcher.config_checks import suggest
from dispatcher.faces.words import too_dear_as_it_stands
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
        dear: Languages, each with a route that the cost cap of these playbooks leaves out there, words as they stand.
    """

    audience: str
    playbooks: tuple[str, ...]
    kinds: frozenset[Kind]
    classes: tuple[PeopleClass, ...]
    reach: Reach
    dear: frozenset[tuple[str, str]] = frozenset()

    def too_dear(self, locale: str) -> frozenset[str]:
        """The routes that the cost cap leaves out for readers of a language."""
        return _of_language(self.dear, locale)


def _of_language(dear: Iterable[tuple[str, str]], locale: str) -> frozenset[str]:
    return frozenset(route for language, route in dear if language == locale)


def proofs(
    here: Installation, tx: Tx, *, audience: str | None = None, playbook: str | None = None, pairs: bool = False
) -> list[Proof]:
    """The proof for every audience and playbook, or for one. Each audience is read once.

    Raises:
        NotFound: there is no such audience or playbook.
    """
    known(here, audience=audience, playbook=playbook)
    config = here.config
    found = []
    for name, to in config.audiences.items():
        if audience not in (None, name):
            continue
        classes = tuple(recipients.classes(tx, to, config.mail_rides_on))
        locales = frozenset(one.locale for one in classes)
        alike: dict[tuple[frozenset[Kind], frozenset[tuple[str, str]]], list[str]] = {}
        for title, one in config.playbooks.items():
            if playbook in (None, title):
                key = (frozenset(kinds_of(one.legs)), too_dear_as_it_stands(here, title, locales))
                alike.setdefault(key, []).append(title)
        for (kinds, dear), names in alike.items():
            proven = reach(classes, here.ways, kinds, pairs=pairs, dear=partial(_of_language, dear))
            found.append(Proof(name, tuple(names), kinds, classes, proven, dear))
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
    concerned = who(proof.classes, here.ways, proof.kinds, lost, plight, proof.too_dear)
    for one in people_of(tx, here.config.audiences[proof.audience], concerned, limit):
        masked = {kind: mask(address) for kind, address in one.addresses.items()}
        yield Somebody(one.id, one.ref, one.name, masked)
