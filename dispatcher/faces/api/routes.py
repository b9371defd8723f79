"""The routes as they stand."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from dispatcher.faces import routes as face
from dispatcher.faces.api.access import Here, caller
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.faces.routes import RouteLook
from dispatcher.ledger import now

router = APIRouter(prefix="/api/v1", tags=["routes"], dependencies=[Depends(caller)], responses=can_be(401, 422, 503))


@router.get("/routes")
def list_routes(here: Here) -> list[RouteLook]:
    """Every account by which messages leave: what it can do and lacks, whether it rests, and how its breaker stands.

    `usable` is as the web process sees it, which may lack a secret that the workers have.
    """
    known = face.standings(here)
    if known.away:
        raise Problem(503, known.away, headers={"Retry-After": "5"})
    return [face.as_look(one, now()) for one in face.states(here, known, {})]
