"""Messages in one channel of Microsoft Teams, by the webhook of a workflow."""

from __future__ import annotations

from channels.chat.teams import wire
from channels.chat.teams.settings import CAPABILITIES, TeamsSettings
from channels.contract import Channel, Measure, Words
from channels.registry import ChannelType, Resources


def _build(settings: TeamsSettings, resources: Resources) -> Channel:
    from channels.chat.teams.adapter import TeamsWorkflow

    return TeamsWorkflow(settings, resources.http)


def _measure(words: Words, _: TeamsSettings | None) -> Measure:
    return wire.measure(words)


CHANNEL = ChannelType(
    name="chat/teams", capabilities=CAPABILITIES, settings=TeamsSettings, build=_build, measure=_measure
)
