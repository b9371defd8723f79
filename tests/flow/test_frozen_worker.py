"""A worker that lives and does nothing is noticed within half a minute, named, and replaced; the message goes out."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from elsewhere_rig import RigElsewhere

from channels.contract import Kind
from dispatcher.model.recipient import Recipient

CALLS: list[float] = []


class Switch(BaseHTTPRequestHandler):
    """A dead man's switch: notes when it was called."""

    def do_GET(self) -> None:
        CALLS.append(time.monotonic())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RigElsewhere]:
    server = HTTPServer(("127.0.0.1", 0), Switch)
    Thread(target=server.serve_forever, daemon=True).start()
    switch = f"http://127.0.0.1:{server.server_port}/secret"
    running = RigElsewhere(tmp_path_factory.mktemp("system"), DISPATCHER_HEARTBEAT_URL=switch)
    running.start()
    running.invite([Recipient("ann", addresses={Kind.SMS: "+14155550100"}, tags=frozenset({"enterprise"}))])
    yield running
    running.stop()
    server.shutdown()
    server.server_close()


@pytest.mark.timeout(150)
def test_a_frozen_worker_is_noticed_and_replaced_and_nothing_is_lost(rig: RigElsewhere) -> None:
    assert rig.api("/readyz")[0] == 200
    rig.until(lambda: CALLS, within=40, why="the dead man's switch is called while all is well")
    frozen = rig.part("sender-1")
    os.kill(frozen.pid, signal.SIGSTOP)
    began = time.monotonic()
    rig.api("/api/v1/incidents", {"playbook": "generic", "audience": "enterprise"})
    rig.until(lambda: frozen.poll() is not None, within=30, why="it is noticed and ended")
    assert time.monotonic() - began < 30
    rig.until(lambda: len(rig.sim("received?provider=twilio")) == 1, within=60, why="its successor sends the message")
    rig.until(lambda: rig.api("/readyz")[0] == 200, within=40, why="all is well again")
    assert rig.pid("sender-1") not in {None, frozen.pid}
