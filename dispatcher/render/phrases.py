"""The few words that do not come from a template, by language. English stands in for a language that is not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatcher.model.incident import State


@dataclass(frozen=True, slots=True)
class Phrases:
    #: `{name}` is the person's name.
    greeting: str
    greeting_without_name: str
    #: Each can follow "Where we are: " and is no sentence of its own.
    states: Mapping[State, str]


PHRASES: Mapping[str, Phrases] = {
    "en": Phrases(
        greeting="Hello {name},",
        greeting_without_name="Hello,",
        states={
            State.INVESTIGATING: "we are looking for the cause",
            State.IDENTIFIED: "we know the cause and are working on it",
            State.MONITORING: "a fix is in place and we are watching whether it holds",
            State.RESOLVED: "it works again",
        },
    ),
    "de": Phrases(
        greeting="Guten Tag {name},",
        greeting_without_name="Guten Tag,",
        states={
            State.INVESTIGATING: "wir suchen die Ursache",
            State.IDENTIFIED: "wir kennen die Ursache und arbeiten daran",
            State.MONITORING: "eine Lösung ist da, und wir beobachten, ob sie hält",
            State.RESOLVED: "es funktioniert wieder",
        },
    ),
}
