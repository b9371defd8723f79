"""Posts on a Mastodon server."""

from __future__ import annotations

from channels.contract import Channel, Measure, Words
from channels.registry import ChannelType, Resources
from channels.social.mastodon.settings import CAPABILITIES, MAX_CHARACTERS, MastodonSettings


def _build(settings: MastodonSettings, resources: Resources) -> Channel:
    from channels.social.mastodon.adapter import MastodonChannel

    return MastodonChannel(settings, resources.http)


def _measure(words: Words, settings: MastodonSettings | None) -> Measure:
    from channels.social.mastodon import wire

    return wire.measure(words, settings.max_characters if settings else MAX_CHARACTERS)


CHANNEL = ChannelType(
    name="social/mastodon", capabilities=CAPABILITIES, settings=MastodonSettings, build=_build, measure=_measure
)
