"""Asking what became of messages: answers become receipts, nothing is sent, and another goes on where one stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from channels.contract import (
    Absent,
    Accepted,
    Blame,
    CannotTell,
    Capabilities,
    Envelope,
    Fault,
    Found,
    Kind,
    LookUp,
    Measure,
    Outcome,
    Receipt,
    Repeat,
    Uncertain,
    Word,
    Words,
)
from dispatcher.deliver.confirm import confirm
from dispatcher.deliver.line import Desk, Line
from dispatcher.ledger import confirming, now
from dispatcher.model.delivery import Status
from tests.unit.ledger.world import World

PEOPLE = 90
ASKED = Capabilities(Kind.SMS, Repeat.LOOKUP)


@dataclass
class Provider:
    """Answers questions, and is never sent anything."""

    answer: Callable[[Envelope], LookUp]
    capabilities: Capabilities = ASKED
    asked: list[str] = field(default_factory=list)

    def measure(self, _words: Words) -> Measure:
        return Measure(1, 9, "segments")

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        raise AssertionError("nothing may be sent")

    async def look_up(self, envelope: Envelope, *, timeout: float) -> LookUp:
        self.asked.append(envelope.to)
        return self.answer(envelope)

    async def aclose(self) -> None:
        return


def fate(envelope: Envelope) -> LookUp:
    """By the last digit of the number: delivered, undelivered, has it, does not know it, gives no answer."""
    ref, digit = f"SM{envelope.to}", int(envelope.to[-1])
    if digit < 4:
        return Found(ref, Receipt(Word.DELIVERED, f"{ref}:delivered", envelope.token, raw={"To": envelope.to}))
    if digit < 6:
        fault = Fault(Blame.RECIPIENT, "landline", "A landline.", "30006")
        return Found(ref, Receipt(Word.UNDELIVERED, f"{ref}:undelivered", envelope.token, fault=fault))
    if digit < 8:
        return Found(ref)
    return Absent() if digit == 8 else CannotTell(Fault(Blame.PROVIDER, "busy", "Ask later."))


def taken(world: World, people: int = PEOPLE) -> int:
    """A broadcast that the provider has taken, of which nothing was heard since."""
    world.people(people)
    told = world.send()
    for one in world.claim(limit=people):
        world.record(one, Accepted(f"SM{one.to}"))
    return told.broadcast.id


def want(world: World, broadcast_id: int) -> None:
    with world.ledger.write() as tx:
        confirming.request(tx, [broadcast_id], ["sms-a"])


async def ask(world: World, provider: Provider, may_go_on: Callable[[], bool] = lambda: True) -> tuple[bool, int]:
    heard: list[None] = []
    desk = Desk(
        ledger=world.ledger,
        fill=lambda words, _name: words,
        receipt_url=lambda _route, _token: None,
        unsubscribe_url=lambda _token: "https://us.example",
        ring=lambda _routes: None,
        heard=lambda: heard.append(None),
    )
    more = await confirm(Line(world.rules("sms-a"), provider), desk, may_go_on)
    return more, len(heard)


async def test_answers_become_receipts_and_what_is_no_answer_is_noted(world: World) -> None:
    broadcast_id = taken(world)
    want(world, broadcast_id)
    provider = Provider(fate)
    more, heard = await ask(world, provider)
    assert not more
    assert heard
    assert len(provider.asked) == len(set(provider.asked)) == PEOPLE
    while world.folder.fold_some()[0]:
        pass
    by_digit = {int(row.to_sms[-1]): row for row in world.deliveries()}
    assert {by_digit[digit].status for digit in (0, 3)} == {Status.DELIVERED}
    assert {(by_digit[digit].status, by_digit[digit].route) for digit in (4, 5)} == {(Status.PENDING, "sms-b")}
    assert {by_digit[digit].status for digit in (6, 7, 8, 9)} == {Status.ACCEPTED}
    said = {one.delivery_id: one.lookup for one in world.attempts()}
    assert said[by_digit[0].id] == "asked again: the provider says delivered"
    assert said[by_digit[7].id] == "asked again: the provider has it and says no more"
    assert said[by_digit[8].id] == "asked again: the provider does not know it (any more)"
    assert said[by_digit[9].id] == "asked again, without an answer: Ask later."
    with world.ledger.read() as tx:
        [done] = confirming.of(tx, [broadcast_id])
        assert confirming.open_routes(tx) == []
    assert (done.asked, done.told, done.problem) == (PEOPLE, 54, "")
    assert done.finished_at is not None


async def test_asking_again_asks_about_what_is_still_unknown(world: World) -> None:
    broadcast_id = taken(world, 20)
    for _ in range(2):
        want(world, broadcast_id)
        provider = Provider(fate)
        await ask(world, provider)
        while world.folder.fold_some()[0]:
            pass
    assert {int(to[-1]) for to in provider.asked} == {6, 7, 8, 9}


async def test_a_provider_without_an_answer_is_not_asked_a_thousand_times(world: World) -> None:
    broadcast_id = taken(world)
    want(world, broadcast_id)
    provider = Provider(lambda _: CannotTell(Fault(Blame.PATH, "timeout", "No answer in time.")))
    assert await ask(world, provider) == (False, 0)
    assert len(provider.asked) < PEOPLE
    with world.ledger.read() as tx:
        [done] = confirming.of(tx, [broadcast_id])
    assert done.problem == "the provider gives no answer: No answer in time."


async def test_what_one_worker_left_another_goes_on_with(world: World) -> None:
    broadcast_id = taken(world)
    want(world, broadcast_id)
    first, second = Provider(fate), Provider(fate)
    turns = iter([True, False])
    assert (await ask(world, first, lambda: next(turns)))[0], "it was told to end after a group"
    # Somebody is at it: a second one has nothing to do.
    with world.ledger.write() as tx:
        held = confirming.take(tx, "sms-a", timedelta(seconds=60))
    assert held is not None
    assert await ask(world, second) == (False, 0)
    with world.ledger.write() as tx:
        assert confirming.open_routes(tx) == []
        confirming.let_go(tx, held)
    want(world, broadcast_id)
    assert not (await ask(world, second))[0]
    assert sorted(first.asked + second.asked) == sorted({*first.asked, *second.asked})
    assert len(first.asked + second.asked) == PEOPLE


async def test_invariant_4_what_is_in_doubt_is_looked_up_by_the_engine_as_ever(world: World) -> None:
    world.people(1)
    told = world.send()
    [one] = world.claim()
    world.record(one, Uncertain(Fault(Blame.PATH, "timeout", "no answer")))
    world.change(next_attempt_at=None, status=Status.UNCERTAIN)
    want(world, told.broadcast.id)
    provider = Provider(fate)
    await ask(world, provider)
    assert provider.asked == []
    with world.ledger.read() as tx:
        assert confirming.being_asked(tx, [told.broadcast.id]) == 1
    [asking] = world.claim()
    assert asking.status is Status.ASKING
    assert asking.started_at <= now()
