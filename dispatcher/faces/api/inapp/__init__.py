"""The in-app inbox over HTTP: a live stream, a page of messages, receipts, and the widget that a site embeds.

The company's own server asks for a ticket for the person who is logged in there (`POST /api/v1/inapp/tickets`) and
hands it to the page; with it the page opens the stream. A stream that was cut goes on from the last number it saw.
"""

from __future__ import annotations

from fastapi import APIRouter

from dispatcher.faces.api.inapp import files, live, messages, push, tickets
from dispatcher.faces.api.inapp.origins import Origins
from dispatcher.faces.api.inapp.streams import Streams

__all__ = ["Origins", "Streams", "router"]

router = APIRouter()
for _part in (tickets, live, messages, push, files):
    router.include_router(_part.router)
