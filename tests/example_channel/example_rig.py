"""The example's package, laid out in a folder as an installer would: changed on the way, where a test wants it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.nursery import born

SOURCE = Path(__file__).parent / "acme-sms"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Swap:
    """In this file of the package, `new` in the place of `old`, which is there exactly once."""

    file: str
    old: str
    new: str


def lay_out(folder: Path, swaps: Iterable[Swap] = ()) -> Path:
    """The package in `folder`, with what an installer writes beside it; gives the path of its test.

    Python finds entry points in any folder of its path that holds a `.dist-info`; no build is needed for that.
    """
    shutil.copytree(SOURCE / "acme_sms", folder / "acme_sms", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(SOURCE / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(SOURCE / "pyproject.toml", folder)
    for swap in swaps:
        path = folder / swap.file
        text = path.read_text(encoding="utf-8")
        assert text.count(swap.old) == 1, f"{swap.file} holds {text.count(swap.old)} of {swap.old!r}"
        path.write_text(text.replace(swap.old, swap.new), encoding="utf-8")
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    lines = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {target}" for name, target in points.items())]
    info.joinpath("entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder / "tests" / "test_acme.py"


def run_kit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The package's own test in its own folder, with pytest alone: none of its plugins, none of our settings."""
    command = ["-q", "-p", "no:cacheprovider", "--rootdir", str(folder), "-c", os.devnull, *arguments]
    alone = environment(folder) | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return born(partial(_pytest, folder, command), command, cwd=folder, environment=alone, timeout=110)


def _pytest(folder: Path, command: list[str]) -> None:
    """What `python -m pytest` does."""
    sys.path[:0] = [str(folder), str(ROOT)]
    sys.exit(pytest.main(command))


def renew_golden(folder: Path) -> None:
    command = [sys.executable, "-m", "channels.testkit", "golden", "sms/acme"]
    subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, timeout=60, check=True)


def environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "VIRTUAL_ENV") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
