"""Deliveries as a file: CSV for a spreadsheet, or a line of JSON each. Made page by page, so a million need no room."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from operator import attrgetter

from dispatcher.model.story import DeliveryLine

_NAMES = tuple(field.name for field in fields(DeliveryLine))
#: The cells of a line. `dataclasses.asdict` copies every one of them deeply, which took most of the time of an export.
_cells = attrgetter(*_NAMES)
#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


#: What steers a terminal, or ends a text before its end, and says nothing to anybody. Tabs and ends of lines stay.
_CONTROLS = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0)} - {ord(one) for one in "\t\n\r"}, "\N{REPLACEMENT CHARACTER}"
)


def harmless(value: object) -> object:
    """The value of a cell: control characters are replaced, and a text that a spreadsheet would calculate gets an
    apostrophe before it."""
    text = value.isoformat() if hasattr(value, "isoformat") else value
    if not isinstance(text, str):
        return text
    if not text.isprintable():
        text = text.translate(_CONTROLS)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(pages: Iterable[list[DeliveryLine]]) -> Iterator[str]:
    """The header, then each page."""
    yield _rows([_NAMES])
    for page in pages:
        yield _rows([[harmless(value) for value in _cells(line)] for line in page])


def as_json_lines(pages: Iterable[list[DeliveryLine]]) -> Iterator[str]:
    """A line for each delivery."""
    for page in pages:
        yield "".join(f"{json_of(line)}\n" for line in page)


def json_of(line: DeliveryLine) -> str:
    """One delivery as JSON on one line."""
    return _to_json(dict(zip(_NAMES, _cells(line), strict=True)))


_to_json = json.JSONEncoder(ensure_ascii=False, default=lambda moment: moment.isoformat()).encode


def _rows(rows: Iterable[Sequence[object]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
