"""How the simulator makes the trouble of a drill. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from channels.simulator import TEXTS, Provider
from dispatcher.faces.cli.drill.trouble import STORM, Trouble

_LONG = 3600
#: Each answer of a storm asks for so many seconds.
_PATIENCE = 2


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
                made.append({"provider": provider, "do": do, "match": {"until": STORM}})
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
