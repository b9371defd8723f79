"""When a breaker opens and closes; and that of all processes one sends the probe."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Absent, Accepted, Blame, CannotTell, Deferred, Fault, Found, Rejected, Uncertain
from dispatcher.deliver.breaker import LONGEST, Recent, Verdict, half_open, settle, trip, verdict, window
from dispatcher.ledger import Ledger, breakers, now
from dispatcher.model.circuit import Breaker, Circuit
from dispatcher.model.config import BreakerRule

RULE = BreakerRule(open_for=10.0)
START = datetime(2026, 11, 29, 9, tzinfo=UTC)
GOOD, BAD, NONE = Verdict.GOOD, Verdict.BAD, Verdict.NONE


@pytest.mark.parametrize(
    ("blame", "said"),
    [
        (Blame.RECIPIENT, GOOD),
        (Blame.MESSAGE, GOOD),
        (Blame.ACCOUNT, BAD),
        (Blame.PROVIDER, BAD),
        (Blame.PATH, BAD),
    ],
)
@pytest.mark.parametrize("answer", [Rejected, Deferred, Uncertain, CannotTell])
def test_only_faults_of_the_route_count_against_it(answer: type, blame: Blame, said: Verdict) -> None:
    assert verdict(answer(Fault(blame, "code", "why")), 0.1, 8.0) is said


def test_what_else_an_answer_says() -> None:
    for good in (Accepted("ref"), Found("ref"), Absent()):
        assert verdict(good, 0.1, 8.0) is GOOD
        assert verdict(good, 8.0, 8.0) is BAD
    asked_to_rest = Deferred(Fault(Blame.PROVIDER, "rate-limited", "slow down"), 2.0, route_wide=True)
    assert verdict(asked_to_rest, 9.0, 8.0) is NONE


@pytest.mark.parametrize(
    ("seen", "opens"),
    [
        pytest.param([(0, BAD)] * 4, False, id="too few to tell"),
        pytest.param([(0, BAD)] * 5, True, id="enough"),
        pytest.param([(0, NONE)] * 90 + [(0, BAD)] * 4, False, id="what says nothing is not counted"),
        pytest.param([(0, GOOD), (0, BAD)] * 5, True, id="half"),
        pytest.param([(0, GOOD), (0, GOOD), (0, BAD)] * 20, False, id="a third"),
        pytest.param([(31, BAD)] * 20 + [(0, BAD)] * 4, False, id="old ones are forgotten"),
        pytest.param([(20, GOOD)] * 9_000 + [(10, BAD)] * 64, True, id="what was in flight is enough after a crowd"),
    ],
)
def test_it_opens_on_its_error_rate(seen: list[tuple[float, Verdict]], opens: bool) -> None:
    clock = [0.0]
    recent = Recent(RULE, 64, lambda: clock[0])
    for ago, said in seen:
        clock[0] = 100.0 - ago
        recent.note(said)
    clock[0] = 100.0
    assert bool(recent.complaint()) is opens
    clock[0] = 100.5
    recent.keep(0)
    assert not recent.complaint()


def test_after_errors_in_a_row_nothing_more_leaves_before_the_others_are_back() -> None:
    recent = Recent(RULE, 64)
    for said in [GOOD] * 40 + [BAD] * 4 + [NONE]:
        recent.note(said)
    assert not recent.is_doubtful
    recent.note(BAD)
    assert recent.is_doubtful
    assert not recent.complaint()
    recent.note(GOOD)
    assert not recent.is_doubtful


def test_the_while_doubles_up_to_two_minutes() -> None:
    assert [window(RULE, times).total_seconds() for times in (1, 2, 3, 4, 5, 99)] == [10, 20, 40, 80, LONGEST, LONGEST]
    assert window(BreakerRule(open_for=600.0), 3).total_seconds() == 600


def test_from_open_to_closed() -> None:
    opened = trip(Circuit(), RULE, "5 of 5", START)
    assert opened is not None
    assert (opened.state, opened.since, opened.probe_at) == (Breaker.OPEN, START, START + timedelta(seconds=10))
    assert trip(opened, RULE, "again", START) is None
    assert half_open(opened, 20, START + timedelta(seconds=9.9)) is None
    assert half_open(Circuit(), 20, START) is None
    half = half_open(opened, 20, START + timedelta(seconds=10))
    assert half is not None
    assert half.state is Breaker.HALF_OPEN
    assert half_open(half, 20, START + timedelta(seconds=29)) is None
    assert half_open(half, 20, START + timedelta(seconds=30)) is not None, "whoever had the probe died"
    wrong = settle(half, RULE, START + timedelta(seconds=12), good=False, cause="still dead")
    assert (wrong.state, wrong.since, wrong.cause) == (Breaker.OPEN, START, "still dead")
    assert wrong.probe_at == START + timedelta(seconds=32)
    closed = settle(half, RULE, START + timedelta(seconds=12), good=True)
    assert (closed.state, closed.probe_at, closed.times) == (Breaker.CLOSED, None, 0)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["look", "probe", "good", "bad", "trip"]), st.floats(0, 9)))
)
def test_no_interleaving_lets_two_probes_out_of_one_window(steps: list[tuple[int, str, float]]) -> None:
    """Processes act on what they saw in the ledger, however long ago; a step is taken from where it started."""
    ledger, moment = Circuit(), START
    seen, out = [Circuit()] * 4, [Circuit()] * 4
    probes: list[tuple[datetime, datetime]] = []

    def step(old: Circuit, new: Circuit | None) -> bool:
        nonlocal ledger
        same = (old.state, old.probe_at) == (ledger.state, ledger.probe_at)
        if new is None or not same:
            return False
        ledger = new
        return True

    for who, what, passes in steps:
        moment += timedelta(seconds=passes)
        if what == "look":
            seen[who] = ledger
        elif what == "trip":
            step(seen[who], trip(seen[who], RULE, "why", moment))
        elif what == "probe":
            half = half_open(seen[who], 20, moment)
            if half and step(seen[who], half):
                assert half.probe_at
                out[who] = half
                probes.append((moment, half.probe_at))
        elif not out[who].is_closed and step(out[who], settle(out[who], RULE, moment, good=what == "good")):
            probes[-1] = (probes[-1][0], moment)  # it is back, and was the last to leave
    for (_, back), (left, _) in pairwise(probes):
        assert left >= back, "a probe leaves only when the one before is back, or lost"


def test_of_many_at_once_one_opens_it_and_one_probes(ledger: Ledger) -> None:
    opened = trip(Circuit(), RULE, "why", now() - timedelta(minutes=1))
    assert opened is not None

    def attempt(old: Circuit, new: Circuit) -> bool:
        with ledger.write() as tx:
            return breakers.step(tx, "sms-a", old, new)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: attempt(Circuit(), opened), range(8))) == 1
        half = half_open(opened, 20, now())
        assert half is not None
        assert sum(pool.map(lambda _: attempt(opened, half), range(8))) == 1
    with ledger.read() as tx:
        assert breakers.of(tx, "sms-a") == half
        assert breakers.every(tx) == {"sms-a": half}
        assert breakers.ripe(tx) == []
    assert attempt(half, settle(half, RULE, now(), good=True))
    assert not attempt(half, settle(half, RULE, now(), good=False)), "the probe is back already"
    assert attempt(Circuit(), opened), "what is closed again opens again"
    with ledger.read() as tx:
        assert breakers.ripe(tx) == ["sms-a"]
        assert breakers.of(tx, "sms-b").is_closed
