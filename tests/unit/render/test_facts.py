"""Facts that somebody gives, and that no fact can be more than text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from render_rig import FACTS, composer, measure, telling

from channels.contract import Kind
from dispatcher.model.config import FactValue, Leg, Playbook
from dispatcher.model.facts import merge_facts
from dispatcher.model.incident import Reason
from dispatcher.render import Composer, check_facts, fill
from dispatcher.render.clean import clean

PLAYBOOK = Playbook(title="t", audience="a", legs=(Leg(name="l", kinds=(Kind.SMS,)),), facts={"hotline": "12"})


@pytest.mark.parametrize(
    ("facts", "sentences"),
    [
        ({"impact": "It is slow.", "hotline": "34"}, ()),
        ({"impact": {"en": "Slow.", "de": "Langsam."}}, ()),
        ({"impcat": "x"}, ("no text speaks about a fact 'impcat'; did you mean 'impact'?",)),
        ({"hotlin": "x"}, ("no text speaks about a fact 'hotlin'; did you mean 'hotline'?",)),
        ({"person": "x"}, ("no text speaks about a fact 'person'; known are: correction, hotline, impact, news, "
                               "resolution, service, workaround",)),
            ({"impact": " \u202e"}, ("the fact 'impact' is empty",)),
        ({"impact": {"en": "x", "de": ""}}, ("the fact 'impact' (de) is empty",)),
        ({"impact": "x" * 4001}, ("the fact 'impact' has 4001 characters; at most 4000 are taken",)),
    ],
)  # fmt: skip
def test_facts_are_checked(facts: dict[str, FactValue], sentences: tuple[str, ...]) -> None:
    assert check_facts(PLAYBOOK, facts) == sentences


def test_needed_facts() -> None:
    said = check_facts(PLAYBOOK, {"service": "email"}, Reason.RESOLVED)
    assert said == ("the fact 'resolution' is needed: what is true again",)
    assert check_facts(PLAYBOOK, FACTS, Reason.UPDATE) == ()


def test_merging() -> None:
    playbook: dict[str, FactValue] = {"a": {"en": "1", "de": "2"}, "b": "3"}
    assert merge_facts(playbook, {"a": {"de": "4"}}) == {"a": {"en": "1", "de": "4"}, "b": "3"}
    assert merge_facts(playbook, {"a": "5"}, {"b": {"en": "6"}}) == {"a": "5", "b": {"en": "6"}}


PIECES = st.sampled_from([
    "{{ 7*7 }}", "{% if x %}", "{{ person.name }}", "{#", "#}", "<script>alert(1)</script>", "<b>", "&lt;", "&#60;b>",
    "](javascript:x)", "[a](http://b)", "![a](http://b)", "<http://a>", "**", "_", "`", "```\n", "~~~\n",
    "\n\n    code",
    "\n# h", "\n- i", "\n1. i", "\n> q", "\n===", "\n---\n", "\\", "\\<b>", "\ue000", "\ue001", "\ue003", "\u202e",
    "\x00",
    "\r\n", "\u2028", "Subject: x\n", "|", "\n<div>\n", "[a]: http://b\n", "$&", "\\1", "a", " ",
])  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=8), min_size=1, max_size=12).map("".join)
TEMPLATE = (
    "Subject: About {{ service }}\n\n{{ person.greeting }}\n\n**{{ impact }}**\n\n- x {{ impact }}\n\n{{ impact }}"
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))


def tags(html: str) -> set[str]:
    reader = Tags()
    reader.feed(html)
    assert all(not attributes or tag == "html" for tag, attributes in reader.tags)
    return {tag for tag, _ in reader.tags}


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Composer:
    return composer(tmp_path_factory.mktemp("templates"), {"chat": "{{ impact }}|", "email": TEMPLATE})


@given(service=TEXTS, impact=TEXTS)
@example(service="{{ 7*7 }}", impact="\ue000{{ person.name }}\ue003")
@example(service="x", impact="a\n\n    <b>code</b>\n\n<script>")
def test_no_fact_is_executed_and_none_becomes_markup(maker: Composer, service: str, impact: str) -> None:
    facts = {**FACTS, "service": f"s{service}", "impact": f"i{impact}"}
    chat, mail = maker.compose(telling(facts=facts), [Kind.CHAT, Kind.EMAIL], ["en"], measure)
    assert squeezed(fill(chat.words, name="").text) == squeezed(clean(f"i{impact}") + "|")
    words = fill(mail.words, name="")
    assert squeezed(words.subject) == squeezed("About" + clean(f"s{service}"))
    assert "\n" not in words.subject
    assert tags(words.html) <= {"html", "title", "p", "strong", "ul", "li", "br"}
    assert squeezed(clean(f"i{impact}")) in squeezed(words.text)
