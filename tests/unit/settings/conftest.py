from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dispatcher.settings import shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped configuration, to break."""
    return Path(shutil.copytree(shipped("config"), tmp_path / "config"))
