from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dispatcher.wiring import Installation

KEY = "a-key-that-nobody-can-guess-0123456789"


@dataclass
class Site:
    """A console that runs on a real socket, and the bells it rings."""

    url: str
    here: Installation
    rung: list[int] = field(default_factory=list)
    stop: Callable[[], object] = lambda: None

    def plan(self, broadcast_id: int) -> bool:
        self.rung.append(broadcast_id)
        return True
