"""SMS by Twilio's Programmable Messaging."""

from __future__ import annotations

from channels.contract import Channel, Measure, Words
from channels.registry import ChannelType, Resources
from channels.sms.twilio.settings import CAPABILITIES, TwilioSettings


def _build(settings: TwilioSettings, resources: Resources) -> Channel:
    from channels.sms.twilio.adapter import TwilioChannel  # the SDK is slow to import; the CLI lists channels without

    return TwilioChannel(settings, resources.http)


def _measure(words: Words, settings: TwilioSettings | None) -> Measure:
    from channels.sms.twilio import wire

    return wire.measure(words, settings)


CHANNEL = ChannelType(
    name="sms/twilio", capabilities=CAPABILITIES, settings=TwilioSettings, build=_build, measure=_measure
)
