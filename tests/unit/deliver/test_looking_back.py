"""What a route does about its earlier messages: hang on them, amend them, take them back. And a no is heard in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from channels.contract import (
    Accepted,
    Blame,
    Capabilities,
    Envelope,
    Fault,
    Found,
    Kind,
    LookUp,
    Measure,
    Outcome,
    Rejected,
    Repeat,
    Uncertain,
    Words,
)
from dispatcher.deliver.line import Desk, Line
from dispatcher.deliver.pump import Pump
from dispatcher.incidents.desk import Order
from dispatcher.incidents.states import WrongState
from dispatcher.ledger import optouts
from dispatcher.model.delivery import Status
from dispatcher.model.incident import State
from tests.unit.ledger.world import World

EVERYTHING = Capabilities(Kind.SMS, Repeat.LOOKUP, threads=True, amends=True, retracts=True)


@dataclass
class Board:
    """A place where messages stay, can be changed and can be taken away."""

    capabilities: Capabilities = EVERYTHING
    posts: dict[str, str] = field(default_factory=dict)
    hung_on: list[str] = field(default_factory=list)
    notable: list[bool] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    answer: Callable[[str], Outcome] = Accepted
    later: Callable[[str], Outcome] = Accepted
    found: LookUp | None = None

    def measure(self, _words: Words) -> Measure:
        return Measure(1, 9, "segments")

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        assert timeout > 0
        ref = f"p{len(self.calls) + 1}"
        self.calls.append(f"send {ref}")
        self.posts[ref] = envelope.words.text
        self.hung_on.append(envelope.root)
        self.notable.append(envelope.notable)
        return self.answer(ref)

    async def look_up(self, envelope: Envelope, *, timeout: float) -> LookUp:
        assert envelope.key
        assert timeout > 0
        assert self.found is not None
        return self.found

    async def amend(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        assert timeout > 0
        self.calls.append(f"amend {ref}")
        self.posts[ref] = envelope.words.text
        return self.later(ref)

    async def retract(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        assert envelope.key
        assert timeout > 0
        self.calls.append(f"retract {ref}")
        del self.posts[ref]
        return self.later(ref)

    async def aclose(self) -> None:
        return


async def run(world: World, board: Board, **rules: object) -> None:
    desk = Desk(
        ledger=world.ledger,
        fill=lambda words, _name: words,
        receipt_url=lambda _route, _token: None,
        unsubscribe_url=lambda token: f"https://us.example/unsubscribe/{token}",
        ring=lambda _routes: None,
        heard=lambda: None,
    )
    await Pump(Line(world.rules("sms-a", **rules), board), desk).run(10)


async def test_an_update_hangs_on_the_first_message_and_brings_it_up_to_date(world: World) -> None:
    board = Board()
    world.people(1)
    incident = world.send().incident
    await run(world, board)
    for _ in range(2):
        world.send(about=incident)
        await run(world, board)
    assert board.calls == ["send p1", "send p2", "amend p1", "send p4", "amend p1"]
    assert board.hung_on == ["", "p1", "p1"]
    assert board.notable == [True, False, False], "only the first word is for everybody's attention"
    assert board.posts["p1"] == "It is down #3"
    assert world.attempts()[-1].detail == "the first message was brought up to date"


async def test_another_incident_another_person_and_another_route_are_no_earlier_message(world: World) -> None:
    board = Board()
    world.people(2)
    world.send()
    await run(world, board)
    world.send()
    await run(world, board)
    assert board.hung_on == [""] * 4
    assert not any(call.startswith("amend") for call in board.calls)


async def test_a_retraction_takes_every_earlier_message_back_and_hangs_on_none(world: World) -> None:
    board = Board()
    world.people(1)
    incident = world.send().incident
    await run(world, board)
    world.send(about=incident)
    await run(world, board)
    told = world.take_back(incident)
    await run(world, board)
    assert board.calls[3:] == ["send p4", "retract p2", "retract p1"]
    assert board.hung_on[-1] == ""
    assert board.notable[-1]
    assert list(board.posts) == ["p4"]
    assert told.incident.state is State.RESOLVED
    assert world.attempts()[-1].detail == "earlier messages taken back: 2 of 2"


async def test_what_cannot_be_amended_is_noted_and_the_message_has_arrived_all_the_same(world: World) -> None:
    gone = Fault(Blame.MESSAGE, "gone", "the message is not there any more")
    board = Board(later=lambda _: Rejected(gone))
    world.people(1)
    incident = world.send().incident
    await run(world, board)
    world.send(about=incident)
    await run(world, board)
    assert world.statuses() == [Status.ACCEPTED] * 2
    assert "could not be brought up to date: the message is not there any more" in world.attempts()[-1].detail


async def test_an_adapter_that_fails_at_amending_costs_the_message_nothing(world: World) -> None:
    def fail(_ref: str) -> Outcome:
        raise RuntimeError("no")

    board = Board(later=fail)
    world.people(1)
    incident = world.send().incident
    await run(world, board)
    world.send(about=incident)
    await run(world, board)
    assert world.statuses() == [Status.ACCEPTED] * 2
    assert "RuntimeError" in world.attempts()[-1].detail


async def test_a_message_found_at_the_provider_brings_the_first_one_up_to_date_too(world: World) -> None:
    lost = Fault(Blame.PATH, "timeout", "no answer in time")
    board = Board()
    world.people(1)
    incident = world.send().incident
    await run(world, board)
    board.answer = lambda _ref: Uncertain(lost)
    board.found = Found("p2")
    world.send(about=incident)
    await run(world, board, repeat=Repeat.LOOKUP)
    assert world.statuses() == [Status.ACCEPTED] * 2
    assert board.calls == ["send p1", "send p2", "amend p1"]


async def test_a_channel_that_does_not_look_back_is_told_of_no_earlier_message(world: World) -> None:
    board = Board(Capabilities(Kind.SMS, Repeat.LOOKUP))
    world.people(1)
    incident = world.send().incident
    await run(world, board)
    world.send(about=incident)
    await run(world, board)
    world.take_back(incident)
    await run(world, board)
    assert board.hung_on == [""] * 3
    assert [call.split()[0] for call in board.calls] == ["send"] * 3


def test_nothing_is_taken_back_of_which_nobody_was_told(world: World) -> None:
    with world.ledger.write() as tx:
        draft = world.desk.draft(tx, Order("outage", "Ada"))
    with pytest.raises(WrongState, match="nothing to take back"):
        world.take_back(draft)


async def test_who_says_no_after_the_message_was_planned_is_not_sent_it(world: World) -> None:
    board = Board()
    world.people(3, Kind.SMS)
    world.send()
    with world.ledger.write() as tx:
        optouts.note(tx, Kind.SMS, "+15550000001", source="they wrote STOP")
    await run(world, board)
    assert board.calls == ["send p1", "send p2"]
    by_status = {row.to_sms: (row.status, row.route) for row in world.deliveries()}
    assert by_status["+15550000001"] == (Status.PENDING, "sms-b"), "on the next route it is refused as well"
    assert [row.detail for row in world.attempts() if row.code == "opted-out"]
