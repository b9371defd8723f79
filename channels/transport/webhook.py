"""Webhooks: an address that is itself the secret, and that writes to one place only."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr
from yarl import URL

from channels.contract import Blame, Fault, Rejected

_WHOLE = re.compile(r"[!-~]+")


def _webhook_url(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    if not _WHOLE.fullmatch(address):
        raise ValueError("must be an address as it is shown, without spaces and with other letters percent-encoded")
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("must be the whole address, https://…; who reads it on its way can post as you")
    if parts.fragment or parts.username or parts.password:
        raise ValueError("must hold neither credentials nor a fragment")
    return value


#: A webhook's whole address.
WebhookUrl = Annotated[SecretStr, AfterValidator(_webhook_url)]


def called(address: str, base_url: str | None) -> URL:
    """What to call for an address: that, letter by letter, or its path and query at another base when one is given."""
    meant = URL(address, encoded=True)
    return meant if base_url is None else URL(base_url + meant.raw_path_qs, encoded=True)


def elsewhere(to: str, place: str) -> Rejected | None:
    """The refusal of a message for another place than the one that a webhook writes to; None when it is this one.

    Without it a webhook would answer for every address of its kind, and tell one place what was meant for another.
    """
    if to == place:
        return None
    said = "This route writes to one place only, the one that its `channel` names, and this is another."
    return Rejected(Fault(Blame.RECIPIENT, "wrong-address", said))
