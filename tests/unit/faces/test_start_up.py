"""A command loads what it needs: whoever is in a hurry on a bad day does not wait for what others need."""

from __future__ import annotations

import subprocess
import sys

_LARGE = ("aiohttp", "altair", "channels.simulator", "celery", "fastapi", "slack_sdk", "telnyx", "twilio", "vl_convert")
_LOADED = f"import sys, dispatcher.faces.cli.main; print([name for name in {_LARGE!r} if name in sys.modules])"


def test_the_command_line_starts_without_what_is_large() -> None:
    done = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
