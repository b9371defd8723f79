"""The durable record, and the only place that knows SQL."""

from dispatcher.ledger.store import Ledger, LedgerAway, Tx, now

__all__ = ["Ledger", "LedgerAway", "Tx", "now"]
