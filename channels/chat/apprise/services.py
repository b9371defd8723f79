"""Which of apprise's services may be used, and how. Data.

Apprise knows about 150. Among them are some that write files, run programs, talk to the desktop or load Python code
named in the address, and many that make several requests for one message, wait between them, or try again. So a service
is used only when it stands here; what does not is not even imported. Each was read for what it does: one POST over
HTTP, nothing else, as long as the address asks for nothing else. Options of the address can ask for much (splitting,
repeating, files as templates, no check of certificates), so only those named here are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """One service of apprise.

    Attributes:
        title: How people call it.
        module: Apprise's module of it, below `apprise.plugins`.
        plugin: Its class there.
        longest: Characters that it takes in one message. Apprise says the same; a test compares.
        options: Names that may stand in the query of its address.
        headers: Whether further HTTP headers may be given there, as `+Name=value`.
        plain: Whether it goes over HTTP without TLS, which is for this machine only.
        html: Whether the text is handed over as HTML. Apprise takes what looks like a tag out of plain text for it.
    """

    title: str
    module: str
    plugin: str
    longest: int
    options: frozenset[str] = frozenset()
    headers: bool = False
    plain: bool = False
    html: bool = False


def _mattermost(*, plain: bool) -> Service:
    options = frozenset({"channel", "to"})
    return Service("Mattermost, incoming webhook", "mattermost", "NotifyMattermost", 4000, options, plain=plain)


def _json(*, plain: bool) -> Service:
    return Service("a webhook of yours", "custom_json", "NotifyJSON", 32768, headers=True, plain=plain)


#: By what the address begins with.
SERVICES: Mapping[str, Service] = {
    "discord": Service("Discord, webhook", "discord", "NotifyDiscord", 2000),
    "gchat": Service(
        "Google Chat, webhook", "google_chat", "NotifyGoogleChat", 4000, frozenset({"key", "token", "thread"})
    ),
    "mmosts": _mattermost(plain=False),
    "mmost": _mattermost(plain=True),
    "tgram": Service("Telegram, bot", "telegram", "NotifyTelegram", 4096, html=True),
    "wxteams": Service("Webex, incoming webhook", "webexteams", "NotifyWebexTeams", 1000),
    "zulip": Service("Zulip, bot", "zulip", "NotifyZulip", 10000),
    "jsons": _json(plain=False),
    "json": _json(plain=True),
}

#: What holds before an address is known: that of the strictest of the common ones.
LONGEST = 2000
