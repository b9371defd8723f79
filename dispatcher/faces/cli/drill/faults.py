"""What goes wrong in a drill, one kind of trouble at a time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from channels.simulator import TEXTS, Provider

_LONG = 3600
#: A storm asks for patience so long, and each answer for so long.
_STORM, _PATIENCE = 6, 2
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
    Trouble.STORM: Doing(f"asks everybody to slow down, for {_STORM} s"),
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


def rules(trouble: Trouble, providers: Iterable[Provider]) -> list[dict[str, Any]]:
    """The simulator's faults for these providers."""
    made: list[dict[str, Any]] = []
    for provider in providers:
        mail = provider == "smtp"
        match trouble:
            case Trouble.HANG:
                made.append({"provider": provider, "do": {"what": "hang", "seconds": _LONG}})
            case Trouble.ERROR:
                do = {"what": "smtp", "code": 451} if mail else {"what": "status", "status": 500}
                made.append({"provider": provider, "do": do})
            case Trouble.STORM:
                asked = {"what": "status", "status": 429, "retry_after": _PATIENCE}
                do = {"what": "smtp", "code": 451} if mail else asked
                made.append({"provider": provider, "do": do, "match": {"until": _STORM}})
            case Trouble.SILENT if provider in TEXTS:
                made.append({"provider": provider, "do": {"what": "receipts", "how": "never"}})
    return made


def pointless(trouble: Trouble, providers: Iterable[Provider]) -> str:
    """Why this trouble would change nothing at these providers, "" when it does."""
    played = tuple(providers)
    if not played and trouble not in {Trouble.REFUSE, Trouble.SILENT, Trouble.RESTART}:
        return f"no provider outside is concerned; {Trouble.REFUSE} shows what is left without it"
    if trouble is Trouble.SILENT and not set(played) & set(TEXTS):
        return "none of its routes hears what becomes of a message"
    return ""
