"""A company's own site with the widget on it, and the dispatcher's web process as a process of its own beside it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from dispatcher.faces.cli.supervise import Process
from dispatcher.ledger import inbox, now, receipts
from dispatcher.ledger.inbox import NewNote
from dispatcher.wiring import Installation, install
from tests.migrated import make_ready
from tests.nursery import begin

KEY = "a-key-that-nobody-can-guess-0123456789"
_PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Northwind</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<h1>Your orders</h1><p>Nothing to do with the dispatcher. <a href="/">Home</a></p>
<script src="{api}/inapp/widget.js" data-ticket-url="/outage-ticket" {more} defer></script></html>"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Web:
    """The web process, which can be killed and started again at the same address."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self._environment = {**os.environ, **environment}
        self._process: Process | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "--factory", "dispatcher.faces.api.app:create_app"]
        options = ["--port", str(self.port), "--log-level", "warning", "--timeout-graceful-shutdown", "1"]
        self._process = begin([*command, *options], self._environment, Path(os.devnull))
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the web process does not answer")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Company(ThreadingHTTPServer):
    """The site on which people are logged in. `user` is who; "" is nobody."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, api: str) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.api = api
        self.user = "bob-7"
        self.lang = "en"
        self.more = ""
        self.tickets = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Page(BaseHTTPRequestHandler):
    server: Company

    def do_GET(self) -> None:
        site = self.server
        if self.path == "/outage-ticket":
            site.tickets += 1
            status, content = (201, self._ticket()) if site.user else (401, b"{}")
            return self._answer(status, content, "application/json")
        if self.path == "/outage-sw.js":
            return self._answer(200, f'importScripts("{site.api}/inapp/sw.js");'.encode(), "text/javascript")
        if self.path == "/":
            page = _PAGE.format(lang=site.lang, api=site.api, more=site.more)
            return self._answer(200, page.encode(), "text/html; charset=utf-8")
        return self._answer(404, b"", "text/plain")

    def _ticket(self) -> bytes:
        """As a site's own server gets it: with the key, for whoever is logged in."""
        request = urllib.request.Request(
            f"{self.server.api}/api/v1/inapp/tickets",
            json.dumps({"user": self.server.user}).encode(),
            {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bytes(answer.read())

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        api = self.server.api
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        # What docs/channels/inapp.md tells a site with the strictest policy to allow.
        policy = f"default-src 'none'; script-src 'self' {api}; connect-src 'self' {api}; worker-src 'self'"
        if kind.startswith("text/html"):
            policy += "; require-trusted-types-for 'script'; trusted-types outage-push"
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(content)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, http.client.HTTPException, OSError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class World:
    """Both, and the ledger that they share with the test."""

    def __init__(self, web: Web, company: Company, here: Installation) -> None:
        self.web, self.company, self.here = web, company, here
        self._count = 0

    def anew(self) -> None:
        """For the next test: somebody else is logged in, on pages as they were."""
        self._count += 1
        self.company.user, self.company.lang, self.company.more = f"user-{self._count}", "en", ""
        self.company.tickets = 0

    def tell(self, text: str, *, subject: str = "Mail is down", thread: str = "", notable: bool = True) -> str:
        """A message for whoever is logged in, as the in-app channel stores it; answers its attempt's token."""
        self._count += 1
        token, useful = f"token-{self._count}", now() + timedelta(hours=1)
        note = NewNote(self.company.user, token, token, subject, text, useful, thread or token, notable)
        with self.here.ledger.write() as tx:
            inbox.put(tx, [note])
        return token

    def status(self) -> str:
        """What the API says of the newest in-app delivery."""
        request = urllib.request.Request(
            f"{self.web.url}/api/v1/deliveries?incident=1", headers={"Authorization": f"Bearer {KEY}"}
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            found = [one for one in json.load(answer)["deliveries"] if one["kind"] == "inapp"]
        return str(found[-1]["status"])

    def heard(self, *tokens: str) -> list[tuple[str, str]]:
        """The receipts that came in about these attempts, as (word, token)."""
        with self.here.ledger.write() as tx:
            return [(one.word, one.token) for one in receipts.unfolded(tx, 1000) if one.token in tokens]


@contextmanager
def world(home: Path, **more: str) -> Iterator[World]:

    web_port = free_port()
    company = Company(f"http://127.0.0.1:{web_port}")
    environment = {
        "DISPATCHER_HOME": str(home),
        "DISPATCHER_API_KEY": f"Ada:{KEY}",
        "DISPATCHER_SECRET": "signs-tickets-and-cookies-0123456789-abcdef",
        "DISPATCHER_PUBLIC_URL": company.api,
        "DISPATCHER_INAPP_ORIGINS": company.url,
        "DISPATCHER_BROKER_URL": "redis://127.0.0.1:1/0",
        **more,
    }
    here = install(environment)
    make_ready(here.ledger)
    web = Web(environment, web_port)
    serving = threading.Thread(target=company.serve_forever, args=(0.05,))
    serving.start()
    try:
        web.start()
        yield World(web, company, here)
    finally:
        web.kill()
        company.shutdown()
        company.server_close()
        serving.join()
        here.ledger.close()
