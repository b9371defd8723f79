"""The whole system as real processes, judged by what the simulated providers hold."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatcher.faces.cli.supervise import Process
from dispatcher.faces.cli.system import Plan, System
from dispatcher.ledger import recipients
from dispatcher.model.recipient import Recipient
from tests.nursery import begin


class Rig:
    """A running system with its simulator, and the few questions a story asks."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.system = System(Plan(home, port=0, simulate=True, speed=4.0, set_aside=True), os.environ, begin)

    def start(self) -> None:
        self.system.start(lambda _: None)

    def stop(self) -> None:
        self.system.stop()

    @property
    def environment(self) -> dict[str, str]:
        """For a command in another shell."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DISPATCHER_")}
        return kept | self.system.environment

    def part(self, name: str) -> Process:
        """The process of a part as it is now, be it dead."""
        return next(one.process for one in self.system._supervisor._children if one.part.name == name)

    def pid(self, part: str) -> int | None:
        """The process of a part now; None while it is being started again."""
        process = self.part(part)
        return process.pid if process.poll() is None else None

    def invite(self, who: list[Recipient]) -> None:
        with self.system.here.ledger.write() as tx:
            recipients.upsert(tx, who)

    def faults(self, *rules: dict[str, Any]) -> None:
        self.sim("faults", list(rules), method="PUT")

    def sim(self, path: str, body: object = None, method: str = "GET") -> Any:
        assert self.system.simulator is not None
        return self._call(f"{self.system.simulator.control}/{path}", body, method)[1]

    def api(
        self, path: str, body: object = None, *, method: str | None = None, key: str | None = None
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.system.key}"}
        if key:
            headers["Idempotency-Key"] = key
        method = method or ("GET" if body is None else "POST")
        return self._call(f"{self.system.url}{path}", body, method, headers)

    @staticmethod
    def _call(url: str, body: object, method: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
        request.method = method
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"null")

    def until(self, what: Callable[[], Any], within: float = 30.0, why: str = "", pause: float = 0.1) -> Any:
        """Look again and again until it is true; the parts are looked after meanwhile."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            self.system.look()
            if found := what():
                return found
            time.sleep(pause)
        pytest.fail(f"not within {within} s: {why or what}")

    def done(self, incident_id: int) -> dict[str, Any] | None:
        """The newest broadcast's progress once nothing more happens by itself, else None."""
        last = self.api(f"/api/v1/incidents/{incident_id}")[1]["broadcasts"][-1]
        return last if last["broadcast"]["planned_at"] and not last["under_way"] else None
