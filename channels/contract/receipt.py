"""What a provider, or the person, says afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from channels.contract.outcome import Fault


class Word(StrEnum):
    """What became of a message. Each value says what is true in the world, not what was called."""

    #: The provider has it and has not passed it on yet.
    QUEUED = "queued"
    #: The provider has passed it on; whether it arrived is unknown.
    SENT = "sent"
    #: The provider says it arrived. Networks have been known to say so wrongly.
    DELIVERED = "delivered"
    #: It was opened or acknowledged: the only word that comes from a person.
    READ = "read"
    #: It did not and will not arrive; `Receipt.fault` says why.
    UNDELIVERED = "undelivered"
    #: A word this adapter does not know. Kept, never acted upon.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One thing heard about one attempt.

    Attributes:
        word: Our word for it.
        token: The attempt's token, by which alone it is found: what `envelope.receipt_url` ends with, or what the
            message itself carried to the provider and back. Without it the receipt is kept and changes nothing.
        ref: The provider's name for the message, else "".
        event: Equal for two copies of the same event, different otherwise; repeats are dropped by it.
        raw: What was really said, kept for ever beside our word for it.
        fault: Present when `word` is UNDELIVERED. With another word it says that the person wants no more (`opt_out`).
        at: Unix seconds by the provider's clock when it gives a trustworthy one, else None.
    """

    word: Word
    event: str
    token: str = ""
    ref: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)
    fault: Fault | None = None
    at: float | None = None


class Wish(StrEnum):
    """What a person wants who wrote to us, or told a provider."""

    #: To hear nothing more by this address.
    STOP = "stop"
    #: To hear from us again.
    START = "start"
    #: To know who we are.
    HELP = "help"
    #: Something else: kept for people to read, never acted upon.
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said that is not about one message.

    Attributes:
        wish: Our word for it.
        address: The person's address in the form of the kind.
        event: Equal for two copies of the same event, different otherwise.
        words: What they wrote, as it came.
    """

    wish: Wish
    address: str
    event: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider wants to hear back at once. Without one it gets an empty 204."""

    body: bytes
    content_type: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """All that one call told."""

    receipts: Sequence[Receipt] = ()
    said: Sequence[Said] = ()
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """An HTTP call that claims to come from a provider.

    `token` is the attempt's, "" when the route's own address was called.
    `url` is the public address as the provider called it (scheme, host, path, raw query), rebuilt from our configured
    public address and never from forwarded headers. `headers` have lower-case names. `body` is raw.
    """

    url: str
    token: str
    headers: Mapping[str, str]
    body: bytes
    received_at: float


class Forged(Exception):
    """The call is not proven to come from the provider. The message says what was missing, not what was expected."""


class Unreadable(Exception):
    """The call is genuine, or cannot be told, but its content is not of the documented form."""
