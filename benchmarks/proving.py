"""Proves the reach of everybody in a process of its own. `python -m benchmarks.proving AUDIENCE PLAYBOOK`.

Prints the seconds for one vendor lost and for two, each with what it asks the ledger, the most memory the process had,
in bytes, and how many people, classes and pairs there were.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from dispatcher.faces.reaching import Proof, proofs
from dispatcher.plan.reach import without
from dispatcher.wiring import Installation, install

#: The operating systems disagree about the unit.
_UNIT = 1 if sys.platform == "darwin" else 1024


def prove(here: Installation, *, pairs: bool) -> tuple[float, Proof]:
    """The seconds it takes, and what is found."""
    began = time.monotonic()
    with here.ledger.read() as tx:
        (found,) = proofs(here, tx, audience=sys.argv[1], playbook=sys.argv[2], pairs=pairs)
    return time.monotonic() - began, found


if __name__ == "__main__":
    here = install()
    assert not (wrong := [way.problem for way in here.ways if way.problem]), wrong
    one, _ = prove(here, pairs=False)
    two, found = prove(here, pairs=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    for loss in found.reach.pairs[::97]:
        assert loss == without(found.classes, here.ways, found.kinds, loss.vendors), "a pair was counted wrong"
    print(json.dumps([one, two, memory, found.reach.people, len(found.classes), len(found.reach.pairs)]))
