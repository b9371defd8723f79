"""The kinds of trouble that a drill knows, one at a time. Loads nothing: every command has the words of `--fault`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: A storm asks for patience for so long, in seconds.
STORM = 6
_SLOW_MS = 2000.0
#: So slow that requests are under way when a worker is killed.
_UNDER_WAY_MS = 300.0


class Trouble(StrEnum):
    """How a vendor fails, in the words of `--fault`."""

    HANG = "hang"
    REFUSE = "refuse"
    ERROR = "500"
    STORM = "429"
    SILENT = "silent-receipts"
    SLOW = "slow"
    RESTART = "worker-restart"
    #: Each of the others in turn.
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Doing:
    """What is done about one kind of trouble.

    Attributes:
        says: In a sentence.
        dead: Nothing at all gets through by the vendor.
        listens: Whether its providers take connections.
        slow: How long its providers take, in milliseconds.
        slow_others: The same of all others.
        kills: Whether a worker is killed in the middle.
    """

    says: str
    dead: bool = False
    listens: bool = True
    slow: float = 0.0
    slow_others: float = 0.0
    kills: bool = False


DOING = {
    Trouble.HANG: Doing("takes requests and never answers", dead=True),
    Trouble.REFUSE: Doing("takes no connection", dead=True, listens=False),
    Trouble.ERROR: Doing("answers 500 to everything", dead=True),
    Trouble.STORM: Doing(f"asks everybody to slow down, for {STORM} s"),
    Trouble.SILENT: Doing("takes everything and never says what became of it"),
    Trouble.SLOW: Doing(f"takes {_SLOW_MS / 1000:g} s for every answer", slow=_SLOW_MS),
    Trouble.RESTART: Doing(
        "takes no connection, and a worker is killed in the middle",
        dead=True,
        listens=False,
        slow_others=_UNDER_WAY_MS,
        kills=True,
    ),
}
