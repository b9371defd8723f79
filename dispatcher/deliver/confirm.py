"""Asks a provider once more what became of messages that it took, because somebody wants to know now.

Nothing is sent and no delivery is held. What the provider says about a message's fate is kept as a receipt and folded
as every receipt is; what it says otherwise is noted at the attempt. Each group of answers is written in one transaction
with how far it came, so a worker that dies repeats a group at most, which is harmless.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Concatenate, ParamSpec, TypeVar

import structlog

from channels.contract import Absent, CannotTell, Found, LookUp
from dispatcher.deliver.line import Desk, Line
from dispatcher.deliver.speak import Speaker
from dispatcher.ledger import Tx, broadcasts, confirming, earlier, now, receipts
from dispatcher.ledger.receipts import Arrived
from dispatcher.model.confirming import Confirmation
from dispatcher.model.delivery import Claimed

log = structlog.get_logger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

#: Asking must leave room for what is to be sent by the same account.
_AT_ONCE = 8
_GROUP = 40
_GUARD = timedelta(seconds=30)


async def confirm(line: Line, desk: Desk, may_go_on: Callable[[], bool]) -> bool:
    """Ask about what somebody wants to know of this route; answers whether more is left when it may not go on."""
    return await _Asking(line, desk, may_go_on).run()


def answer_in_words(answer: LookUp) -> str:
    """What is noted at the attempt."""
    match answer:
        case Found(receipt=receipt):
            return (
                f"asked again: the provider {'has it and says no more' if receipt is None else f'says {receipt.word}'}"
            )
        case Absent():
            return "asked again: the provider does not know it (any more)"
        case CannotTell(fault):
            return f"asked again, without an answer: {fault.detail}"


class _Asking:
    def __init__(self, line: Line, desk: Desk, may_go_on: Callable[[], bool]) -> None:
        self._desk = desk
        self._route = line.rules.route
        self._speaker = Speaker(line, desk)
        self._may_go_on = may_go_on
        at_once = min(_AT_ONCE, line.rules.max_in_flight)
        self._places = asyncio.Semaphore(at_once)
        # A group is written before the lease ends, however slowly it is answered.
        self._lease = timedelta(seconds=line.rules.timeout * -(-_GROUP // at_once)) + _GUARD

    async def run(self) -> bool:
        while (about := await self._in_ledger(confirming.take, self._route, self._lease)) is not None:
            if not await self._ask_about(about):
                return True
        return False

    async def _ask_about(self, about: Confirmation) -> bool:
        """Whether it came to its end."""
        frozen = await self._in_ledger(broadcasts.frozen, about.broadcast_id)
        while self._may_go_on():
            group, before = await self._in_ledger(self._next, about)
            if not group:
                await self._in_ledger(confirming.finish, about)
                return True
            answers = await asyncio.gather(*(self._ask(one, frozen, before.get(one.delivery_id, ())) for one in group))
            about = await self._in_ledger(self._keep, about, list(zip(group, answers, strict=True)))
            if any(isinstance(one, Found) and one.receipt for one in answers):
                await asyncio.to_thread(self._desk.heard)
            silent = [one for one in answers if isinstance(one, CannotTell)]
            if len(silent) == len(answers):
                # Nobody is helped by asking a provider thousands of times more that gives no answer.
                why = f"the provider gives no answer: {silent[-1].fault.detail}"
                log.warning("asking ended", route=self._route, why=why)
                await self._in_ledger(confirming.finish, about, why)
                return True
        await self._in_ledger(confirming.let_go, about)
        return False

    def _next(self, tx: Tx, about: Confirmation) -> tuple[list[Claimed], dict[int, tuple[str, ...]]]:
        group = confirming.to_ask(tx, about, _GROUP)
        ids = [one.delivery_id for one in group]
        return group, earlier.references(tx, self._route, ids) if self._speaker.looks_back else {}

    async def _ask(self, one: Claimed, frozen: broadcasts.Frozen, before: tuple[str, ...]) -> LookUp:
        async with self._places:
            return await self._speaker.ask(one, frozen, before)

    def _keep(self, tx: Tx, about: Confirmation, answers: list[tuple[Claimed, LookUp]]) -> Confirmation:
        told = [one.receipt for _, one in answers if isinstance(one, Found) and one.receipt is not None]
        moment = now()
        receipts.store(tx, [Arrived(self._route, one, moment) for one in told])
        said = [(one, answer_in_words(answer)) for one, answer in answers]
        return confirming.advance(tx, about, said, told=len(told), lease=self._lease)

    async def _in_ledger(self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **more: P.kwargs) -> T:
        def run() -> T:
            with self._desk.ledger.write() as tx:
                return work(tx, *args, **more)

        return await asyncio.to_thread(run)
