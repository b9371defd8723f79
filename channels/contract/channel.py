"""The one interface behind which every provider stands, and the abilities it may have beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from channels.contract.envelope import Envelope, Measure, Words
from channels.contract.kinds import Capabilities
from channels.contract.outcome import Fault, Outcome
from channels.contract.receipt import Callback, Heard, Receipt


@runtime_checkable
class Channel(Protocol):
    """Speaks to one provider with one account.

    An instance belongs to one event loop and serves any number of concurrent sends. It never sleeps, retries, renders,
    logs a secret or an address, or changes its settings.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    def measure(self, words: Words) -> Measure:
        """How long these words are as this provider counts. Pure."""
        ...

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        """Make at most one delivering request and answer within about `timeout` seconds.

        Raises nothing for anything a provider or a network can do; cancellation passes through.
        """
        ...

    async def aclose(self) -> None:
        """Give back what is held open. Safe to call twice."""
        ...


@runtime_checkable
class HearsReceipts(Protocol):
    """For providers that call back over HTTP; who has it declares `hears_receipts`, or `hears_failures`."""

    def hear(self, callback: Callback) -> Heard:
        """Verify, then read. Pure and quick: it is called on the web process' event loop.

        `callback.token` is "" when the provider called the route's own address instead of that of one attempt: what
        people write or press, and receipts that tell their attempt in some other way.

        Raises:
            Forged: the signature is missing, wrong or stale.
            Unreadable: the content is not of the documented form.
        """
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """The provider has the message. `receipt` tells its fate when the provider said that too."""

    ref: str
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """The provider was asked and has no such message (yet)."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The provider could not be asked, or its answer does not decide it."""

    fault: Fault


LookUp = Found | Absent | CannotTell


@runtime_checkable
class CanBeAsked(Protocol):
    """Declared by `Repeat.LOOKUP` (others may have it too): can be asked what it has."""

    async def look_up(self, envelope: Envelope, *, timeout: float) -> LookUp:
        """Ask whether the provider has the message of this very attempt. Delivers nothing. Raises nothing, as `send`.

        The envelope is equal to the one that was handed to `send`, `started_at` included.
        """
        ...


@runtime_checkable
class CanAmend(Protocol):
    """Declared by `Capabilities.amends`: what was sent can be changed afterwards, without telling anybody anew."""

    async def amend(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        """Make the message with this reference say what the envelope says. Harmless when repeated.

        Raises nothing, as `send`. `Rejected` when the message is gone or may not be changed any more.
        """
        ...


@runtime_checkable
class CanRetract(Protocol):
    """Declared by `Capabilities.retracts`: what was sent can be taken back."""

    async def retract(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        """Take back the message with this reference, once sent to the envelope's address. Harmless when repeated.

        Raises nothing, as `send`. A message that is not there any more is `Accepted` as a duplicate.
        """
        ...


@dataclass(frozen=True, slots=True)
class Probed:
    """The provider accepts the account. `account` is what it calls it, for people, without secrets or addresses."""

    account: str


@runtime_checkable
class CanProbe(Protocol):
    """Declared by `Capabilities.probes`: the account can be tried without telling anybody anything."""

    async def probe(self, *, timeout: float) -> Probed | Fault:
        """Make a harmless call with the account's credentials, within about `timeout` seconds.

        Delivers nothing and changes nothing at the provider. The fault says why messages would not go either. Raises
        nothing, as `send`.
        """
        ...


@runtime_checkable
class CanWarm(Protocol):
    """For channels whose first send would otherwise wait for something that takes long, such as a library to load."""

    async def warm(self) -> None:
        """Do it now, off the event loop; called by processes that send. Sends nothing. May fail with anything."""
        ...


@runtime_checkable
class CanEnrol(Protocol):
    """Declared by `Capabilities.enrols`: its addresses are made on a person's device, which asks us first."""

    def invitation(self) -> Mapping[str, str]:
        """What the device needs to know of this account. Public. Pure."""
        ...

    def enrol(self, told: Mapping[str, Any]) -> str:
        """The address that `Envelope.to` will hold, from what the device made. Pure.

        Raises:
            Unreadable: it is not of the documented form, or leads where this channel never sends.
        """
        ...
