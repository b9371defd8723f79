"""What a service of apprise needs, and what the channel can do."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, SecretStr

from channels.chat.apprise.services import SERVICES, Service
from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.CHAT,
    repeat=Repeat.BLIND,  # apprise says that it went well, and nothing by which a message could be found again
    one_place=True,
)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def service_of(address: SecretStr) -> Service:
    """The service that an address in the settings is of."""
    return SERVICES[address.get_secret_value().partition("://")[0].lower()]


def _service_url(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    scheme, separator, _ = address.partition("://")
    if not separator or scheme.lower() not in SERVICES:
        raise ValueError(f"must begin with one of {', '.join(f'{name}://' for name in SERVICES)}")
    service = service_of(value)
    parts = urlsplit(address)
    if service.plain and not _is_loopback(parts.hostname or ""):
        raise ValueError(f"must begin with {scheme}s:// unless it leads to this machine")
    for pair in filter(None, parts.query.split("&")):
        name = unquote(pair.partition("=")[0])
        if name not in service.options and not (service.headers and name.startswith("+")):
            allowed = ", ".join(sorted(service.options)) or "none"
            raise ValueError(f"holds an option after the ? that is not allowed here; allowed for {scheme}: {allowed}")
    from channels.chat.apprise.library import Unusable, Writer  # slow to import, and only now it is sure to be used

    try:
        Writer(address)
    except Unusable as unusable:
        raise ValueError(str(unusable)) from None
    return value


class AppriseSettings(AccountSettings):
    """One address of apprise, for one place."""

    service_url: Annotated[SecretStr, AfterValidator(_service_url)] = Field(
        description="The address in apprise's form, such as discord://webhook-id/webhook-token."
    )
    channel: str = Field(
        # Not to be taken for an id of Slack's, which stands in the same place in destinations.
        pattern=r"^[a-z]+:\S.*$",
        max_length=200,
        description="Your name for where it posts, such as discord:customers: the `to` of the destination it serves.",
    )
    base_url: BaseUrl | None = Field(
        default=None, description="For tests and simulators: what is called in place of the service's own host."
    )
