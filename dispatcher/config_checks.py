"""What must hold between the files of `config/`: every name that is used is defined. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from phonenumbers import SUPPORTED_REGIONS
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from channels.contract import Kind
from channels.registry import ChannelType
from dispatcher.config_costs import check_cost_cap
from dispatcher.config_yaml import Page, Place
from dispatcher.model.config import Config, Feed, FeedKind, Playbook, Reference, Route

#: What is said in this language holds wherever another language has nothing.
_FALLBACK = "en"


def check_config(
    config: Config,
    names: Mapping[str, frozenset[str]],
    pages: Mapping[str, Page],
    channels: Mapping[str, ChannelType],
) -> None:
    """Note on each page what does not fit together. `names` are all names given, by what they name."""

    def use(page: Page, place: Place, what: str, used: Iterable[str]) -> None:
        for number, name in enumerate(used):
            at = (*place, number) if (*place, number) in page.lines else place
            if name not in names[what]:
                page.refuse(at, f"unknown {what} {name!r}", suggest(name, names[what]))

    if (page := pages.get("company.yaml")) and page.data:
        _check_company(config, page)
    for name, vendor in config.vendors.items():
        use(pages["vendors.yaml"], (name, "rides_on"), "vendor", vendor.rides_on)
        _check_circle(config, name, pages["vendors.yaml"])
        _check_mail(config, name, pages["vendors.yaml"])
        if vendor.feed is not None:
            _check_feed(vendor.feed, pages["vendors.yaml"], (name, "feed"))
    for name, route in config.routes.items():
        use(pages["routes.yaml"], (name, "depends_on"), "vendor", route.depends_on)
        _check_route(name, route, pages["routes.yaml"], channels)
    if page := pages.get("audiences.yaml"):
        for name, audience in config.audiences.items():
            use(page, ("audiences", name, "destinations"), "destination", audience.destinations)
        for name, destination in config.destinations.items():
            _check_locale(page, ("destinations", name, "locale"), destination.locale)
    for name, playbook in config.playbooks.items():
        page = pages[f"playbooks/{name}.yaml"]
        use(page, ("vendors",), "vendor", playbook.vendors)
        use(page, ("audience",), "audience", [playbook.audience])
        _check_playbook(playbook, page)
        check_cost_cap(playbook, config.routes, page, channels)
    if page := pages.get("rules.yaml"):
        numbers = {
            entry.get("name"): at for at, entry in enumerate(page.at(("rules",)) or ()) if isinstance(entry, dict)
        }
        for rule in config.rules:
            at = ("rules", numbers[rule.name])
            use(page, (*at, "playbook"), "playbook", [rule.playbook])
            use(page, (*at, "vendors"), "vendor", rule.vendors)
            use(page, (*at, "audience"), "audience", [rule.audience] if rule.audience else [])
        for name, count in Counter(rule.name for rule in config.rules).items():
            if count > 1:
                page.refuse(("rules", numbers[name]), f"{count} rules are called {name!r}", "Give each its own name.")


def _check_circle(config: Config, name: str, page: Page) -> None:
    """What rides on what has a bottom. A name that is not defined is refused elsewhere."""
    for number, under in enumerate(config.vendors[name].rides_on):
        found = [under]
        for one in found:
            beneath = config.vendors[one].rides_on if one in config.vendors else ()
            found += [more for more in beneath if more not in found]
        if name in found:
            said = "rides on itself" if under == name else f"rides on {under!r}, which rides on {name!r} in turn"
            remedy = "Remove one of them, so that no circle is left."
            page.refuse((name, "rides_on", number), f"{name!r} {said}", remedy)


def _check_mail(config: Config, name: str, page: Page) -> None:
    """A mailbox is at one vendor."""
    for key in ("hosts_mail_of", "mx"):
        for number, domain in enumerate(getattr(config.vendors[name], key)):
            other = next(one for one, vendor in config.vendors.items() if domain in getattr(vendor, key))
            if other != name:
                page.refuse((name, key, number), f"{domain!r} stands under {other!r} too", "Leave it with one of them.")


def _check_feed(feed: Feed, page: Page, at: Place) -> None:
    try:
        parts = urlsplit(feed.url)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.username:
        page.refuse((*at, "url"), "is not an address", "Write it whole, such as https://status.example.com/feed.")
    elif parts.scheme != "https" and host not in {"127.0.0.1", "localhost", "::1"}:
        page.refuse((*at, "url"), "would be read without encryption", "Begin it with https://.")
    if feed.token is not None:
        if (feed.token.env is None) == (feed.token.file is None):
            page.refuse((*at, "token"), "this is not a reference", "Write {env: NAME} or {file: PATH}.")
        if feed.token.default is not None:
            page.refuse((*at, "token", "default"), "a secret may not have a default written here", "Remove it.")
    elif feed.kind is FeedKind.MICROSOFT_GRAPH:
        page.refuse(at, "Microsoft Graph needs a token", "Add token: {env: NAME} or {file: PATH}.")


def suggest(given: str, known: Iterable[str]) -> str:
    """A sentence that helps with a name that is not known."""
    known = sorted(known)
    if close := get_close_matches(given, known, 1):
        return f"Did you mean {close[0]!r}?"
    return f"Known are: {', '.join(known)}." if known else "None is defined yet."


def is_secret(info: FieldInfo) -> bool:
    """Whether a setting of a channel is a secret."""
    return info.annotation is SecretStr or SecretStr in get_args(info.annotation)


def _check_company(config: Config, page: Page) -> None:
    company = config.company
    try:
        ZoneInfo(company.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        page.refuse(("timezone",), f"unknown time zone {company.timezone!r}", "Write one such as Europe/Berlin or UTC.")
    if company.phone_region not in SUPPORTED_REGIONS:
        page.refuse(
            ("phone_region",),
            f"unknown region {company.phone_region!r}",
            "Write a country as two capitals: US, DE, GB.",
        )


def _check_route(name: str, route: Route, page: Page, channels: Mapping[str, ChannelType]) -> None:
    channel = channels.get(route.channel)
    if channel is None:
        page.refuse((name, "channel"), f"unknown channel {route.channel!r}", suggest(route.channel, channels))
        return
    fields = channel.settings.model_fields
    for key, value in route.settings.items():
        at = (name, "settings", key)
        if key not in fields:
            page.refuse(at, f"{route.channel} has no setting {key!r}", suggest(key, fields))
        elif isinstance(value, dict):
            _check_reference(value, fields[key], page, at)
        elif is_secret(fields[key]):
            page.refuse(
                at, f"{key} is a secret and may not be written here", "Refer to it: {env: NAME} or {file: PATH}."
            )
    for key, info in fields.items():
        if info.is_required() and key not in route.settings:
            remedy = "Add {env: NAME}." if is_secret(info) else "Add it, or {env: NAME}."
            page.refuse((name, "settings"), f"{route.channel} needs the setting {key!r}", remedy)


def _check_reference(value: Mapping[str, Any], info: FieldInfo, page: Page, at: Place) -> None:
    try:
        reference = Reference.model_validate(value)
    except ValidationError:
        reference = Reference()
    if (reference.env is None) == (reference.file is None):
        page.refuse(
            at, "this is not a reference", "Write {env: NAME} or {file: PATH}, with `default:` if it may be missing."
        )
    elif info.is_required() and "default" in reference.model_fields_set and reference.default is None:
        page.refuse(at, "this setting cannot be left out", "Remove `default: null`.")
    elif is_secret(info) and reference.default is not None:
        page.refuse(
            (*at, "default"), "a secret may not have a default written here", "Remove it, or write `default: null`."
        )


def _check_playbook(playbook: Playbook, page: Page) -> None:
    for number, leg in enumerate(playbook.legs):
        at = ("legs", number, "kinds")
        if set(leg.kinds) == {Kind.EMAIL}:
            page.refuse(
                at, f"leg {leg.name!r} would reach people by mail alone", "Put another kind before email: sms or inapp."
            )
        elif len(set(leg.kinds)) < len(leg.kinds):
            page.refuse(at, f"leg {leg.name!r} names a kind twice", "Name each kind once, in the order to try them.")
    for name, count in Counter(leg.name for leg in playbook.legs).items():
        if count > 1:
            page.refuse(("legs",), f"{count} legs are called {name!r}", "Give each its own name.")
    for number, locale in enumerate(playbook.locales):
        _check_locale(page, ("locales", number), locale)
    for fact, said in playbook.facts.items():
        if isinstance(said, dict) and _FALLBACK not in said:
            page.refuse(("facts", fact), "has no English text", "Add `en:`; other languages fall back to it.")


def _check_locale(page: Page, place: Place, locale: str) -> None:
    try:
        BabelLocale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        page.refuse(place, f"unknown language {locale!r}", "Write a language such as de, or with a country: pt-BR.")
