"""Invented people for trying things out. The numbers are of ranges that are set aside for fiction."""

from __future__ import annotations

import random

from channels.contract import Kind
from dispatcher.model.recipient import Recipient

_FIRST = (
    "Ada",
    "Ben",
    "Chidi",
    "Dana",
    "Emre",
    "Fatou",
    "Grace",
    "Hugo",
    "Ines",
    "Jun",
    "Kofi",
    "Lena",
    "Mira",
    "Noor",
)
_LAST = ("Adler", "Berg", "Costa", "Diaz", "Engel", "Falk", "Gold", "Haas", "Ito", "Jansen", "Kaya", "Lund", "Marsh")
_TAGS = ("enterprise", "business", "starter")


def people(number: int, seed: int = 1) -> list[Recipient]:
    """So many people with addresses of several kinds each; nobody has mail alone, nobody hangs on one vendor."""
    chance = random.Random(seed)  # noqa: S311 - the same invented people every time
    return [_person(index, chance) for index in range(1, number + 1)]


def _person(index: int, chance: random.Random) -> Recipient:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    # +1 NXX 555 01XX is kept for fiction; the area codes below are in use, so that the numbers can exist.
    area = (201, 212, 303, 312, 404, 415, 503, 617, 702, 808)[index // 100 % 10]
    phone = f"+1{area}55501{index % 100:02d}"
    everything = {
        Kind.SMS: phone,
        Kind.INAPP: f"user-{index}",
        Kind.CHAT: f"U{index:08d}",
        Kind.EMAIL: f"{first}.{last}.{index}@customer.example".lower(),
    }
    kinds = chance.choices(
        (
            (Kind.SMS, Kind.EMAIL),
            (Kind.SMS, Kind.INAPP, Kind.EMAIL),
            (Kind.SMS, Kind.CHAT),
            (Kind.INAPP, Kind.EMAIL),
            (Kind.CHAT, Kind.EMAIL),
            (Kind.SMS, Kind.INAPP, Kind.CHAT, Kind.EMAIL),
        ),
        weights=(20, 30, 15, 15, 5, 15),
    )[0]
    return Recipient(
        ref=f"sample-{index}",
        name=f"{first} {last}",
        locale="de" if chance.random() < 0.3 else "en",
        addresses={kind: everything[kind] for kind in kinds},
        tags=frozenset({_TAGS[index % len(_TAGS)], *(["eu"] if index % 4 == 0 else [])}),
    )
