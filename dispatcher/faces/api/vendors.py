"""The vendors as they stand."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from dispatcher.faces import vendors as face
from dispatcher.faces.api.access import Here, caller
from dispatcher.faces.api.problems import can_be
from dispatcher.faces.vendors import VendorLook

router = APIRouter(prefix="/api/v1", tags=["vendors"], dependencies=[Depends(caller)], responses=can_be(401, 422, 503))


@router.get("/vendors")
def list_vendors(here: Here) -> list[VendorLook]:
    """Everybody whose failure can silence a route: state, who says so and since when, what they ride on, which routes.

    `unknown` means that nobody who could know says anything. A status feed alone makes nothing `down`.
    """
    return face.looks(here)
