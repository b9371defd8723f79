"""Where broadcasts begin: open, update, resolve. Each checks everything, then keeps it in one transaction.

Nothing is sent from here. When the transaction is committed, the broadcast is a promise; the caller rings the bell, and
the sweep rings it again if the bell is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from dispatcher.incidents.states import WrongState, next_state, reason_for
from dispatcher.ledger import Tx, broadcasts, incidents, now
from dispatcher.model.config import Config, FactValue, Playbook, Severity
from dispatcher.model.facts import merge_facts
from dispatcher.model.hints import hint
from dispatcher.model.incident import Broadcast, Incident, Reason, State, Telling, Update
from dispatcher.model.wording import Composed


class Refused(Exception):
    """What was asked cannot be done as it is. `problems` are sentences that say what to change; nothing was kept."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class NotFound(Exception):
    """There is no such thing. The message names it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody, or a rule, wants opened. What is None is taken from the playbook."""

    playbook: str
    author: str
    title: str | None = None
    vendors: tuple[str, ...] | None = None
    audience: str | None = None
    severity: Severity | None = None
    facts: Mapping[str, FactValue] | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """What somebody wants said about an open incident. `override` is why it goes out past a failed check.

    With `retracts` it takes back what was said before, and the incident is over: there was none.
    """

    author: str
    state: State | None = None
    facts: Mapping[str, FactValue] | None = None
    next_update_in: float | None = None
    override: str = ""
    retracts: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A promise that is kept in the ledger."""

    incident: Incident
    update: Update
    broadcast: Broadcast


@dataclass(frozen=True, slots=True)
class Stopped:
    """An incident's newest broadcast, of which nothing more is begun; `now` when it was this call that stopped it."""

    incident: Incident
    broadcast: Broadcast
    now: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """What stands against sending to an audience now, and how many people there are."""

    people: int
    problems: tuple[str, ...]


#: Renders a telling for an audience in every kind its playbook needs and every language its people have.
Compose = Callable[[Tx, Telling, Playbook, str], Sequence[Composed]]
#: Looks for people who could be reached by mail alone, or not at all.
Inspect = Callable[[Tx, Playbook, str], Audit]
#: Looks for what a playbook's cost cap has against it: sentences that say what to do.
Weigh = Callable[[Tx, Incident, Playbook, Sequence[Composed]], Sequence[str]]
#: Sentences about facts that the playbook does not know.
CheckFacts = Callable[[Playbook, Mapping[str, FactValue]], Sequence[str]]


class Desk:
    """Opens, updates and resolves incidents."""

    def __init__(
        self,
        config: Config,
        *,
        compose: Compose,
        inspect: Inspect,
        check_facts: CheckFacts,
        weigh: Weigh = lambda *_: (),
    ) -> None:
        self._config = config
        self._compose = compose
        self._inspect = inspect
        self._weigh = weigh
        self._check_facts = check_facts

    def draft(self, tx: Tx, order: Order) -> Incident:
        """Open an incident and say nothing yet.

        Raises:
            Refused: a name or a fact is not known.
        """
        playbook = self._playbook(order.playbook)
        vendors = playbook.vendors if order.vendors is None else order.vendors
        audience = order.audience or playbook.audience
        facts = merge_facts(playbook.facts, order.facts or {})
        problems = [
            *(self._unknown("vendor", name, self._config.vendors) for name in vendors),
            self._unknown("audience", audience, self._config.audiences),
            *self._check_facts(playbook, facts),
        ]
        _refuse(problems)
        return incidents.open_incident(
            tx,
            title=order.title or playbook.title,
            playbook=order.playbook,
            severity=order.severity or playbook.severity,
            vendors=vendors,
            audience=audience,
            facts=facts,
            source=order.author,
        )

    def open(self, tx: Tx, order: Order, say: Say) -> Told:
        """Open an incident and tell its audience.

        Raises:
            Refused: something is not known, does not fit, would leave people with mail alone, or costs too much.
        """
        return self.tell(tx, self.draft(tx, order), say)

    def tell(self, tx: Tx, about: Incident, say: Say) -> Told:
        """Say the next thing about an incident to its audience; what is unsent of earlier ones is not sent any more.

        Raises:
            Refused: something is not known, does not fit, would leave people with mail alone, or costs too much.
            WrongState: the incident is resolved, or there is nothing to take back.
        """
        playbook = self._playbook(about.playbook)
        state = next_state(about.state, State.RESOLVED if say.retracts else say.state)
        facts = merge_facts(about.facts, say.facts or {})
        _refuse(self._check_facts(playbook, facts))
        number = len(incidents.updates(tx, about.id)) + 1
        if say.retracts and number == 1:
            raise WrongState(f"nobody was told of {about.label}, so there is nothing to take back; dismiss it")
        moment = now()
        wait = say.next_update_in or playbook.next_update_in
        said = Update(
            id=0,
            incident_id=about.id,
            number=number,
            reason=reason_for(number, state, retracts=say.retracts),
            state=state,
            facts=facts,
            author=say.author,
            created_at=moment,
            next_update_at=None if state is State.RESOLVED else moment + timedelta(seconds=wait),
        )
        # Words that do not fit are refused here, before anything is kept: whoever asked may go on without them.
        composed = self._compose(tx, telling(about, playbook, said), playbook, about.audience)
        problems = list(self._inspect(tx, playbook, about.audience).problems)
        if not say.retracts:
            # Whoever was told wrongly is told otherwise, whatever that costs.
            problems += self._weigh(tx, about, playbook, composed)
        if not say.override:
            _refuse(problems)
        update = incidents.add_update(
            tx,
            about,
            reason=said.reason,
            state=state,
            facts=facts,
            author=say.author,
            next_update_at=said.next_update_at,
        )
        broadcast = broadcasts.accept(
            tx,
            update,
            audience=about.audience,
            severity=about.severity,
            valid_until=moment + timedelta(seconds=playbook.useful_for),
            author=say.author,
            override="; ".join([say.override, *problems]) if say.override else "",
            composed=composed,
        )
        broadcasts.supersede_older(tx, broadcast)
        return Told(self.find(tx, about.id), update, broadcast)

    def stop(self, tx: Tx, about: Incident, *, author: str, why: str) -> Stopped:
        """Halt what is being sent about an incident: nothing more of it is begun. The incident stays open,
        and what is said next goes out as usual. Stopping again changes nothing.

        A retraction goes on: its incident is over, so whoever was told wrongly would never be told otherwise.

        Raises:
            Refused: no reason was given, or none that can be shown.
            WrongState: nobody was told anything, so nothing is being sent; or it is being taken back.
        """
        reason = " ".join(why.split())
        _refuse([] if reason else ["say why it is stopped; the report tells it"])
        if not reason.isprintable():
            # It is shown on terminals and pages; what steers a terminal is no reason.
            _refuse(["the reason holds characters that cannot be printed; write it in plain words"])
        said = incidents.updates(tx, about.id)
        if not said:
            raise WrongState(f"nothing is being sent about {about.label}: nobody was told of it yet")
        if said[-1].reason is Reason.RETRACTED:
            raise WrongState(
                f"{about.label} is being taken back, and that is not stopped: those who were told would never hear "
                "that it was wrong; what was being sent before it is halted already"
            )
        halted = broadcasts.stop(tx, about.id, by=author, why=reason)
        return Stopped(about, broadcasts.of_incident(tx, about.id)[-1], now=bool(halted))

    def dismiss(self, tx: Tx, about: Incident) -> Incident:
        """Close a draft of which nobody was told, without telling anybody.

        Raises:
            WrongState: something was said about it already; then its end has to be said too.
        """
        if incidents.updates(tx, about.id):
            raise WrongState(f"people were told of {about.label}; resolve it, so that they hear how it ended")
        incidents.close_silently(tx, about.id)
        return self.find(tx, about.id)

    def find(self, tx: Tx, incident_id: int, *, lock: bool = False) -> Incident:
        """The incident.

        Raises:
            NotFound: there is none.
        """
        found = incidents.find(tx, incident_id, lock=lock)
        if found is None:
            last = incidents.newest(tx, limit=1)
            hint = f"; the newest is {last[0].label}, {last[0].title!r}" if last else ""
            raise NotFound(f"there is no incident INC-{incident_id}{hint}")
        return found

    def _playbook(self, name: str) -> Playbook:
        _refuse([self._unknown("playbook", name, self._config.playbooks)])
        return self._config.playbooks[name]

    @staticmethod
    def _unknown(what: str, name: str, known: Mapping[str, object]) -> str:
        if name in known:
            return ""
        return f"unknown {what} {name!r}; {hint(name, known)}"


def telling(about: Incident, playbook: Playbook, update: Update) -> Telling:
    """What the words of an update are made from."""
    return Telling(
        playbook=about.playbook,
        messages=playbook.messages,
        title=about.title,
        reason=update.reason,
        state=update.state,
        number=update.number,
        facts=update.facts,
        next_update_at=update.next_update_at,
        now=update.created_at,
    )


def _refuse(problems: Sequence[str]) -> None:
    found = [problem for problem in problems if problem]
    if found:
        raise Refused(*found)
