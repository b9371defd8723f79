"""The kinds of channel and what an adapter may declare about itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a person experiences; failover happens within a kind and between kinds."""

    SMS = "sms"
    CHAT = "chat"
    SOCIAL = "social"
    INAPP = "inapp"
    PUSH = "push"
    EMAIL = "email"


class Repeat(StrEnum):
    """What a provider does with the same message sent to it twice."""

    #: It recognises `Envelope.key` and answers the second time without delivering again.
    KEYED = "keyed"
    #: It recognises the content itself (X refuses a duplicate post), so repeating is harmless.
    NATURAL = "natural"
    #: It cannot tell, but it can be asked what it has (`CanBeAsked`).
    LOOKUP = "lookup"
    #: It cannot tell and cannot be asked: repeating risks telling somebody twice.
    BLIND = "blind"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one adapter can do. Checks and decisions read this, never the adapter's name."""

    kind: Kind
    #: How it answers the same message twice; decides what happens to an uncertain attempt.
    repeat: Repeat
    #: For `Repeat.KEYED`: how many seconds it knows a key, safely less; None when for longer than anything is repeated.
    key_lifetime: float | None = None
    #: True when the provider (or the person) tells us later what became of a message.
    hears_receipts: bool = False
    #: True when we are told later only of what did not arrive: silence is the usual end and leaves nothing in doubt.
    hears_failures: bool = False
    #: True when the provider itself drops a message that is older than `Envelope.useful_for`.
    expires_at_provider: bool = False
    #: True when it keeps the messages about one incident together: it wants `Envelope.root`.
    threads: bool = False
    #: True when what was sent can be changed afterwards (`CanAmend`).
    amends: bool = False
    #: True when what was sent can be taken back (`CanRetract`).
    retracts: bool = False
    #: True when the account itself fixes the one shared place that it writes to (a webhook): it reaches no person.
    one_place: bool = False
    #: True when its rate limits hold for one address first (a channel, a device): a `Deferred` with `route_wide` rests
    #: that one, and the whole route only when a second one is told the same meanwhile.
    limits_destinations: bool = False
    #: True when the account can be tried without sending anything (`CanProbe`).
    probes: bool = False
    #: True when a person's device makes the address itself (`CanEnrol`).
    enrols: bool = False
