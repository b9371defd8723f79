"""Ten thousand people, and the provider that most of them are told by dies, in every way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos.chaos_rig import Chaos
from tests.chaos.deaths import DEATHS, die

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaos]:
    running = Chaos(tmp_path_factory.mktemp("system"), 10_000)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("death", DEATHS)
def test_a_provider_that_dies_in_mid_broadcast_to_ten_thousand(crowd: Chaos, death: str) -> None:
    die(crowd, death, list(DEATHS).index(death))
