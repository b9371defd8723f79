"""One form is done once, however often its button is pressed or its page reloaded."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from dispatcher.faces.console.typed import Typed
from dispatcher.incidents.desk import Told
from dispatcher.ledger import Ledger, Tx, idempotency
from dispatcher.model.incident import Incident

_SCOPE = "console"
_LONGEST = 64
_PERSONAL = frozenset({"nonce", "seen"})


@dataclass(frozen=True, slots=True)
class Done:
    """What a form led to, now or when it was first sent. `broadcast_id` is None for a draft."""

    incident_id: int
    broadcast_id: int | None
    again: bool = False
    #: Sent before with other words: what was changed since has not been done.
    changed: bool = False


def nonce() -> str:
    """A new form's own number."""
    return secrets.token_urlsafe(18)


def once(ledger: Ledger, typed: Typed, act: Callable[[Tx], Told | Incident]) -> Done:
    """Do what the form asks unless it was done before.

    Raises:
        Refused, NotFound, WrongState, LedgerAway: as `act` does; then nothing was kept.
    """
    key = typed.raw("nonce")[:_LONGEST]
    words = sha256(repr(sorted(typed.kept(without=_PERSONAL))).encode()).hexdigest()
    try:
        with ledger.write() as tx:
            if key and (before := _recall(tx, key, words)):
                return before
            done = act(tx)
            found = Done(done.incident.id, done.broadcast.id) if isinstance(done, Told) else Done(done.id, None)
            if key:
                kept = {"incident": found.incident_id, "broadcast": found.broadcast_id}
                idempotency.remember(tx, _SCOPE, key, idempotency.Remembered(words, 303, kept))
            return found
    except Exception:
        # The same form in another process at the same moment: the second is undone as a whole, and finds the first.
        with ledger.read() as tx:
            before = _recall(tx, key, words) if key else None
        if before is None:
            raise
        return before


def _recall(tx: Tx, key: str, words: str) -> Done | None:
    before = idempotency.recall(tx, _SCOPE, key)
    if before is None:
        return None
    kept = before.response
    return Done(kept["incident"], kept["broadcast"], again=True, changed=before.request_hash != words)
