"""One running system for the stories of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alone_rig import Providers
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


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Providers]:
    """Simulated providers in a process of their own, with nothing of the system beside them."""
    running = Providers(tmp_path_factory.mktemp("providers") / "log")
    yield running
    running.stop()
