"""Languages, fallbacks, times, headlines, and the sentences for what is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from render_rig import FACTS, composer, measure, telling

from channels.contract import Kind
from dispatcher.model.config import Company, FactValue
from dispatcher.model.wording import Composed
from dispatcher.render import UnfitWords


def one(root: Path, source: str, kind: Kind = Kind.CHAT, locale: str = "en", **told: object) -> Composed:
    words = composer(root, {kind: source}).compose(telling(**told), [kind], [locale], measure)  # type: ignore[arg-type]
    return words[0]


def unfit(root: Path, source: str | bytes, kind: Kind = Kind.CHAT, **told: object) -> list[str]:
    with pytest.raises(UnfitWords) as error:
        composer(root, {kind: source}).compose(telling(**told), [kind], ["en"], measure)  # type: ignore[arg-type]
    return [problem.sentence for problem in error.value.problems]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ company }} {{ title }} {{ update_number }}", "Northwind Mail is down 2"),
        ("{{ state }}: {{ state_word|capital }}", "identified: We know the cause and are working on it"),
        ("{{ now|clock }} {{ next_update|clock }}", "2:30 PM EST 3:00 PM EST"),
        ("{{ now|moment }}", "Nov 23, 2:30 PM EST"),
        ("{% if workaround %}{{ workaround }}{% else %}none{% endif %}", "Please call."),
        ("{{ reference|default('none') }}", "none"),
        ("{% if reference is defined %}{{ reference }}{% endif %}x", "x"),
        ("{{ service|upper }}{{ ' a ' ~ service }}", "EMAIL a email"),
        ("{# a remark #}a\n\n\n\nb   \n", "a\n\nb"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    ],
)
def test_what_templates_can_say(tmp_path: Path, source: str, text: str) -> None:
    assert one(tmp_path, source).words.text == text


@pytest.mark.parametrize(
    ("zone", "locale", "expected"),
    [
        ("America/New_York", "de", "14:30 EST"),
        ("Europe/Berlin", "de", "20:30 MEZ"),
        ("Europe/Berlin", "en-GB", "20:30 CET"),
        ("Europe/Berlin", "en", "8:30 PM CET"),
        ("UTC", "en", "7:30 PM UTC"),
        ("Asia/Kathmandu", "en-GB", "24 Nov, 01:15 UTC+05:45"),
        ("America/Sao_Paulo", "en-GB", "16:30 UTC-03"),
    ],
)
def test_times_are_told_on_the_companys_clock_as_readers_write_them(
    tmp_path: Path, zone: str, locale: str, expected: str
) -> None:
    filter_ = "moment" if "Nov" in expected else "clock"
    source = f"{{{{ now|{filter_} }}}}"
    language = locale.partition("-")[0]
    names = {"chat": source, f"chat.{language}": source}
    made = composer(tmp_path, names, Company(name="N", timezone=zone)).compose(
        telling(), [Kind.CHAT], [locale], measure
    )
    assert made[0].words.text == expected


def test_a_time_on_another_day_is_told_with_its_day(tmp_path: Path) -> None:
    assert one(tmp_path, "{{ next_update|clock }}", next_in=timedelta(days=1)).words.text == "Nov 24, 2:30 PM EST"


def test_the_readers_language_comes_before_the_playbooks_wording(tmp_path: Path) -> None:
    templates = {
        "chat": "default en",
        "chat.de": "default de",
        "../../special/opened/chat": "special en",
        "../../special/opened/chat.fr": "special fr",
    }
    made = composer(tmp_path, templates).compose(
        telling(messages="special"), [Kind.CHAT], ["en", "de-AT", "fr", "it", "en-GB"], measure
    )
    assert [(c.locale, c.used_locale, c.words.text, c.fell_back) for c in made] == [
        ("en", "en", "special en", False),
        ("de-AT", "de", "default de", False),
        ("fr", "fr", "special fr", False),
        ("it", "en", "special en", True),
        ("en-GB", "en", "special en", False),
    ]
    assert made[1].template == "messages/default/opened/chat.de.j2"


def test_facts_follow_the_language_of_the_text_and_borrowing_is_visible(tmp_path: Path) -> None:
    facts: dict[str, FactValue] = {
        "service": {"en": "email", "de": "E-Mail"},
        "impact": {"en": "It is slow."},
        "news": {"en": "not spoken of"},
        "workaround": "Call.",
    }
    source = "{{ service }} {{ impact }} {{ workaround }}"
    made = composer(tmp_path, {"chat": source, "chat.de": source}).compose(
        telling(facts=facts), [Kind.CHAT], ["de", "de-CH", "fr"], measure
    )
    assert [(c.words.text, c.borrowed, c.fell_back) for c in made] == [
        ("E-Mail It is slow. Call.", ("impact",), True),
        ("E-Mail It is slow. Call.", ("impact",), True),
        ("email It is slow. Call.", (), True),
    ]


@pytest.mark.parametrize("kind", [Kind.CHAT, Kind.INAPP, Kind.PUSH, Kind.EMAIL])
def test_headlines(tmp_path: Path, kind: Kind) -> None:
    facts = {**FACTS, "service": "two\nlines", "impact": "Subject: not this"}
    words = one(tmp_path, "Subject:  About {{ service }}\n\n{{ impact }}", kind, facts=facts).words
    assert words.subject == "About two lines"
    assert words.text == "Subject: not this"


def test_mail_is_made_as_text_and_as_html(tmp_path: Path) -> None:
    source = (
        "Subject: S & T\n\n{{ person.greeting }}\n\n**Do** this:\n\n- {{ workaround }}\n- see [here](https://a.example)\n"
        "  - deep\n\n1. one\n2. two\n\nline\nwrapped\n\n---\n\n<b>raw</b> [x](javascript:alert(1))"
    )
    words = one(tmp_path, source, Kind.EMAIL).words
    assert words.text.endswith(
        "Do this:\n\n- Please call.\n- see here (https://a.example)\n  - deep\n\n1. one\n2. two\n\nline wrapped\n\n"
        "---\n\n<b>raw</b> [x](javascript:alert(1))"
    )
    assert '<html lang="en"><title>S &amp; T</title>' in words.html
    assert "<strong>Do</strong>" in words.html
    assert '<a href="https://a.example" rel="noopener noreferrer">here</a>' in words.html
    assert "&lt;b&gt;raw" in words.html


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("a\n{{ impcat }}", "line 2: there is no 'impcat'; did you mean 'impact'?"),
        ("{{ zzzzzz }}", "line 1: there is no 'zzzzzz'; known are: company, impact,"),
        ("Subject: {{ servce }}\n\nx", "line 1: there is no 'servce'; did you mean 'service'?"),
        ("Subject: x\n\n{{ servce }}", "line 3: there is no 'servce'; did you mean 'service'?"),
        ("Subject:\n\nx", "line 1: the headline is empty"),
        ("a\n{% if %}", "line 2: Expected an expression"),
        ("{{ impact", "line 1: unexpected end of template"),
        ("{% if impact %}", "line 1: Unexpected end of template"),
        ("{{ impact|clok }}", "line 1: there is no filter 'clok'; did you mean 'clock'?"),
        ("{{ impact|format(1) }}", "line 1: there is no filter 'format'; known are:"),
        ("{{ person.nmae }}", "line 1: there is no 'person.nmae'; did you mean 'person.name'?"),
        ("{% if impact is even %}{% endif %}", "there is no test 'even'"),
        ("{% if person.name %}x{% endif %}", "whether a person has a name is not known yet; write {{ person.gre"),
        ("{{ now }}", "a time must be written with a filter, {{ next_update|clock }}"),
        ("{{ impact|clock }}", "this time is not known; put the sentence into {% if next_update %}"),
        ("{% for x in impact %}{% endfor %}", "line 1: 'for' is not part of message templates; they know {{ }} and"),
        ("{% set x = 1 %}", "line 1: 'set' is not part of message templates"),
        ("{% macro m() %}{% endmacro %}", "'macro' is not part"),
        ("{% include 'x' %}", "'include' is not part"),
        ("{{ range(9) }}", "'call' is not part"),
        ("{{ 'a' * 999999999 }}", "'mul' is not part"),
        ("{{ 9 ** 999999999 }}", "'pow' is not part"),
        ("{{ impact.__class__ }}", "'.__class__' cannot be asked for here; only person has parts"),
        ("{{ impact['x'] }}", "'getitem' is not part"),
        ("{# nothing #}", "the text is empty"),
        (b"\xff", "byte 1 is not UTF-8"),
        ("x" * 20_000, "it has 20000 characters; at most 16384 are read"),
        ("x" * 100_000, "the file is too large; at most 16384 characters are read"),
        ("{{ impact }}" * 1000 + "{{ impact|upper }}" * 200, "it yields more than 50000 characters"),
        ("x" * 3012, "3012 characters, 12 over the chat limit of 3000"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(tmp_path: Path, source: str | bytes, sentence: str) -> None:
    facts = {**FACTS, "impact": "i" * 100} if "|upper" in str(source) else FACTS
    problems = unfit(tmp_path, source, facts=facts)
    assert any(sentence in problem for problem in problems), problems


@pytest.mark.parametrize(
    "source",
    [
        "{{ " + "(" * 8000 + "1" + ")" * 8000 + " }}",
        "{{ " + "(" * 150 + "1" + ")" * 150 + " }}",
        "{% if impact %}" * 150 + "x" + "{% endif %}" * 150,
        "{{ impact" + "|upper" * 900 + " }}",
        "{{ " + "1 if impact else " * 400 + "2 }}",
    ],
)
def test_deep_nesting_is_refused(tmp_path: Path, source: str) -> None:
    assert unfit(tmp_path, source) == ["it is nested too deeply"]


def test_kinds_have_their_own_words_for_too_long(tmp_path: Path) -> None:
    assert unfit(tmp_path, "x" * 312, Kind.SOCIAL) == ["312 weighted characters, 32 over the post limit of 280"]
    said = unfit(tmp_path, "Grüße 🙂 " + "x" * 200, Kind.SMS)
    assert said[0].startswith("4 segments, 2 over the SMS limit of 2; ")
    assert "slightly smiling face" in said[0]


def test_words_that_a_route_refuses_whatever_their_length_are_told(tmp_path: Path) -> None:
    (said,) = unfit(tmp_path, "See status.example.com", Kind.SOCIAL)
    assert said.startswith("the text holds what X takes for a link, 'status.example.com', and this route")


def test_headlines_belong_where_they_can_be_shown(tmp_path: Path) -> None:
    assert unfit(tmp_path, "Subject: x\n\ny", Kind.SMS) == [
        "line 1: sms has no headline; remove the line that begins with Subject:"
    ]
    assert "a mail needs a headline" in unfit(tmp_path, "y", Kind.EMAIL)[0]


def test_an_unknown_next_update_is_told(tmp_path: Path) -> None:
    assert "put the sentence into {% if next_update %}" in unfit(tmp_path, "{{ next_update|clock }}", next_in=None)[0]


def test_a_fact_without_words_for_a_reader_is_told(tmp_path: Path) -> None:
    facts = {**FACTS, "impact": {"de": "Langsam."}, "news": {"de": "nicht gebraucht"}}
    assert unfit(tmp_path, "{{ impact }}", facts=facts) == ["the fact 'impact' has no text for en and none in English"]


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    templates = {
        "sms": "{{ impcat }} {{ servce }}",
        "chat": "{{ x }}",
        "chat.de": "{% if %}",
        "social": "x" * 300,
        "email": "Subject: {{ y }}\n\n{{ z }}",
    }
    with pytest.raises(UnfitWords) as error:
        composer(tmp_path, templates).compose(
            telling(facts={**FACTS, "company": "x"}, messages="nowhere"),
            [Kind.SMS, Kind.CHAT, Kind.SOCIAL, Kind.EMAIL, Kind.INAPP], ["en", "de"], measure,
        )  # fmt: skip
    told = [(problem.kind, problem.locale) for problem in error.value.problems]
    assert told == [
        (None, ""), (None, ""),
        ("sms", "en"), ("sms", "en"), ("sms", "de"), ("sms", "de"),
        ("chat", "en"), ("chat", "de"), ("social", "en"), ("social", "de"),
        ("email", "en"), ("email", "en"), ("email", "de"), ("email", "de"), ("inapp", "en"), ("inapp", "de"),
    ]  # fmt: skip
    said = str(error.value)
    assert "the playbook's folder templates/messages/nowhere does not exist" in said
    assert "a fact cannot be called 'company'" in said
    assert "chat, de, messages/default/opened/chat.de.j2: line 1: Expected an expression" in said
    assert "inapp, en, messages/default/opened/inapp.j2: there is no such template" in said


def test_a_broken_mail_shell_is_told_by_its_name(tmp_path: Path) -> None:
    maker = composer(tmp_path, {"email": "Subject: x\n\ny"})
    (tmp_path / "messages" / "default" / "mail.html.j2").write_text("{{ bdy }}")
    with pytest.raises(UnfitWords, match=r"mail\.html\.j2: line 1: there is no 'bdy'; did you mean 'body'"):
        maker.compose(telling(), [Kind.EMAIL], ["en"], measure)
