"""Who may go where a destination takes only so much, and until when the others wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Kind
from dispatcher.deliver.turnstile import admit, hold_back, wait_out
from dispatcher.model.config import Severity
from dispatcher.model.destinations import Comer, Occupied
from dispatcher.model.pace import LATE, Pace

START = datetime(2026, 11, 29, 12, tzinfo=UTC)


def to_one(rate: str, unit: str = "messages") -> Pace:
    found = Pace.model_validate({unit: "99999/s", "per_destination": rate}).to_one
    assert found is not None
    return found


def comers(number: int, destination: str = "one.example", broadcast: int = 1, start: int = 0) -> list[Comer]:
    return [Comer(start + n, broadcast, destination, Kind.EMAIL, "en", "Ada") for n in range(number)]


def in_turn(
    who: Sequence[Comer],
    pace: Pace,
    known: Mapping[str, Occupied] | None = None,
    severities: Mapping[int, Severity] | None = None,
    draw: float = 0.0,
) -> tuple[frozenset[int], Mapping[int, datetime], Mapping[str, Occupied]]:
    known, severities = known or {}, severities or {}
    done = admit(who, known, pace, START, cost=lambda _one: 1, severities=severities, draw=draw)
    return done.go, done.waits, done.known


def seconds(waits: Mapping[int, datetime]) -> list[float]:
    return [round((at - START).total_seconds(), 3) for at in waits.values()]


def test_one_that_is_crowded_is_in_nobodys_way() -> None:
    go, waits, known = in_turn([*comers(900), *comers(100, "other.example", start=900)], to_one("100/s"))
    assert go == {*range(100), *range(900, 1000)}
    assert set(waits) == set(range(100, 900))
    # One after the other, from when a second's worth is paid for.
    assert seconds(waits)[:3] == [1.0, 1.01, 1.02]
    assert known["one.example"].free_at == START + timedelta(seconds=1)
    assert known["one.example"].lines == {1: START + timedelta(seconds=9)}


def test_slower_than_one_a_second_lets_one_through() -> None:
    go, waits, _ = in_turn(comers(3), to_one("20/m"))
    assert (go, seconds(waits)) == ({0}, [3.0, 6.0])


def test_what_comes_later_stands_behind_in_its_line() -> None:
    _, _, known = in_turn(comers(5), to_one("1/s"))
    later = comers(3, start=4)
    waits = hold_back([*later, *comers(2, "free.example", start=7)], known, to_one("1/s"), START, cost=lambda _: 1)
    # One of them is due when it is free, whoever that is.
    assert seconds(waits.waits) == [1.0, 5.0, 6.0]
    assert set(waits.known) == {"one.example"}
    # A newer broadcast does not stand behind all of the older one.
    other = hold_back(comers(2, broadcast=2, start=9), waits.known, to_one("1/s"), START, cost=lambda _: 1)
    assert seconds(other.waits) == [1.0, 2.0]
    assert set(other.known["one.example"].lines) == {1, 2}


def test_broadcasts_share_one_destination_by_severity() -> None:
    both = [*comers(40), *comers(40, broadcast=2, start=40)]
    severities = {1: Severity.MINOR, 2: Severity.CRITICAL}
    go, _, _ = in_turn(both, to_one("20/s"), severities=severities)
    won = Counter(1 if one < 40 else 2 for one in go)
    assert sum(won.values()) == 20
    assert won[1] >= 1
    assert won[2] >= 16
    # Where there is room for one, it is drawn for: mostly the severe one, and the other one does not starve.
    draws = [in_turn(both, to_one("1/s"), severities=severities, draw=n / 17)[0] for n in range(17)]
    assert Counter(min(go) < 40 for go in draws) == {False: 16, True: 1}


def test_whose_destination_rests_waits_until_it_has_rested() -> None:
    end = START + timedelta(seconds=9)
    resting = {"one.example": Occupied(end), "over.example": Occupied(START)}
    done = wait_out([*comers(2), *comers(2, "over.example", start=2), *comers(1, "x", start=4)], resting, START)
    assert (done.go, done.waits) == ({2, 3, 4}, {0: end, 1: end})


@given(rate=st.floats(0.05, 10), late=st.lists(st.floats(0, 6), min_size=12, max_size=12))
def test_whoever_looks_late_leaves_no_destination_idle(rate: float, late: list[float]) -> None:
    """Of those who wait, one is due as soon as the destination is free, however late each look before was."""
    pace, moment, known = to_one(f"{rate:.4f}/s"), START, dict[str, Occupied]()
    everybody = comers(100)
    due = {one.delivery_id: START for one in everybody}
    for seconds_late in late:
        moment = max(moment, min(due.values())) + timedelta(seconds=seconds_late)
        who = sorted((at, key) for key, at in due.items() if at <= moment)
        in_order = [everybody[key] for _, key in who]
        done = admit(in_order, known, pace, moment, cost=lambda _one: 1, severities={}, draw=0.5)
        known = done.known
        due = {key: done.waits.get(key, at) for key, at in due.items() if key not in done.go}
        free_at = known["one.example"].free_at
        if not due:
            break
        assert free_at is not None
        assert min(due.values()) - free_at < timedelta(milliseconds=1), "rounded, it is the same moment"


@given(
    rate=st.floats(0.05, 50),
    rounds=st.lists(st.tuples(st.floats(0, 3), st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), max_size=30))),
)
def test_no_destination_ever_gets_more_than_pace_and_a_second(
    rate: float, rounds: list[tuple[float, list[tuple[int, int]]]]
) -> None:
    """Whoever comes when, to which destination, with how many segments: never more than pace x time and one burst."""
    pace = to_one(f"{rate:.4f}/s", "segments")
    assert pace.segments
    moment, known, number = START, dict[str, Occupied](), 0
    sent, largest, parts = Counter[str](), Counter[str](), dict[int, int]()
    for passes, coming in rounds:
        moment += timedelta(seconds=passes)
        who = []
        for destination, size in coming:
            number += 1
            parts[number] = size
            who.append(Comer(number, number % 2, f"{destination}.example", Kind.SMS, "en", ""))
        done = admit(who, known, pace, moment, cost=lambda one: parts[one.delivery_id], severities={}, draw=0.5)
        assert set(done.go) | set(done.waits) == {one.delivery_id for one in who}
        assert not set(done.go) & set(done.waits)
        assert all(at > moment for at in done.waits.values()), "whoever waits is not due at once"
        known |= done.known
        got = Counter[str]()
        for one in who:
            if one.delivery_id in done.go:
                got[one.destination] += parts[one.delivery_id]
        for destination, cost in got.items():
            largest[destination] = max(largest[destination], cost)
            sent[destination] += cost
            since = (moment - START + LATE).total_seconds()
            assert sent[destination] <= pace.segments * since + largest[destination] + 1e-6
            assert largest[destination] <= max(1.0, pace.segments) * 3
