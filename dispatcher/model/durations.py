"""Lengths of time as people write them in configuration: `90s`, `30m`, `2h`, `1d`, or plain seconds."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 366 * 86400.0
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")


def parse_seconds(value: object) -> float:
    """`"30m"` -> 1800.0.

    Raises:
        ValueError: not a positive length of time of up to a year.
    """
    match = _FORM.fullmatch(str(value).strip()) if isinstance(value, (str, int, float)) else None
    if match is None or not 0 < (seconds := float(match[1]) * _UNITS[match[2]]) <= _LONGEST:
        raise ValueError(f"{value!r} is not a length of time of up to a year; write for example 90s, 30m, 2h or 1d")
    return seconds


Seconds = Annotated[float, BeforeValidator(parse_seconds)]
