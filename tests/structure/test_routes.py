"""Nobody comes in without a key, except where that is on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant

from dispatcher.faces.api.access import caller
from dispatcher.faces.api.inapp.tickets import holder
from dispatcher.faces.console.session import required
from dispatcher.wiring import install

#: Open on purpose, each for its reason.
OPEN = {
    "/": "leads to the console",
    "/docs": "tells how to call it",
    "/docs/oauth2-redirect": "comes with the documentation",
    "/openapi.json": "tells how to call it",
    "/healthz": "for whoever starts it",
    "/readyz": "for whoever starts it",
    "/metrics": "for monitoring",
    "/receipts/{route}": "proven by the provider's signature",
    "/receipts/{route}/{token}": "proven by the provider's signature",
    "/unsubscribe/{token}": "proven by the token of the link",
    "/inapp/{name}.{kind}": "the files that sites embed, the same for everybody",
    "/inapp/push/{token}/shown": "proven by the token, which only the device was told",
    "/inapp/push/{token}/opened": "proven by the token, which only the device was told",
    "/console/login": "where one shows a key",
    "/console/static/{name}": "style and script",
}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    import logging

    import structlog

    from dispatcher.faces.api.app import create_app

    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    here = install({"DISPATCHER_HOME": str(tmp_path), "DISPATCHER_API_KEY": "Ada:0123456789"})
    yield create_app(here)
    here.ledger.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from calls(inner)


def guards(app: FastAPI) -> dict[str, list[set[str]]]:
    """For every address, what guards each of its routes."""
    from fastapi.routing import iter_route_contexts

    known = {caller: "key", holder: "ticket", required: "session"}
    found: dict[str, list[set[str]]] = {}
    for one in iter_route_contexts(app.routes):
        path = one.path
        assert path is not None
        dependant = getattr(one, "dependant", None)
        names = {known[call] for call in calls(dependant) if call in known} if dependant else set()
        found.setdefault(path, []).append(names)
    return found


def test_every_route_is_guarded_unless_it_is_open_on_purpose(app: FastAPI) -> None:
    found = guards(app)
    assert {"/api/v1/incidents", "/inapp/stream", "/console", "/healthz", "/receipts/{route}/{token}"} <= set(found)
    for path, ways in found.items():
        for names in ways:
            if path.startswith("/api/"):
                assert "key" in names, path
            elif path.startswith("/inapp/") and path not in OPEN:
                assert names == {"ticket"}, path
            elif path.startswith("/console") and path not in OPEN:
                assert names == {"session"}, path
            else:
                assert path in OPEN, f"{path} is guarded by nothing; guard it, or say above why it is open"
                assert not names


def test_addresses_are_the_promised_ones(app: FastAPI) -> None:
    promised = ("/api/v1/", "/receipts/", "/inapp/", "/status", "/console", "/unsubscribe/")
    for path in guards(app):
        assert path.startswith(promised) or path in OPEN, path
