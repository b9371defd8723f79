"""Puts the web process together. Run as `uvicorn --factory dispatcher.faces.api.app:create_app`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.responses import RedirectResponse

from dispatcher import __version__
from dispatcher.faces import console
from dispatcher.faces.api import (
    ahead,
    alerts,
    deliveries,
    health,
    inapp,
    incidents,
    receipts,
    reference,
    routes,
    unsubscribe,
    vendors,
)
from dispatcher.faces.api.problems import BodyLimit, install_handlers
from dispatcher.faces.log import set_up
from dispatcher.faces.longlived import settle_in
from dispatcher.faces.worker.bells import Bells
from dispatcher.faces.worker.making import make_app
from dispatcher.wiring import Installation, install

_ABOUT = """
Tells everybody who is affected by an outage by routes that do not ride on what is down.

1. `POST /api/v1/incidents` with a playbook opens an incident and tells its audience. Send an `Idempotency-Key`.
2. `GET /api/v1/incidents/{id}` shows how far it is, by route.
3. `GET /api/v1/incidents/{id}/deliveries` lists who got it (`.csv` and `.jsonl`: all of it as a file);
   `GET /api/v1/deliveries/{id}` tells why it went as it went.
4. `POST /api/v1/incidents/{id}/updates` says the next thing; with `state: resolved`, that it is over.

`POST /api/v1/preview` says what the first would do; `GET /api/v1/reach`, who would be told if a vendor died.

Send `Authorization: Bearer <key>`. Errors are `application/problem+json`.
"""


def create_app(installation: Installation | None = None) -> FastAPI:
    """The web application for an installation; without one, the one the environment describes.

    Raises:
        SettingsError, ConfigError: what it is told cannot be used.
    """
    here = installation or install()
    set_up()
    _ = here.settings.secret  # one that cannot be used stops the start, not the first person who needs it
    bells = Bells(make_app(here.settings.broker_url), {way.route: way.kind.value for way in here.ways})

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.ear = receipts.Ear(here, bells)
        app.state.streams = inapp.Streams(here)
        app.state.enrolling = {}
        settle_in()
        yield
        await app.state.streams.close()
        await app.state.ear.close()

    app = FastAPI(
        title="Outage Dispatcher",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,  # our own page, which fetches nothing from elsewhere (`reference`)
        redoc_url=None,
    )
    app.state.installation = here
    app.state.bells = bells
    install_handlers(app)
    app.add_middleware(BodyLimit)
    if here.settings.inapp_origins:
        app.add_middleware(inapp.Origins, origins=here.settings.inapp_origins)
    for part in (
        incidents,
        ahead,
        deliveries,
        routes,
        alerts,
        receipts,
        inapp,
        unsubscribe,
        vendors,
        health,
        reference,
        console,
    ):
        app.include_router(part.router)

    @app.get("/", include_in_schema=False)
    def front() -> RedirectResponse:
        return RedirectResponse("/console", 303)

    return app
