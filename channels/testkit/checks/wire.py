"""The exact requests, compared with those that somebody has looked at."""

from __future__ import annotations

from difflib import unified_diff

from channels.testkit import golden
from channels.testkit.checks.running import Tried, check

_RENEW = "python -m channels.testkit golden {}   # and read what it wrote before you commit it"


@check()
async def test_its_requests_are_those_of_the_golden_file(tried: Tried) -> None:
    path = golden.place(tried.name)
    assert path.exists(), f"there is no {path}; write it with\n  {_RENEW.format(tried.name)}"
    kept, now = path.read_text(encoding="utf-8"), await golden.recorded(tried.name)
    lines = unified_diff(kept.splitlines(), now.splitlines(), "as kept", "as sent now", lineterm="")
    difference = "\n".join(lines)
    remedy = f"If they should have:\n  {_RENEW.format(tried.name)}"
    assert not difference, f"its requests have changed:\n{difference}\n{remedy}"
