from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from console_rig import Console, FakeBells, settings
from fastapi import FastAPI

from channels.contract import Kind
from dispatcher.faces.console import router
from dispatcher.model.recipient import Recipient
from dispatcher.wiring import install
from tests.migrated import make_ready


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    here = install(settings(tmp_path / "home"))
    make_ready(here.ledger)
    app, bells = FastAPI(), FakeBells()
    app.state.installation, app.state.bells = here, bells
    app.include_router(router)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        made = Console(client, here, bells)
        made.add(
            Recipient("ann", "Ann", "en", {Kind.SMS: "+15551234567", Kind.EMAIL: "ann@example.com"}),
            Recipient("bob", "Bob", "de", {Kind.INAPP: "bob-7", Kind.EMAIL: "bob@example.com"}),
        )
        yield made
    here.ledger.close()


@pytest.fixture
async def inside(console: Console) -> Console:
    """Logged in."""
    assert (await console.log_in()).status_code == 303
    return console
