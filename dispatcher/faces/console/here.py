"""What every page of the console is handed: the installation, the bells, and who is asking."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TypeVar
from zoneinfo import ZoneInfo

from fastapi import Request

from dispatcher.faces.times import Clock
from dispatcher.faces.worker.bells import Bells
from dispatcher.wiring import Installation

T = TypeVar("T")


def installation(request: Request) -> Installation:
    found: Installation = request.app.state.installation
    return found


def bells(request: Request) -> Bells:
    found: Bells = request.app.state.bells
    return found


def remembered(request: Request, name: str, make: Callable[[], T]) -> T:
    """Something of the console that lives as long as the application does."""
    name = f"console_{name}"
    if not hasattr(request.app.state, name):
        setattr(request.app.state, name, make())
    found: T = getattr(request.app.state, name)
    return found


def clock(request: Request) -> Clock:
    return _clock(installation(request).config.company.timezone)


@lru_cache(maxsize=8)
def _clock(timezone: str) -> Clock:
    return Clock(ZoneInfo(timezone))


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in. `csrf` proves that a form came from one of our own pages."""

    name: str
    csrf: str


def key_mark(secret: str, key: str) -> str:
    """Tells in a session which key opened it, without telling the key: a key that is taken away ends its sessions."""
    return hmac.new(secret.encode(), b"console key\0" + key.encode(), sha256).hexdigest()[:32]
