"""Posts on X, by its API v2."""

from __future__ import annotations

from channels.contract import Channel, Measure, Words
from channels.registry import ChannelType, Resources
from channels.social.x.settings import CAPABILITIES, XSettings


def _build(settings: XSettings, resources: Resources) -> Channel:
    from channels.social.x.adapter import XChannel  # the SDK is slow to import; the CLI lists channels without

    return XChannel(settings, resources.http)


def _measure(words: Words, settings: XSettings | None) -> Measure:
    from channels.social.x import wire

    return wire.measure(words, allow_urls=settings is not None and settings.allow_urls)


CHANNEL = ChannelType(name="social/x", capabilities=CAPABILITIES, settings=XSettings, build=_build, measure=_measure)
