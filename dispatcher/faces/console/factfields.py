"""Facts as fields of a form: one for each fact and language, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatcher.faces.console.plain import language
from dispatcher.faces.console.typed import Typed
from dispatcher.model.config import FactValue, Playbook
from dispatcher.model.incident import Reason
from dispatcher.render import STANDARD_FACTS
from dispatcher.render.facts import REQUIRED_FACTS

_PREFIX = "fact:"
_NEWS = "news"
_CORRECTION = "correction"
_RETRACTING = (Reason.RETRACTED, _CORRECTION)


@dataclass(frozen=True, slots=True)
class Field:
    """One text box. `locale` is "" for a fact that is said in one language for everybody."""

    name: str
    locale: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with its text boxes. `now` says that the next message speaks of it."""

    name: str
    tells: str
    now: bool
    fields: tuple[Field, ...]


def fields(playbook: Playbook, facts: Mapping[str, FactValue], reason: Reason, typed: Typed | None) -> list[Fact]:
    """Every fact that can be changed, those of the next message first. What was typed wins over what is known."""
    needed = REQUIRED_FACTS[reason]
    # What is new is what an update is written for; what is true, a correction.
    first = [name for name in (_NEWS, _CORRECTION) if name in needed or (reason, name) == _RETRACTING]
    spoken_of = dict.fromkeys([*first, *needed])
    names = dict.fromkeys([*spoken_of, *playbook.facts, *facts])
    return [
        _fact(playbook, name, facts.get(name, playbook.facts.get(name, {})), name in spoken_of, typed) for name in names
    ]


def _fact(playbook: Playbook, name: str, value: FactValue, now: bool, typed: Typed | None) -> Fact:
    said = {"": value} if isinstance(value, str) else value
    locales = dict.fromkeys(said if isinstance(value, str) else [*playbook.locales, *said])
    boxes = []
    for locale in locales:
        field = f"{_PREFIX}{name}:{locale}"
        shown = typed.text(field) if typed is not None and typed.has(field) else said.get(locale, "")
        boxes.append(Field(field, locale, language(locale) if locale else "Every language", shown.strip()))
    return Fact(name, STANDARD_FACTS.get(name, ""), now, tuple(boxes))


def collect(typed: Typed, reason: Reason) -> dict[str, FactValue]:
    """The facts somebody typed. A language left empty falls back to English; a fact left empty as a whole is told as
    missing when the next message speaks of it, and left as it is otherwise."""
    by_name: dict[str, dict[str, str]] = {}
    for key, _ in typed.pairs:
        if key.startswith(_PREFIX):
            name, _, locale = key.removeprefix(_PREFIX).partition(":")
            by_name.setdefault(name, {})[locale] = typed.text(key)
    facts: dict[str, FactValue] = {}
    for name, said in by_name.items():
        filled = {locale: text for locale, text in said.items() if text}
        if "" in said:
            if said[""] or name in REQUIRED_FACTS[reason]:
                facts[name] = said[""]
        elif filled:
            facts[name] = filled
        elif name in REQUIRED_FACTS[reason]:
            facts[name] = dict.fromkeys(said, "")
    return facts
