"""What the adapters of all social networks share: words that cannot be sent, and answers that are no success."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from channels.contract import Blame, Deferred, Fault, Measure, Rejected, Words
from channels.social.refusals import Refusal
from channels.transport.http import Exchange
from channels.transport.outcomes import Failure


def unsendable(words: Words, size: Measure) -> Rejected | None:
    """Why these words need not be tried, None when they may be."""
    if not words.text.strip():
        return Rejected(Fault(Blame.MESSAGE, "empty", "The message has no text."))
    if size.over:
        detail = f"The text has {size.length} {size.unit} of at most {size.limit}."
        return Rejected(Fault(Blame.MESSAGE, "too-long", detail))
    return None


def no_reference(network: str) -> Rejected:
    """For taking back what the network gave no name."""
    detail = f"The name of the post on {network} is not known, so it has to be deleted there by hand."
    return Rejected(Fault(Blame.MESSAGE, "no-reference", detail))


def document(talk: Exchange) -> str:
    """The answer in lower case when it is a JSON object, else ""."""
    return (talk.body or b"").decode("utf-8", "replace").lower() if talk.json() else ""


def failure(
    talk: Exchange,
    error: Exception | None,
    *,
    refusal: Callable[[int, str], Refusal | None],
    wait: Callable[[Mapping[str, str], float], float | None],
) -> Failure:
    """What an exchange that did not end well means.

    Args:
        talk: The exchange.
        error: What broke it, if anything was raised.
        refusal: The network's own table, asked with the status and the `document`.
        wait: How long a 429 asks to wait, by its headers and our clock.
    """
    known = refusal(talk.status, document(talk)) if talk.status is not None else None
    if known is not None:
        return Rejected(Fault(known.blame, known.code, known.reason, str(talk.status)))
    outcome = talk.outcome(error)
    if isinstance(outcome, Deferred) and talk.status == 429:
        return Deferred(outcome.fault, wait=wait(talk.headers, time.time()), route_wide=True)
    return outcome
