"""What many browsers ask for every second is read once: a snapshot is kept a moment, longer when reading it is slow.

Each snapshot carries the moment it is from, and that is the moment the page shows.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

_FRESH = 0.7
#: Reading takes at most this share of the time.
_SHARE = 4
_MOST = 200


@dataclass(slots=True)
class _Shelf:
    lock: Lock = field(default_factory=Lock)
    kept: Any = None
    until: float = 0.0


class Watch:
    """Snapshots by key. One per process."""

    def __init__(self) -> None:
        self._shelves: OrderedDict[Hashable, _Shelf] = OrderedDict()
        self._lock = Lock()

    def look(self, key: Hashable, read: Callable[[], T], *, anew: bool = False) -> T:
        """The last snapshot while it is fresh, else a new one. `anew` asks for a new one in any case."""
        shelf = self._shelf(key)
        with shelf.lock:
            if anew or shelf.kept is None or time.monotonic() >= shelf.until:
                began = time.monotonic()
                shelf.kept = read()
                ended = time.monotonic()
                shelf.until = ended + max(_FRESH, _SHARE * (ended - began))
            found: T = shelf.kept
            return found

    def _shelf(self, key: Hashable) -> _Shelf:
        with self._lock:
            shelf = self._shelves.setdefault(key, _Shelf())
            self._shelves.move_to_end(key)
            while len(self._shelves) > _MOST:
                self._shelves.popitem(last=False)
            return shelf
