"""A real Alertmanager pointed at the running system opens one incident, repeats into it, and ends it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flow_rig import Rig

from dispatcher.faces.cli.broker import free_port

_CONFIG = """
route:
  receiver: dispatcher
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1s
receivers:
  - name: dispatcher
    webhook_configs:
      - url: {url}/api/v1/alerts/alertmanager
        send_resolved: true
        http_config:
          authorization:
            credentials: {key}
"""


class Alertmanager:
    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"

    def post(self, *, ends: timedelta) -> None:
        alert = {
            "labels": {"alertname": "Microsoft365Down", "severity": "critical"},
            "annotations": {"summary": "Mail does not arrive"},
            "endsAt": (datetime.now(UTC) + ends).isoformat(),
        }
        request = urllib.request.Request(
            f"{self._url}/api/v2/alerts", json.dumps([alert]).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=5):
            pass

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._url}/-/ready", timeout=1):
                return True
        except OSError:
            return False


@pytest.fixture
def alertmanager(rig: Rig, tmp_path: Path, need: Any) -> Iterator[Alertmanager]:
    binary = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    need(binary, "Alertmanager (package prometheus-alertmanager)")
    config = tmp_path / "alertmanager.yml"
    config.write_text(_CONFIG.format(url=rig.system.url, key=rig.system.key))
    port = free_port()
    with (tmp_path / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen(
            [
                str(binary),
                f"--config.file={config}",
                f"--storage.path={tmp_path}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
            ],
            stdout=log,
            stderr=log,
            env={"PATH": os.environ["PATH"]},
        )
    running = Alertmanager(port)
    try:
        rig.until(running.is_ready, why="Alertmanager runs")
        yield running
    finally:
        process.terminate()
        process.wait(10)


def test_one_incident_is_opened_repeated_into_and_ended(rig: Rig, alertmanager: Alertmanager) -> None:
    def opened() -> list[dict[str, Any]]:
        listed = rig.api("/api/v1/incidents")[1]["incidents"]
        return [one for one in listed if one["title"] == "Mail does not arrive"]

    alertmanager.post(ends=timedelta(hours=1))
    rig.until(opened, why="the alert has opened an incident")
    for _ in range(3):  # Alertmanager repeats by itself too
        time.sleep(1.2)
        alertmanager.post(ends=timedelta(hours=1))
    assert len(opened()) == 1
    assert opened()[0]["vendors"] == ["microsoft-365"]

    alertmanager.post(ends=timedelta(seconds=-1))
    rig.until(lambda: opened()[0]["resolve_offered_at"], why="the end of the alert is offered")
    assert len(opened()) == 1
    status, told = rig.api(f"/api/v1/incidents/{opened()[0]['id']}/updates", {"state": "resolved"})
    assert (status, told["incident"]["state"]) == (201, "resolved")
