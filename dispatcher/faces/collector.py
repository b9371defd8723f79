"""What the garbage collector of a process that lives long need not look at."""

from __future__ import annotations

import gc

#: Objects made before the collector looks for dead cycles, and how many such looks before it looks at older ones. What
#: a message or a request leaves behind is nearly always freed without it.
_LOOK_AFTER = (50_000, 20, 20)


def spare_what_stays() -> None:
    """Call it once everything is loaded: the collector passes over all of that from now on.

    Otherwise it goes through the libraries' hundreds of thousands of objects again and again while there is work to do:
    measured, that took a third of a sending worker's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_LOOK_AFTER)
