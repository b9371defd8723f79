"""The four answers to "may I repeat this here?", and blame: "where else may I go?"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Blame(StrEnum):
    """Whose fault it is. A fault of the recipient or of the message is no reason to distrust the route."""

    #: This address cannot be reached this way: unknown, opted out, landline.
    RECIPIENT = "recipient"
    #: These words cannot be sent this way: too long, refused content.
    MESSAGE = "message"
    #: Our account with the provider: credentials, permission, credit, sender registration.
    ACCOUNT = "account"
    #: The provider is failing or asks for less.
    PROVIDER = "provider"
    #: The network between us, before or after the request was read.
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something did not go well.

    `code` is our own stable word (`opted-out`, `rate-limited`, `timeout`), `provider_code` the provider's, and `detail`
    a sentence for people that holds neither secrets nor full addresses. `opt_out` is True when the person said no.
    """

    blame: Blame
    code: str
    detail: str
    provider_code: str = ""
    opt_out: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken it. `ref` is the provider's own name for the message ("" when it gives none).

    `duplicate` says that it had it already.
    """

    ref: str
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Never here: repeating the same on this route can only fail again."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class Deferred:
    """Certainly not sent, and later it may work.

    `wait` is the number of seconds the provider asked for, None when it did not say. `route_wide` means that the whole
    route shall rest that long (a rate limit), which costs the delivery no attempt.
    """

    fault: Fault
    wait: float | None = None
    route_wide: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been sent: a timeout after sending, a reset, an unreadable 2xx, an unexplained 5xx."""

    fault: Fault


Outcome = Accepted | Rejected | Deferred | Uncertain
