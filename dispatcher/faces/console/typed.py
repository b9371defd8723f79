"""What somebody typed into a form, read within limits, and whether the form is one of ours."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, HTTPException, Request

from dispatcher.faces.console.here import Session, installation
from dispatcher.render.clean import clean, one_line

_LARGEST = 512 * 1024
_MOST_FIELDS = 500
#: Belong to the page that was left, not to what was typed on it.
_OF_THE_PAGE = frozenset({"csrf", "do"})


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form in their order."""

    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def text(self, name: str) -> str:
        """The value of a field with its line breaks, cleaned of what steers a display."""
        return clean(self._first(name))

    def line(self, name: str) -> str:
        """The value of a field on a single line."""
        return one_line(self._first(name))

    def raw(self, name: str) -> str:
        """The value as it came: for keys and tokens."""
        return self._first(name)

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a field: ticked boxes."""
        return tuple(clean(value) for key, value in self.pairs if key == name)

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)

    def kept(self, *, without: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
        """What goes along to the next page."""
        return ((key, value) for key, value in self.pairs if key not in _OF_THE_PAGE | without)

    def _first(self, name: str) -> str:
        return next((value for key, value in self.pairs if key == name), "")


class Foreign(Exception):
    """The form was sent by a page that is not ours."""


async def read(request: Request) -> Typed:
    """The form of a request.

    Raises:
        Foreign: the browser says that another site sent it.
        HTTPException: it is too large, or no form.
    """
    _require_own_origin(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(415, "this address takes forms only")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise HTTPException(413, "what was sent is too long for a form")
    try:
        text = body.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise HTTPException(400, "the form cannot be read; it is not UTF-8, or has too many fields") from None
    typed = Typed(tuple(pairs))
    request.state.typed = typed
    return typed


Form = Annotated[Typed, Depends(read)]


def is_genuine(typed: Typed, session: Session) -> bool:
    """Whether the form was made for this session."""
    return hmac.compare_digest(typed.raw("csrf").encode(), session.csrf.encode())


def require_genuine(typed: Typed, session: Session) -> None:
    """For buttons that carry nothing worth keeping.

    Raises:
        HTTPException: the form was not made for this session.
    """
    if not is_genuine(typed, session):
        raise HTTPException(403, "this page was opened in an earlier session; go back, reload it and press again")


def _require_own_origin(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise Foreign
        return
    own = urlsplit(installation(request).settings.public_url)
    allowed = {own.netloc.lower(), request.headers.get("host", "").lower()} - {""}
    if urlsplit(origin).netloc.lower() not in allowed:
        raise Foreign
