"""`dispatcher vendors`: what stands there, what an operator says, and what a wrong call is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from dispatcher.faces.cli.main import app
from dispatcher.ledger import Ledger
from tests.migrated import make_ready


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    url = f"sqlite:///{tmp_path / 'l.db'}"
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    monkeypatch.setenv("DISPATCHER_LEDGER_URL", url)
    made = Ledger(url)
    make_ready(made)
    yield made
    made.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["vendors", *arguments])


def told() -> dict[str, dict[str, Any]]:
    done = run("--json")
    assert done.exit_code == 0
    return {one["name"]: one for one in json.loads(done.stdout)}


def test_what_an_operator_says_stands_there_and_spreads() -> None:
    assert {one["state"] for one in told().values()} == {"unknown"}
    done = run("set", "aws-us-east-1", "down", "--for", "2h", "--why", "their  page\nand ours")
    assert (done.exit_code, done.stdout) == (0, "aws-us-east-1 is down for 2h\n")
    now = told()
    aws, slack = now["aws-us-east-1"], now["slack"]
    assert (aws["state"], aws["source"], aws["beneath"]) == ("down", "operator", "")
    assert aws["why"].endswith("says so: their page and ours")
    assert aws["until"] > aws["since"]
    assert 0 <= aws["age_seconds"] < 60
    assert (slack["state"], slack["beneath"], slack["rides_on"]) == ("down", "aws-us-east-1", ["aws-us-east-1"])
    assert "slack-main" in aws["routes"]
    assert now["telnyx"]["state"] == "unknown"
    shown = run().stdout
    assert "through aws-us-east-1" in shown
    assert "their page and ours" in shown
    assert run("clear", "aws-us-east-1").exit_code == 0
    assert {one["state"] for one in told().values()} == {"unknown"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["set", "slak", "down", "--why", "x"], "Did you mean 'slack'?"),
        (["clear", "slak"], "Did you mean 'slack'?"),
        (["set", "slack", "dead", "--why", "x"], "'degraded'"),
        (["set", "slack", "unknown", "--why", "x"], "dispatcher vendors clear"),
        (["set", "slack", "down"], "--why"),
        (["set", "slack", "down", "--why", " "], "say by what you know it"),
        (["set", "slack", "down", "--why", "x" * 501], "say it shorter"),
        (["set", "slack", "down", "--why", "red \x1b[31m"], "cannot be printed"),
        (["set", "slack", "down", "--why", "turned \u202e round"], "cannot be printed"),
        (["set", "slack", "down", "--why", "x", "--for", "soon"], "30m, 2h or 1d"),
    ],
)
def test_a_wrong_call_says_what_to_do(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())
    assert {one["state"] for one in told().values()} == {"unknown"}
