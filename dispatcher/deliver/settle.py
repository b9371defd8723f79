"""From an answer to what is written down: the attempt's finding and the delivery's new standing.

Pure but for the jitter of the wait.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from channels.contract import (
    Absent,
    Accepted,
    Blame,
    CannotTell,
    Deferred,
    Fault,
    Found,
    LookUp,
    Outcome,
    Rejected,
    Uncertain,
)
from dispatcher.deliver.backoff import wait_after
from dispatcher.deliver.decide import decide
from dispatcher.deliver.line import Rules, situation
from dispatcher.deliver.standing import follow
from dispatcher.ledger.outcomes import Finding
from dispatcher.model.decision import Finish, NoReceipt, Standing
from dispatcher.model.delivery import Claimed, Status

_ARRIVED = Finish(Status.UNCONFIRMED, "no receipt came in time; a route left before says that it arrived")
#: What is said of an attempt whose worker died or was cut off while it held it.
LOST = Fault(Blame.PATH, "worker-lost", "the worker was lost while the request was under way")


def settle(
    claimed: Claimed,
    answer: Outcome | LookUp,
    rules: Rules,
    now: datetime,
    *,
    superseded: bool,
    note: str = "",
    elsewhere: int = 0,
) -> tuple[Finding, Standing]:
    """What to write about the attempt, with a note on what else was done, and where the delivery stands now.

    `elsewhere` counts the providers that have the update for the person by other legs; it matters to receipts.
    """
    tries = claimed.lookups if claimed.status is Status.ASKING else claimed.tries
    policy = rules.policy_for(claimed.severity)
    wait = wait_after(policy, max(1, tries))
    decision = decide(situation(claimed, rules, now, elsewhere=elsewhere), answer, policy, wait=wait)
    standing = follow(claimed, decision, now, superseded=superseded)
    if standing.status is Status.ACCEPTED and rules.hears and policy.confirm_within is not None:
        standing = replace(standing, confirm_by=now + timedelta(seconds=policy.confirm_within))
    return finding(answer, note), standing


def unheard(
    claimed: Claimed, rules: Rules, now: datetime, *, superseded: bool, elsewhere: int = 0, arrived: bool = False
) -> Standing:
    """Where a delivery stands that a provider took and of which no receipt came in time.

    `arrived` says that a route left before has brought it there after all: then nobody is told by one more.
    """
    here = situation(claimed, rules, now, elsewhere=elsewhere)
    decision = _ARRIVED if arrived else decide(here, NoReceipt(), rules.policy_for(claimed.severity), wait=0)
    # The provider has it: whatever becomes of it now, it is not as if it had never been sent.
    return follow(replace(claimed, silent=claimed.silent + 1), decision, now, superseded=superseded)


def lost(claimed: Claimed) -> Outcome | LookUp:
    """What a stale lease means: it may have been sent; or, if it was only asked about, nothing was learnt."""
    return CannotTell(LOST) if claimed.status is Status.ASKING else Uncertain(LOST)


def finding(answer: Outcome | LookUp, note: str = "") -> Finding:
    """The answer as the ledger keeps it."""
    match answer:
        case Accepted(ref, duplicate):
            said = "; ".join(filter(None, ("the provider had it already" if duplicate else "", note)))
            return Finding(outcome="accepted", ref=ref, detail=said or None)
        case Rejected(fault):
            return _faulty("rejected", fault)
        case Deferred(fault):
            return _faulty("deferred", fault)
        case Uncertain(fault):
            return _faulty("uncertain", fault)
        case Found(ref):
            return Finding(outcome="accepted", lookup="found at the provider", ref=ref, detail=note or None)
        case Absent():
            return Finding(lookup="not found at the provider")
        case CannotTell(fault):
            return Finding(lookup=f"could not be asked: {fault.detail}")


def _faulty(outcome: str, fault: Fault) -> Finding:
    return Finding(
        outcome=outcome, blame=fault.blame, code=fault.code, provider_code=fault.provider_code, detail=fault.detail
    )
