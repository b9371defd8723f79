"""What is handed to a channel: the words, and everything one attempt needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Words:
    """The finished words for one person by one kind. No placeholder is left in them.

    `subject` is the headline (mail subject, chat header, in-app title); kinds without a headline carry "".
    `text` is plain text. `html` is a safe fragment for kinds that have markup, else "".
    """

    text: str
    subject: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One attempt to deliver one message to one address by one route.

    Attributes:
        key: Stable for a delivery whatever is retried; different for every other delivery. An idempotency key.
        token: Unguessable and new for every attempt; the way back for its receipts.
        to: The address in the form of the kind: E.164, a Slack channel or user id, an app user, a mail address.
        words: What to say.
        thread: Names the incident for providers that group messages.
        sequence: The number of the update within the incident.
        started_at: Unix seconds (UTC) at which the intent for this attempt was recorded.
        useful_for: Seconds after which nobody should hear this any more.
        receipt_url: Where the provider shall call back, or None when receipts cannot reach us.
        unsubscribe_url: Where a reader can say no, or None.
        root: The provider's reference of the first message about this incident to this address by this route, "" when
            this is the first. Filled only for channels that declare `threads`.
        notable: True when everybody shall notice it (the first word, a correction, a retraction, the end), False for an
            update that only those who follow the incident need to be woken for.
    """

    key: str
    token: str
    to: str
    words: Words
    thread: str
    sequence: int
    started_at: float
    useful_for: float
    receipt_url: str | None = None
    unsubscribe_url: str | None = None
    root: str = ""
    notable: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """How long some words are in the unit by which the provider counts.

    `parts` is what is paid for (SMS segments); `note` says in plain words what made it long, when that helps.
    `links` is how many links the provider makes of it, for providers that charge for them. `refusal` says why it would
    be refused whatever its length, "" when it would not.
    """

    length: int
    limit: int
    unit: Literal["characters", "segments", "weighted characters", "bytes"]
    parts: int = 1
    note: str = ""
    links: int = 0
    refusal: str = ""

    @property
    def over(self) -> int:
        """How much too long, 0 when it fits."""
        return max(0, self.length - self.limit)
