"""Wrong calls of `drill` are told before anything starts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dispatcher.faces.cli.main import app
from dispatcher.settings import shipped


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["twillio"], "unknown vendor 'twillio'; did you mean 'twilio'"),
        (["fax-company"], "nothing rides on fax-company"),
        (["twilio", "--playbook", "genric"], "did you mean 'generic'"),
        (["twilio", "--audience", "nobody"], "there are: enterprise, eu, everyone"),
        (["twilio", "--people", "0"], "greater than or equal to 1"),
        (["twilio", "--people", "1001"], "less than or equal to 1000"),
        (["twilio", "--fault", "flood"], "worker-restart"),
        ([], "vendor"),
    ],
)
def test_a_wrong_call_ends_with_2(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    shutil.copytree(shipped("config"), config)
    with (config / "vendors.yaml").open("a", encoding="utf-8") as vendors:
        vendors.write("fax-company: {title: Nobody's vendor}\n")
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    monkeypatch.setenv("DISPATCHER_CONFIG", str(config))
    done = CliRunner().invoke(app, ["drill", *arguments])
    assert done.exit_code == 2, done.output
    assert says in " ".join(done.output.replace("│", " ").split())
    assert not (tmp_path / "drills").exists()
