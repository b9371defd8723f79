"""Brings a ledger to the form that this version needs. Only upwards: old and new workers run side by side meanwhile.

Revisions are numbers that rise, and each only adds. So a process of an older release can go on with a newer ledger,
and refuses nothing but one that is older than itself.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from dispatcher.ledger.store import Ledger, LedgerAway

_SCRIPTS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


def head() -> str:
    """The revision this version of the code works with."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise RuntimeError("the package holds no migrations; it was not built completely")
    return revision


def current(ledger: Ledger) -> str | None:
    """The revision the ledger is at; None for an empty one.

    Raises:
        LedgerAway: it cannot be reached.
    """
    with ledger.read() as tx:
        return MigrationContext.configure(tx).get_current_revision()


def upgrade(ledger: Ledger) -> str:
    """Migrate to `head` with the data in place; answers the revision. Harmless when it is there, or further, already.

    Raises:
        LedgerAway: it cannot be reached, or was not made by this program.
    """
    config = _config()
    with ledger.write() as tx:
        if not ledger.sqlite:
            # Two releases started at once: the second waits and then finds nothing to do.
            tx.exec_driver_sql("SELECT pg_advisory_xact_lock(7042031100)")
        at = MigrationContext.configure(tx).get_current_revision()
        if at is not None and _number(ledger, at) > int(head()):
            return at  # a newer release was here before
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
    return head()


def require_current(ledger: Ledger) -> None:
    """Refuse to work on a ledger that lacks what this version needs. One of a newer release has it.

    Raises:
        LedgerAway: it cannot be reached, is older than `head`, or was not made by this program.
    """
    at = current(ledger)
    if at is None or _number(ledger, at) < int(head()):
        raise LedgerAway(
            f"the ledger at {ledger.shown_url} is at revision {at or 'none'}, this version needs {head()}; "
            "run: dispatcher db upgrade"
        )


def _number(ledger: Ledger, revision: str) -> int:
    if not revision.isdecimal():
        raise LedgerAway(
            f"the database at {ledger.shown_url} is at revision {revision!r}, which is none of this program's; "
            "point DISPATCHER_LEDGER_URL at a ledger, or at an empty database"
        )
    return int(revision)
