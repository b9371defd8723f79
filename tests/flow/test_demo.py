"""The demo is a promise to newcomers: it ends with 0 only if everything it claims holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_the_demo_keeps_its_promises(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dispatcher.faces.cli.main", "demo", "--people", "200"],
        env=os.environ | {"DISPATCHER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=115,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "NOT" not in done.stdout
