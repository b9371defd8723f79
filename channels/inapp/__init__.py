"""Messages in the company's own app or site, kept in our inbox until the person has seen them.

That they were seen comes in by our own HTTP face, not through this channel.
"""

from __future__ import annotations

from channels.contract import Channel, Measure, Words
from channels.inapp.settings import CAPABILITIES, InboxSettings
from channels.registry import ChannelType, Resources


def _build(settings: InboxSettings, resources: Resources) -> Channel:
    from channels.inapp.adapter import InboxChannel

    return InboxChannel(resources.inbox)


def _measure(words: Words, _: InboxSettings | None) -> Measure:
    from channels.inapp import wire

    return wire.measure(words)


CHANNEL = ChannelType(
    name="inapp/inbox", capabilities=CAPABILITIES, settings=InboxSettings, build=_build, measure=_measure
)
