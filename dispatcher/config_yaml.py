"""Reads one YAML file strictly: where each value stands is kept, and what YAML would silently misread is refused.

Unlike PyYAML's default, `no`, `on`, dates and `12:30` stay texts, a repeated key is an error and aliases are refused
(so that a small file cannot unfold into a huge one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

#: Nothing in `config/` is nested a tenth as deeply.
_DEEPEST = 100
_TAGS = frozenset({"map", "seq", "str", "bool", "int", "float", "null"})

#: Where a value stands in a file: keys and positions from the top.
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in `config/`, and what to do about it."""

    file: str
    #: The line and the keys that lead there, or "" for the whole file.
    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.where}" if self.where else self.file
        return f"{place}: {self.what}. {self.remedy}" if self.remedy else f"{place}: {self.what}."


@dataclass(slots=True)
class Page:
    """One file as read. `data` is empty when the file could not be read; `problems` says why."""

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, place: Place, what: str, remedy: str = "") -> None:
        """Note a problem at a place, with the line of the deepest part of it that exists."""
        known = next((place[:end] for end in range(len(place), -1, -1) if place[:end] in self.lines), ())
        keys = ".".join(str(part) for part in place)
        line = f"line {self.lines[known]}" if known in self.lines else ""
        self.problems.append(Problem(self.file, ", ".join(part for part in (line, keys) if part), what, remedy))

    def at(self, place: Place) -> Any:
        """The value at a place, None when there is none."""
        value: Any = self.data
        for part in place:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value


class _Refused(yaml.MarkedYAMLError):
    def __init__(self, said: str, mark: Any) -> None:
        super().__init__(problem=said, problem_mark=mark)


# Ignored is that mypy cannot follow a base chosen while it runs: a PyYAML that was built without libyaml has no C half.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # see above
    """In C it reads all of `config/` ten times as fast, and every command reads it."""


# Only what YAML 1.2 calls a truth value, a number or nothing is one; all else is text.
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false|True|False|TRUE|FALSE", "tfTF"),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


def read_page(folder: Path, file: str) -> Page:
    """Read one file of which the top is a mapping."""
    page = Page(file)
    try:
        text = (folder / file).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        page.refuse((), f"byte {error.start + 1} is not UTF-8", "Save the file as UTF-8.")
        return page
    except OSError as error:
        page.refuse((), f"cannot be read ({error.strerror})", "Check that it is a file and that you may read it.")
        return page
    try:
        if _is_too_deep(text):
            page.refuse((), "the values are nested too deeply", "Flatten the file.")
            return page
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
            page.refuse((), "the file is empty", "Fill it in, or copy the one that ships with the product.")
        elif not isinstance(node, yaml.MappingNode):
            page.refuse((), "the file is not a mapping", "Its top level must be lines of the form `key: value`.")
        else:
            page.data = _value(loader, node, (), page)
    except yaml.YAMLError as error:
        page.problems.append(_unreadable(file, error, text))
    return page


def _is_too_deep(text: str) -> bool:
    """Looks through a file before anything is made of it: making it recurses.

    Raises:
        yaml.YAMLError: it is not readable, or holds an alias.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("an alias (*name) is not supported here", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return True
    return False


def _value(loader: _Loader, node: yaml.Node, place: Place, page: Page) -> Any:
    page.lines.setdefault(place, node.start_mark.line + 1)
    if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS:
        raise _Refused(f"a tag ({node.tag}) is not supported here", node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(loader, node, place, page))
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*place, number), page) for number, item in enumerate(node.value)]
    try:
        return loader.construct_object(node, deep=True)
    except ValueError:
        raise _Refused(f"{node.value!r} is not what its tag says", node.start_mark) from None


def _entries(loader: _Loader, node: yaml.MappingNode, place: Place, page: Page) -> Iterator[tuple[str, Any]]:
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _Refused("a key must be a single word", key_node.start_mark)
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if (*place, key) in page.lines:
            first = page.lines[*place, key]
            page.lines[*place, key] = line
            page.refuse((*place, key), f"{key!r} is given twice, first on line {first}", "Keep one of them.")
            page.lines[*place, key] = first
            continue
        page.lines[*place, key] = line
        yield key, _value(loader, value_node, (*place, key), page)


def _unreadable(file: str, error: yaml.YAMLError, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or error).splitlines()[0]
    # What ends too early is found after the last line.
    line = min(mark.line, max(0, len(text.splitlines()) - 1)) if mark else 0
    where = f"line {line + 1}" if mark else ""
    if isinstance(error, yaml.reader.ReaderError):
        where = f"line {text.count(chr(10), 0, error.position) + 1}"
        return Problem(file, where, "a character that YAML does not allow", "Remove it.")
    if isinstance(error, _Refused):
        return Problem(file, where, said, "Write the value out plainly.")
    before = text.splitlines()[line][: mark.column + 1] if mark and line < len(text.splitlines()) else ""
    if "'\\t'" in said or before.endswith("\t"):
        return Problem(file, where, "a tab where YAML allows only spaces", "Indent with spaces.")
    return Problem(file, where, f"not readable as YAML: {said}", "Check indentation, quotes and colons around here.")
