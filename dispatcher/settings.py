"""The only reader of the environment; with `config_reader`, the only reader of `config/`.

A value is looked for in the environment first. Beneath it lies the environment of a running `dispatcher up`, which
writes `<home>/running.json`, so that `dispatcher send` in a second shell finds the broker of the first.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs
import psutil
from pydantic import BaseModel, SecretStr, ValidationError

from channels.registry import ChannelType, channel_type
from dispatcher.config_checks import is_secret
from dispatcher.config_reader import ConfigError, read_config
from dispatcher.config_yaml import Problem
from dispatcher.model.config import Reference, Route

__all__ = [
    "ConfigError",
    "MissingSecret",
    "Problem",
    "Settings",
    "SettingsError",
    "WrongSetting",
    "load",
    "look_up",
    "read_config",
    "resolve_route_settings",
    "shipped",
]

#: Shorter keys can be guessed, and the signing library warns about them.
_SHORTEST_SECRET = 32
#: What a key is called is recorded as the author of what is done with it.
_LONGEST_NAME = 80
#: A process that began this much later than `running.json` was written is another one that got the same number.
_SAME_PROCESS_WITHIN = 60.0


class SettingsError(ValueError):
    """The environment says something that cannot be used. The message names the variable and what to do."""


class MissingSecret(LookupError):
    """A route cannot be used before these variables, or files, are there."""

    def __init__(self, route: str, names: tuple[str, ...]) -> None:
        self.route = route
        self.names = names
        super().__init__(f"route {route!r} is not set up: set {', '.join(names)}")


class WrongSetting(ValueError):
    """A route's settings are there, but cannot be right. The message shows no value."""

    def __init__(self, route: str, problems: tuple[str, ...]) -> None:
        self.route = route
        self.problems = problems
        super().__init__(f"route {route!r} is set up wrongly: {'; '.join(problems)}")


@dataclass(frozen=True)
class Settings:
    """Where this installation keeps its things and how it is reached."""

    home: Path
    config_dir: Path
    templates_dir: Path
    ledger_url: str = field(repr=False)
    #: None means the embedded broker.
    broker_url: str | None = field(repr=False)
    #: Without a slash at the end.
    public_url: str
    #: Origins of other sites whose pages may read a person's in-app inbox, as browsers write them.
    inapp_origins: tuple[str, ...]
    #: Whether the vendors' status feeds are read: calls to others, so only when somebody wants them.
    feeds: bool
    #: What a worker touches while it takes work, for whoever supervises it.
    pulse_file: Path | None
    #: Called while all is well: the dead man's switch. It may hold a secret.
    heartbeat_url: str | None = field(repr=False)
    #: key -> the name under which its actions are recorded.
    api_keys: Mapping[str, str] = field(repr=False)
    #: What `resolve_route_settings` looks values up in.
    environ: Mapping[str, str] = field(repr=False)

    @cached_property
    def secret(self) -> SecretStr:
        """Signs cookies and tickets. Made on first use and kept in `<home>/secret`, readable by its owner only.

        Raises:
            SettingsError: it is too short to be safe, or cannot be kept.
        """
        if given := self.environ.get("DISPATCHER_SECRET"):
            name, value = "DISPATCHER_SECRET", given
        else:
            path = self.home / "secret"
            name, value = str(path), _read_or_make_secret(path)
        if len(value) < _SHORTEST_SECRET:
            raise SettingsError(
                f"{name} is too short to sign with: it needs at least {_SHORTEST_SECRET} characters; "
                'make one with python -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return SecretStr(value)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment. An empty variable counts as unset. Makes the home folder when the ledger lives in it.

    Raises:
        SettingsError: a variable holds something that cannot be used.
    """
    real = {name: value for name, value in (os.environ if environ is None else environ).items() if value}
    home = _folder(real.get("DISPATCHER_HOME"), Path(platformdirs.user_data_dir("outage-dispatcher")))
    merged = {**environment_of_running(home), **real}
    ledger_url = merged.get("DISPATCHER_LEDGER_URL")
    if ledger_url is None:
        _make_home(home)
        ledger_url = f"sqlite:///{home / 'ledger.sqlite3'}"
    return Settings(
        home=home,
        config_dir=_folder(merged.get("DISPATCHER_CONFIG"), shipped("config")),
        templates_dir=_folder(merged.get("DISPATCHER_TEMPLATES"), shipped("templates")),
        ledger_url=ledger_url,
        broker_url=merged.get("DISPATCHER_BROKER_URL"),
        public_url=_public_url(merged.get("DISPATCHER_PUBLIC_URL", "http://127.0.0.1:8080")),
        inapp_origins=_origins(merged.get("DISPATCHER_INAPP_ORIGINS", "")),
        feeds=_feeds(merged),
        pulse_file=Path(merged["DISPATCHER_PULSE_FILE"]) if "DISPATCHER_PULSE_FILE" in merged else None,
        heartbeat_url=_heartbeat_url(merged.get("DISPATCHER_HEARTBEAT_URL")),
        api_keys=_api_keys(merged, home / "api.key"),
        environ=merged,
    )


def shipped(name: str) -> Path:
    """A folder that comes with the product: inside the package of a wheel, at the top of a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "_shipped" / name
    return inside if inside.is_dir() else package.parent / name


def resolve_route_settings(
    name: str,
    route: Route,
    environ: Mapping[str, str],
    channels: Mapping[str, ChannelType] | None = None,
) -> BaseModel:
    """The settings of one route with every reference looked up. `environ` is `Settings.environ`.

    A reference that finds nothing takes its `default`; with `default: null` the setting is left out, so that the
    channel's own default holds.

    Raises:
        MissingSecret: a variable or file is missing; names all of them.
        WrongSetting: the channel refuses a value; says why without showing it.
        UnknownChannel: no such channel is installed.
    """
    kind = channel_type(route.channel) if channels is None else channels[route.channel]
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    missing: list[str] = []
    for key, given in route.settings.items():
        if not isinstance(given, dict):
            values[key] = given
            continue
        reference = Reference.model_validate(given)
        source = reference.env or f"the file {reference.file}"
        found = look_up(reference, environ)
        if found:
            values[key], sources[key] = found, source
        elif "default" not in reference.model_fields_set:
            missing.append(source)
        elif reference.default is not None:
            values[key] = reference.default
    if missing:
        raise MissingSecret(name, tuple(missing))
    try:
        return kind.settings.model_validate(values)
    except ValidationError as error:
        problems = _without_values(error, kind.settings, values, sources)
    raise WrongSetting(name, problems)


def look_up(reference: Reference, environ: Mapping[str, str]) -> str | None:
    """What a reference leads to in the environment or in its file; None for nothing. Its default is the caller's."""
    return environ.get(reference.env) if reference.env else _content(reference.file)


def _without_values(
    error: ValidationError, settings: type[BaseModel], values: Mapping[str, Any], sources: Mapping[str, str]
) -> tuple[str, ...]:
    hidden = {str(values[key]) for key, info in settings.model_fields.items() if key in values and is_secret(info)}
    problems = []
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        key = str(one["loc"][0]) if one["loc"] else ""
        said = one["msg"].removeprefix("Value error, ")
        if one["type"] == "string_pattern_mismatch":
            meant = settings.model_fields[key].description if key in settings.model_fields else None
            said = "has a wrong form" + (f"; what is needed: {meant}" if meant else "")
        for value in hidden:
            said = said.replace(value, "…")
        place = f"{key} (from {sources[key]})" if key in sources else key
        problems.append(f"{place}: {said}" if place else said)
    return tuple(problems)


def _content(file: str | None) -> str | None:
    try:
        return Path(file or "").expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _folder(given: str | None, default: Path) -> Path:
    return (Path(given).expanduser() if given else default).absolute()


def _public_url(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(
            f"DISPATCHER_PUBLIC_URL is {given!r}; it must be the address under which people and providers reach "
            "this installation, for example https://outage.example.com"
        )
    return given.rstrip("/")


def _origins(given: str) -> tuple[str, ...]:
    """`https://app.example.com, https://www.example.com`: scheme, host, a port that is not the usual one, no more."""
    origins = []
    for entry in filter(None, (part.strip() for part in given.split(","))):
        parts = urlsplit(entry)
        origin = f"{parts.scheme}://{parts.netloc}"
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or entry.rstrip("/") != origin:
            raise SettingsError(
                f"DISPATCHER_INAPP_ORIGINS holds {entry!r}; each must be the origin of a site of yours, such as "
                "https://app.example.com, several separated by commas"
            )
        origins.append(origin.lower())
    return tuple(origins)


def _feeds(environ: Mapping[str, str]) -> bool:
    given = environ.get("DISPATCHER_FEEDS", "off").lower()
    if given not in {"on", "off"}:
        raise SettingsError(f"DISPATCHER_FEEDS is {given!r}; write on, to read the vendors' status feeds, or off")
    # While everything is simulated nobody outside is called.
    return given == "on" and not environ.get("DISPATCHER_SIMULATED")


def _heartbeat_url(given: str | None) -> str | None:
    if given is not None:
        parts = urlsplit(given)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not given.isprintable() or " " in given:
            # Not shown: such addresses hold the secret in their path.
            raise SettingsError(
                "DISPATCHER_HEARTBEAT_URL is not an address; write the one that your dead man's switch gave you, "
                "beginning with https://"
            )
    return given


def _api_keys(environ: Mapping[str, str], path: Path) -> dict[str, str]:
    """`name:key,name2:key2`, or a bare key whose name is `api`; in a file also one per line."""
    source, given = "DISPATCHER_API_KEY", environ.get("DISPATCHER_API_KEY")
    if given is None:
        source, given = str(path), _content(str(path)) or ""
    keys: dict[str, str] = {}
    for entry in given.replace("\n", ",").split(","):
        if not (entry := entry.strip()):
            continue
        name, colon, key = entry.partition(":")
        name, key = (name.strip(), key.strip()) if colon else ("api", entry)
        if len(name) > _LONGEST_NAME:
            raise SettingsError(f"{source} gives a key a name of more than {_LONGEST_NAME} characters")
        if not name or not key:
            raise SettingsError(f"{source} holds an entry without a name or a key; write name:key, separated by commas")
        if keys.setdefault(key, name) != name:
            raise SettingsError(f"{source} gives the same key to {keys[key]!r} and to {name!r}; each needs its own")
    return keys


def environment_of_running(home: Path) -> dict[str, str]:
    """What a `dispatcher up` with this home that is alive gave itself, or nothing."""
    path = home / "running.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        process = psutil.Process(int(told["pid"]))
        same = process.is_running() and process.create_time() <= path.stat().st_mtime + _SAME_PROCESS_WITHIN
        return {str(name): str(value) for name, value in told["environment"].items() if value} if same else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, psutil.Error):
        return {}


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"cannot make the folder {home} ({error.strerror}); set DISPATCHER_HOME to one that can be written"
        ) from None


def _read_or_make_secret(path: Path) -> str:
    """Several processes may start at once: the first to link its file wins, and all read the same one."""
    try:
        if not path.exists():
            _make_home(path.parent)
            with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret-", encoding="ascii") as draft:
                draft.write(secrets.token_urlsafe(48))
                draft.flush()
                os.fsync(draft.fileno())
                with contextlib.suppress(FileExistsError):
                    os.link(draft.name, path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot keep the signing secret in {path} ({error}); set DISPATCHER_SECRET") from None
