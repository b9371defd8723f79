"""Very many people in a PostgreSQL ledger, made there in seconds: importing them is not what is measured."""

from __future__ import annotations

from benchmarks.site import PHONES
from channels.contract import Kind
from dispatcher.ledger import Ledger
from dispatcher.ledger.migrate import upgrade
from dispatcher.ledger.reach import to_mask

_INSERT = """
INSERT INTO recipient (ref, name, locale, to_sms, to_email, reach, created_at, updated_at)
SELECT 'b' || n, 'Person ' || n, CASE WHEN n % 4 = 0 THEN 'de' ELSE 'en' END,
       '+1415' || lpad((5550000 + n)::text, 7, '0'),
       CASE WHEN n % 2 = 0 THEN 'person' || n || '@customer.example' END,
       CASE WHEN n % 2 = 0 THEN %s ELSE %s END, now(), now()
FROM generate_series(0, %s - 1) AS n
"""

#: One of them alone, to warm up with.
_FIRST = "INSERT INTO recipient_tag (tag, recipient_id) SELECT %s, min(id) FROM recipient"


def fill(url: str, count: int) -> None:
    """Migrate a database and fill it with people who all have a phone, half of them mail too, in two languages."""
    ledger = Ledger(url)
    try:
        upgrade(ledger)
        both, phone = to_mask([Kind.SMS, Kind.EMAIL]), to_mask([Kind.SMS])
        with ledger.write() as tx:
            tx.exec_driver_sql(_INSERT.replace("%", "%%").replace("%%s", "%s"), (both, phone, count))
            tx.exec_driver_sql(_FIRST, (PHONES,))
        tidy(ledger)
    finally:
        ledger.close()


def tidy(ledger: Ledger) -> None:
    """What PostgreSQL does by itself after a while: learn how the tables look."""
    with ledger.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
