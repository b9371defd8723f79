"""From a decision to the row that follows from it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dispatcher.model.decision import Decision, FailOver, Finish, Hold, LookUpIn, RetryAt, Standing
from dispatcher.model.delivery import Claimed, Status
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
        case Finish(status, _, on_trust=on_trust):
            return replace(stay, status=status, on_trust=on_trust)
        case Hold():
            return replace(stay, status=Status.UNCERTAIN)
        case LookUpIn(wait, _):
            return replace(stay, status=Status.UNCERTAIN, next_attempt_at=now + timedelta(seconds=wait))
        case RetryAt() | FailOver() if superseded:
            return replace(stay, status=Status.SUPERSEDED, reason=f"{decision.reason}; a newer update took its place")
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
