"""What `load` makes of the environment."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dispatcher.settings import SettingsError, load, read_config, shipped


def env(home: Path, **more: str) -> dict[str, str]:
    return {"DISPATCHER_HOME": str(home), **more}


def test_defaults(tmp_path: Path) -> None:
    settings = load(env(tmp_path / "home"))
    assert settings.ledger_url == f"sqlite:///{tmp_path}/home/ledger.sqlite3"
    assert settings.broker_url is None
    assert settings.public_url == "http://127.0.0.1:8080"
    assert dict(settings.api_keys) == {}
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_shipped_folders_are_found_without_a_wheel() -> None:
    assert (shipped("config") / "routes.yaml").is_file()
    assert (shipped("templates") / "messages" / "default").is_dir()


def test_the_shipped_configuration_is_right(tmp_path: Path) -> None:
    config = read_config(load(env(tmp_path)).config_dir)
    assert set(config.playbooks) == {"microsoft-365", "slack", "generic"}
    assert all(leg.kinds[0] != "email" for playbook in config.playbooks.values() for leg in playbook.legs)


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = load(
        env(
            tmp_path,
            DISPATCHER_CONFIG=str(tmp_path / "c"),
            DISPATCHER_TEMPLATES=str(tmp_path / "t"),
            DISPATCHER_LEDGER_URL="postgresql+psycopg://u:p@h/d",
            DISPATCHER_BROKER_URL="redis://:word@h/0",
            DISPATCHER_PUBLIC_URL="https://outage.example.com/base/",
        )
    )
    assert (settings.config_dir, settings.templates_dir) == (tmp_path / "c", tmp_path / "t")
    assert settings.public_url == "https://outage.example.com/base"
    assert "word" not in repr(settings)
    assert "u:p" not in repr(settings)


@pytest.mark.parametrize("url", ["outage.example.com", "ftp://x", "https://", "https://x/?a=b", "https://x/#a"])
def test_an_unusable_public_address_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="DISPATCHER_PUBLIC_URL is "):
        load(env(tmp_path, DISPATCHER_PUBLIC_URL=url))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("abc", {"abc": "api"}),
        ("ops:abc,cx:def", {"abc": "ops", "def": "cx"}),
        (" ops: abc , def ,", {"abc": "ops", "def": "api"}),
        ("ops:a:b", {"a:b": "ops"}),
        ("", {}),
    ],
)
def test_api_keys(tmp_path: Path, given: str, expected: dict[str, str]) -> None:
    assert dict(load(env(tmp_path, DISPATCHER_API_KEY=given)).api_keys) == expected


@pytest.mark.parametrize(("given", "said"), [("ops:", "without a name or a key"), ("a:x,b:x", "the same key")])
def test_wrong_api_keys_are_refused_without_showing_them(tmp_path: Path, given: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(env(tmp_path, DISPATCHER_API_KEY=given))


def test_api_keys_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "api.key").write_text("ops:abc\ncx:def\n")
    assert dict(load(env(tmp_path)).api_keys) == {"abc": "ops", "def": "cx"}


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: load(env(home)).secret.get_secret_value(), range(64)))
    assert len(secrets) == 1
    assert stat.S_IMODE((home / "secret").stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == ["secret"]


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DISPATCHER_SECRET is too short"):
        _ = load(env(tmp_path, DISPATCHER_SECRET="short")).secret


def test_a_given_secret_is_used(tmp_path: Path) -> None:
    settings = load(env(tmp_path, DISPATCHER_SECRET="x" * 40))
    assert settings.secret.get_secret_value() == "x" * 40
    assert not (tmp_path / "secret").exists()


def running(home: Path, pid: int, **environment: str) -> None:
    (home / "running.json").write_text(json.dumps({"pid": pid, "environment": environment}))


def test_a_running_installation_is_found(tmp_path: Path) -> None:
    running(tmp_path, os.getpid(), DISPATCHER_BROKER_URL="redis://running", TWILIO_BASE_URL="http://sim")
    settings = load(env(tmp_path))
    assert settings.broker_url == "redis://running"
    assert settings.environ["TWILIO_BASE_URL"] == "http://sim"


def test_the_real_environment_lies_above_the_running_one(tmp_path: Path) -> None:
    running(tmp_path, os.getpid(), DISPATCHER_BROKER_URL="redis://running")
    assert load(env(tmp_path, DISPATCHER_BROKER_URL="redis://own")).broker_url == "redis://own"
    assert load(env(tmp_path, DISPATCHER_BROKER_URL="")).broker_url == "redis://running"


def test_one_that_has_ended_is_ignored(tmp_path: Path) -> None:
    running(tmp_path, 2**22 + 1, DISPATCHER_BROKER_URL="redis://gone")
    assert load(env(tmp_path)).broker_url is None


def test_another_process_with_the_same_number_is_ignored(tmp_path: Path) -> None:
    running(tmp_path, os.getpid(), DISPATCHER_BROKER_URL="redis://gone")
    os.utime(tmp_path / "running.json", (1_000_000_000, 1_000_000_000))
    assert load(env(tmp_path)).broker_url is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1}', '{"pid": 1, "environment": 3}'])
def test_a_garbled_note_is_ignored(tmp_path: Path, content: str) -> None:
    (tmp_path / "running.json").write_text(content)
    assert load(env(tmp_path)).broker_url is None


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="set DISPATCHER_HOME"):
        load(env(tmp_path / "file" / "home"))
