"""A composer over given templates, and measures as strict as the strictest provider of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from channels.contract import Kind, Measure, Words
from channels.sms.segments import segments
from channels.social.bluesky import wire as bluesky
from channels.social.mastodon import wire as mastodon
from channels.social.x import wire as x
from dispatcher.model.config import Company, FactValue
from dispatcher.model.incident import Reason, State, Telling
from dispatcher.render import Composer

NOW = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
COMPANY = Company(name="Northwind", timezone="America/New_York")
LIMITS = {Kind.PUSH: 240, Kind.CHAT: 3000, Kind.INAPP: 2000, Kind.EMAIL: 100_000}
FACTS: dict[str, FactValue] = {
    "service": "email",
    "impact": "It is slow.",
    "workaround": "Please call.",
    "news": "No change.",
    "resolution": "It works.",
}


def measure(kind: Kind, words: Words) -> Measure:
    if kind is Kind.SMS:
        size = segments(words.text)
        return Measure(size.parts, 2, "segments", size.parts, size.note)
    if kind is Kind.SOCIAL:
        sizes = (x.measure(words), bluesky.measure(words), mastodon.measure(words, 500))
        return max(sizes, key=lambda size: size.over)
    return Measure(len(words.subject) + len(words.text), LIMITS[kind], "characters")


def telling(
    reason: Reason = Reason.OPENED,
    facts: Mapping[str, FactValue] | None = None,
    *,
    messages: str = "default",
    state: State = State.IDENTIFIED,
    number: int = 2,
    title: str = "Mail is down",
    next_in: timedelta | None = timedelta(minutes=30),
) -> Telling:
    said = FACTS if facts is None else facts
    return Telling("p", messages, title, reason, state, number, said, NOW + next_in if next_in else None, NOW)


def composer(root: Path, templates: Mapping[str, str | bytes], company: Company = COMPANY) -> Composer:
    """`templates` are relative to `messages/default/opened/`, without `.j2`."""
    base = root / "messages" / "default" / "opened"
    base.mkdir(parents=True, exist_ok=True)
    shell = base.parent / "mail.html.j2"
    if not shell.exists():
        shell.write_text('<html lang="{{ lang }}"><title>{{ subject }}</title>{{ body }}{{ company }}</html>')
    for name, source in templates.items():
        path = base / f"{name}.j2"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return Composer(root, company)
