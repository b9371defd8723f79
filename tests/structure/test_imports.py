"""Imports run one way: faces -> wiring -> stages -> ledger -> model -> the channel contract."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: What each of these talks to, and the only place that may know it.
AT_HOME = {
    "sqlalchemy": "dispatcher/ledger/",
    "alembic": "dispatcher/ledger/",
    "psycopg": "dispatcher/ledger/",
    "celery": "dispatcher/faces/worker/",
    "kombu": "dispatcher/faces/worker/",
    "fastapi": "dispatcher/faces/",
    "starlette": "dispatcher/faces/",
    "typer": "dispatcher/faces/cli/",
    "rich": "dispatcher/faces/cli/",
    "structlog": "dispatcher/",
    "twilio": "channels/sms/twilio/",
    "slack_sdk": "channels/chat/slack",
    "apprise": "channels/chat/apprise/",
    "tweepy": "channels/social/x/",
    # These judge the simulator in the tests, and nothing of ours works with them.
    "mastodon": "nowhere/",
    "atproto": "nowhere/",
    "aiosmtplib": "channels/email/smtp/",
    "pywebpush": "channels/push/web/",
    "py_vapid": "channels/push/web/",
    "http_ece": "channels/simulator/",
    "aiosmtpd": "channels/simulator/",
    "pytest": "channels/testkit/checks/",
}


@cache
def modules(*folders: str) -> list[tuple[str, ast.Module]]:
    return [
        (str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8")))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


@cache
def imported(tree: ast.AST) -> list[str]:
    return list(_imported(tree))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield node.module or ""


def test_the_contracts_in_pyproject_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    found = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "NO_COLOR": "1"}
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout


def test_every_stage_and_adapter_is_named_in_the_contracts() -> None:
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = str(tomllib.loads(told)["tool"]["importlinter"])
    beside = {"faces", "ledger", "model"}
    stages = {path.parent.name for path in (ROOT / "dispatcher").glob("*/__init__.py")} - beside
    for stage in stages:
        assert f"dispatcher.{stage}" in contracts, stage
    for settings in (ROOT / "channels").rglob("settings.py"):
        name = ".".join(settings.parent.relative_to(ROOT).parts)
        assert name in contracts, name


def test_all_that_runs_is_named_in_the_contract_about_the_kit() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    [kit] = [one for one in told if one["name"] == "What tries channels is no part of what runs them"]
    runs = {path.stem for path in (ROOT / "channels").glob("*") if path.stem not in ("__init__", "__pycache__")}
    assert {f"channels.{name}" for name in runs - {"testkit"}} | {"dispatcher"} == set(kit["source_modules"])


def test_the_contract_of_channels_imports_the_standard_library_only() -> None:
    for path, tree in modules("channels/contract"):
        for name in imported(tree):
            top = name.partition(".")[0]
            assert top in sys.stdlib_module_names or name.startswith("channels.contract"), (path, name)


@pytest.mark.parametrize("package", sorted(AT_HOME))
def test_each_library_is_known_in_one_place(package: str) -> None:
    strangers = [
        path
        for path, tree in modules("dispatcher", "channels")
        if not path.startswith(AT_HOME[package]) and any(name.split(".")[0] == package for name in imported(tree))
    ]
    assert not strangers


def test_the_environment_is_read_by_the_settings_and_where_commands_start() -> None:
    allowed = {"dispatcher/settings.py", *(p for p, _ in modules("dispatcher/faces/cli"))}
    readers = {
        path
        for path, tree in modules("dispatcher", "channels")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("os", "environ"), ("os", "getenv"), ("os", "putenv")}
    }
    assert readers <= allowed


def test_no_module_is_over_four_hundred_lines() -> None:
    long = {
        path: lines
        for path, _ in modules("dispatcher", "channels")
        if (lines := (ROOT / path).read_text(encoding="utf-8").count("\n")) > 400
    }
    assert not long


def test_no_provider_is_named_outside_the_channels() -> None:
    """In code: texts that people read, such as help and docstrings, may name them."""
    providers = ("twilio", "slack", "tweepy", "telnyx", "mastodon", "bluesky", "atproto", "apprise", "sendgrid")
    allowed = ("dispatcher/faces/cli/simulated.py", "dispatcher/faces/cli/demo", "dispatcher/faces/cli/sample.py")
    # The columns of a CSV file are words of its users; noisy libraries are silenced by their names.
    # The form of a status feed is called after the only one who publishes it.
    known = {
        "dispatcher/intake/recipients_csv.py": {"slack"},
        "dispatcher/faces/log.py": {"tweepy", "twilio", "slack"},
        "dispatcher/model/config.py": {"slack"},
        "dispatcher/intake/feeds.py": {"slack"},
    }
    for path, tree in modules("dispatcher"):
        if path.startswith(allowed):
            continue
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Name):
                names = [node.id]
            elif isinstance(node, ast.Attribute):
                names = [node.attr]
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names = [node.name]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
                names = [node.value]
            for name in [*names, *(imported(node) if isinstance(node, (ast.Import, ast.ImportFrom)) else ())]:
                found = {one for one in providers if one in name.lower()} - known.get(path, set())
                assert not found, (path, node.lineno, name)
