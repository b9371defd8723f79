"""The picture of `check --svg`."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from channels.contract import Kind
from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.reach_picture import NOTHING_LOST, cells, draw
from dispatcher.faces.reaching import Proof
from dispatcher.model.recipient import PeopleClass
from dispatcher.plan.chains import Way
from dispatcher.plan.reach import reach

WAYS = [Way("sms", Kind.SMS, ("v1",)), Way("mail", Kind.EMAIL, ("v2",)), Way("app", Kind.INAPP, ("v3",))]
KINDS = frozenset({Kind.SMS, Kind.EMAIL, Kind.INAPP})


def proof(audience: str, *kinds: Kind, people: int = 1200) -> Proof:
    classes = (PeopleClass("en", frozenset(kinds), people),)
    return Proof(audience, ("p", "q"), KINDS, classes, reach(classes, WAYS, KINDS))


def test_each_cell_says_the_worst_that_a_loss_would_do() -> None:
    both = proof("both", Kind.SMS, Kind.EMAIL)
    found = cells([both, proof("phones", Kind.SMS), proof("nobody", people=0)])
    assert [(one["vendor"], one["said"]) for one in found if one["who"] == "both (1,200) by p, q"] == [
        (NOTHING_LOST, "0"),
        ("v1", "! 1,200"),
        ("v2", "0"),
        ("v3", "0"),
    ]
    assert [one["said"] for one in found if one["who"] == "phones (1,200) by p, q"] == ["0", "✕ 1,200", "0", "0"]
    assert len(found) == 8


def test_it_is_drawn_for_light_and_dark_with_the_number_in_every_cell(tmp_path: Path) -> None:
    file = tmp_path / "reach.svg"
    draw([proof("both", Kind.SMS, Kind.EMAIL), proof("phones <b>", Kind.SMS)], file)
    text = file.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    words = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("! 1,200") == 1
    assert words.count("✕ 1,200") == 1
    assert words.count("0") == 6
    assert "phones <b> (1,200) by p, q" in words
    assert "prefers-color-scheme: dark" in text
    assert "http" not in text.replace("http://www.w3.org/", "")


def test_what_stands_against_drawing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = [proof("both", Kind.SMS, Kind.EMAIL)]
    with pytest.raises(Stop, match="no people yet"):
        draw([], tmp_path / "reach.svg")
    with pytest.raises(Stop, match="No such file"):
        draw(one, tmp_path / "missing" / "reach.svg")
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(Stop, match=r"pip install 'outage-dispatcher\[charts\]'"):
        draw(one, tmp_path / "reach.svg")
