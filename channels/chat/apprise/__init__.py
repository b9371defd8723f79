"""Messages in one place of Discord, Google Chat, Mattermost, Telegram, Webex, Zulip and others, by apprise."""

from __future__ import annotations

from channels.chat.apprise import wire
from channels.chat.apprise.settings import CAPABILITIES, AppriseSettings
from channels.contract import Channel, Measure, Words
from channels.registry import ChannelType, Resources


def _build(settings: AppriseSettings, resources: Resources) -> Channel:
    from channels.chat.apprise.adapter import AppriseChannel  # the library is slow to import

    return AppriseChannel(settings, resources.http)


def _measure(words: Words, settings: AppriseSettings | None) -> Measure:
    return wire.measure(words, settings)


CHANNEL = ChannelType(
    name="chat/apprise", capabilities=CAPABILITIES, settings=AppriseSettings, build=_build, measure=_measure
)
