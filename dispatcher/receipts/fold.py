"""How one receipt changes what is known. Pure: words only rise, and a negative word sends the leg on.

    queued < sent < undelivered < delivered < read

`delivered` outranks `undelivered`: some networks report a failure first and the arrival later, and a person who has
the message has it.
"""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import Word
from dispatcher.model.delivery import CLOSED, Status

_RANK = {
    Word.UNKNOWN: 0,
    Word.QUEUED: 1,
    Word.SENT: 2,
    Word.UNDELIVERED: 3,
    Word.DELIVERED: 4,
    Word.READ: 5,
}
_SAYS = {
    Status.ACCEPTED: "the provider has it",
    Status.SENT: "the provider has passed it on",
    Status.DELIVERED: "delivered, the provider says",
    Status.READ: "seen by the person",
}
_STATUS = {Word.SENT: Status.SENT, Word.DELIVERED: Status.DELIVERED, Word.READ: Status.READ}

#: Where a receipt for the current attempt may still change the delivery. One that waits to be sent again on the same
#: route is among them: the receipt proves that the provider had it after all.
_OPEN = frozenset(
    {
        Status.PENDING,
        Status.SENDING,
        Status.ASKING,
        Status.UNCERTAIN,
        Status.ACCEPTED,
        Status.SENT,
        Status.DELIVERED,
        Status.UNCONFIRMED,
    }
)
#: Nobody else has told them, and nothing is under way: whichever route says that it arrived is believed.
_NOT_TOLD = frozenset({Status.PENDING, Status.UNCERTAIN, Status.UNCONFIRMED, *CLOSED})
_ARRIVED = frozenset({Word.DELIVERED, Word.READ})


@dataclass(frozen=True, slots=True)
class Note:
    """Remember the word with the attempt, and leave the delivery as it is."""

    word: Word | None
    effect: str


@dataclass(frozen=True, slots=True)
class Rise:
    """The delivery stands higher now."""

    word: Word
    status: Status
    effect: str


@dataclass(frozen=True, slots=True)
class MoveOn:
    """It did not arrive here: the leg goes on to its next route."""

    word: Word
    effect: str


Effect = Note | Rise | MoveOn


def fold(*, heard: Word, known: Word | None, status: Status, is_current: bool) -> Effect:
    """What a receipt does.

    Args:
        heard: Its word.
        known: The highest word heard about this attempt so far.
        status: Where the delivery stands.
        is_current: Whether the attempt is the delivery's latest, on the route where it stands.
    """
    if heard is Word.UNKNOWN:
        return Note(None, "a word this channel does not know; kept, nothing changed")
    if known is not None and _RANK[heard] <= _RANK[known]:
        return Note(None, f"late or repeated: {known.value} was known already")
    if heard in _ARRIVED and status in _NOT_TOLD:
        late = "" if is_current else ", by a route that the delivery had left: it is told after all"
        return Rise(heard, _STATUS[heard], f"{_SAYS[_STATUS[heard]]}{late}")
    if not is_current:
        return Note(heard, f"{heard.value}, by a route that the delivery had left; recorded, counted, nothing changed")
    if status not in _OPEN:
        return Note(heard, f"{heard.value}, after the delivery was {status.value}; recorded")
    if heard is Word.UNDELIVERED:
        return MoveOn(heard, "undelivered: on to the next route")
    if status is Status.UNCONFIRMED:
        return Note(heard, f"{heard.value}: that does not say whether it arrived")
    risen = _STATUS.get(heard, Status.ACCEPTED)
    if risen is status:
        return Note(heard, f"{heard.value}: nothing new for the delivery")
    return Rise(heard, risen, _SAYS[risen])
