"""When somebody is not to be woken, by their own clock, over midnight and over the change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.model.config import Severity
from dispatcher.model.quiet import Quiet, read

MAJOR = Severity.MAJOR


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "override", "moment", "until"),
    [
        ("22:00-07:00", "UTC", "", "2026-11-29 21:59", None),
        ("22:00-07:00", "UTC", "", "2026-11-29 22:00", "2026-11-30 07:00"),
        ("22:00-07:00", "UTC", "", "2026-11-30 06:59", "2026-11-30 07:00"),
        ("22:00-07:00", "UTC", "", "2026-11-30 07:00", None),
        ("12:00-13:30", "UTC", "", "2026-11-29 12:15", "2026-11-29 13:30"),
        ("12:00-13:30", "UTC", "", "2026-11-29 11:59", None),
        # Berlin is an hour ahead of UTC in winter; the company's clock holds where none is named.
        ("22:00-07:00", "Europe/Berlin", "", "2026-11-29 21:30", "2026-11-30 06:00"),
        ("22:00-07:00", "", "", "2026-11-30 03:30", "2026-11-30 12:00"),
        # The night in which the clocks go back is an hour longer.
        ("22:00-07:00", "Europe/Berlin", "", "2026-10-24 22:00", "2026-10-25 06:00"),
        ("22:00-07:00", "Europe/Berlin", "", "2026-03-28 22:00", "2026-03-29 05:00"),
        # Who agreed is woken.
        ("22:00-07:00", "UTC", "major", "2026-11-29 23:00", None),
        ("22:00-07:00", "UTC", "minor", "2026-11-29 23:00", None),
        ("22:00-07:00", "UTC", "critical", "2026-11-29 23:00", "2026-11-30 07:00"),
    ],
)
def test_until_when(hours: str, zone: str, override: str, moment: str, until: str | None) -> None:
    found = Quiet.parse(hours, zone, override).until(at(moment), MAJOR, "America/New_York")
    assert found == (None if until is None else at(until))


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (("22-7",), "write it like 22:00-07:00"),
        (("24:00-07:00",), "write it like"),
        (("07:00-07:00",), "write it like"),
        (("22:00-07:00", "Berlin"), "Europe/Berlin"),
        (("22:00-07:00", "../etc/passwd"), "Europe/Berlin"),
        (("22:00-07:00", "UTC", "bad"), "minor, major, critical"),
    ],
)
def test_other_forms_are_refused(given_: tuple[str, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Quiet.parse(*given_)


quiets = st.builds(
    Quiet,
    begins := st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    begins,
    st.sampled_from(["", "UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
    st.none() | st.sampled_from(Severity),
).filter(lambda one: one.begins != one.ends)


@given(quiets)
def test_the_ledger_keeps_it(quiet: Quiet) -> None:
    assert read(str(quiet)) == quiet
    assert len(str(quiet)) <= 80


@given(quiets, st.datetimes(at("2020-01-01").replace(tzinfo=None), at("2030-01-01").replace(tzinfo=None)))
def test_it_ends_within_a_day_and_then_it_is_over(quiet: Quiet, moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    until = quiet.until(now, Severity.MINOR, "UTC")
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert quiet.until(until, Severity.MINOR, "UTC") is None


def test_what_cannot_be_read_wakes_as_if_nothing_were_said() -> None:
    assert read("") is None
    assert read("of a later release") is None
