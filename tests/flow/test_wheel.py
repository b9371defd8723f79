"""A wheel carries everything the command needs, wherever it is run."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_wheel_works_from_any_folder(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, ROOT], check=True, timeout=110)
    wheel = next(tmp_path.glob("outage_dispatcher-*.whl"))
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    assert "dispatcher/_shipped/config/routes.yaml" in names
    assert any(name.startswith("dispatcher/_shipped/templates/console/") for name in names)
    for name in ("widget.js", "widget.css", "push.js", "sw.js"):
        assert f"dispatcher/_shipped/templates/inapp/{name}" in names
    assert not [name for name in names if name.startswith("tests/")]
    target = tmp_path / "installed"
    subprocess.run([*pip, "install", "--no-deps", "--target", target, wheel], check=True, timeout=60)
    for arguments in (["--help"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-c", "from dispatcher.faces.cli.main import main; main()", *arguments],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(target), "DISPATCHER_HOME": str(tmp_path / "home")},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
