"""Every channel, and every channel that speaks HTTP, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from channels.testkit.bench import HTTP, NAMES, Bench, bench
from channels.testkit.samples import Inboxed, enrolled


@pytest.fixture(params=NAMES)
async def any_bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with bench(request.param) as made:
        yield made


@pytest.fixture(params=[name for name in NAMES if not isinstance(enrolled()[name], Inboxed)])
async def networked_bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Whoever has a network between itself and the other end."""
    async with bench(request.param) as made:
        yield made


@pytest.fixture(params=HTTP)
async def http_bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with bench(request.param) as made:
        yield made
