"""Messages in Slack channels and direct messages, by the Web API."""

from __future__ import annotations

from channels.chat.slack.settings import CAPABILITIES, SlackSettings
from channels.contract import Channel, Measure, Words
from channels.registry import ChannelType, Resources


def _build(settings: SlackSettings, resources: Resources) -> Channel:
    from channels.chat.slack.adapter import SlackChannel  # the SDK is slow to import; the CLI lists channels without

    return SlackChannel(settings, resources.http)


def _measure(words: Words, _: SlackSettings | None) -> Measure:
    from channels.chat import mrkdwn

    return mrkdwn.measure(words)


def _hears(settings: SlackSettings) -> bool:
    return settings.signing_secret is not None


CHANNEL = ChannelType(
    name="chat/slack",
    capabilities=CAPABILITIES,
    settings=SlackSettings,
    build=_build,
    measure=_measure,
    hears=_hears,
)
