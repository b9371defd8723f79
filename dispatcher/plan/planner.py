"""Makes the deliveries of an accepted broadcast: one statement per class of people, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random

from channels.contract import Kind
from dispatcher.ledger import Ledger, LedgerAway, Tx, broadcasts, incidents, recipients, retracing
from dispatcher.model.config import Config, Leg
from dispatcher.model.delivery import Because, Chain
from dispatcher.model.incident import Broadcast, Reason
from dispatcher.model.recipient import PeopleClass
from dispatcher.plan.chains import Way, chain, waits
from dispatcher.plan.costs import Costs, Estimating, TooDear, nothing_dear, too_dear, unpriced
from dispatcher.plan.health import Seen, look
from dispatcher.plan.retrace import retrace

_T = TypeVar("_T")
#: The leg of a shared place.
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Branch:
    """One class of people, or one shared place (`place`), and the chain it will be told by."""

    leg: str
    who: PeopleClass
    chain: Chain
    place: str = ""

    @property
    def waits(self) -> bool:
        """Whether it begins only when these people's quiet hours end."""
        return bool(self.who.quiet) and waits(self.chain)

    @property
    def people(self) -> int:
        """To how many it promises something: to nobody, when another leg tells them all that this one would."""
        told = any(hop.because is Because.ALREADY_TOLD for hop in self.chain.left_out)
        return 0 if told and not self.chain.hops else self.who.people


def branches(
    tx: Tx,
    config: Config,
    ways: Sequence[Way],
    *,
    audience: str,
    legs: Sequence[Leg],
    seen: Seen,
    dear: TooDear = nothing_dear,
) -> list[Branch]:
    """The whole plan for an audience: reads how many people of each class there are, decides the rest.

    Of several legs, a later one leaves out the kinds by which earlier ones begin: nobody hears the same words by the
    same kind twice at once. A leg that has nothing else left promises nothing. Kinds to which an earlier leg only fails
    over stay: they may never be needed there.

    What is too `dear` for a person is left out. A shared place is many people's: no cap on a message holds for it.
    """
    to = config.audiences[audience]
    planned = []
    for who in recipients.classes(tx, to, config.mail_rides_on, quiet_now=seen.quiet):
        told: dict[Kind, str] = {}
        for leg in legs:
            made = chain(
                leg.kinds,
                ways,
                has=who.kinds,
                health=seen.health,
                opened=seen.opened,
                mail_rides_on=who.mail_rides_on,
                told=told,
                too_dear=dear(who.locale),
                refused=who.refused or (),
                quiet=bool(who.quiet),
            )
            planned.append(Branch(leg.name, who, made))
            for hop in made.hops[:1]:
                told[hop.kind] = leg.name
    for name in to.destinations:
        place = config.destinations[name]
        who = PeopleClass(place.locale, frozenset({place.kind}), 1)
        made = chain([place.kind], ways, has={place.kind}, health=seen.health, opened=seen.opened, of_a_place=True)
        planned.append(Branch(PUBLIC, who, made, name))
    return planned


def corrections(tx: Tx, of: Broadcast) -> list[Branch]:
    """Who would hear a retraction if it were planned now: those who have heard, by the routes that told them first."""
    return [
        Branch(one.leg, PeopleClass(one.locale, frozenset(hop.kind for hop in chain.hops), one.people), chain)
        for one in retracing.heard(tx, of)
        for chain in [retrace(one.chain, one.carrier)]
    ]


class Planner:
    """Plans accepted broadcasts.

    Args:
        ledger: The record.
        config: What `config/` says.
        ways: Answers the routes as they can be used now.
        estimating: What words cost by a route; asked only where a playbook has a cost cap.
    """

    def __init__(
        self,
        ledger: Ledger,
        config: Config,
        ways: Callable[[], Sequence[Way]],
        estimating: Estimating = unpriced,
    ) -> None:
        self._ledger = ledger
        self._config = config
        self._ways = ways
        self._estimating = estimating

    # Two planners of one broadcast at once: the second is refused by PostgreSQL, and then finds it done.
    @retry(
        retry=retry_if_exception_type(LedgerAway),
        stop=stop_after_attempt(3),
        wait=wait_random(0.05, 0.3),
        reraise=True,
    )
    def plan(self, broadcast_id: int) -> set[str]:
        """Make its deliveries; answers the routes that have something to do. Harmless when it was done before."""
        try:
            return self._plan(broadcast_id)
        except _NotYet:
            return set()

    def _plan(self, broadcast_id: int) -> set[str]:
        # One view of the people for all classes: somebody changed meanwhile would fall between two of them.
        with self._ledger.write(one_view=True) as tx:
            taken = broadcasts.take_for_planning(tx, broadcast_id)
            if taken is None:
                return set()
            about = incidents.find(tx, taken.incident_id)
            if about is None:
                raise LookupError(f"broadcast {broadcast_id} belongs to an incident that is not there")
            said = broadcasts.frozen(tx, broadcast_id)
            if said.reason is Reason.RETRACTED:
                return self._take_back(tx, taken)
            playbook = _known(self._config.playbooks, about.playbook, f"{about.label} follows the playbook")
            audience = _known(self._config.audiences, taken.audience, f"broadcast {taken.id} is for the audience")
            woken: set[str] = set()
            ways = self._ways()
            seen = look(tx, self._config, ways, about)
            dear = too_dear(playbook.cap_at(taken.severity), ways, Costs(said.known_words, self._estimating))
            planned = branches(
                tx, self._config, ways, audience=taken.audience, legs=playbook.legs, seen=seen, dear=dear
            )
            for branch in planned:
                class_id = broadcasts.add_class(tx, taken, branch.leg, branch.people, branch.chain)
                if branch.place:
                    broadcasts.add_destination(
                        tx,
                        taken,
                        leg=branch.leg,
                        name=branch.place,
                        place=self._config.destinations[branch.place],
                        class_id=class_id,
                        chain=branch.chain,
                    )
                elif branch.people:
                    broadcasts.add_people(
                        tx,
                        taken,
                        audience=audience,
                        leg=branch.leg,
                        who=branch.who,
                        class_id=class_id,
                        chain=branch.chain,
                        quiet_now=seen.quiet,
                        waits=branch.waits,
                    )
                woken |= {hop.route for hop in branch.chain.hops[:1]}
            return woken

    @staticmethod
    def _take_back(tx: Tx, taken: Broadcast) -> set[str]:
        """A correction goes to exactly those who heard, or may have, by the route that told them first."""
        if not retracing.is_settled(tx, taken):
            raise _NotYet
        backs = []
        for one in retracing.heard(tx, taken):
            chain = retrace(one.chain, one.carrier)
            class_id = broadcasts.add_class(tx, taken, one.leg, one.people, chain)
            first = chain.hops[0]
            backs.append(retracing.Back(one.class_id, one.carrier, class_id, first.route, first.kind, first.reason))
        retracing.add_back(tx, taken, backs)
        return {one.route for one in backs}


def _known(those: Mapping[str, _T], name: str, what: str) -> _T:
    if name not in those:
        raise LookupError(f"{what} {name!r}, which this process does not know; if config/ was changed, restart it")
    return those[name]


class _NotYet(Exception):
    """Somebody may be told this very moment of what is to be taken back. The sweep asks again in some seconds."""


def kinds_of(legs: Sequence[Leg]) -> tuple[Kind, ...]:
    """Every kind that some leg uses, in order of first use."""
    return tuple(dict.fromkeys(kind for leg in legs for kind in leg.kinds))
