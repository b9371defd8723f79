"""References in a route's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field, SecretStr, model_validator

from channels.contract import Capabilities, Kind, Repeat
from channels.registry import ChannelType
from dispatcher.model.config import Route
from dispatcher.settings import MissingSecret, WrongSetting, resolve_route_settings


class Account(BaseModel):
    token: SecretStr = Field(min_length=5)
    port: int = 25
    sender: str = "us"

    @model_validator(mode="after")
    def _careless(self) -> Account:
        if self.sender == "bad":
            raise ValueError(f"bad sender with {self.token.get_secret_value()}")
        return self


def _never(_settings: Any, _resources: Any) -> Any:
    raise AssertionError


CHANNELS = {"sms/test": ChannelType("sms/test", Capabilities(Kind.SMS, Repeat.BLIND), Account, _never, _never)}


def resolve(settings: dict[str, Any], environ: dict[str, str]) -> Account:
    route = Route(channel="sms/test", depends_on=("v",), settings=settings)
    resolved = resolve_route_settings("main", route, environ, CHANNELS)
    assert isinstance(resolved, Account)
    return resolved


def test_from_the_environment_and_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n")
    account = resolve({"token": {"file": str(tmp_path / "token")}, "port": {"env": "PORT"}}, {"PORT": "587"})
    assert (account.token.get_secret_value(), account.port) == ("from-file", 587)


def test_defaults() -> None:
    settings = {"token": {"env": "T"}, "port": {"env": "P", "default": 2525}, "sender": {"env": "S", "default": None}}
    account = resolve(settings, {"T": "tokens", "S": ""})
    assert (account.port, account.sender) == (2525, "us")


def test_everything_missing_is_named() -> None:
    with pytest.raises(MissingSecret) as missing:
        resolve({"token": {"env": "T"}, "port": {"file": "/nowhere/port"}}, {"T": ""})
    assert missing.value.names == ("T", "the file /nowhere/port")
    assert str(missing.value) == "route 'main' is not set up: set T, the file /nowhere/port"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"T": "abc"}, "token (from T): "),
        ({"T": "hush-hush", "P": "x1"}, "port (from P): Input should be a valid integer"),
        ({"T": "hush-hush", "S": "bad"}, "bad sender with …"),
    ],
)
def test_a_wrong_value_is_told_without_showing_secrets(environ: dict[str, str], said: str) -> None:
    settings = {
        "token": {"env": "T"},
        "port": {"env": "P", "default": None},
        "sender": {"env": "S", "default": None},
    }
    with pytest.raises(WrongSetting) as wrong:
        resolve(settings, environ)
    assert said in str(wrong.value)
    assert environ["T"] not in str(wrong.value)
    assert wrong.value.__context__ is None
