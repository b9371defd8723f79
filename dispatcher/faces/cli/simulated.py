"""The environment in which every route speaks to the simulator, and the proof that none speaks to anybody else."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from channels.contract import Kind
from channels.simulator import Accounts, Addresses, Provider
from dispatcher.faces.cli.errors import Stop
from dispatcher.settings import MissingSecret, WrongSetting, resolve_route_settings
from dispatcher.wiring import Installation

#: Set while everything is simulated; pages and commands say so.
MARK = "DISPATCHER_SIMULATED"


#: Variables of `config/routes.yaml` -> the simulator's account they stand for.
_ACCOUNTS = {
    "TWILIO_ACCOUNT_SID": "twilio_account_sid",
    "TWILIO_AUTH_TOKEN": "twilio_auth_token",
    "TWILIO_MESSAGING_SERVICE_SID": "twilio_messaging_service_sid",
    "TELNYX_API_KEY": "telnyx_api_key",
    "TELNYX_MESSAGING_PROFILE_ID": "telnyx_messaging_profile_id",
    "SLACK_BOT_TOKEN": "slack_bot_token",
    "SLACK_SIGNING_SECRET": "slack_signing_secret",
    "SLACK_WEBHOOK_URL": "slack_webhook_url",
    "TEAMS_WEBHOOK_URL": "teams_webhook_url",
    "X_CONSUMER_KEY": "x_consumer_key",
    "X_CONSUMER_SECRET": "x_consumer_secret",
    "X_ACCESS_TOKEN": "x_access_token",
    "X_ACCESS_TOKEN_SECRET": "x_access_token_secret",
    "MASTODON_ACCESS_TOKEN": "mastodon_access_token",
    "BLUESKY_IDENTIFIER": "bluesky_handle",
    "BLUESKY_APP_PASSWORD": "bluesky_app_password",
    "SMTP_BOUNCE_SECRET": "smtp_bounce_secret",
    "PUSH_VAPID_PRIVATE_KEY": "push_vapid_private_key",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a channel is pointed at the simulator: settings -> attributes of `Addresses`, and -> variables."""

    provider: Provider
    places: Mapping[str, str]
    accounts: Mapping[str, str]


_BASE = "base_url"
#: The channels that the simulator speaks.
SPOKEN = {
    "sms/twilio": Spoken(
        "twilio",
        {_BASE: "twilio_base"},
        {
            "account_sid": "TWILIO_ACCOUNT_SID",
            "auth_token": "TWILIO_AUTH_TOKEN",
            "messaging_service_sid": "TWILIO_MESSAGING_SERVICE_SID",
        },
    ),
    "sms/telnyx": Spoken(
        "telnyx",
        {_BASE: "telnyx_base"},
        {
            "api_key": "TELNYX_API_KEY",
            "public_key": "TELNYX_PUBLIC_KEY",
            "messaging_profile_id": "TELNYX_MESSAGING_PROFILE_ID",
        },
    ),
    "chat/slack": Spoken(
        "slack",
        {_BASE: "slack_base"},
        {"bot_token": "SLACK_BOT_TOKEN", "signing_secret": "SLACK_SIGNING_SECRET"},
    ),
    "chat/slack-webhook": Spoken("slack", {_BASE: "slack_webhook_base"}, {"webhook_url": "SLACK_WEBHOOK_URL"}),
    "chat/teams": Spoken("teams", {_BASE: "teams_base"}, {"webhook_url": "TEAMS_WEBHOOK_URL"}),
    "social/x": Spoken(
        "x",
        {_BASE: "x_base"},
        {
            "consumer_key": "X_CONSUMER_KEY",
            "consumer_secret": "X_CONSUMER_SECRET",
            "access_token": "X_ACCESS_TOKEN",
            "access_token_secret": "X_ACCESS_TOKEN_SECRET",
        },
    ),
    "social/mastodon": Spoken("mastodon", {_BASE: "mastodon_base"}, {"access_token": "MASTODON_ACCESS_TOKEN"}),
    "social/bluesky": Spoken(
        "bluesky",
        {_BASE: "bluesky_base"},
        {"identifier": "BLUESKY_IDENTIFIER", "app_password": "BLUESKY_APP_PASSWORD"},
    ),
    "push/web": Spoken(
        "push",
        {_BASE: "push_base"},
        {
            "vapid_private_key": "PUSH_VAPID_PRIVATE_KEY",
            "vapid_subject": "PUSH_VAPID_SUBJECT",
            "open_url": "PUSH_OPEN_URL",
        },
    ),
    "email/smtp": Spoken(
        "smtp",
        {"host": "smtp_host", "port": "smtp_port"},
        {"from_address": "SMTP_FROM", "return_path": "SMTP_RETURN_PATH", "bounce_secret": "SMTP_BOUNCE_SECRET"},
    ),
}
#: What the simulated providers carry: the first part of a channel's name is its kind.
CARRIES: dict[str, Kind] = {spoken.provider: Kind(channel.partition("/")[0]) for channel, spoken in SPOKEN.items()}


def credentials(accounts: Accounts) -> dict[str, str]:
    """The simulator's accounts under the names of `config/routes.yaml`."""
    known = {name: getattr(accounts, account) for name, account in _ACCOUNTS.items()}
    return known | {
        "TELNYX_PUBLIC_KEY": accounts.telnyx_public_key,
        "SMTP_FROM": "updates@northwind.example",
        "SMTP_RETURN_PATH": "bounce+{token}@bounces.northwind.example",
        "PUSH_VAPID_SUBJECT": "mailto:ops@northwind.example",
        "PUSH_OPEN_URL": "https://northwind.example/status",
    }


def accounts_from(environ: Mapping[str, str]) -> Accounts:
    """The accounts that `credentials` named, and new ones for whatever is missing."""
    given = {account: environ[name] for name, account in _ACCOUNTS.items() if environ.get(name)}
    return replace(Accounts.generate(), **given)


def places(addresses: Addresses) -> dict[str, str]:
    """Where the simulator listens, under the names of `config/routes.yaml`."""
    return {
        "TWILIO_BASE_URL": addresses.twilio_base,
        "TELNYX_BASE_URL": addresses.telnyx_base,
        "SLACK_BASE_URL": addresses.slack_base,
        "SLACK_WEBHOOK_BASE_URL": addresses.slack_webhook_base,
        "TEAMS_BASE_URL": addresses.teams_base,
        "X_BASE_URL": addresses.x_base,
        "MASTODON_BASE_URL": addresses.mastodon_base,
        "BLUESKY_BASE_URL": addresses.bluesky_base,
        "PUSH_BASE_URL": addresses.push_base,
        "SMTP_HOST": addresses.smtp_host,
        "SMTP_PORT": str(addresses.smtp_port),
        "SMTP_SECURITY": "none",
    }


#: Set for real routes only; a value left over from the shell must not leak into a simulated run.
FORGOTTEN = ("TWILIO_FROM_NUMBER", "TELNYX_FROM_NUMBER", "TELNYX_SECOND_PUBLIC_KEY", "SMTP_USERNAME", "SMTP_PASSWORD")


#: The settings that say where a channel speaks to.
_PLACES = frozenset({"base_url", "host"})


def require_all_simulated(here: Installation) -> None:
    """Refuse to go on when any route would speak to somebody outside this machine.

    Raises:
        Stop: names the route and the address.
    """
    for name, route in here.config.routes.items():
        if not route.enabled:
            continue
        try:
            settings = resolve_route_settings(name, route, here.settings.environ)
        except (MissingSecret, WrongSetting):
            continue  # it cannot speak at all
        if type(settings).model_fields and not _PLACES & type(settings).model_fields.keys():
            raise Stop(
                f"route {name!r} ({route.channel}) cannot be pointed at the simulator; a simulated run needs "
                "enabled: false for it in config/routes.yaml"
            )
        for part in sorted(_PLACES):
            # A webhook has a base only when it is told one; without it, it calls the provider.
            address = str(getattr(settings, part, "") or ("its provider" if hasattr(settings, part) else ""))
            host = urlsplit(address).hostname if "://" in address else address
            if host and not is_loopback(address):
                raise Stop(
                    f"route {name!r} would really send to {host}; a simulated run needs {part}: {{env: …}} in "
                    "config/routes.yaml, as shipped, so that it can be pointed at the simulator"
                )


def is_loopback(address: str) -> bool:
    """Whether an address, or the name of a host, leads to this machine."""
    host = (urlsplit(address).hostname or "") if "://" in address else address
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
