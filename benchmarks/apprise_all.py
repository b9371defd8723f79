"""Tells everybody at once by Apprise. `python -m benchmarks.apprise_all URL COUNT`.

One target for each person, all notified by a single `async_notify`; the targets are JSON posts to the provider, because
the address of Apprise's Twilio plugin cannot be changed.
"""

from __future__ import annotations

import asyncio
import sys

import apprise

from benchmarks.bare import TEXT

if __name__ == "__main__":
    everybody = apprise.Apprise()
    for number in range(int(sys.argv[2])):
        everybody.add(f"{sys.argv[1].replace('http://', 'json://')}/to/{number}")
    if not asyncio.run(everybody.async_notify(body=TEXT)):
        sys.exit("Apprise says that some were not told")
