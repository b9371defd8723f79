"""Which attacks are played: a few in `make test`, all of them in `make chaos`."""

from __future__ import annotations

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "thorough: an attack that takes long; played when CHAOS_SEEDS is set")
    config.addinivalue_line("markers", "brief: what a thorough one does at length; played when CHAOS_SEEDS is not set")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Not skipped but left out: where nothing may be skipped, `make chaos` is run after the tests."""
    other = "brief" if "CHAOS_SEEDS" in os.environ else "thorough"
    left_out = [item for item in items if item.get_closest_marker(other)]
    config.hook.pytest_deselected(items=left_out)
    played = [item for item in items if item not in left_out]
    # The longest first: where two run at once, both are done at about the same time then.
    items[:] = sorted(played, key=lambda item: item.path.stem != "test_seeds")
