"""Words to the one text that apprise gets. Pure."""

from __future__ import annotations

import re

from channels.chat.apprise.services import LONGEST
from channels.chat.apprise.settings import AppriseSettings, service_of
from channels.contract import Measure, Words

#: What wakes everybody, or people by their ids: Discord, Google Chat, Mattermost, Telegram, Webex and Zulip.
_MENTIONS = re.compile(r"@(?=everyone|here|channel|all\b|\*\*|_\*\*|[&!]?\d)|<(?=@|#|!|users/)", re.IGNORECASE)
_NOTHING = "\u200b"


def text(words: Words) -> str:
    """Headline and text as one, without a mention that would wake anybody."""
    whole = f"{words.subject}\n{words.text}" if words.subject.strip() else words.text
    return _MENTIONS.sub(lambda found: found.group() + _NOTHING, whole)


def measure(words: Words, settings: AppriseSettings | None) -> Measure:
    longest = LONGEST if settings is None else service_of(settings.service_url).longest
    return Measure(len(text(words)), longest, "characters")
