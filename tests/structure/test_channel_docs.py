"""What the pages about channels show is what is there: the code of the example, and what each channel can do."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from channels.registry import channel_types
from channels.testkit import matrix
from channels.testkit.samples import announced
from tests.example_channel.example_rig import SOURCE

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "channels"
FILES = sorted(
    str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*") if path.suffix in (".py", ".toml") and path.is_file()
)


@pytest.mark.parametrize("file", FILES)
def test_the_page_shows_every_file_of_the_example_as_it_is(file: str) -> None:
    page = (PAGES / "writing-one.md").read_text(encoding="utf-8")
    [shown] = re.findall(rf"^`{re.escape(file)}`[^`]*(?:`[^`\n]+`[^`]*)*?\n\n```\w+\n(.*?)^```", page, re.M | re.S)
    assert shown == (SOURCE / file).read_text(encoding="utf-8")


def test_the_example_has_all_the_files_one_needs() -> None:
    assert {"pyproject.toml", "acme_sms/__init__.py", "acme_sms/adapter.py", "tests/test_acme.py"} <= set(FILES)


def test_the_table_says_what_the_channels_declare() -> None:
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = tomllib.loads(told)["project"]["entry-points"]["outage_dispatcher.channels"]
    page = (PAGES / "README.md").read_text(encoding="utf-8")
    made = matrix.placed(page, matrix.table([channel_types()[name] for name in names], PAGES))
    assert page == made, "renew it: python -m channels.testkit matrix docs/channels/README.md"


def test_every_channel_of_this_project_announces_samples() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert set(told["outage_dispatcher.channels"]) == set(told["outage_dispatcher.samples"])
    assert set(told["outage_dispatcher.channels"]) <= set(announced()), "install it again: make test"


def test_no_check_knows_a_channel_by_its_name() -> None:
    for path in (ROOT / "channels" / "testkit").rglob("*.py"):
        if path.name == "samples.py":  # where it shows how samples are announced
            continue
        text = path.read_text(encoding="utf-8")
        assert not [name for name in channel_types() if name in text], path


def test_every_capability_is_explained_below_the_table() -> None:
    page = (PAGES / "README.md").read_text(encoding="utf-8")
    explained = {word for bold in re.findall(r"^- \*\*(.*?)\*\*:", page, re.MULTILINE) for word in bold.split(", ")}
    assert {matrix.words(one) for one in matrix.abilities()} <= explained
