"""How a social network's refusals are written down as data, and found again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from channels.contract import Blame


@dataclass(frozen=True, slots=True)
class Refusal:
    """One kind of refusal: a status, words found in the answer in any case ("" fits all), and what they mean."""

    status: int
    words: str
    blame: Blame
    code: str
    reason: str


def find(rows: Iterable[Refusal], status: int, document: str) -> Refusal | None:
    """The first row that fits; `document` is the answer in lower case."""
    return next((row for row in rows if row.status == status and row.words in document), None)
