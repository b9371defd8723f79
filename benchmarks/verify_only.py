"""A web application that verifies what a provider calls back and does nothing else: what receipts are compared with."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response

from channels.contract import Callback, HearsReceipts
from channels.registry import Resources
from channels.transport.http import open_session
from dispatcher.deliver.inbox import LedgerInbox
from dispatcher.wiring import install


def create_app() -> FastAPI:
    """One endpoint at the address of the real one."""
    here = install()
    channels: dict[str, HearsReceipts] = {}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with open_session() as session:
            resources = Resources(http=session, inbox=LedgerInbox(here.ledger))
            for route in here.hearing:
                channel = here.channel(route, resources)
                if isinstance(channel, HearsReceipts):
                    channels[route] = channel
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/receipts/{route}/{token}", status_code=204)
    async def hear(route: str, token: str, request: Request) -> Response:
        callback = Callback(
            url=here.settings.public_url + request.scope["raw_path"].decode("latin-1"),
            token=token,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.body(),
            received_at=time.time(),
        )
        channels[route].hear(callback)
        return Response(status_code=204)

    return app
