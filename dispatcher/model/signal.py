"""What monitors say, normalised: the same words whatever system said it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Signal:
    """One alert that fires or has ended.

    `key` is equal for the same alert said again. `facts` may hold `summary` and the like from annotations.
    """

    source: str
    key: str
    firing: bool
    title: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: datetime | None = None
