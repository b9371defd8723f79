"""A command loads what it needs: whoever is in a hurry on a bad day does not wait for what others need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_LARGE = (
    *("aiohttp", "altair", "channels.simulator", "celery", "fastapi"),
    *("slack_sdk", "telnyx", "twilio", "tweepy", "vl_convert"),
)
_RUN = f"""
import atexit, runpy, sys
atexit.register(lambda: print("loaded", [name for name in {_LARGE!r} if name in sys.modules]))
runpy.run_module("dispatcher.faces.cli.main", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("command", "loaded"),
    [
        ("incidents", []),
        ("check", ["aiohttp"]),  # how long words are is known beside what the answers of providers mean
        ("send generic --audience enterprise --dry-run", []),
    ],
)
def test_a_command_starts_without_what_is_large(command: str, loaded: list[str], tmp_path: Path) -> None:
    home = os.environ | {"DISPATCHER_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *command.split()], capture_output=True, text=True, check=False, env=home
    )
    assert "Traceback" not in done.stderr
    assert done.stdout.endswith(f"loaded {loaded}\n")
