"""How the interpreter is set in a process that lives long and has much to do."""

from __future__ import annotations

import gc
import sys

#: Objects made before the collector looks for dead cycles, and how many such looks before it looks at older ones. What
#: a message or a request leaves behind is nearly always freed without it.
_LOOK_AFTER = (50_000, 20, 20)
#: Seconds after which a thread that wants the interpreter gets it. The ledger's threads need it again for each row they
#: read, on SQLite with the write lock held, beside a loop that is always busy; the usual 5 ms a row is too long.
_TURN = 0.0005


def settle_in() -> None:
    """Call it once everything is loaded.

    The collector passes over all of that from now on. Otherwise it goes through the libraries' hundreds of thousands of
    objects again and again while there is work to do: measured, that took a third of a sending worker's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_LOOK_AFTER)
    sys.setswitchinterval(_TURN)
