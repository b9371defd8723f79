"""Where a reader says no. Opening the link only asks; mail scanners open links. One-click (RFC 8058) posts to it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from dispatcher.faces.api.access import Here
from dispatcher.faces.api.pages import render
from dispatcher.faces.api.problems import can_be
from dispatcher.ledger import optouts
from dispatcher.model.masking import mask

router = APIRouter(
    prefix="/unsubscribe",
    tags=["for readers"],
    responses=can_be(422, 503) | {404: {"description": "A page that says so", "content": {"text/html": {}}}},
)

Token = Annotated[str, Path(max_length=40, pattern=r"^[\w-]+$")]


@router.get("/{token}", response_class=HTMLResponse)
def ask(token: Token, here: Here) -> HTMLResponse:
    """The page that a link in a message leads to. Changes nothing."""
    with here.ledger.read() as tx:
        found = optouts.address_of(tx, token)
    address = mask(found[1]) if found else ""
    return render(
        here, "unsubscribe.html", 200 if found else 404, company=here.config.company.name, address=address, done=False
    )


@router.post("/{token}", response_class=HTMLResponse)
def say_no(token: Token, here: Here) -> HTMLResponse:
    """No more messages to this address, by any route. Saying it twice changes nothing."""
    with here.ledger.write() as tx:
        found = optouts.address_of(tx, token)
        if found is not None:
            optouts.note(tx, *found, source="link in a message")
    address = mask(found[1]) if found else ""
    return render(
        here,
        "unsubscribe.html",
        200 if found else 404,
        company=here.config.company.name,
        address=address,
        done=found is not None,
    )
