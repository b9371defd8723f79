"""What each channel can do, as a table for people. Made from what the channels declare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from channels.contract import Capabilities, Repeat
from channels.registry import ChannelType

BEGIN = "<!-- made by `python -m channels.testkit matrix`; do not edit -->"
END = "<!-- end -->"

_TWICE = {
    Repeat.KEYED: "knows its key",
    Repeat.NATURAL: "knows the words",
    Repeat.LOOKUP: "can be asked",
    Repeat.BLIND: "tells twice",
}


def words(name: str) -> str:
    """The name of a capability as people read it."""
    return name.replace("_", " ")


def abilities() -> list[str]:
    """All capabilities that a channel has or has not, in the order in which they are declared."""
    return [field.name for field in fields(Capabilities) if field.type == "bool"]


def table(channels: Iterable[ChannelType], pages: Path) -> str:
    """One row a channel, linked to its page where `pages` has one of the provider's name or the kind's."""
    lines = ["| channel | the same message twice | and it |", "|---|---|---|"]
    for kind in sorted(channels, key=lambda kind: kind.name):
        of, _, provider = kind.name.partition("/")
        called = (f"{provider}.md", f"{provider}{of}.md", f"{of}.md")  # x, webpush, inapp
        page = next((one for one in called if (pages / one).exists()), "")
        name = f"[`{kind.name}`]({page})" if page else f"`{kind.name}`"
        can = kind.capabilities
        has = ", ".join(words(one) for one in abilities() if getattr(can, one))
        lines.append(f"| {name} | {_TWICE[can.repeat]} | {has or '–'} |")
    return "\n".join(lines)


def placed(text: str, made: str) -> str:
    """The page with this table between its two marks.

    Raises:
        ValueError: the page has no such marks.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page lacks the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{made}\n{END}{after}"
