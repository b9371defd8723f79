"""Composes the words of one update: every kind in every language, checked as a whole before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from channels.contract import Kind, Measure, Words
from dispatcher.model.config import Company
from dispatcher.model.incident import Telling
from dispatcher.model.wording import Composed
from dispatcher.render.clean import clean, one_line, tidy, without_calls, without_steering
from dispatcher.render.facts import FALLBACK, TAKEN, candidates, choose_fact
from dispatcher.render.language import LONGEST_TEMPLATE, BadTemplate, environment, html_environment, names_in, render
from dispatcher.render.mail import escape_markdown, to_html, to_text
from dispatcher.render.personal import longest, person
from dispatcher.render.phrases import PHRASES
from dispatcher.render.times import clock, day_and_clock

#: How long some words are by the strictest route of a kind.
Measuring = Callable[[Kind, Words], Measure]

_DEFAULT = "default"
_SHELL = "mail.html.j2"
_HEADLINE = "Subject:"
_WITHOUT_HEADLINE = frozenset({Kind.SMS, Kind.SOCIAL})
#: Whose limit it is, as people say it.
_WHOSE = {
    Kind.SMS: "the SMS limit",
    Kind.CHAT: "the chat limit",
    Kind.SOCIAL: "the post limit",
    Kind.INAPP: "the in-app limit",
    Kind.PUSH: "the push limit",
    Kind.EMAIL: "the mail limit",
}


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why some words cannot be sent. `kind` is None when it concerns all of them."""

    kind: Kind | None
    locale: str
    template: str
    sentence: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.kind, self.locale, self.template) if part)
        return f"{place}: {self.sentence}" if place else self.sentence


class UnfitWords(Exception):
    """Nothing was composed. Holds every problem of every kind and language."""

    def __init__(self, problems: tuple[Unfit, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Composer:
    """Makes words from templates. Holds no state besides compiled templates."""

    def __init__(self, templates_dir: Path, company: Company) -> None:
        self._root = templates_dir
        self._company = clean(company.name)
        self._zone = ZoneInfo(company.timezone)
        self._text = environment()
        self._markdown = environment(escape_markdown)
        self._chat = environment(without_calls)
        self._html = html_environment()

    def compose(
        self, telling: Telling, kinds: Iterable[Kind], locales: Iterable[str], measure: Measuring
    ) -> tuple[Composed, ...]:
        """All words of one update.

        Raises:
            UnfitWords: something cannot be said as it stands; tells everything that is wrong at once.
        """
        made: list[Composed] = []
        problems = list(self._problems_for_all(telling))
        languages = tuple(dict.fromkeys(locales))
        for kind in dict.fromkeys(kinds):
            for locale in languages:
                path, used = self._find(telling, kind, locale)
                relative = str(path.relative_to(self._root))
                try:
                    one = self._compose_one(telling, kind, locale, used, path)
                    size = measure(kind, longest(one.words))
                    if problem := does_not_fit(kind, size):
                        raise BadTemplate(problem)
                    made.append(replace(one, template=relative, measure=size))
                except BadTemplate as bad:
                    problems += [Unfit(kind, locale, relative, sentence) for sentence in bad.problems]
        if problems:
            raise UnfitWords(tuple(problems))
        return tuple(made)

    def _problems_for_all(self, telling: Telling) -> Iterator[Unfit]:
        folder = self._root / "messages" / telling.messages
        if telling.messages != _DEFAULT and not folder.is_dir():
            yield Unfit(None, "", "", f"the playbook's folder templates/messages/{telling.messages} does not exist")
        for name in TAKEN.intersection(telling.facts):
            yield Unfit(None, "", "", f"a fact cannot be called {name!r}: templates use that name for something else")

    def _find(self, telling: Telling, kind: Kind, locale: str) -> tuple[Path, str]:
        """The reader's language first, the playbook's own wording second."""
        for language in candidates(locale):
            suffix = "" if language == FALLBACK else f".{language}"
            for folder in dict.fromkeys((telling.messages, _DEFAULT)):
                path = self._root / "messages" / folder / telling.reason / f"{kind}{suffix}.j2"
                if path.is_file():
                    return path, language
        return self._root / "messages" / _DEFAULT / telling.reason / f"{kind}.j2", FALLBACK

    def _compose_one(self, telling: Telling, kind: Kind, locale: str, used: str, path: Path) -> Composed:
        source = _read(path)
        own = locale if _language(locale) == _language(used) else used
        facts = {name: choose_fact(value, own) for name, value in telling.facts.items()}
        spoken = names_in(self._text, source) & facts.keys()
        if silent := sorted(name for name in spoken if not facts[name][0]):
            raise BadTemplate(*(f"the fact {name!r} has no text for {own} and none in English" for name in silent))
        variables = self._variables(telling, {name: text for name, (text, _) in facts.items()}, own, used)
        words = self._words(telling, kind, used, source, variables)
        if not words.text:
            raise BadTemplate("the text is empty")
        borrowed = tuple(sorted(name for name in spoken if _language(facts[name][1]) != _language(used)))
        return Composed(kind, locale, used, str(path), words, Measure(0, 0, "characters"), borrowed)

    def _variables(self, telling: Telling, facts: Mapping[str, str], own: str, used: str) -> dict[str, Any]:
        phrases = PHRASES.get(_language(used), PHRASES[FALLBACK])
        reader = _babel(own)

        def tell(moment: datetime, now: datetime) -> str:
            return clock(moment, now, self._zone, reader)

        def tell_day(moment: datetime, now: datetime) -> str:
            return day_and_clock(moment, self._zone, reader)

        return {
            **facts,
            "company": self._company,
            "title": one_line(telling.title),
            "state": str(telling.state),
            "state_word": phrases.states[telling.state],
            "update_number": telling.number,
            "now": telling.now,
            "next_update": telling.next_update_at,
            "person": person(phrases.greeting, phrases.greeting_without_name),
            "_clock": tell,
            "_moment": tell_day,
        }

    def _words(self, telling: Telling, kind: Kind, used: str, source: str, variables: Mapping[str, Any]) -> Words:
        headline, body = _split(source)
        problems: list[str] = []
        if headline is not None and kind in _WITHOUT_HEADLINE:
            problems.append(f"line 1: {kind} has no headline; remove the line that begins with {_HEADLINE}")
        if headline is None and kind is Kind.EMAIL:
            problems.append(
                f"line 1: a mail needs a headline; begin with a line {_HEADLINE} and an empty line after it"
            )
        subject = text = ""
        plain = self._chat if kind is Kind.CHAT else self._text
        try:
            subject = " ".join(render(plain, headline or "", variables).split())
        except BadTemplate as bad:
            problems += bad.problems
        try:
            text = tidy(render(self._markdown if kind is Kind.EMAIL else plain, body, variables))
        except BadTemplate as bad:
            problems += bad.problems
        if not problems and headline is not None and not subject:
            problems.append("line 1: the headline is empty")
        if problems:
            raise BadTemplate(*problems)
        if kind is not Kind.EMAIL:
            return Words(text, subject)
        return Words(to_text(text), subject, self._shell(telling, used, subject, to_html(text)))

    def _shell(self, telling: Telling, used: str, subject: str, body: str) -> str:
        for folder in (telling.messages, _DEFAULT):
            path = self._root / "messages" / folder / _SHELL
            if path.is_file():
                break
        inside = {"lang": used, "subject": subject, "company": self._company, "body": Markup(body)}  # noqa: S704 - nh3
        try:
            return render(self._html, _read(path), inside)
        except BadTemplate as bad:
            name = path.relative_to(self._root)
            raise BadTemplate(*(f"{name}: {sentence}" for sentence in bad.problems)) from None


def _read(path: Path) -> str:
    try:
        source = path.read_bytes().decode("utf-8-sig") if path.stat().st_size <= 4 * LONGEST_TEMPLATE else None
    except FileNotFoundError:
        raise BadTemplate("there is no such template") from None
    except UnicodeDecodeError as error:
        raise BadTemplate(f"byte {error.start + 1} is not UTF-8") from None
    except OSError as error:
        raise BadTemplate(f"it cannot be read ({error.strerror})") from None
    if source is None:
        raise BadTemplate(f"the file is too large; at most {LONGEST_TEMPLATE} characters are read")
    return without_steering(source)


def _split(source: str) -> tuple[str | None, str]:
    """The template of the headline, if there is one, and that of the text, with its line numbers kept."""
    first, _, rest = source.partition("\n")
    return (first.removeprefix(_HEADLINE).strip(), f"\n{rest}") if first.startswith(_HEADLINE) else (None, source)


def _language(locale: str) -> str:
    return locale.partition("-")[0]


def _babel(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(FALLBACK)


def does_not_fit(kind: Kind, size: Measure) -> str:
    """Why words of this size cannot be sent, in a sentence; "" when they can."""
    if size.refusal:
        return size.refusal
    if not size.over:
        return ""
    said = f"{size.length} {size.unit}, {size.over} over {_WHOSE[kind]} of {size.limit}"
    return f"{said}; {size.note}" if size.note else said
