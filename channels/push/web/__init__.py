"""Web push: a notification in the browser of whoever asked for it, also while no page of the site is open.

That it was shown or opened comes in by our own HTTP face, from the service worker, not through this channel.
"""

from __future__ import annotations

from channels.contract import Channel, Measure, Words
from channels.push.web.settings import CAPABILITIES, WebPushSettings
from channels.registry import ChannelType, Resources


def _build(settings: WebPushSettings, resources: Resources) -> Channel:
    from channels.push.web.adapter import WebPushChannel  # the library is slow to import; the CLI lists without

    return WebPushChannel(settings, resources.http)


def _measure(words: Words, _: WebPushSettings | None) -> Measure:
    from channels.push.web import wire

    return wire.measure(words)


CHANNEL = ChannelType(
    name="push/web", capabilities=CAPABILITIES, settings=WebPushSettings, build=_build, measure=_measure
)
