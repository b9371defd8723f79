"""Text that every ledger can keep. PostgreSQL takes no NUL, and a lone surrogate is no character. Pure."""

from __future__ import annotations

import re

from pydantic import BaseModel, model_validator

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
#: Nothing that is asked of us is nested nearly as deep; what is could exhaust the stack of whoever reads it.
_DEEPEST = 32


class Keepable(BaseModel):
    """The outermost form of whatever comes in: refused as a whole when any text in it cannot be kept."""

    @model_validator(mode="before")
    @classmethod
    def _check(cls, given: object) -> object:
        _require_keepable(given)
        return given


def without_unkeepable(text: str) -> str:
    """The text with a replacement character for whatever cannot be kept."""
    return _UNKEEPABLE.sub("\ufffd", text)


def _require_keepable(given: object) -> None:
    waiting: list[tuple[tuple[str, ...], object]] = [((), given)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            if _UNKEEPABLE.search(value):
                raise ValueError(f"{_place(path)} holds a NUL or half a character (\\u0000, \\ud800 to \\udfff)")
        elif len(path) > _DEEPEST:
            raise ValueError(f"is nested more than {_DEEPEST} deep")
        elif isinstance(value, dict):
            for name, inner in value.items():
                waiting.append(((*path, "a name"), name))
                waiting.append(((*path, str(name)), inner))
        elif isinstance(value, list):
            waiting += [((*path, str(number)), inner) for number, inner in enumerate(value)]


def _place(path: tuple[str, ...]) -> str:
    return ascii(".".join(path))[1:-1] if path else "the text"
