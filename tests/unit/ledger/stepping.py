"""Calls on one ledger that stand still before a statement until they are told to go on: interleavings by hand.

On PostgreSQL a call stands before a statement or its commit, with its locks, and another may wait for those meanwhile.
On SQLite whoever writes has the ledger alone, so a call stands only where it would begin a transaction.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import create_engine, event, text

from dispatcher.ledger import Ledger

_PATIENCE = 30.0  # seconds; the databases settle everything long before
_LOOK = 0.002  # seconds until it is asked whether a call waits for a lock
_BLOCKERS = text("SELECT pid, pg_blocking_pids(pid) FROM unnest(CAST(:pids AS int[])) AS held (pid)")


@dataclass(eq=False)
class Call:
    """One call in a thread of its own.

    Attributes:
        done: Gets its answer, on the test's thread.
        steps: How many statements it may still begin; None for all.
        stands: Whether it has used them up.
        process: PostgreSQL's number of the connection that it uses.
        error: What it ended with instead of an answer.
    """

    work: Callable[[], Any]
    done: Callable[[Any], object]
    steps: int | None
    stands: bool = False
    is_over: bool = False
    process: int | None = None
    answer: Any = None
    error: Exception | None = None
    thread: threading.Thread = field(init=False)


class Stepping:
    """Runs calls by steps. What is asked on other threads than theirs never stands."""

    def __init__(self, ledger: Ledger) -> None:
        self._changed = threading.Condition()
        self._own = threading.local()
        self._calls: list[Call] = []
        self._ledger = ledger
        self._watching = None if ledger.sqlite else create_engine(ledger.url, isolation_level="AUTOCOMMIT").connect()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Meanwhile calls stand."""
        listeners = (("before_cursor_execute", self._before_statement), ("commit", self._before_commit))
        for name, listener in listeners:
            event.listen(self._ledger.engine, name, listener)
        try:
            yield
        finally:
            for name, listener in listeners:
                event.remove(self._ledger.engine, name, listener)
            if self._watching is not None:
                self._watching.close()
                self._watching.engine.dispose()

    def start(self, work: Callable[[], Any], done: Callable[[Any], object], steps: int | None) -> Call:
        """Begin a call, with so many statements at first."""
        call = Call(work, done, steps)
        if steps is None and not self._calls:  # nobody whom it could meet
            call.answer, call.is_over = work(), True
            done(call.answer)
            return call
        call.thread = threading.Thread(target=self._run, args=(call,), daemon=True)
        self._calls.append(call)
        call.thread.start()
        self._settle()
        return call

    def go_on(self, call: Call, steps: int | None) -> None:
        """Let a call begin so many more statements. One that waits for another's lock goes on waiting."""
        with self._changed:
            call.steps, call.stands = steps, False
            self._changed.notify_all()
        self._settle()

    def end(self) -> None:
        """Let all calls come to their ends."""
        while self._calls:
            for call in list(self._calls):
                self.go_on(call, None)

    def _run(self, call: Call) -> None:
        self._own.call = call
        try:
            call.answer = call.work()
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the test's thread
            call.error = error
        with self._changed:
            call.is_over = True
            self._changed.notify_all()

    def _before_statement(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not self._ledger.sqlite or statement.startswith("BEGIN"):
            self._step(connection)

    def _before_commit(self, connection: Any) -> None:
        if not self._ledger.sqlite:
            self._step(connection)

    def _step(self, connection: Any) -> None:
        call: Call | None = getattr(self._own, "call", None)
        if call is None:
            return
        if not self._ledger.sqlite:
            call.process = connection.connection.dbapi_connection.info.backend_pid
        with self._changed:
            if call.steps == 0:
                call.stands = True
                self._changed.notify_all()
                assert self._changed.wait_for(lambda: not call.stands, _PATIENCE)
            if call.steps is not None:
                call.steps = max(0, call.steps - 1)

    def _settle(self) -> None:
        """Wait until every call has ended, stands, or waits for one that stands."""
        until = time.monotonic() + _PATIENCE
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._moving(), _LOOK)
                moving = self._moving()
            if not moving or (self._watching is not None and self._all_wait(moving)):
                break
            assert time.monotonic() < until, "a call neither ends nor waits for another"
        while over := [one for one in self._calls if one.is_over]:
            call = over[0]
            self._calls.remove(call)  # before it is told: that may begin another
            call.thread.join()
            if call.error is not None:
                raise call.error
            call.done(call.answer)

    def _moving(self) -> list[Call]:
        return [one for one in self._calls if not one.stands and not one.is_over]

    def _all_wait(self, moving: list[Call]) -> bool:
        """Whether these wait for calls that stand, be it behind others. Of a ring the database refuses one."""
        assert self._watching is not None
        pids = [one.process for one in moving if one.process is not None]
        blockers = {pid: set(by) for pid, by in self._watching.execute(_BLOCKERS, {"pids": pids})}
        at_rest = {one.process for one in self._calls if one.stands}
        while more := {pid for pid, by in blockers.items() if by and by <= at_rest} - at_rest:
            at_rest |= more
        return all(one.process in at_rest for one in moving)
