"""What differs from person to person stays a mark in the composed words, and is filled in for each of them.

The marks are private-use characters. Facts and templates are cleaned of those before, so a mark can only come from
here.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace

from channels.contract import Words
from dispatcher.render.clean import one_line

LONGEST_NAME = 40
_NAME, _IF_NAMED, _OTHERWISE, _END = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS = re.compile(f"{_NAME}|{_IF_NAMED}([^{_OTHERWISE}]*){_OTHERWISE}([^{_END}]*){_END}")
_ANY_MARK = re.compile(f"[{_NAME}{_IF_NAMED}{_OTHERWISE}{_END}]")
_LONGEST = "M" * LONGEST_NAME


class Mark(str):
    """Stands for a personal value. Asking whether it is empty is refused: at composing time nobody knows."""

    __slots__ = ()

    def __bool__(self) -> bool:
        raise TypeError("whether a person has a name is not known yet; write {{ person.greeting }} instead")


@dataclass(frozen=True, slots=True)
class Person:
    """What a template sees as `person`."""

    #: The name, or nothing for somebody without one: use it only where that reads well too.
    name: Mark
    #: "Hello Ada," or "Hello,".
    greeting: Mark


def person(named: str, unnamed: str) -> Person:
    """`named` holds `{name}`, `unnamed` is said to people without a name."""
    greeting = named.replace("{name}", _NAME)
    return Person(name=Mark(_NAME), greeting=Mark(f"{_IF_NAMED}{greeting}{_OTHERWISE}{unnamed}{_END}"))


def fill(words: Words, *, name: str) -> Words:
    """The words for one person. `name` may be "". Cheap: it is called once for each recipient."""
    if not (_ANY_MARK.search(words.text) or _ANY_MARK.search(words.subject) or _ANY_MARK.search(words.html)):
        return words
    called = one_line(name)[:LONGEST_NAME].strip()
    return replace(
        words,
        text=_filled(words.text, called),
        subject=_filled(words.subject, called),
        html=_filled(words.html, html.escape(called)),
    )


def longest(words: Words) -> Words:
    """The words for a person with the longest name there can be, for measuring."""
    return fill(words, name=_LONGEST)


def _filled(text: str, name: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[0] == _NAME:
            return name
        return match[1].replace(_NAME, name) if name else match[2]

    return _MARKS.sub(one, text) if text else text
