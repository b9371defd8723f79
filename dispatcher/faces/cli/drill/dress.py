"""An installation dressed for a drill: the same routes, playbooks and audiences, on simulated providers, marked. Pure,
apart from writing the folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from channels.contract import Kind
from channels.simulator import Addresses, Provider
from dispatcher.faces.cli.drill.people import mail_domains
from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.simulated import SPOKEN, is_loopback
from dispatcher.model.config import Config, Route
from dispatcher.settings import MissingSecret, WrongSetting, resolve_route_settings
from dispatcher.wiring import Installation

#: The first word of everything that is said, and of everything that is kept.
MARK = "DRILL"
_HEADLINE = "Subject:"


#: Our own inbox speaks to nobody outside.
_INBOX = "inapp/inbox"


@dataclass(frozen=True, slots=True)
class Cut:
    """What a vendor's failure cuts off.

    Attributes:
        vendors: The vendor itself, first, and all that ride on it.
        routes: Every route in use that depends on it.
        in_app: Those of them that are our own inbox: they end with the host of this dispatcher.
        providers: Whom the simulator plays for the others.
        left_out: Routes that cannot take part, each with why.
        unset: Routes that take part and lack settings in this shell.
    """

    vendors: tuple[str, ...]
    routes: tuple[str, ...]
    in_app: tuple[str, ...]
    providers: tuple[Provider, ...]
    left_out: Mapping[str, str]
    unset: tuple[str, ...]


def cut_by(here: Installation, vendor: str) -> Cut:
    """What goes when this vendor goes."""
    config = here.config
    used = {name: route for name, route in config.routes.items() if route.enabled}
    riding = [name for name in config.vendors if vendor in config.all_under([name])]
    left_out = {
        name: f"the simulator does not speak {route.channel}"
        for name, route in used.items()
        if route.channel not in SPOKEN and route.channel != _INBOX
    }
    gone = [name for name, route in used.items() if vendor in config.all_under(route.depends_on)]
    spoken = [SPOKEN[used[name].channel].provider for name in gone if used[name].channel in SPOKEN]
    return Cut(
        vendors=tuple(sorted(riding, key=lambda name: name != vendor)),
        routes=tuple(gone),
        in_app=tuple(name for name in gone if used[name].channel == _INBOX),
        providers=tuple(dict.fromkeys(spoken)),
        left_out=left_out,
        unset=tuple(_unset(here, set(used) - set(left_out))),
    )


def _unset(here: Installation, routes: set[str]) -> Iterator[str]:
    for name in (name for name in here.config.routes if name in routes):
        try:
            resolve_route_settings(name, here.config.routes[name], here.settings.environ)
        except (MissingSecret, WrongSetting):
            yield name


def dressed_routes(config: Config, cut: Cut, *, well: Addresses, cut_off: Addresses, dead: bool) -> dict[str, Any]:
    """`routes.yaml` for a drill: what the vendor carries speaks to one simulator, everything else to another.

    With `dead`, the inbox on the vendor is switched off: the simulator can only fail for others.
    """
    places = _invented_places(config)
    made = {}
    for name, route in config.routes.items():
        plain = route.model_dump(mode="json", exclude_unset=True, exclude={"settings"})
        at = cut_off if name in cut.routes else well
        off = name in cut.left_out or (dead and name in cut.in_app)
        made[name] = plain | {"settings": _settings(route, at, places)} | ({"enabled": False} if off else {})
    return made


def _settings(route: Route, at: Addresses, places: Mapping[str, str]) -> dict[str, Any]:
    # Only what is written out: what is kept elsewhere, secrets above all, stays there.
    kept = {key: value for key, value in route.settings.items() if not isinstance(value, dict)}
    if isinstance(kept.get("channel"), str):
        kept["channel"] = places.get(kept["channel"], kept["channel"])
    spoken = SPOKEN.get(route.channel)
    if spoken is None:
        return dict(route.settings) if route.channel != _INBOX else {}
    listening = asdict(at)
    kept |= {key: listening[part] for key, part in spoken.places.items()}
    kept |= {key: {"env": name} for key, name in spoken.accounts.items()}
    return kept | ({"security": "none"} if spoken.provider == "smtp" else {})


def dressed_audiences(config: Config) -> dict[str, Any]:
    """`audiences.yaml` for a drill: the same audiences, with no shared place under its real address."""
    places = _invented_places(config)
    return {
        "audiences": {name: one.model_dump(mode="json") for name, one in config.audiences.items()},
        "destinations": {
            name: one.model_dump(mode="json") | {"to": places[one.to]} for name, one in config.destinations.items()
        },
    }


def dressed_vendors(config: Config) -> dict[str, Any]:
    """`vendors.yaml` for a drill: who rides on whom, and where the invented mailboxes are. Nobody is asked anything."""
    domains = mail_domains(config.vendors)
    return {
        name: {"title": one.title, "rides_on": list(one.rides_on), "hosts_mail_of": [domains[name]]}
        for name, one in config.vendors.items()
    }


def _invented_places(config: Config) -> dict[str, str]:
    places: dict[str, str] = {}
    for number, one in enumerate(config.destinations.values(), 1):
        prefix, colon, _ = one.to.partition(":")
        is_id = one.kind is Kind.CHAT and re.fullmatch(r"[CG][A-Z0-9]+", one.to)
        places[one.to] = f"CDRILL{number}" if is_id else f"{prefix}:drill-{number}" if colon else f"drill-{number}"
    return places


def marked(source: str) -> str:
    """A template whose words, and whose headline if it has one, begin with the mark."""
    first, newline, rest = source.partition("\n")
    if first.startswith(_HEADLINE):
        headline = f"{_HEADLINE} {MARK} {first.removeprefix(_HEADLINE).strip()}"
        gap, body = rest[: len(rest) - len(rest.lstrip("\n"))], rest.lstrip("\n")
        return f"{headline}{newline}{gap}{MARK} {body}"
    return f"{MARK} {source.lstrip()}"


def write(home: Path, here: Installation, routes: Mapping[str, Any]) -> dict[str, str]:
    """The folders of a drill; answers the variables that name them."""
    config, templates = home / "config", home / "templates"
    real = here.settings.config_dir
    config.mkdir()
    for name in ("company.yaml", "policies.yaml", "rules.yaml"):
        if (real / name).is_file():
            shutil.copyfile(real / name, config / name)
    shutil.copytree(real / "playbooks", config / "playbooks")
    made = {
        "routes.yaml": routes,
        "audiences.yaml": dressed_audiences(here.config),
        "vendors.yaml": dressed_vendors(here.config),
    }
    for name, data in made.items():
        (config / name).write_text(yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True), encoding="utf-8")
    shutil.copytree(here.settings.templates_dir, templates)
    for template in (templates / "messages").glob("*/*/*.j2"):
        template.write_text(marked(template.read_bytes().decode("utf-8-sig")), encoding="utf-8")
    return {"DISPATCHER_CONFIG": str(config), "DISPATCHER_TEMPLATES": str(templates)}


def variables(config: Config) -> Iterator[str]:
    """Every variable that the real routes are set up by: nothing of a drill may see one of them."""
    for route in config.routes.values():
        for value in route.settings.values():
            if isinstance(value, dict) and value.get("env"):
                yield str(value["env"])


def prove(here: Installation) -> None:
    """That every route in use speaks to the simulator, or to nobody, by its settings as they are looked up.

    Raises:
        Stop: names the first that would not.
    """
    for name, route in here.config.routes.items():
        if not route.enabled or route.channel == _INBOX:
            continue
        spoken = SPOKEN.get(route.channel)
        settings = resolve_route_settings(name, route, here.settings.environ)
        places = [getattr(settings, key, None) for key in spoken.places] if spoken else []
        if not places or not is_loopback(str(places[0])):
            raise Stop(
                f"route {name!r} would not speak to the simulator, so there is no drill; this is a fault of ours"
            )
