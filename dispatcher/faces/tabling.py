"""Deliveries as a file: CSV for a spreadsheet, or a line of JSON each. Made page by page, so a million need no room."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields

from dispatcher.model.story import DeliveryLine

#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: object) -> object:
    """The value of a cell: a text that a spreadsheet would calculate gets an apostrophe before it."""
    text = value.isoformat() if hasattr(value, "isoformat") else value
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


def as_csv(pages: Iterable[list[DeliveryLine]]) -> Iterator[str]:
    """The header, then each page."""
    yield _rows([[field.name for field in fields(DeliveryLine)]])
    for page in pages:
        yield _rows([[harmless(value) for value in asdict(line).values()] for line in page])


def as_json_lines(pages: Iterable[list[DeliveryLine]]) -> Iterator[str]:
    """A line for each delivery."""
    for page in pages:
        yield "".join(f"{json_of(line)}\n" for line in page)


def json_of(line: DeliveryLine) -> str:
    """One delivery as JSON on one line."""
    return json.dumps(asdict(line), ensure_ascii=False, default=lambda moment: moment.isoformat())


def _rows(rows: Iterable[list[object]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
