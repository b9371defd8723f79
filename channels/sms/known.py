"""What a provider's error code means: the same codes answer a request and come with a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from channels.contract import Blame, Deferred, Fault, Rejected, Uncertain


class Settles(Enum):
    """What a code says about the request that it answers."""

    REFUSED = "not created, and the same request will be refused again"
    LATER = "not created, and may be when asked again"
    NOTHING = "may have been created"


@dataclass(frozen=True, slots=True)
class Known:
    """One code. `settles` matters only where it answers a request; `reason` is a sentence for people."""

    settles: Settles
    blame: Blame
    code: str
    reason: str
    opt_out: bool = False
    route_wide: bool = False

    def fault(self, provider_code: int | str) -> Fault:
        """This code as a fault."""
        return Fault(self.blame, self.code, self.reason, str(provider_code), self.opt_out)

    def outcome(self, provider_code: int | str, *, wait: float | None) -> Rejected | Deferred | Uncertain:
        """This code as the answer to a request. `wait` is how long the provider asked to wait, if it did."""
        fault = self.fault(provider_code)
        match self.settles:
            case Settles.REFUSED:
                return Rejected(fault)
            case Settles.LATER:
                return Deferred(fault, wait=wait, route_wide=self.route_wide)
            case Settles.NOTHING:
                return Uncertain(fault)


def recipient(code: str, reason: str, *, opt_out: bool = False) -> Known:
    """The person cannot be reached this way."""
    return Known(Settles.REFUSED, Blame.RECIPIENT, code, reason, opt_out=opt_out)


def message(code: str, reason: str) -> Known:
    """The words cannot be sent this way."""
    return Known(Settles.REFUSED, Blame.MESSAGE, code, reason)


def account(code: str, reason: str) -> Known:
    """Our account or its sender may not."""
    return Known(Settles.REFUSED, Blame.ACCOUNT, code, reason)


def later(code: str, reason: str, *, blame: Blame = Blame.PROVIDER, route_wide: bool = False) -> Known:
    """Not now."""
    return Known(Settles.LATER, blame, code, reason, route_wide=route_wide)


def undecided(code: str, reason: str, *, blame: Blame = Blame.PROVIDER) -> Known:
    """The provider does not say whether it took the message."""
    return Known(Settles.NOTHING, blame, code, reason)
