"""From a decision to the row that follows from it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dispatcher.model.decision import Decision, FailOver, Finish, Hold, LookUpIn, RetryAt, Standing
from dispatcher.model.delivery import CLOSED, Claimed, Status
from dispatcher.model.turns import next_turn, turns_from


def follow(claimed: Claimed, decision: Decision, now: datetime, *, superseded: bool) -> Standing:
    """Where the delivery stands after `decision`.

    Args:
        claimed: The delivery as it was held.
        decision: What to do next.
        now: The present moment.
        superseded: Whether a newer update has taken its place: then nothing of it is sent again.
    """
    stay = Standing(
        status=Status.PENDING,
        position=claimed.position,
        route=claimed.route,
        kind=claimed.kind,
        tries=claimed.tries,
        lookups=claimed.lookups,
        failed_over=False,
        on_route_since=claimed.on_route_since,
        next_attempt_at=None,
        reason=decision.reason,
        turns=claimed.turns,
    )
    match decision:
        case Finish(status, reason, on_trust=on_trust):
            return replace(stay, status=_end(claimed, status), reason=reason, on_trust=on_trust)
        case Hold():
            return replace(stay, status=Status.UNCERTAIN)
        case LookUpIn(wait, _):
            return replace(stay, status=Status.UNCERTAIN, next_attempt_at=now + timedelta(seconds=wait))
        case RetryAt() | FailOver() if superseded:
            status = _end(claimed, Status.SUPERSEDED)
            return replace(
                stay, status=status, reason=f"{decision.reason}; a newer update took its place, or it was stopped"
            )
        case RetryAt(wait, _, free=free, maybe_twice=twice):
            tries = claimed.tries - 1 if free else claimed.tries
            at = now + timedelta(seconds=wait)
            return replace(stay, next_attempt_at=at, tries=tries, lookups=0, maybe_twice=twice)
        case FailOver(_, maybe_twice=twice, blamed=blamed):
            turns = turns_from(claimed.turns).leave(claimed.position, blamed=blamed)
            position = next_turn(claimed.chain, turns)
            if position is None:
                raise ValueError("nothing is left to fail over to")
            hop = claimed.chain.hops[position]
            return Standing(
                status=Status.PENDING,
                position=position,
                route=hop.route,
                kind=hop.kind,
                tries=0,
                lookups=0,
                failed_over=True,
                on_route_since=now,
                next_attempt_at=now,
                reason=f"{claimed.route} {decision.reason}",
                maybe_twice=twice,
                turns=turns.to_text(),
            )


def _end(claimed: Claimed, status: Status) -> Status:
    """What a provider took before, and never spoke of again, is unknown, whatever became of the other routes."""
    return Status.UNCONFIRMED if claimed.silent and status in CLOSED else status
