"""What stands in the source of a channel. Pure but for reading it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from channels.registry import ChannelType

_CHANCE = {"random", "secrets"}
_CHANCY = {"uuid1", "uuid4", "urandom", "getrandbits", "token_hex", "token_urlsafe", "token_bytes"}


def package_of(kind: ChannelType) -> str:
    """The package, or the lone module, that makes this channel."""
    return kind.build.__module__


def of(kind: ChannelType) -> Iterator[Path]:
    """All of the channel's own source files, without what is there to try it."""
    made_by = sys.modules[package_of(kind)]
    folders = [Path(folder) for folder in getattr(made_by, "__path__", [])]
    if not folders:
        yield Path(str(made_by.__file__))
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*.py") if path.name != "samples.py")


def waits_and_chance(path: Path) -> Iterator[str]:
    """Every place in which this file sleeps or asks for something random, as `file:line: what`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name == "sleep" or name in _CHANCY:
                yield f"{path.name}:{node.lineno}: {name}()"
            case ast.Import(names=names) if found := {one.name for one in names} & _CHANCE:
                yield f"{path.name}:{node.lineno}: import {found.pop()}"
            case ast.ImportFrom(module=str(module), names=names):
                taken = {one.name for one in names} & ({"sleep"} | _CHANCY)
                if module in _CHANCE or taken:
                    yield f"{path.name}:{node.lineno}: from {module} import {', '.join(sorted(taken)) or '…'}"
