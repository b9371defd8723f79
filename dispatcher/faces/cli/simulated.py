"""The environment in which every route speaks to the simulator, and the proof that none speaks to anybody else."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from channels.simulator import Accounts, Addresses
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
        for part in ("base_url", "host"):
            # A webhook has a base only when it is told one; without it, it calls the provider.
            address = str(getattr(settings, part, "") or ("its provider" if hasattr(settings, part) else ""))
            host = urlsplit(address).hostname if "://" in address else address
            if host and not _is_loopback(host):
                raise Stop(
                    f"route {name!r} would really send to {host}; a simulated run needs {part}: {{env: …}} in "
                    "config/routes.yaml, as shipped, so that it can be pointed at the simulator"
                )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
