"""What differs from person to person."""

from __future__ import annotations

from pathlib import Path

import pytest
from render_rig import composer, measure, telling

from channels.contract import Kind, Measure, Words
from dispatcher.render import fill

SOURCE = "Subject: For {{ person.name }}\n\n{{ person.greeting }} welcome"


def mail(root: Path, locale: str = "en") -> Words:
    maker = composer(root, {"email": SOURCE, "email.de": SOURCE})
    return maker.compose(telling(), [Kind.EMAIL], [locale], measure)[0].words


@pytest.mark.parametrize(
    ("locale", "name", "text"),
    [
        ("en", "Ada", "Hello Ada, welcome"),
        ("en", "", "Hello, welcome"),
        ("en", " \n\t ", "Hello, welcome"),
        ("de", "Ada", "Guten Tag Ada, welcome"),
        ("de", "", "Guten Tag, welcome"),
        ("en", "Ada\r\nBcc: all@example.com", "Hello Ada Bcc: all@example.com, welcome"),
        ("en", "x" * 99, f"Hello {'x' * 40}, welcome"),
        ("en", "\ue000\ue001A\ue002\u202ed\x00a", "Hello Ada, welcome"),
        ("en", "**Ada** {{ 7*7 }}", "Hello **Ada** {{ 7*7 }}, welcome"),
    ],
)
def test_greetings(tmp_path: Path, locale: str, name: str, text: str) -> None:
    words = fill(mail(tmp_path, locale), name=name)
    assert words.text == text
    assert "\n" not in words.subject


def test_a_name_is_no_markup(tmp_path: Path) -> None:
    words = fill(mail(tmp_path), name='<img src=x onerror="a">')
    assert "<img" not in words.html
    assert "&lt;img src=x onerror=&quot;a&quot;&gt;" in words.html


def test_words_without_marks_are_left_alone() -> None:
    words = Words("a", "b", "c")
    assert fill(words, name="Ada") is words


def test_the_longest_name_is_measured(tmp_path: Path) -> None:
    seen: list[str] = []

    def note(_kind: Kind, words: Words) -> Measure:
        seen.append(words.text)
        return Measure(1, 2, "characters")

    composer(tmp_path, {"chat": SOURCE}).compose(telling(), [Kind.CHAT], ["en"], note)
    assert seen == [f"Hello {'M' * 40}, welcome"]
