from __future__ import annotations

import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from browser_rig import KEY, Site
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from channels.contract import Kind
from dispatcher.faces.console import router
from dispatcher.ledger import recipients
from dispatcher.model.recipient import Recipient
from dispatcher.wiring import install
from tests.migrated import make_ready

_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# For a module and no longer: while it runs, its event loop stands in the way of tests that have one of their own.
@pytest.fixture(scope="module")
def browser(need: Callable[[object, str], None]) -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    need(found, "Chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(found), headless=True, args=list(_QUIET))
        yield started
        started.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    here = install(
        {
            "DISPATCHER_HOME": str(tmp_path / "home"),
            "DISPATCHER_API_KEY": f"Ada:{KEY}",
            "DISPATCHER_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "DISPATCHER_SIMULATED": "1",
            "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "TWILIO_AUTH_TOKEN": "2" * 32,
            "TWILIO_MESSAGING_SERVICE_SID": "MG" + "3" * 32,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_FROM": "help@northwind.example",
        }
    )
    make_ready(here.ledger)
    with here.ledger.write() as tx:
        recipients.upsert(
            tx,
            [
                Recipient("ann", "Ann", "en", {Kind.SMS: "+15551234567", Kind.EMAIL: "ann@example.com"}),
                Recipient("bob", "Bob", "de", {Kind.INAPP: "bob-7", Kind.EMAIL: "bob@example.com"}),
                Recipient("cy", "Cy", "en", {Kind.EMAIL: "cy@example.com"}),
            ],
        )
    made = Site(f"http://127.0.0.1:{port}", here)
    app = FastAPI()
    app.state.installation, app.state.bells = here, made
    app.include_router(router)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    made.stop = lambda: (setattr(server, "should_exit", True), thread.join())
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield made
    made.stop()
    here.ledger.close()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page on which somebody is logged in. Whatever the browser complains about fails the test at its end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site.url)
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    opened.goto("/console")
    opened.get_by_label("API key").fill(KEY)
    opened.get_by_role("button", name="Log in").click()
    opened.wait_for_url("**/console")
    yield opened
    with contextlib.suppress(Exception):
        context.close()
    assert complaints == []
