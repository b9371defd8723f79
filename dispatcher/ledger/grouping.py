"""Many small writes of concurrent callers become few transactions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Grouping(Generic[T, R]):
    """Collects what is put within a moment and has it stored together. Belongs to one event loop.

    Args:
        store: Writes some items in one transaction and answers for each, in order. Called off the loop.
        gather: Seconds for which items are collected when nothing was under way. What comes while a group is being
            written is the next group, without more waiting: under load the groups grow by themselves.
    """

    def __init__(self, store: Callable[[Sequence[T]], Sequence[R]], gather: float = 0.002) -> None:
        self._store = store
        self._gather = gather
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def put(self, item: T) -> R:
        """Answers when the item is committed; raises what storing its group raised."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await future

    async def _write(self) -> None:
        await asyncio.sleep(self._gather)
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                answers = await asyncio.to_thread(self._store, [item for item, _ in group])
            except Exception as error:  # noqa: BLE001 - everybody who waits must hear of it, whatever it was
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(group, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
