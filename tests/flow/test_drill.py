"""A drill, played as anybody plays it: the vendor is dead, the engine is the real one, nobody real is told anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

_COMMAND = (sys.executable, "-m", "dispatcher.faces.cli.main", "drill")


def drill(home: Path, *arguments: str, status: int) -> subprocess.CompletedProcess[str]:
    # What a real installation has in its environment, which no drill may use or call.
    real = {
        "DISPATCHER_HOME": str(home),
        "DISPATCHER_BROKER_URL": "redis://127.0.0.1:1/0",
        "DISPATCHER_HEARTBEAT_URL": "http://127.0.0.1:1/heartbeat",
        "TWILIO_AUTH_TOKEN": "real-token",
        "SMTP_HOST": "relay.northwind.example",
        "TMPDIR": str(home / "tmp"),
    }
    (home / "tmp").mkdir(exist_ok=True)
    done = subprocess.run(
        [*_COMMAND, *arguments], env=os.environ | real, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_everybody_is_told_by_the_next_route_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    done = drill(tmp_path, "twilio", "--fault", "refuse", "--people", "20", "--json", status=0)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["drill"] is True
    assert found["well"] is True
    assert found["routes"] == ["twilio-main"]
    assert found["stand_for"] == 1000
    [played] = found["rounds"]
    assert played["told"] == played["people"] == found["people"]
    assert played["places_told"] == played["places"] == 2
    assert played["by_route"]["telnyx-backup"] > 0
    assert "twilio-main" not in played["by_route"]
    assert sum(played["failovers"].values()) == played["by_route"]["telnyx-backup"]
    assert all(why.startswith("twilio-main: ") for why in played["failovers"])
    assert list(played["breakers"]) == ["twilio-main"]
    assert (played["twice"], played["not_told"], played["unproven"]) == (0, 0, 0)
    # What is left is the record, for the next drill; no process, no folder, nothing in the ledger.
    assert json.loads(Path(found["kept_in"]).read_text())["rounds"] == found["rounds"]
    assert not list((tmp_path / "tmp").glob("dispatcher-drill-*"))
    assert not [one for one in psutil.process_iter(["environ"]) if str(tmp_path) in str(one.info["environ"])]
