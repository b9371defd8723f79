"""One running system for the stories of a module."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from flow_rig import Rig

from dispatcher.faces.cli.sample import people


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Real processes, 200 invented people, simulated providers without faults."""
    running = Rig(tmp_path_factory.mktemp("system"))
    running.start()
    running.invite(people(200))
    yield running
    running.stop()


@pytest.fixture
def need() -> Callable[[object, str], None]:
    """Skips with a clear word when a part is missing that cannot be installed without root; CI lets nothing skip."""

    def check(found: object, what: str) -> None:
        if found:
            return
        if os.environ.get("DISPATCHER_TEST_SKIP_NOTHING"):
            pytest.fail(f"{what} is not installed, and this run may skip nothing")
        pytest.skip(f"{what} is not installed")

    return check
