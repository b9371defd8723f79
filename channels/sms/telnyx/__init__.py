"""SMS by Telnyx's messaging API, version 2."""

from __future__ import annotations

from channels.contract import Channel, Measure, Words
from channels.registry import ChannelType, Resources
from channels.sms.telnyx.settings import CAPABILITIES, TelnyxSettings


def _build(settings: TelnyxSettings, resources: Resources) -> Channel:
    from channels.sms.telnyx.adapter import TelnyxChannel  # the SDK is large: whoever has no such route does without

    return TelnyxChannel(settings, resources.http)


def _measure(words: Words, settings: TelnyxSettings | None) -> Measure:
    from channels.sms.telnyx import wire

    return wire.measure(words, settings)


CHANNEL = ChannelType(
    name="sms/telnyx", capabilities=CAPABILITIES, settings=TelnyxSettings, build=_build, measure=_measure
)
