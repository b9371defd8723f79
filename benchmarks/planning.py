"""Plans one accepted broadcast in a process of its own. `python -m benchmarks.planning BROADCAST`.

Prints the seconds it took, and the most memory the process had, in bytes.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from dispatcher.wiring import install

#: The operating systems disagree about the unit.
_UNIT = 1 if sys.platform == "darwin" else 1024

if __name__ == "__main__":
    here = install()
    planner = here.planner
    _ = here.ways
    began = time.monotonic()
    planner.plan(int(sys.argv[1]))
    took = time.monotonic() - began
    print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT]))
