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


#: A person for every mix of kinds of address and every mailbox, again and again.
_MIXED = """
INSERT INTO recipient (ref, name, locale, to_sms, to_chat, to_inapp, to_push, to_email, reach, mail_vendor,
                       created_at, updated_at)
SELECT 'b' || n, 'Person ' || n, (ARRAY['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl'])[1 + n / 32 %% 8],
       CASE WHEN n & 1 > 0 THEN '+1415' || lpad((5550000 + n)::text, 7, '0') END,
       CASE WHEN n & 2 > 0 THEN 'U' || n END,
       CASE WHEN n & 4 > 0 THEN 'user-' || n END,
       CASE WHEN n & 8 > 0 THEN 'push-' || n END,
       CASE WHEN n & 16 > 0 THEN 'person' || n || '@customer.example' END,
       (n & 1) * %s + (n & 2) / 2 * %s + (n & 4) / 4 * %s + (n & 8) / 8 * %s + (n & 16) / 16 * %s,
       CASE WHEN n & 16 > 0 THEN (%s::text[])[1 + n / 256 %% %s] ELSE '' END, now(), now()
FROM generate_series(1, %s) AS n
"""


def mix(url: str, count: int, vendors: list[str]) -> None:
    """Migrate a database and fill it with people of every kind, whose mailboxes are at all of these vendors."""
    ledger = Ledger(url)
    try:
        upgrade(ledger)
        bits = [to_mask([kind]) for kind in (Kind.SMS, Kind.CHAT, Kind.INAPP, Kind.PUSH, Kind.EMAIL)]
        with ledger.write() as tx:
            tx.exec_driver_sql(_MIXED, (*bits, vendors, len(vendors), count))
        tidy(ledger)
    finally:
        ledger.close()


def tidy(ledger: Ledger) -> None:
    """What PostgreSQL does by itself after a while: learn how the tables look."""
    with ledger.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
