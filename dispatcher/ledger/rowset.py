"""Many rows as one parameter, for statements that change or add many rows at once.

One JSON text is taken apart by the database, in its own code. Handing over each value of each row as a parameter of its
own costs several times as much in ours, and on PostgreSQL a round trip for each row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    FromClause,
    Integer,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from dispatcher.ledger.columns import Instant
from dispatcher.ledger.store import Tx

#: What a column of a rowset may be.
ID, NUMBER, TEXT, FLAG, MOMENT, DOCUMENT = BigInteger(), Integer(), Text(), Boolean(), Instant(), JSON()
Type = BigInteger | Integer | Text | Boolean | Instant | JSON


class Rowset:
    """Rows of one form.

    Args:
        name: What it is called in the statement, and of its parameter.
        columns: The columns with their types, in the order in which `bind` gets the values.
    """

    def __init__(self, name: str, **columns: Type) -> None:
        self.name = name
        self._columns: Mapping[str, Type] = columns
        self._moments = [place for place, one in enumerate(columns.values()) if isinstance(one, Instant)]
        self._documents = [place for place, one in enumerate(columns.values()) if one is DOCUMENT]
        self._given = bindparam(name, type_=Text())

    def source(self, *, sqlite: bool) -> FromClause:
        """Something to select from, as that database takes it."""
        if not sqlite:
            shape = [column(name, TEXT if kind is DOCUMENT else kind) for name, kind in self._columns.items()]
            rows = func.jsonb_to_recordset(cast(self._given, JSONB))
            given = rows.table_valued(*shape, name=self.name).render_derived(with_types=True)
            if not self._documents:
                return given
            parts = [
                cast(given.c[name], DOCUMENT).label(name) if kind is DOCUMENT else given.c[name]
                for name, kind in self._columns.items()
            ]
            return select(*parts).subquery(f"{self.name}_read")
        each = func.json_each(self._given).table_valued("value", name=f"{self.name}_each")
        parts = [
            func.json_extract(each.c.value, f"$.{name}", type_=kind).label(name) for name, kind in self._columns.items()
        ]
        return select(*parts).subquery(self.name)

    def bind(self, tx: Tx, rows: Iterable[Sequence[Any]]) -> dict[str, str]:
        """The parameter that holds these rows."""
        sqlite = tx.dialect.name == "sqlite"
        names = tuple(self._columns)
        packed = []
        for row in rows:
            values = list(row)
            for place in self._moments:
                values[place] = _moment(values[place], sqlite=sqlite)
            for place in self._documents:
                # A text within the text: what a document says is kept, not read, whatever characters are in it.
                values[place] = None if values[place] is None else _text(values[place])
            packed.append(dict(zip(names, values, strict=True)))
        return {self.name: _text(packed)}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _moment(value: datetime | None, *, sqlite: bool) -> str | None:
    """As `Instant` writes it: SQLite keeps the text, so it must be the same to the letter to be compared."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("the ledger keeps aware moments only")
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else value.isoformat()
