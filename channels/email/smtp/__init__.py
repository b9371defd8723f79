"""Mail by any SMTP relay."""

from __future__ import annotations

from channels.contract import Channel, Measure, Words
from channels.email.smtp.settings import CAPABILITIES, SmtpSettings
from channels.registry import ChannelType, Resources


def _build(settings: SmtpSettings, resources: Resources) -> Channel:
    from channels.email.smtp.adapter import SmtpChannel

    return SmtpChannel(settings)


def _measure(words: Words, _: SmtpSettings | None) -> Measure:
    from channels.email.smtp import wire

    return wire.measure(words)


CHANNEL = ChannelType(
    name="email/smtp", capabilities=CAPABILITIES, settings=SmtpSettings, build=_build, measure=_measure
)
