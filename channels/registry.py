"""Name -> adapter, by entry point, so that anybody can ship a channel without changing a line here.

A package announces a channel under the entry point group `outage_dispatcher.channels`:

    [project.entry-points."outage_dispatcher.channels"]
    "sms/twilio" = "channels.sms.twilio:CHANNEL"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel

from channels.contract import Capabilities, Channel, Measure, Words

if TYPE_CHECKING:
    import aiohttp

GROUP = "outage_dispatcher.channels"


class Inbox(Protocol):
    """Where in-app messages are kept until the person has seen them; the host provides it."""

    async def put(
        self,
        *,
        user: str,
        key: str,
        token: str,
        subject: str,
        text: str,
        useful_for: float,
        thread: str,
        notable: bool,
    ) -> int:
        """Store once per `key` and answer its number; a second call with the same `key` answers the same number.

        Of one `thread` the newest message is what holds; what is not `notable` need not interrupt anybody.
        """
        ...


@dataclass(frozen=True, slots=True)
class Resources:
    """What the host lends to every channel it builds: one pooled HTTP session, and the in-app inbox."""

    http: aiohttp.ClientSession
    inbox: Inbox


@dataclass(frozen=True, slots=True)
class ChannelType:
    """An adapter as the registry knows it, before any account is configured.

    Attributes:
        name: `<kind>/<provider>`, as written under `channel:` in `config/routes.yaml`.
        capabilities: What every instance can do.
        settings: The account's settings; secrets are `pydantic.SecretStr`. Its field descriptions become help texts.
        build: Makes an instance. Called on the running event loop that will use it.
        measure: How long some words are as this provider counts, with an account's settings or, given None, with the
            defaults. Pure.
        hears: Whether anything is heard of messages with an account's settings, for a channel of which that depends on
            them. None when it does not: `Capabilities.hears_receipts` says it all.
    """

    name: str
    capabilities: Capabilities
    settings: type[BaseModel]
    build: Callable[[Any, Resources], Channel]
    measure: Callable[[Words, Any], Measure]
    hears: Callable[[Any], bool] | None = None


class UnknownChannel(LookupError):
    """No installed package announces this channel. The message lists those that are there."""


@cache
def channel_types() -> Mapping[str, ChannelType]:
    """All installed channels by name."""
    return {point.name: point.load() for point in entry_points(group=GROUP)}


def channel_type(name: str) -> ChannelType:
    """The channel of this name.

    Raises:
        UnknownChannel: nothing of that name is installed.
    """
    try:
        return channel_types()[name]
    except KeyError:
        known = ", ".join(sorted(channel_types()))
        raise UnknownChannel(f"unknown channel {name!r}; installed are: {known}") from None
