"""How a check becomes a test of every installed channel to which it applies.

A check is an async function of a `Bench`, or of a `Tried` when it makes its own far end, and of pytest's fixtures. It
runs on the event loop that the workers run on, and needs no plugin. Where it does not apply it is skipped by what the
channel declares, and says so; nothing is skipped by a channel's name.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import uvloop

from channels.contract import Repeat
from channels.registry import ChannelType, channel_type, channel_types
from channels.testkit.bench import bench, no_samples
from channels.testkit.loopback import nothing_beside
from channels.testkit.samples import Http, Inboxed, Samples, samples_of


@dataclass(frozen=True)
class Tried:
    """A channel before it is built."""

    kind: ChannelType
    entry: Samples | None

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def http(self) -> Http:
        """The samples of a channel that speaks HTTP."""
        assert isinstance(self.entry, Http), no_samples(self.name)
        return self.entry


#: Why a check does not apply to a channel, "" when it does.
Unless = Callable[[Tried], str]


def always(_: Tried) -> str:
    return ""


def even_without_samples(_: Tried) -> str:
    """Of the one check that fails for want of samples; without them all others could only repeat it."""
    return ""


def no_http(tried: Tried) -> str:
    return "" if isinstance(tried.entry, Http) else "speaks no HTTP"


def no_network(tried: Tried) -> str:
    return "has no network of its own" if isinstance(tried.entry, Inboxed) else ""


def prepares_nothing(tried: Tried) -> str:
    prepared = isinstance(tried.entry, Http) and tried.entry.beside is not nothing_beside
    return "" if prepared else "prepares nothing before it sends"


def not_repeat(*repeats: Repeat) -> Unless:
    """Unless one of these is what the provider does with the same message twice."""

    def why(tried: Tried) -> str:
        declared = tried.kind.capabilities.repeat
        return "" if declared in repeats else f"declares repeat={declared.value}"

    return why


def either(*reasons: Unless) -> Unless:
    """The first of several reasons that holds."""
    return lambda tried: next((why for why in (reason(tried) for reason in reasons) if why), "")


def check(unless: Unless = always) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., None]]:
    """Makes a test of every channel to which this check applies."""

    def made(asked: Callable[..., Awaitable[None]]) -> Callable[..., None]:
        first, *rest = inspect.signature(asked).parameters.values()

        def test(channel: str, **fixtures: Any) -> None:
            __tracebackhide__ = True
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_asked(channel, asked, first.name == "made", fixtures))

        channel = inspect.Parameter("channel", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        test.__signature__ = inspect.Signature([channel, *rest])  # type: ignore[attr-defined]  # what pytest reads
        test.__name__, test.__doc__, test.__module__ = asked.__name__, asked.__doc__, asked.__module__
        test.__unless__ = unless  # type: ignore[attr-defined]  # for `parametrise`
        return test

    return made


async def _asked(
    channel: str, asked: Callable[..., Awaitable[None]], on_a_bench: bool, fixtures: dict[str, Any]
) -> None:
    __tracebackhide__ = True
    if on_a_bench:
        async with bench(channel) as made:
            await asked(made, **fixtures)
    else:
        await asked(Tried(channel_type(channel), samples_of(channel)), **fixtures)


def parametrise(metafunc: pytest.Metafunc) -> None:
    """Every check for every installed channel, or for those that the test module names in `CHANNELS`."""
    unless: Unless | None = getattr(metafunc.function, "__unless__", None)
    if unless is None:
        return
    names = getattr(metafunc.module, "CHANNELS", None) or sorted(channel_types())
    params = []
    for name in names:
        tried = Tried(channel_type(name), samples_of(name))
        lacking = tried.entry is None and unless is not even_without_samples
        why = "announces no samples" if lacking else unless(tried)
        params.append(pytest.param(name, marks=[pytest.mark.skip(reason=f"{name} {why}")] if why else [], id=name))
    metafunc.parametrize("channel", params)
