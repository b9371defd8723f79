"""Messages in one Slack channel by an incoming webhook: a second way in, with a secret of its own."""

from __future__ import annotations

from channels.chat import mrkdwn
from channels.chat.slack_webhook.settings import CAPABILITIES, SlackWebhookSettings
from channels.contract import Channel, Measure, Words
from channels.registry import ChannelType, Resources


def _build(settings: SlackWebhookSettings, resources: Resources) -> Channel:
    from channels.chat.slack_webhook.adapter import SlackWebhook  # the SDK is slow to import

    return SlackWebhook(settings, resources.http)


def _measure(words: Words, _: SlackWebhookSettings | None) -> Measure:
    return mrkdwn.measure(words)


CHANNEL = ChannelType(
    name="chat/slack-webhook",
    capabilities=CAPABILITIES,
    settings=SlackWebhookSettings,
    build=_build,
    measure=_measure,
)
