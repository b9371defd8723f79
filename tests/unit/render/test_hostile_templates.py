"""Templates and facts that mean harm, or look like it: refused with a sentence, in bounded time and memory."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from render_rig import FACTS, composer, measure, telling

from channels.chat.slack.wire import message_arguments
from channels.contract import Kind
from channels.testkit.samples import envelope
from dispatcher.model.config import FactValue
from dispatcher.model.wording import Composed
from dispatcher.render import UnfitWords, fill

LONG: dict[str, FactValue] = {**FACTS, "impact": "i" * 4000}
MEGABYTE = 1_000_000


def composed(root: Path, source: str, kind: Kind = Kind.CHAT, facts: dict[str, FactValue] = LONG) -> Composed:
    return composer(root, {kind: source}).compose(telling(facts=facts), [kind], ["en"], measure)[0]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{{ ''.__class__ }}", "'.__class__' cannot be asked for here"),
        ("{{ person.name.__class__ }}", "'.__class__' cannot be asked for here"),
        ("{{ self._TemplateReference__context }}", "cannot be asked for here"),
        ("{{ impact|attr('__class__') }}", "there is no filter 'attr'"),
        ("{{ impact['__class__'] }}", "'getitem' is not part"),
        ("{{ range(10**9) }}", "'call' is not part"),
        ("{% for x in impact %}{% for y in impact %}{{ impact }}{% endfor %}{% endfor %}", "'for' is not part"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "'macro' is not part"),
        ("{% extends '/etc/passwd' %}", "'extends' is not part"),
        ("{% import 'os' as os %}", "'import' is not part"),
        ("{{ 'x' * 10**9 }}", "'mul' is not part"),
        ("{{ impact|trim('x' * 9) }}", "'mul' is not part"),
        ("{{ impact|upper(1) }}", "takes 1 positional argument"),
        ("{{ impact|upper(**{}) }}", "'dict' is not part"),
        ("{{ _clock }}", "there is no '_clock'"),
        ("{{ " + " ~ ".join(["impact"] * 1800) + " }}", "it yields more than 50000 characters"),
        ("{{ impact }}" * 1300, "it yields more than 50000 characters"),
        ("{{ " + "9" * 5000 + " }}", "a number in it has too many digits"),
        ("{{ 0x" + "f" * 12_000 + " }}", "a number in it has too many digits"),
        ("{% autoescape false %}{{ nobody }}{% endautoescape %}\n{{ noone }}", "line 2: there is no 'noone'"),
        (r"x {{ '\ud800' }}", r"line 1: the text '\ud800' holds a character that cannot be sent or that steers"),
        (r"{{ '\ue000' }}", "holds a character that cannot be sent or that steers"),
        (r"{{ 'a\u202eb' }}", "holds a character that cannot be sent or that steers"),
        (r"{{ impact|default('a\x00b') }}", "holds a character that cannot be sent or that steers"),
        ("{{ " + " < ".join(["1"] * 4000) + " }}", ""),
        ("{{ " + "not " * 4000 + "impact }}", "it is nested too deeply"),
        ("{% if impact %}x" + "{% elif impact %}y" * 850 + "{% endif %}", ""),
        ("{{" * 8000, "it is nested too deeply"),
        ("{{ '" + "\\" * 16_000, "unexpected char"),
        ("{% raw %}" * 1800, "Missing end of raw directive"),
    ],
)  # fmt: skip
def test_a_template_that_means_harm_is_refused_soon(tmp_path: Path, source: str, sentence: str) -> None:
    tracemalloc.start()
    begun = time.process_time()
    said = ""
    try:
        composed(tmp_path, source)
    except UnfitWords as unfit:
        said = "\n".join(problem.sentence for problem in unfit.problems)
    seconds, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sentence in said, said
    assert seconds < 15  # under tracemalloc, on a busy machine
    assert peak < 60 * MEGABYTE


@pytest.mark.parametrize("given", ["@everyone", "@here", "@channel", "@Channel", "@all", "<!channel>", "<!here|x>",
                                   "<@U024BE7LH>", "<@&1234>", "<#C024BE7LH>", "<!subteam^S0>"])  # fmt: skip
def test_what_would_wake_everybody_in_a_chat_is_words_only(tmp_path: Path, given: str) -> None:
    facts: dict[str, FactValue] = {**FACTS, "service": given, "impact": f"Read this, {given} please"}
    words = fill(composed(tmp_path, "Subject: {{ service }}\n\n{{ impact }} {{ service }}", facts=facts).words, name="")
    assert given not in words.text + words.subject
    assert (words.text + words.subject).replace("\u200b", "").count(given) == 3
    sent = repr(message_arguments(envelope(to="C1", words=words)))
    assert "<!" not in sent
    assert "<@" not in sent
    assert "<#" not in sent


def test_addresses_and_other_words_with_such_signs_stay(tmp_path: Path) -> None:
    text = "Write to all@example.com or here@example.com; a < b, #1, @alliance"
    assert composed(tmp_path, "{{ impact }}", facts={**FACTS, "impact": text}).words.text == text


@pytest.mark.parametrize(
    "given",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[here](javascript:alert(1))",
        "![x](https://tracker.example/p.gif)",
        "</p></body><b>",
        "&lt;b&gt;",
        "# heading\n\n- list\n\n> quote",
        "{{ company }}{% if 1 %}",
    ],
)
def test_a_fact_is_no_markup_in_a_mail_and_no_template_anywhere(tmp_path: Path, given: str) -> None:
    facts: dict[str, FactValue] = {**FACTS, "impact": given, "service": given}
    words = composed(tmp_path, "Subject: {{ service }}\n\n{{ impact }}", Kind.EMAIL, facts).words
    assert words.subject == " ".join(given.split())
    assert words.text.split() == given.split()
    for tag in ("<script", "<img", "<b>", "<h1", "<ul", "<blockquote", 'href="javascript', "</body><"):
        assert tag not in words.html
    assert "{{ company }}" in words.html or "{{" not in given
