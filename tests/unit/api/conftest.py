from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from api_rig import Api, environment, started


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """The application sets up the logs of its whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with started(environment(tmp_path / "home")) as made:
        yield made
