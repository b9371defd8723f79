"""The one place that says what happens after an attempt, a look-up or a negative receipt. Pure.

| what happened         | provider can be repeated to    | can be asked   | neither                  |
|-----------------------|--------------------------------|----------------|--------------------------|
| accepted              | finish                         | finish         | finish                   |
| rejected              | fail over                      | fail over      | fail over                |
| deferred              | retry until spent, then fail over (all three)                               |
| uncertain             | retry (or policy: fail over)   | look up        | policy                   |
| look-up: found        |                                | finish         |                          |
| look-up: absent       |                                | ask again, then as deferred               |
| look-up: cannot tell  |                                | ask again until spent, then policy        |
| no receipt in time    | unconfirmed, or fail over, by policy (all three)                            |

"Policy" is `when_uncertain`: hold, resend, failover, or accept (take it as sent, unproven). It may differ by severity
and by what the provider can do.

Past its deadline nothing is sent again, whatever happened. A route-wide rest costs no try; a rest that is longer than
the route deserves is a reason to fail over.
"""

from __future__ import annotations

from channels.contract import (
    Absent,
    Accepted,
    CannotTell,
    Deferred,
    Fault,
    Found,
    LookUp,
    Outcome,
    Rejected,
    Repeat,
    Uncertain,
)
from dispatcher.deliver.backoff import is_spent
from dispatcher.model.config import Policy, WhenUncertain, WhenUnconfirmed
from dispatcher.model.decision import Decision, FailOver, Finish, Hold, LookUpIn, NoReceipt, RetryAt, Situation
from dispatcher.model.delivery import Status
from dispatcher.model.turns import OF_THE_VENDOR


def decide(situation: Situation, happened: Outcome | LookUp | NoReceipt, policy: Policy, *, wait: float) -> Decision:
    """What to do next.

    Args:
        situation: Where the delivery stands.
        happened: The outcome of an attempt, the answer to a look-up, or that a receipt has not come.
        policy: How hard to try.
        wait: The jittered backoff that applies if this is to be tried again (`backoff.wait_after`), in seconds.
    """
    match happened:
        case Accepted(duplicate=duplicate):
            return Finish(Status.ACCEPTED, "the provider had it already" if duplicate else "accepted by the provider")
        case Found():
            return Finish(Status.ACCEPTED, "looked up: the provider has it")
        case Rejected(fault):
            why = f"rejected: {fault.detail}"
            if situation.told >= policy.contacts:
                return Finish(Status.FAILED, f"{why}; {_enough(situation.told)}")
            return _go_on(situation, why, blamed=fault.blame in OF_THE_VENDOR)
        case Deferred():
            return _after_deferral(situation, happened, policy, wait)
        case Uncertain(fault):
            return _after_doubt(situation, fault, policy, wait)
        case Absent():
            if situation.lookups < policy.lookups:
                return LookUpIn(policy.lookup_after, "looked up: not there yet; asking once more before sending again")
            return _again(situation, "looked up: the provider does not have it", policy, wait)
        case CannotTell(fault):
            return _ask_on(situation, f"could not be looked up: {fault.detail}", policy, wait)
        case NoReceipt():
            return _without_word(situation, policy)


def _go_on(situation: Situation, why: str, *, blamed: bool) -> Decision:
    if situation.remaining <= 0:
        return Finish(Status.EXPIRED, f"{why}; its time has passed")
    if situation.has_next:
        return FailOver(why, blamed=blamed)
    return Finish(Status.FAILED, f"{why}; no route is left")


def _again(
    situation: Situation, why: str, policy: Policy, wait: float, *, free: bool = False, blamed: bool = True
) -> Decision:
    """Retry here unless the route is spent or the time is up."""
    if wait >= situation.remaining and not situation.has_next:
        return Finish(Status.EXPIRED, f"{why}; its time passes before it may be tried again")
    tries = 0 if free else situation.tries
    # Long without success is a reason to try another route. Where there is none it is no reason to give up: the worker
    # may have been away all that time, and nothing was tried.
    since, patience = (situation.on_route_for, wait) if situation.has_next else (0.0, 0.0)
    if wait >= situation.remaining or is_spent(policy, tries=tries, on_route_for=since, wait=patience):
        return _go_on(situation, f"{why}; tries or time on this route are used up", blamed=blamed)
    return RetryAt(wait, why, free=free)


def _after_deferral(situation: Situation, deferred: Deferred, policy: Policy, wait: float) -> Decision:
    wait = wait if deferred.wait is None else max(deferred.wait, 0.05)
    why, blamed = f"not sent: {deferred.fault.detail}", deferred.fault.blame in OF_THE_VENDOR
    return _again(situation, why, policy, wait, free=deferred.route_wide, blamed=blamed)


def _after_doubt(situation: Situation, fault: Fault, policy: Policy, wait: float) -> Decision:
    why = f"may have been sent: {fault.detail}"
    if situation.repeat is Repeat.LOOKUP:
        return LookUpIn(policy.lookup_after, why)
    if situation.repeat is Repeat.BLIND:
        return _by_policy(situation, why, policy, wait)
    spent = is_spent(policy, tries=situation.tries, on_route_for=situation.on_route_for, wait=wait)
    leave = spent and policy.in_doubt(situation.repeat) is WhenUncertain.FAILOVER and situation.has_next
    if leave or wait >= situation.remaining:
        return _by_policy(situation, why, policy, wait)
    return RetryAt(wait, f"{why}; repeating is harmless here")


def _ask_on(situation: Situation, why: str, policy: Policy, wait: float) -> Decision:
    """A provider that cannot answer today may answer tomorrow: unless policy knows a better way, it is asked again.

    To fail over is no way where no route is left.
    """
    spent = is_spent(policy, tries=situation.lookups, on_route_for=situation.on_route_for, wait=wait)
    again = max(wait, policy.lookup_after)
    doubt = policy.in_doubt(situation.repeat)
    no_way = doubt is WhenUncertain.HOLD or (doubt is WhenUncertain.FAILOVER and not situation.has_next)
    patient = no_way and again < situation.remaining
    return _by_policy(situation, why, policy, wait) if spent and not patient else LookUpIn(again, why)


def _without_word(situation: Situation, policy: Policy) -> Decision:
    why = "taken, and no receipt came in time"
    if policy.when_unconfirmed is WhenUnconfirmed.STAY:
        return Finish(Status.UNCONFIRMED, f"{why}: unknown")
    if situation.remaining <= 0:
        return Finish(Status.UNCONFIRMED, f"{why}: unknown; its time has passed")
    if not situation.has_next:
        return Finish(Status.UNCONFIRMED, f"{why}: unknown; no route is left")
    if situation.told + 1 >= policy.contacts:
        return Finish(Status.UNCONFIRMED, f"{why}: unknown; {_enough(situation.told + 1)}")
    return FailOver(f"{why}; told by the next route as well, by policy", blamed=True)


def _enough(told: int) -> str:
    providers = "one provider has" if told == 1 else f"{told} providers have"
    return f"{providers} this update for the person, and policy allows no more"


def _by_policy(situation: Situation, why: str, policy: Policy, wait: float) -> Decision:
    match policy.in_doubt(situation.repeat):
        case WhenUncertain.ACCEPT:
            return Finish(Status.ACCEPTED, f"{why}; taken as sent by policy, nothing proves it", on_trust=True)
        case WhenUncertain.FAILOVER if situation.has_next and situation.remaining > 0:
            return FailOver(f"{why}; told by the next route, by policy", maybe_twice=True, blamed=True)
        case WhenUncertain.RESEND if situation.remaining > wait:
            spent = is_spent(policy, tries=situation.tries, on_route_for=situation.on_route_for, wait=wait)
            return Hold(why) if spent else RetryAt(wait, f"{why}; sent again by policy", maybe_twice=True)
        case _:
            return Hold(f"{why}; held, because sending again could tell them twice")
