"""What follows from what happened: every case of the product, and laws that hold for any policy."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import (
    Absent,
    Accepted,
    Blame,
    CannotTell,
    Deferred,
    Fault,
    Found,
    Kind,
    LookUp,
    Outcome,
    Rejected,
    Repeat,
    Uncertain,
)
from dispatcher.deliver.backoff import is_spent, wait_after
from dispatcher.deliver.decide import decide
from dispatcher.deliver.standing import follow
from dispatcher.model.config import Policy, Severity, WhenUncertain, WhenUnconfirmed
from dispatcher.model.decision import Decision, FailOver, Finish, Hold, LookUpIn, NoReceipt, RetryAt, Situation
from dispatcher.model.delivery import Chain, Claimed, Hop, Status

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WAIT = 2.0
KINDS_OF_ANSWER = ("accepted", "rejected", "deferred", "route-wide", "uncertain", "found", "absent", "cannot-tell")


def answer(kind: str, blame: Blame) -> Outcome | LookUp:
    fault = Fault(blame, "some-code", "some detail")
    made: dict[str, Outcome | LookUp] = {
        "accepted": Accepted("ref"),
        "rejected": Rejected(fault),
        "deferred": Deferred(fault),
        "route-wide": Deferred(fault, wait=WAIT, route_wide=True),
        "uncertain": Uncertain(fault),
        "found": Found("ref"),
        "absent": Absent(),
        "cannot-tell": CannotTell(fault),
    }
    return made[kind]


def expected(
    kind: str, repeat: Repeat, when: WhenUncertain, *, has_next: bool, spent: bool, late: bool, asked_enough: bool
) -> str:
    """The rules, said once more and in another way: as the first sentence that fits."""
    onward = "expired" if late else "failover" if has_next else "failed"
    again = onward if spent or late else "retry"

    doubt = "hold"
    if when is WhenUncertain.FAILOVER and has_next and not late:
        doubt = "failover"
    if when is WhenUncertain.RESEND and not late and not spent:
        doubt = "retry-maybe-twice"
    if when is WhenUncertain.ACCEPT:
        doubt = "accepted"

    if kind in {"accepted", "found"}:
        return "accepted"
    if kind == "rejected":
        return onward
    if kind == "deferred":
        return again
    if kind == "route-wide":
        # Being asked to rest costs no try, so tries alone never end it.
        return onward if late else "retry-free"
    if kind == "absent":
        return again if asked_enough else "look-up"
    if kind == "cannot-tell":
        nothing_better = when is WhenUncertain.HOLD or (when is WhenUncertain.FAILOVER and not has_next)
        return "look-up" if not asked_enough or (nothing_better and not late) else doubt
    assert kind == "uncertain"
    if repeat is Repeat.LOOKUP:
        return "look-up"
    if repeat is Repeat.BLIND:
        return doubt
    if late:
        return doubt
    return "failover" if spent and doubt == "failover" else "retry"


def name_of(decision: Decision) -> str:
    match decision:
        case Finish(status):
            return status.value
        case RetryAt(free=True):
            return "retry-free"
        case RetryAt(maybe_twice=True):
            return "retry-maybe-twice"
        case RetryAt():
            return "retry"
        case FailOver():
            return "failover"
        case LookUpIn():
            return "look-up"
        case Hold():
            return "hold"


_PRODUCT = list(
    itertools.product(
        KINDS_OF_ANSWER, Blame, Repeat, WhenUncertain, (True, False), (True, False), (True, False), (True, False)
    )
)


def blames(decision: Decision) -> bool:
    return isinstance(decision, FailOver) and decision.blamed


def test_decide_over_the_whole_product_of_cases() -> None:
    for kind, blame, repeat, when, has_next, spent, late, asked_enough in _PRODUCT:
        policy = Policy(tries=4, lookups=2, leave_route_after=600, when_uncertain=when)
        situation = Situation(
            tries=4 if spent else 1,
            lookups=4 if asked_enough else 1,
            on_route_for=10,
            remaining=0 if late else 1000,
            has_next=has_next,
            repeat=repeat,
        )
        decision = decide(situation, answer(kind, blame), policy, wait=WAIT)
        want = expected(kind, repeat, when, has_next=has_next, spent=spent, late=late, asked_enough=asked_enough)
        case = (kind, blame, repeat, when, f"{has_next=} {spent=} {late=} {asked_enough=}")
        assert name_of(decision) == want, case
        assert decision.reason, case
        # Whoever is blamed by the answer; a provider that left us in doubt is itself to blame.
        of_the_vendor = blame in {Blame.PROVIDER, Blame.PATH}
        judged = kind in {"rejected", "deferred"}
        assert blames(decision) == (want == "failover" and (of_the_vendor or not judged)), case
    assert len(_PRODUCT) == 8 * 5 * 4 * 4 * 16


@pytest.mark.parametrize("told", [0, 1, 2])
@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("has_next", [True, False])
@pytest.mark.parametrize("contacts", [1, 2, 3])
@pytest.mark.parametrize("when", WhenUnconfirmed)
def test_invariant_5_a_missing_receipt_over_the_whole_product_of_cases(
    when: WhenUnconfirmed, contacts: int, has_next: bool, late: bool, told: int
) -> None:
    policy = Policy(when_unconfirmed=when, contacts=contacts)
    situation = Situation(1, 0, 10, 0 if late else 1000, has_next, Repeat.BLIND, told)
    decision = decide(situation, NoReceipt(), policy, wait=0)
    goes_on = when is WhenUnconfirmed.FAILOVER and has_next and not late and told + 1 < contacts
    assert name_of(decision) == ("failover" if goes_on else "unconfirmed")
    assert blames(decision) == goes_on
    assert "no receipt" in decision.reason
    # A refusal moves on unless so many have it already, by whatever leg.
    refused = decide(situation, answer("rejected", Blame.RECIPIENT), policy, wait=0)
    may = has_next and not late and told < contacts
    assert name_of(refused) == ("failover" if may else "expired" if late and told < contacts else "failed")


@pytest.mark.parametrize(
    ("kind", "want"), [("deferred", "failover"), ("route-wide", "failover"), ("uncertain", "retry")]
)
def test_too_long_on_a_route_is_spent_too(kind: str, want: str) -> None:
    situation = Situation(1, 0, on_route_for=599, remaining=1000, has_next=True, repeat=Repeat.KEYED)
    decision = decide(situation, answer(kind, Blame.PROVIDER), Policy(leave_route_after=600), wait=WAIT)
    assert name_of(decision) == want


@pytest.mark.parametrize(
    ("kind", "want"),
    [("deferred", "retry"), ("route-wide", "retry-free"), ("absent", "retry"), ("cannot-tell", "look-up")],
)
def test_invariant_3_time_alone_ends_nothing_where_no_route_is_left(kind: str, want: str) -> None:
    """The workers may have been away all that time, so that nothing was tried."""
    situation = Situation(1, 2, on_route_for=1700, remaining=1900, has_next=False, repeat=Repeat.LOOKUP)
    policy = Policy(leave_route_after=600, lookups=2, when_uncertain=WhenUncertain.FAILOVER)
    assert name_of(decide(situation, answer(kind, Blame.PROVIDER), policy, wait=WAIT)) == want
    beyond = Deferred(Fault(Blame.PROVIDER, "busy", "busy"), wait=900, route_wide=True)
    assert name_of(decide(situation, beyond, policy, wait=WAIT)) == "retry-free"


def test_a_rest_that_outlasts_the_message_goes_on_or_ends_it() -> None:
    fault = Fault(Blame.PROVIDER, "busy", "busy")
    situation = Situation(1, 0, on_route_for=1, remaining=30, has_next=True, repeat=Repeat.KEYED)
    assert name_of(decide(situation, Deferred(fault, wait=60), Policy(), wait=1)) == "failover"
    alone = replace(situation, has_next=False)
    assert name_of(decide(alone, Deferred(fault, wait=60), Policy(), wait=1)) == "expired"


policies = st.builds(
    Policy,
    tries=st.integers(1, 20),
    first_wait=st.floats(0.01, 10),
    longest_wait=st.floats(0.01, 600),
    leave_route_after=st.floats(0.1, 3600),
    lookups=st.integers(1, 10),
    lookup_after=st.floats(0.01, 60),
    when_uncertain=st.sampled_from(WhenUncertain),
)
situations = st.builds(
    Situation,
    tries=st.integers(1, 25),
    lookups=st.integers(0, 12),
    on_route_for=st.floats(0, 7200),
    remaining=st.floats(-3600, 7200),
    has_next=st.booleans(),
    repeat=st.sampled_from(Repeat),
)
faults = st.builds(Fault, st.sampled_from(Blame), st.just("code"), st.just("detail"))
outcomes = st.one_of(
    st.builds(Accepted, st.text(), st.booleans()),
    st.builds(Rejected, faults),
    st.builds(Deferred, faults, st.none() | st.floats(0, 7200), st.booleans()),
    st.builds(Uncertain, faults),
    st.just(Found("ref")),
    st.just(Absent()),
    st.builds(CannotTell, faults),
)


@given(situations, outcomes, policies, st.floats(0, 600))
def test_invariant_6_nothing_is_sent_at_or_past_the_deadline(
    situation: Situation, outcome: Outcome | LookUp, policy: Policy, wait: float
) -> None:
    decision = decide(situation, outcome, policy, wait=wait)
    if situation.remaining <= 0:
        assert not isinstance(decision, RetryAt | FailOver)
    if isinstance(decision, RetryAt):
        assert decision.wait < situation.remaining
    if isinstance(decision, FailOver):
        assert situation.has_next


@given(situations, faults, policies, st.floats(0, 600))
def test_a_rejection_never_stays_on_its_route(s: Situation, fault: Fault, policy: Policy, wait: float) -> None:
    decision = decide(s, Rejected(fault), policy, wait=wait)
    assert isinstance(decision, FailOver | Finish)
    assert not isinstance(decision, Finish) or decision.status in {Status.FAILED, Status.EXPIRED}


@given(situations, faults, policies, st.floats(0, 600))
def test_invariant_4_doubt_is_looked_up_first_where_it_can_be(
    s: Situation, fault: Fault, policy: Policy, wait: float
) -> None:
    assert isinstance(decide(replace(s, repeat=Repeat.LOOKUP), Uncertain(fault), policy, wait=wait), LookUpIn)


@given(situations, faults, policies, st.floats(0, 600))
def test_invariant_4_hold_never_sends_a_blind_message_again(
    s: Situation, fault: Fault, policy: Policy, wait: float
) -> None:
    held = policy.model_copy(update={"when_uncertain": WhenUncertain.HOLD})
    for doubt in (Uncertain(fault), CannotTell(fault)):
        decision = decide(replace(s, repeat=Repeat.BLIND), doubt, held, wait=wait)
        assert isinstance(decision, Hold | LookUpIn)


@given(situations, faults, policies, st.floats(0, 600))
def test_invariant_4_accept_sends_no_doubtful_message_again_and_says_that_nothing_proves_it(
    s: Situation, fault: Fault, policy: Policy, wait: float
) -> None:
    trusting = policy.model_copy(update={"when_uncertain": {Repeat.BLIND: WhenUncertain.ACCEPT}})
    decision = decide(replace(s, repeat=Repeat.BLIND), Uncertain(fault), trusting, wait=wait)
    assert isinstance(decision, Finish)
    assert decision.status is Status.ACCEPTED
    assert decision.on_trust
    assert "nothing proves it" in decision.reason


@given(situations, outcomes, policies, st.sampled_from(WhenUncertain), st.floats(0, 600))
def test_a_policy_by_ability_decides_as_one_that_says_it_for_all(
    s: Situation, outcome: Outcome | LookUp, policy: Policy, when: WhenUncertain, wait: float
) -> None:
    for_all = policy.model_copy(update={"when_uncertain": when})
    by_ability = policy.model_copy(update={"when_uncertain": {s.repeat: when}})
    assert decide(s, outcome, for_all, wait=wait) == decide(s, outcome, by_ability, wait=wait)


@given(situations, outcomes, policies, st.floats(0, 600))
def test_invariant_4_what_may_arrive_twice_is_counted(
    s: Situation, outcome: Outcome | LookUp, policy: Policy, wait: float
) -> None:
    """A message is sent again uncounted only where that is harmless, or where it certainly was not sent."""
    decision = decide(s, outcome, policy, wait=wait)
    certainly_not_sent = isinstance(outcome, Deferred | Absent)
    harmless = s.repeat in {Repeat.KEYED, Repeat.NATURAL} and isinstance(outcome, Uncertain)
    if isinstance(decision, RetryAt) and not decision.maybe_twice:
        assert certainly_not_sent or harmless


@given(situations, outcomes, policies)
def test_every_message_comes_to_an_end(s: Situation, outcome: Outcome | LookUp, policy: Policy) -> None:
    """However often the same thing happens, tries, look-ups, hops or time are used up at last."""
    free = isinstance(outcome, Deferred) and outcome.route_wide
    lookups = s.lookups
    for tries in range(s.tries, s.tries + 60):
        left = s.remaining * (1 - (tries - s.tries) / 50)
        decision = decide(replace(s, tries=tries, lookups=lookups, remaining=left), outcome, policy, wait=0.1)
        if not isinstance(decision, RetryAt | LookUpIn):
            return
        lookups = 0 if isinstance(decision, RetryAt) else lookups + 1
    # Resting costs no try; the time on the route ends it. An uncertain answer to a look-up cannot be repeated for ever.
    assert free or isinstance(outcome, Uncertain)


@given(policies, st.integers(1, 40))
def test_backoff_stays_within_its_bounds(policy: Policy, tries: int) -> None:
    wait = wait_after(policy, tries)
    assert 0 <= wait <= policy.longest_wait
    assert wait <= policy.first_wait * 2 ** (tries - 1) + 1e-9


@given(policies, st.integers(1, 40), st.floats(0, 7200), st.floats(0, 600))
def test_a_route_is_spent_by_tries_or_by_time(policy: Policy, tries: int, on_route_for: float, wait: float) -> None:
    assert is_spent(policy, tries=tries, on_route_for=on_route_for, wait=wait) == (
        tries >= policy.tries or on_route_for + wait >= policy.leave_route_after
    )


CHAIN = Chain((Hop("a", Kind.SMS, "first"), Hop("b", Kind.EMAIL, "second")))
CLAIMED = Claimed(
    delivery_id=1,
    attempt_id=1,
    token="token",
    status=Status.SENDING,
    broadcast_id=1,
    leg="reach",
    subject="r1",
    name="",
    locale="en",
    route="a",
    kind=Kind.SMS,
    to="+15550000000",
    position=0,
    chain=CHAIN,
    severity=Severity.MAJOR,
    tries=2,
    lookups=1,
    on_route_since=NOW - timedelta(seconds=9),
    started_at=NOW,
    deadline=NOW + timedelta(hours=1),
)


@pytest.mark.parametrize(
    ("decision", "status", "at", "route", "tries"),
    [
        (Finish(Status.ACCEPTED, "why"), Status.ACCEPTED, None, "a", 2),
        (Hold("why"), Status.UNCERTAIN, None, "a", 2),
        (LookUpIn(5, "why"), Status.UNCERTAIN, 5, "a", 2),
        (RetryAt(3, "why"), Status.PENDING, 3, "a", 2),
        (RetryAt(3, "why", free=True), Status.PENDING, 3, "a", 1),
        (FailOver("why"), Status.PENDING, 0, "b", 0),
    ],
)
def test_follow(decision: Decision, status: Status, at: float | None, route: str, tries: int) -> None:
    standing = follow(CLAIMED, decision, NOW, superseded=False)
    assert (standing.status, standing.route, standing.tries) == (status, route, tries)
    assert standing.next_attempt_at == (None if at is None else NOW + timedelta(seconds=at))
    assert standing.failed_over == isinstance(decision, FailOver)
    assert standing.kind is (Kind.EMAIL if route == "b" else Kind.SMS)
    assert standing.on_route_since == (NOW if route == "b" else CLAIMED.on_route_since)
    assert "why" in standing.reason


decisions = st.one_of(
    st.builds(Finish, st.sampled_from(Status), st.just("why")),
    st.builds(RetryAt, st.floats(0, 60), st.just("why"), st.booleans(), st.booleans()),
    st.just(FailOver("why")),
    st.builds(LookUpIn, st.floats(0, 60), st.just("why")),
    st.just(Hold("why")),
)


@given(decisions)
def test_invariant_6_what_is_superseded_is_never_sent_again(decision: Decision) -> None:
    standing = follow(CLAIMED, decision, NOW, superseded=True)
    if isinstance(decision, RetryAt | FailOver):
        assert standing.status is Status.SUPERSEDED
        assert standing.next_attempt_at is None
        assert "newer update" in standing.reason
    else:
        assert standing == follow(CLAIMED, decision, NOW, superseded=False)
