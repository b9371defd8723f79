"""Who is asking: a signed cookie after a log-in with an API key, and a brake on guessing keys."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Annotated, Any

import jwt
from fastapi import Depends, Request, Response

from dispatcher.faces.console.here import Session, installation, key_mark
from dispatcher.settings import Settings

COOKIE = "dispatcher_console"
_AUDIENCE = "console"
_ALGORITHM = "HS256"
_LASTS = timedelta(hours=12)


class LoginNeeded(Exception):
    """Nobody is logged in, or the session has ended."""


def whose_key(settings: Settings, given: str) -> tuple[str, str] | None:
    """The name and the key, if there is such a key. Takes equally long wherever the difference is."""
    found = None
    for key, name in settings.api_keys.items():
        if hmac.compare_digest(key.encode(), given.encode()):
            found = (name, key)
    return found


def begin(response: Response, settings: Settings, name: str, key: str) -> None:
    """Put a session into the response."""
    secret = settings.secret.get_secret_value()
    moment = datetime.now(UTC)
    claims = {
        "aud": _AUDIENCE,
        "sub": name,
        "iat": moment,
        "exp": moment + _LASTS,
        "csrf": secrets.token_urlsafe(24),
        "key": key_mark(secret, key),
    }
    response.set_cookie(
        COOKIE,
        jwt.encode(claims, secret, algorithm=_ALGORITHM),
        max_age=int(_LASTS.total_seconds()),
        path="/console",
        secure=settings.public_url.startswith("https://"),
        httponly=True,
        samesite="strict",
    )


def end(response: Response, settings: Settings) -> None:
    """Take the session out of the browser."""
    response.delete_cookie(
        COOKIE,
        path="/console",
        secure=settings.public_url.startswith("https://"),
        httponly=True,
        samesite="strict",
    )


def current(request: Request) -> Session | None:
    """The session of a request, if it has one that still holds."""
    settings = installation(request).settings
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    secret = settings.secret.get_secret_value()
    try:
        claims: dict[str, Any] = jwt.decode(
            cookie,
            secret,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["exp", "iat", "sub", "aud"]},
        )
        mark, csrf = str(claims["key"]), str(claims["csrf"])
    except (jwt.InvalidTokenError, KeyError):
        return None
    known = [name for key, name in settings.api_keys.items() if hmac.compare_digest(key_mark(secret, key), mark)]
    return Session(known[0], csrf) if known else None


def required(request: Request) -> Session:
    """The session.

    Raises:
        LoginNeeded: there is none.
    """
    session = current(request)
    if session is None:
        raise LoginNeeded
    request.state.session = session
    return session


LoggedIn = Annotated[Session, Depends(required)]


class Brake:
    """Slows down guessing, for each address that guesses. One per process; forgets the oldest when it gets many."""

    def __init__(
        self, tries: int = 10, within: float = 60.0, most: int = 2000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tries = tries
        self._within = within
        self._most = most
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, who: str) -> int:
        """Seconds until this address may try again; 0 for now."""
        with self._lock:
            wrong = self._wrong.get(who)
            while wrong and wrong[0] <= self._clock() - self._within:
                wrong.popleft()
            if not wrong or len(wrong) < self._tries:
                return 0
            return max(1, round(wrong[0] + self._within - self._clock()))

    def note_wrong(self, who: str) -> None:
        """A wrong key came from this address."""
        with self._lock:
            self._wrong.setdefault(who, deque(maxlen=self._tries)).append(self._clock())
            self._wrong.move_to_end(who)
            while len(self._wrong) > self._most:
                self._wrong.popitem(last=False)
