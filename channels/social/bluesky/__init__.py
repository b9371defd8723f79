"""Posts on Bluesky."""

from __future__ import annotations

from channels.contract import Channel, Measure, Words
from channels.registry import ChannelType, Resources
from channels.social.bluesky.settings import CAPABILITIES, BlueskySettings


def _build(settings: BlueskySettings, resources: Resources) -> Channel:
    from channels.social.bluesky.adapter import BlueskyChannel

    return BlueskyChannel(settings, resources.http)


def _measure(words: Words, _: BlueskySettings | None) -> Measure:
    from channels.social.bluesky import wire

    return wire.measure(words)


CHANNEL = ChannelType(
    name="social/bluesky", capabilities=CAPABILITIES, settings=BlueskySettings, build=_build, measure=_measure
)
