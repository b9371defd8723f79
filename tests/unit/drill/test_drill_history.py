"""Earlier drills: kept whole, few, apart from others, and compared fault by fault."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from dispatcher.faces.cli.drill.history import KEPT, Change, compare, keep, previous
from dispatcher.faces.cli.drill.judge import Played, Times


def record(minute: int, *rounds: Played, vendor: str = "twilio") -> dict[str, Any]:
    return {
        "vendor": vendor,
        "audience": "everyone",
        "playbook": "generic",
        "at": f"2026-11-29T09:{minute:02d}:00.000001+00:00",
        "rounds": [asdict(one) for one in rounds],
    }


def played(told: int = 100, last: float = 10.0, fault: str = "hang", people: int = 100, twice: int = 0) -> Played:
    return Played(fault, people=people, told=told, twice=twice, times=Times(0.5, 1.0, last, last))


def test_what_is_better_and_what_is_worse() -> None:
    earlier = [record(1, played(told=90, last=10.0, twice=1))]
    assert compare(earlier, record(2, played(told=90, last=30.0))) == [
        Change("hang", "twice", 0.01, 0.0, True),
        Change("hang", "p99", 10.0, 30.0, False),
        Change("hang", "last", 10.0, 30.0, False),
    ]


def test_where_more_are_told_it_may_take_longer() -> None:
    changes = compare([record(1, played(told=90, last=10.0))], record(2, played(told=100, last=30.0)))
    assert changes == [Change("hang", "told", 0.9, 1.0, True)]


def test_what_always_differs_is_about_the_same() -> None:
    earlier = [record(1, played(last=10.0))]
    assert {one.better for one in compare(earlier, record(2, played(last=11.5)))} == {None}
    assert not compare(earlier, record(2, played(last=10.0)))


def test_shares_are_compared_where_numbers_of_people_differ() -> None:
    assert not compare([record(1, played(told=50, people=50))], record(2, played(told=200, people=200)))


def test_each_fault_is_compared_with_the_newest_drill_that_played_it() -> None:
    earlier = [
        record(3, played(fault="slow")),
        record(2, Played("hang", pointless="nothing to see")),
        record(1, played(told=80)),
    ]
    assert compare(earlier, record(4, played(told=100)))[0] == Change("hang", "told", 0.8, 1.0, True)


def test_drills_are_kept_newest_first_and_not_for_ever(tmp_path: Path) -> None:
    keep(tmp_path, record(0, vendor="twilio-2"))
    for minute in range(KEPT + 5):
        keep(tmp_path, record(minute, played()))
    found = previous(tmp_path, record(59))
    assert [one["at"][14:16] for one in found] == [f"{minute:02d}" for minute in range(KEPT + 4, 4, -1)]
    assert len(list(tmp_path.iterdir())) == KEPT + 1, "the drill of another vendor stays"
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_a_damaged_file_is_passed_over(tmp_path: Path) -> None:
    good = keep(tmp_path, record(1, played()))
    for number, content in enumerate(["", "[]", '{"rounds": [{}], "at": ""}', '{"rounds": 7}', "\x00"]):
        good.with_name(good.name.replace("T0901", f"T091{number}")).write_text(content, encoding="utf-8")
    assert [one["at"] for one in previous(tmp_path, record(2))] == [record(1)["at"]]
