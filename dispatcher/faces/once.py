"""The same request again gets the same answer, and nothing happens twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from dispatcher.ledger import Ledger, LedgerAway, Tx, idempotency
from dispatcher.ledger.idempotency import Remembered

#: As many characters as the ledger has room for.
_LONGEST_SCOPE, _LONGEST_KEY = 100, 200


class KeyReused(Exception):
    """The key was used before with another request. The message says what to do."""


def once(
    ledger: Ledger, *, scope: str, key: str | None, request: object, do: Callable[[Tx], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Do it and remember the answer, in one transaction; answers it, and whether it was done now.

    Args:
        ledger: The record.
        scope: What the key is for; the same key in another scope is another key.
        key: The caller's key; None does it without remembering.
        request: All that was asked, as JSON can hold it. With another request the key is refused.
        do: The work, answering what the caller gets.

    Raises:
        KeyReused: the key was used with another request.
    """
    if key is None:
        with ledger.write() as tx:
            return do(tx), True
    scope, key = _fit(scope, _LONGEST_SCOPE), _fit(key, _LONGEST_KEY)
    digest = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
    try:
        with ledger.write() as tx:
            before = idempotency.recall(tx, scope, key)
            if before is None:
                done = do(tx)
                idempotency.remember(tx, scope, key, Remembered(digest, 201, done))
                return done, True
    except Exception as error:
        # Somebody else may have used the key in the same moment. Theirs was kept; ours was undone because the key was
        # taken, or refused because theirs had changed the incident that ours was waiting for.
        if isinstance(error, LedgerAway):
            raise
        with ledger.read() as tx:
            before = idempotency.recall(tx, scope, key)
        if before is None:
            raise
    if before.request_hash != digest:
        raise KeyReused("this idempotency key was used before with another request; use a new key for a new request")
    return before.response, False


def _fit(text: str, longest: int) -> str:
    """As it is, or its digest when the ledger has no room for it."""
    return text if len(text) <= longest else hashlib.sha256(text.encode()).hexdigest()
