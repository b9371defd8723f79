"""What sending web push needs, and what the channel can do."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.PUSH,
    # `Topic` replaces what still waits for a device that is off. One that is on has shown the first by then, and rings
    # again for the second; no push service can be asked.
    repeat=Repeat.BLIND,
    hears_receipts=True,  # from the service worker, over the host's own HTTP face
    expires_at_provider=True,  # TTL
    limits_destinations=True,  # so many messages a minute for one device
    enrols=True,
)

_LONGEST_LINK = 300


def _vapid_key(value: SecretStr) -> SecretStr:
    from channels.push.web.keys import public_key  # only who has a key needs the library

    try:
        public_key(value.get_secret_value())
    except ValueError as error:
        raise ValueError(str(error)) from None
    return value


def _subject(value: str) -> str:
    local, at, domain = value.removeprefix("mailto:").partition("@")
    if value.startswith("mailto:") and local and at and domain:
        return value
    return _page(value)


def _page(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username or not value.isprintable() or " " in value:
        raise ValueError("must be an address that begins with https://")
    if len(value) > _LONGEST_LINK:
        raise ValueError(f"must have at most {_LONGEST_LINK} characters")
    return value


def _hosts(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _host(value: str) -> str:
    name = value.lower().removeprefix("*.")
    labels = name.split(".")
    plain = all(label and label.replace("-", "a").isalnum() and label.isascii() for label in labels)
    if not plain or len(labels) < 2 or labels[-1].isdigit():
        raise ValueError("must be names of hosts such as push.example.com or *.push.example.com")
    return value.lower()


class WebPushSettings(AccountSettings):
    """One pair of keys by which browsers' push services know us (VAPID). Another pair means other subscriptions."""

    vapid_private_key: Annotated[SecretStr, AfterValidator(_vapid_key)] = Field(
        description="The private key: a number on the curve P-256 in base64url, or a PEM file's content."
    )
    vapid_subject: Annotated[str, AfterValidator(_subject)] = Field(
        description="Whom a push service writes to in case of trouble: mailto:ops@example.com, or an https address."
    )
    open_url: Annotated[str, AfterValidator(_page)] = Field(
        description="The page that opening a notification leads to."
    )
    extra_hosts: Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], BeforeValidator(_hosts)] = Field(
        default=(),
        description="Hosts of further push services, separated by commas; those of Google, Mozilla, Apple and "
        "Microsoft are known.",
    )
    base_url: BaseUrl | None = Field(
        default=None,
        description="Where all push services are reached together: for tests and for the simulator.",
    )
