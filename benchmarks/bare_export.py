"""The same columns of every delivery by a cursor of the server's, written by `csv.writer`, and nothing else.

`python -m benchmarks.bare_export FILE`, with the ledger's address in the environment.
"""

from __future__ import annotations

import csv
import os
import sys

import psycopg

_ROWS = """
SELECT d.id, d.incident_id, u.number, d.leg, d.subject, d.kind, d.route, d.to_sms, d.status, d.reason, d.failovers,
       d.maybe_twice, d.first_attempt_at, d.updated_at
FROM delivery d JOIN incident_update u ON u.id = d.update_id ORDER BY d.incident_id, d.id
"""
_AT_ONCE = 2_000

if __name__ == "__main__":
    address = os.environ["DISPATCHER_LEDGER_URL"].replace("+psycopg", "")
    with (
        psycopg.connect(address) as connection,
        connection.cursor("all_of_them") as cursor,
        open(sys.argv[1], "w", encoding="utf-8", newline="") as file,
    ):
        cursor.itersize = _AT_ONCE
        cursor.execute(_ROWS)
        csv.writer(file).writerows(cursor)
