"""What is documented is there: commands, options, links, pictures and variables; and every variable is documented."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from dispatcher.faces.cli.main import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(dispatcher [^`\n]+)`")
_CALL = re.compile(r"(?:^|[;&|(]\s*|\bdo\s+)(dispatcher(?: .*)?)$")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_VARIABLE = re.compile(r"DISPATCHER_[A-Z_]*[A-Z]")
_END = {"|", ">", ">>", "2>", "<", "&", "&&", "||", ";", "#"}


def _commands(text: str) -> Iterator[list[str]]:
    """Every call of `dispatcher` in the shell blocks and in inline code, as words."""
    for language, block in _FENCE.findall(text):
        if language not in {"sh", "bash"}:
            continue
        for line in block.replace("\\\n", " ").splitlines():
            if found := _CALL.search(line.strip()):
                yield _words(found[1])
    for found in _INLINE.findall(_FENCE.sub("", text)):
        yield _words(found)


def _words(call: str) -> list[str]:
    words = shlex.split(call, comments=True)[1:]
    end = next((at for at, word in enumerate(words) if word in _END), len(words))
    return words[:end]


@cache
def _root() -> Any:
    return typer.main.get_command(app)


def _refused(words: list[str]) -> str:
    """Why this is no call that could be made; "" when it could."""
    command = _root()
    rest = list(words)
    while rest and hasattr(command, "commands"):
        name = rest[0]
        if name.startswith("-"):
            break
        if name not in command.commands:
            return f"there is no command {name!r}"
        command = command.commands[rest.pop(0)]
    known = {"-h": False, "--help": False}
    for parameter in command.params:
        for option in (*parameter.opts, *parameter.secondary_opts):
            known[option] = not getattr(parameter, "is_flag", False)
    takes = [one for one in command.params if one.param_type_name == "argument"]
    given = 0
    while rest:
        word = rest.pop(0)
        name, equals, _ = word.partition("=")
        if not word.startswith("-"):
            given += 1
        elif name not in known:
            return f"there is no option {name!r}"
        elif known[name] and not equals:
            if not rest and given:
                return f"{name} stands without a value"
            rest = rest[1:]
    return f"{given} arguments are given, {len(takes)} are taken" if given > len(takes) else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_and_option_exists(page: Path) -> None:
    wrong = {}
    for words in _commands(page.read_text(encoding="utf-8")):
        if why := _refused(words):
            wrong[f"dispatcher {' '.join(words)}"] = why
    assert not wrong


def test_the_documentation_is_read() -> None:
    """The checks above would also pass if they found nothing."""
    calls = [words for page in PAGES for words in _commands(page.read_text(encoding="utf-8"))]
    assert len(calls) > 30
    assert _refused(["sned", "generic"])
    assert _refused(["send", "generic", "--dryrun"])
    assert _refused(["recipients", "import", "a.csv", "b.csv"])
    assert not _refused(["recipients", "import", "a.csv", "--strict"])


def test_every_command_is_documented() -> None:
    root: Any = typer.main.get_command(app)
    called = {words[0] for page in PAGES for words in _commands(page.read_text(encoding="utf-8")) if words}
    assert set(root.commands) <= called


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    wrong = []
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            wrong.append(target)
    assert not wrong


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_variable_is_documented_and_every_documented_one_exists() -> None:
    ours = [
        path
        for folder in ("dispatcher", "channels", "tests", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {".py", ""} and path != Path(__file__)
    ]
    code = [*ours, ROOT / "Makefile", ROOT / "Procfile"]
    read = {name for path in code for name in _VARIABLE.findall(path.read_text(encoding="utf-8"))}
    told = {name for page in PAGES for name in _VARIABLE.findall(page.read_text(encoding="utf-8"))}
    assert read == told


def test_every_variable_of_the_dispatcher_stands_in_the_table_of_ops() -> None:
    text = (ROOT / "docs" / "ops.md").read_text(encoding="utf-8")
    table = set(re.findall(r"^\| `(DISPATCHER_[A-Z_]+)`", text, re.MULTILINE))
    source = [*(ROOT / "dispatcher").rglob("*.py"), *(ROOT / "channels").rglob("*.py")]
    assert table == {name for path in source for name in _VARIABLE.findall(path.read_text(encoding="utf-8"))}
