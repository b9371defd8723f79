"""A ticket opens one person's inbox and nothing else."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from dispatcher.faces.api.access import Here, caller
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.faces.api.shapes import In
from dispatcher.ledger import now

router = APIRouter(tags=["in-app"])

_AUDIENCE = "inapp"
_TICKET_FOR = timedelta(hours=12)
#: A ticket for the longest user there can be is shorter.
_LONGEST_TICKET = 6000


class TicketFor(In):
    user: Annotated[str, Field(min_length=1, max_length=320, description="As in the `app user` of the recipients.")]


class Ticket(BaseModel):
    ticket: str
    expires_at: datetime


@router.post(
    "/api/v1/inapp/tickets",
    status_code=201,
    dependencies=[Depends(caller)],
    responses=can_be(400, 401, 413, 415, 422, 503),
)
def make_ticket(body: TicketFor, here: Here) -> Ticket:
    """A ticket with which one person's app can read that person's inbox and nothing else."""
    secret = here.settings.secret.get_secret_value()
    expires = now() + _TICKET_FOR
    # Tabs of one browser find those of the same person by `box`, and keep nobody's name for it.
    box = hmac.new(secret.encode(), f"inbox\0{body.user}".encode("utf-8", "surrogatepass"), sha256).hexdigest()[:16]
    claims = {"sub": body.user, "aud": _AUDIENCE, "exp": expires, "box": box}
    return Ticket(ticket=jwt.encode(claims, secret, "HS256"), expires_at=expires)


@dataclass(frozen=True, slots=True)
class Held:
    """Whose inbox a ticket opens, and until when."""

    user: str
    until: datetime


def holder(here: Here, ticket: Annotated[str, Query(max_length=_LONGEST_TICKET)]) -> Held:
    """Who holds this ticket."""
    try:
        claims = jwt.decode(
            ticket,
            here.settings.secret.get_secret_value(),
            algorithms=["HS256"],
            audience=_AUDIENCE,
            options={"require": ["exp", "sub"]},
        )
    except jwt.InvalidTokenError:
        raise Problem(401, "the ticket is not valid or has expired; ask POST /api/v1/inapp/tickets for one") from None
    return Held(str(claims["sub"]), datetime.fromtimestamp(int(claims["exp"]), UTC))


Holder = Annotated[Held, Depends(holder)]
