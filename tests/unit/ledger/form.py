"""Whether a ledger has the form that the code describes."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from dispatcher.ledger import Ledger, tables


def differences(ledger: Ledger) -> list[Any]:
    """Where the ledger and `tables` differ; what is meant for one database only is not missed in the other."""

    def is_for_it(thing: Any, *_: object) -> bool:
        return ledger.sqlite or getattr(thing, "info", {}).get("only") != "sqlite"

    with ledger.write() as tx:
        options = {"compare_type": True, "compare_server_default": False, "include_object": is_for_it}
        return list(compare_metadata(MigrationContext.configure(tx, opts=options), tables.metadata))
