"""When an attempt can have reached the provider, whatever our clock says or said."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from channels.transport.clocks import WINDOW, begun

#: The provider's time when it answers; an attempt was made 20 s before.
THERE = 1_800_000_000.0
TRULY = THERE - 20.0


@pytest.mark.parametrize("then", [0.0, 3600.0, -3600.0, 300.0], ids=lambda off: f"then {off:+.0f}")
@pytest.mark.parametrize("today", [0.0, 3600.0, -3600.0, 300.0], ids=lambda off: f"now {off:+.0f}")
def test_a_wrong_clock_never_makes_it_too_late(then: float, today: float) -> None:
    headers = {"Date": formatdate(THERE, usegmt=True)}
    assert begun(TRULY + then, headers, now=THERE + today) <= TRULY


def test_with_right_clocks_it_is_when_it_began() -> None:
    assert begun(TRULY, {"Date": formatdate(THERE, usegmt=True)}, now=THERE) == TRULY
    assert begun(TRULY, {}, now=THERE) == TRULY


def test_a_clock_that_was_ahead_and_was_put_back_says_nothing_of_when() -> None:
    assert begun(TRULY + 3600, {"Date": formatdate(THERE, usegmt=True)}, now=THERE) == THERE - WINDOW


@pytest.mark.parametrize("date", ["", "tomorrow", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_a_date_that_nobody_can_read_leaves_our_own(date: str) -> None:
    assert begun(TRULY, {"Date": date}, now=THERE) == TRULY
