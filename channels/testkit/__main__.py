"""For whoever writes channels.

python -m channels.testkit golden [CHANNEL ...]    write the golden files of these channels, or of all
python -m channels.testkit matrix PAGE             write the table of all channels of this project into a page
"""

from __future__ import annotations

import sys
from pathlib import Path

from channels.registry import channel_types
from channels.testkit import golden, matrix
from channels.testkit.samples import announced


def main(arguments: list[str]) -> int:
    """Exit status: 0 done, 1 not all of it, 2 wrong call."""
    match arguments:
        case ["golden", *names]:
            return _golden(names or sorted(announced()))
        case ["matrix", page] if Path(page).is_file():
            ours = [kind for kind in channel_types().values() if kind.build.__module__.startswith("channels.")]
            path = Path(page)
            text = path.read_text(encoding="utf-8")
            path.write_text(matrix.placed(text, matrix.table(ours, path.parent)), encoding="utf-8")
            return 0
    print(__doc__, file=sys.stderr)
    return 2


def _golden(names: list[str]) -> int:
    unknown = [name for name in names if name not in announced() or name not in channel_types()]
    if unknown:
        there = ", ".join(sorted(announced()))
        print(f"no samples are installed of: {', '.join(unknown)}; there are those of {there}", file=sys.stderr)
        return 2
    failed = False
    for name in names:
        try:
            changed = golden.renew(name)
        except golden.Unsteady as why:
            print(why, file=sys.stderr)
            failed = True
        else:
            print(f"{golden.place(name)}: {'written' if changed else 'as before'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
