"""Webhooks: an address that is itself the secret, and that writes to one place only."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from channels.contract import Blame, Fault, Rejected

_WHOLE = re.compile(r"[!-~]+")


def _webhook_url(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    if not _WHOLE.fullmatch(address):
        raise ValueError("must be an address as it is shown, without spaces and with other letters percent-encoded")
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("must be the whole address of the webhook, https://…")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must be https: who reads the address on its way can post as you")
    if parts.fragment or parts.username or parts.password:
        raise ValueError("must hold neither credentials nor a fragment")
    return value


def is_loopback(host: str) -> bool:
    """Whether this host is this very machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


#: A webhook's address. Plain http is for this machine only: tests, the simulator, a bridge beside the dispatcher.
WebhookUrl = Annotated[SecretStr, AfterValidator(_webhook_url)]


def elsewhere(to: str, place: str) -> Rejected | None:
    """The refusal of a message for another place than the one that a webhook writes to; None when it is this one.

    Without it a webhook would answer for every address of its kind, and tell one place what was meant for another.
    """
    if to == place:
        return None
    return Rejected(Fault(Blame.RECIPIENT, "wrong-address", "This route writes to one other place only."))
