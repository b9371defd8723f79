"""Reads `config/` as a whole and says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from channels.registry import ChannelType, channel_types
from dispatcher.config_checks import check_config, suggest
from dispatcher.config_yaml import Page, Place, Problem, read_page
from dispatcher.model.config import (
    Audience,
    BreakerRule,
    Company,
    Config,
    CostCap,
    Destination,
    Feed,
    Leg,
    Name,
    Playbook,
    Policies,
    Policy,
    Price,
    Reference,
    Route,
    Rule,
    Vendor,
)
from dispatcher.model.pace import Pace

Model = TypeVar("Model", bound=BaseModel)
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_FILES = ("company.yaml", "vendors.yaml", "routes.yaml", "audiences.yaml", "policies.yaml", "rules.yaml")
#: Without these files nothing is configured that would need them.
_MAY_BE_MISSING = frozenset({"policies.yaml", "rules.yaml"})
#: What a value must look like, in words, for keys where several shapes are right.
_SHAPES = {
    "people": "Write `all`, `none` or a list of tags.",
    "facts": "Write a text, or one text per locale.",
    "hosts_mail_of": "Write domains in small letters, such as [outlook.com, hotmail.com].",
    "token": "Refer to it: {env: NAME} or {file: PATH}.",
    "url": "Write the whole address, such as https://status.example.com/api/v2/summary.json.",
    "mx": "Write the ends of host names in small letters, such as [mail.protection.outlook.com].",
    "cost_cap": "Write {message: 0.05, broadcast: 500}, or one of the two, in the currency of the prices.",
    "currency": "Write three capitals, such as USD.",
    "to": "Write the channel or account as a text, in quotes.",
}
_SAYINGS = {
    "string_type": ("must be a text", "Put it in quotes."),
    "tuple_type": ("must be a list", "Write [one, two], or one entry per line with a dash."),
    "dict_type": ("must be a mapping", "Write lines of the form `key: value` beneath it."),
    "model_type": ("must be a mapping", "Write lines of the form `key: value` beneath it."),
    "missing": ("is missing", "Add it."),
    "too_short": ("needs at least one entry", "Add one."),
}

_NAME_FORM = "Use lower-case letters, digits, dots and dashes."
_LOCALE_FORM = "Write a language such as de, or with a country such as pt-BR."


class ConfigError(ValueError):
    """`config/` cannot be used. Holds every problem of every file."""

    def __init__(self, folder: Path, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"{folder} has {count}:", *(f"  {problem}" for problem in problems)]))


def read_config(folder: Path, channels: Mapping[str, ChannelType] | None = None) -> Config:
    """Read and check all files. `channels` are the installed ones unless given.

    Raises:
        ConfigError: with every problem of every file.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        raise ConfigError(
            folder, (Problem(str(folder), "", "is not a folder", "Set DISPATCHER_CONFIG to the folder to read."),)
        )
    strays = list(_strays(folder))
    pages = {file: read_page(folder, file) for file in _FILES if (folder / file).exists()}
    missing = [
        Problem(file, "", f"is missing from {folder}", "Copy the one that ships with the product and adapt it.")
        for file in _FILES
        if file not in pages and file not in _MAY_BE_MISSING
    ]
    scripts = {
        path.stem: read_page(folder, f"playbooks/{path.name}") for path in sorted((folder / "playbooks").glob("*.yaml"))
    }
    config, names = _assemble({file: pages.get(file, Page(file)) for file in _FILES}, scripts, folder)
    if not scripts:
        missing.append(Problem("playbooks/", "", "holds no playbook", "Add at least one, for example generic.yaml."))
    read = [*pages.values(), *scripts.values()]
    check_config(config, names, {page.file: page for page in read}, channel_types() if channels is None else channels)
    problems = (*strays, *missing, *(problem for page in read for problem in page.problems))
    if problems:
        raise ConfigError(folder, problems)
    return config


def _strays(folder: Path) -> Iterator[Problem]:
    """Files that look as if they were read and are not: a misspelt name must not be silent."""
    for path in sorted([*folder.glob("*.y*ml"), *folder.glob("playbooks/*.yml")]):
        if path.name not in _FILES:
            close = get_close_matches(path.name, _FILES, 1)
            wanted = f"playbooks/{path.stem}.yaml" if path.parent.name == "playbooks" else "".join(close)
            remedy = f"Did you mean {wanted}?" if wanted else "Remove it, or move a playbook into playbooks/."
            yield Problem(str(path.relative_to(folder)), "", "nothing reads a file of this name", remedy)


def _assemble(
    pages: Mapping[str, Page], scripts: Mapping[str, Page], folder: Path
) -> tuple[Config, Mapping[str, frozenset[str]]]:
    """What is valid as a Config, and all names that are given, valid or not, so that one mistake is told once."""
    places = pages["audiences.yaml"]
    rules = pages["rules.yaml"]
    _known_keys(places, ("audiences", "destinations"))
    _known_keys(rules, ("rules",))
    config = Config(
        company=_one(pages["company.yaml"], (), Company) or Company(name="?"),
        vendors={
            name: _anchored_feed(vendor, folder)
            for name, vendor in _named(pages["vendors.yaml"], (), Vendor, Feed, Reference).items()
        },
        routes={
            name: _anchored(route, folder)
            for name, route in _named(pages["routes.yaml"], (), Route, Price, BreakerRule, Pace).items()
        },
        audiences=_named(places, ("audiences",), Audience),
        destinations=_named(places, ("destinations",), Destination),
        policies=_one(pages["policies.yaml"], (), Policies, Policy) or Policies(),
        rules=_listed(rules, "rules"),
        playbooks={
            name: playbook
            for name, page in scripts.items()
            if _is_name(page, (), name) and (playbook := _one(page, (), Playbook, Leg, CostCap))
        },
    )
    names = {
        "vendor": frozenset(pages["vendors.yaml"].data),
        "audience": frozenset(places.at(("audiences",)) or ()),
        "destination": frozenset(places.at(("destinations",)) or ()),
        "playbook": frozenset(scripts),
    }
    return config, names


def _anchored(route: Route, folder: Path) -> Route:
    """File references are meant from the folder they are written in, wherever a process was started."""
    settings = {
        key: {**value, "file": str(folder / Path(value["file"]).expanduser())}
        if isinstance(value, dict) and isinstance(value.get("file"), str)
        else value
        for key, value in route.settings.items()
    }
    return route.model_copy(update={"settings": settings})


def _anchored_feed(vendor: Vendor, folder: Path) -> Vendor:
    if vendor.feed is None or vendor.feed.token is None or vendor.feed.token.file is None:
        return vendor
    token = vendor.feed.token.model_copy(update={"file": str(folder / Path(vendor.feed.token.file).expanduser())})
    return vendor.model_copy(update={"feed": vendor.feed.model_copy(update={"token": token})})


def _known_keys(page: Page, known: tuple[str, ...]) -> None:
    for key in page.data:
        if key not in known:
            page.refuse((key,), f"unknown key {key!r}", suggest(key, known))
    for key in known:
        if page.data and key not in page.data:
            page.refuse((), f"{key!r} is missing", "Add it.")


def _named(page: Page, place: Place, model: type[Model], *inner: type[BaseModel]) -> dict[str, Model]:
    entries = page.at(place)
    if entries is None:
        return {}
    if not isinstance(entries, dict):
        page.refuse(place, "must be a mapping", "Write lines of the form `name:` with what belongs to it beneath.")
        return {}
    return {
        name: made
        for name in entries
        if _is_name(page, (*place, name), name) and (made := _one(page, (*place, name), model, *inner))
    }


def _listed(page: Page, key: str) -> tuple[Rule, ...]:
    entries = page.at((key,))
    if entries is not None and not isinstance(entries, list):
        page.refuse((key,), "must be a list", "Begin each rule with a dash.")
        return ()
    made = (_one(page, (key, number), Rule) for number in range(len(entries or ())))
    return tuple(rule for rule in made if rule)


def _is_name(page: Page, place: Place, name: str) -> bool:
    try:
        _NAME.validate_python(name)
    except ValidationError:
        page.refuse(place, f"{name!r} cannot be a name", _NAME_FORM)
        return False
    return True


def _one(page: Page, place: Place, model: type[Model], *inner: type[BaseModel]) -> Model | None:
    """One entry, or None with its problems noted. `inner` are the models within it, for guessing misspelt keys."""
    value = page.at(place)
    if not place and not page.data:
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        models: tuple[type[BaseModel], ...] = (model, *inner)
        known = [name for one in models for name in one.model_fields]
        told: set[Place] = set()
        for one in error.errors(include_url=False):
            at = _real_place(page, place, one["loc"], one["type"])
            if at not in told:
                told.add(at)
                page.refuse(at, *_explain(dict(one), at, known))
    return None


def _real_place(page: Page, place: Place, loc: tuple[str | int, ...], kind: str) -> Place:
    """pydantic adds the alternatives of a union to a place; in the file they do not exist."""
    at = place
    for number, part in enumerate(loc):
        if (*at, part) in page.lines or (kind == "missing" and number == len(loc) - 1):
            at = (*at, part)
    return at


def _explain(error: dict[str, Any], at: Place, known: list[str]) -> tuple[str, str]:
    kind, given = error["type"], error.get("input")
    shape = next((_SHAPES[part] for part in reversed(at) if isinstance(part, str) and part in _SHAPES), "")
    if kind == "extra_forbidden":
        key = str(at[-1])
        if key.isdigit():  # of `{message: 0,05}` YAML makes a 0 and a key 05
            return f"{key!r} is no key", "A number has a point, such as 0.05; a comma begins the next entry."
        return f"unknown key {key!r}", suggest(key, known)
    if given is None and kind != "missing":
        return "has no value", shape or "Fill it in, or remove the key."
    if kind in {"enum", "literal_error"} and not shape:
        choices = [word.strip("'") for word in str(error["ctx"]["expected"]).replace(" or ", ", ").split(", ")]
        return f"{given!r} is not one of {', '.join(choices)}", suggest(str(given), choices)
    if kind == "string_pattern_mismatch" and at[-1] == "url":
        return "is not an address that can be read", "Write it whole, such as https://status.example.com/feed."
    if kind == "string_pattern_mismatch" and at[-1] == "currency":
        return f"{given!r} is no currency", shape
    if kind == "string_pattern_mismatch":
        locale = {"locales", "locale", "facts"} & {str(part) for part in at}
        return f"{given!r} has a form that is not allowed here", _LOCALE_FORM if locale else _NAME_FORM
    what, remedy = _SAYINGS.get(kind, (str(error["msg"]).removeprefix("Value error, "), ""))
    return what, shape or remedy
