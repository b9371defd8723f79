"""Facts: what the texts speak about."""

from __future__ import annotations

from collections.abc import Mapping

from dispatcher.model.config import FactValue, Playbook
from dispatcher.model.facts import merge_facts
from dispatcher.model.hints import hint
from dispatcher.model.incident import Reason
from dispatcher.render.clean import clean

#: Said in this language, a fact or a text holds wherever a reader's own has nothing.
FALLBACK = "en"
#: The facts the shipped texts know, with what each tells.
STANDARD_FACTS: Mapping[str, str] = {
    "service": "what is affected, as it stands inside a sentence",
    "impact": "what customers notice",
    "workaround": "what they can do meanwhile",
    "news": "what is new since the last message",
    "resolution": "what is true again",
    "correction": "what is true, after what was said before turned out to be wrong",
}
#: What a text is tried with where nobody has said anything yet.
EXAMPLE_FACTS: Mapping[str, Mapping[str, str]] = {
    "service": {"en": "our online shop", "de": "unser Online-Shop"},
    "impact": {
        "en": "Pages load slowly, and some orders fail.",
        "de": "Seiten laden langsam, und manche Bestellungen schlagen fehl.",
    },
    "workaround": {
        "en": "Please try again in a while, or call us.",
        "de": "Bitte später erneut versuchen oder anrufen.",
    },
    "news": {"en": "We have found the cause.", "de": "Wir haben die Ursache gefunden."},
    "resolution": {"en": "Everything works as usual again.", "de": "Alles funktioniert wieder wie gewohnt."},
    "correction": {"en": "Our shop was not affected.", "de": "Unser Shop war nicht betroffen."},
}
#: Without these there is nothing to say.
REQUIRED_FACTS: Mapping[Reason, tuple[str, ...]] = {
    Reason.OPENED: ("service", "impact", "workaround"),
    Reason.UPDATE: ("service", "impact", "news", "workaround"),
    Reason.RESOLVED: ("service", "resolution"),
    Reason.RETRACTED: ("service",),
}
#: Names that templates use for something else.
TAKEN = frozenset({"company", "title", "state", "state_word", "update_number", "now", "next_update", "person"})
#: A fact is a sentence or two; this only keeps out what cannot be one.
LONGEST_FACT = 4000


def check_facts(playbook: Playbook, facts: Mapping[str, FactValue], reason: Reason | None = None) -> tuple[str, ...]:
    """What is wrong with facts that somebody gives, a sentence each; empty when all is well.

    With a `reason`, facts that must be known for it and are known neither here nor in the playbook are told too.
    """
    known = {*STANDARD_FACTS, *playbook.facts}
    problems = [sentence for name, value in facts.items() for sentence in _wrong(name, value, known)]
    if reason is not None:
        given = merge_facts(playbook.facts, facts)
        problems += [
            f"the fact {name!r} is needed: {STANDARD_FACTS[name]}"
            for name in REQUIRED_FACTS[reason]
            if name not in given
        ]
    return tuple(problems)


def candidates(locale: str) -> tuple[str, ...]:
    """The locales in which something for a reader of `locale` is looked for: `de-AT`, `de`, `en`."""
    return tuple(dict.fromkeys((locale, locale.partition("-")[0], FALLBACK)))


def choose_fact(value: FactValue, locale: str) -> tuple[str, str]:
    """The text for a reader and the locale it is in. A fact said once for everybody counts as the reader's own."""
    if isinstance(value, str):
        return clean(value), locale
    for one in candidates(locale):
        if one in value:
            return clean(value[one]), one
    return "", FALLBACK


def _wrong(name: str, value: FactValue, known: set[str]) -> list[str]:
    if name in TAKEN or name not in known:
        return [f"no text speaks about a fact {name!r}; {hint(name, known, others='known are')}"]
    said = {"": value} if isinstance(value, str) else value
    problems = [
        f"the fact {name!r}{f' ({locale})' if locale else ''} is empty"
        for locale, text in said.items()
        if not clean(text)
    ]
    problems += [
        f"the fact {name!r} has {len(text)} characters; at most {LONGEST_FACT} are taken"
        for text in said.values()
        if len(text) > LONGEST_FACT
    ]
    return problems
