"""How many segments a text takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.segments import BASIC, EXTENDED, PLAIN, plain, segments

gsm = st.text(st.sampled_from(sorted(BASIC | EXTENDED)), max_size=700)
basic = st.text(st.sampled_from(sorted(BASIC)), max_size=700)
anything = st.text(max_size=400)


@pytest.mark.parametrize(
    ("text", "parts", "units", "encoding"),
    [
        ("", 1, 0, "GSM-7"),
        ("a" * 160, 1, 160, "GSM-7"),
        ("a" * 161, 2, 161, "GSM-7"),
        ("a" * 306, 2, 306, "GSM-7"),
        ("a" * 307, 3, 307, "GSM-7"),
        ("a" * 159 + "€", 2, 161, "GSM-7"),
        ("a" * 158 + "€", 1, 160, "GSM-7"),
        ("€" * 80, 1, 160, "GSM-7"),
        ("€" * 81, 2, 162, "GSM-7"),
        # A pair does not straddle two parts: 152 and a gap, then the pair.
        ("a" * 152 + "€" + "a" * 152, 3, 306, "GSM-7"),
        ("a" * 151 + "€" + "a" * 153, 2, 306, "GSM-7"),
        ("[]{}\\^~|€\f", 1, 20, "GSM-7"),
        ("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\r\n", 1, 44, "GSM-7"),
        ("ç", 1, 1, "UCS-2"),
        ("`", 1, 1, "UCS-2"),
        ("\t", 1, 1, "UCS-2"),
        ("я" * 70, 1, 70, "UCS-2"),
        ("я" * 71, 2, 71, "UCS-2"),
        ("я" * 134, 2, 134, "UCS-2"),
        ("я" * 135, 3, 135, "UCS-2"),
        ("😀" * 35, 1, 70, "UCS-2"),
        ("😀" * 36, 2, 72, "UCS-2"),
        # 67 units hold 33 pairs and a gap.
        ("😀" * 66, 2, 132, "UCS-2"),
        ("😀" * 67, 3, 134, "UCS-2"),
        ("a" * 159 + "’", 3, 160, "UCS-2"),
        ("👩‍👩‍👧‍👦", 1, 11, "UCS-2"),
    ],
)
def test_table(text: str, parts: int, units: int, encoding: str) -> None:
    counted = segments(text)
    assert (counted.parts, counted.units, counted.encoding) == (parts, units, encoding)


def test_the_alphabet_has_its_size() -> None:
    assert len(BASIC) == 127  # 128 codes, one of which is the escape
    assert len(EXTENDED) == 10
    assert not BASIC & EXTENDED


@pytest.mark.parametrize(
    ("text", "culprit", "named"),
    [
        ("all plain", "", ""),
        ("it’s \u2014 odd", "’", "right single quotation mark"),
        ("down 🔥🔥", "🔥", "fire"),
        ("a\u200bb", "\u200b", "zero width space"),
        ("a\x07b", "\x07", "u+0007"),
    ],
)
def test_the_note_names_the_first_culprit(text: str, culprit: str, named: str) -> None:
    counted = segments(text)
    assert counted.culprit == culprit
    assert named in counted.note.lower()
    assert bool(counted.note) == bool(culprit)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("“It’s down” – soon…", '"It\'s down" - soon...'),
        ("a\u00a0b\u200bc", "a bc"),
        ("it’s 🔥", "it’s 🔥"),  # one character that has no plain form keeps all as they are
        ("5 €", "5 €"),
    ],
)
def test_smart_encoding(text: str, becomes: str) -> None:
    assert plain(text) == becomes


def test_every_replacement_is_in_the_alphabet() -> None:
    for character, replacement in PLAIN.items():
        assert character not in BASIC | EXTENDED
        assert set(replacement) <= BASIC


@given(anything)
def test_capacity_bounds_the_parts(text: str) -> None:
    counted = segments(text)
    alone, joined = (160, 153) if counted.encoding == "GSM-7" else (70, 67)
    if counted.units <= alone:
        assert counted.parts == 1
    else:
        assert counted.units / joined <= counted.parts <= counted.units / (joined - 1) + 1


@given(anything)
def test_units_are_utf16_outside_the_alphabet(text: str) -> None:
    counted = segments(text)
    if counted.encoding == "UCS-2":
        assert counted.units == len(text.encode("utf-16-le", "surrogatepass")) // 2
        assert counted.culprit in text


@given(basic)
def test_basic_characters_take_one_unit(text: str) -> None:
    assert segments(text).units == len(text)


@given(gsm)
def test_gsm_text_stays_gsm(text: str) -> None:
    assert segments(text).encoding == "GSM-7"
    assert plain(text) == text


@given(gsm, st.sampled_from("’яé😀ç停"))
def test_one_foreign_character_never_makes_it_shorter(text: str, foreign: str) -> None:
    assert segments(text + foreign).parts >= segments(text).parts


@given(anything, anything)
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert segments(text + more).parts >= segments(text).parts


@given(anything)
def test_smart_encoding_is_done_once_and_never_costs_more(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert segments(once).parts <= segments(text).parts
