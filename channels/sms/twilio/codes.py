"""What Twilio's error codes mean to us.

The same codes answer a request and come with a status callback. `settles` matters only for the first: it says whether
the message certainly was not created. A code that is missing here decides nothing; the HTTP status does then.

Sources: twilio.com/docs/api/errors and the entries on single codes there. Twilio warns that codes may change.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from channels.contract import Blame, Fault


class Settles(Enum):
    """What a code says about the request that it answers."""

    REFUSED = "not created, and the same request will be refused again"
    LATER = "not created, and may be when asked again"
    NOTHING = "may have been created"


@dataclass(frozen=True, slots=True)
class Known:
    """One code."""

    settles: Settles
    blame: Blame
    code: str
    reason: str
    opt_out: bool = False
    route_wide: bool = False

    def fault(self, provider_code: int | str) -> Fault:
        """This code as a fault."""
        return Fault(self.blame, self.code, self.reason, str(provider_code), self.opt_out)


def _recipient(code: str, reason: str, *, opt_out: bool = False) -> Known:
    return Known(Settles.REFUSED, Blame.RECIPIENT, code, reason, opt_out=opt_out)


def _message(code: str, reason: str) -> Known:
    return Known(Settles.REFUSED, Blame.MESSAGE, code, reason)


def _account(code: str, reason: str) -> Known:
    return Known(Settles.REFUSED, Blame.ACCOUNT, code, reason)


def _later(code: str, reason: str, *, blame: Blame = Blame.PROVIDER, route_wide: bool = False) -> Known:
    return Known(Settles.LATER, blame, code, reason, route_wide=route_wide)


def _open(code: str, reason: str, *, blame: Blame = Blame.PROVIDER) -> Known:
    return Known(Settles.NOTHING, blame, code, reason)


CODES: dict[int, Known] = {
    # the request
    20003: _account("not-allowed", "Twilio does not accept the account's credentials."),
    20005: _account("account-inactive", "The Twilio account is not active."),
    20404: _account("no-such-service", "Twilio knows no such account or resource."),
    20429: _later("rate-limited", "Too many requests to Twilio at once.", route_wide=True),
    20500: _open("provider-error", "Twilio failed and does not say whether it took the message."),
    20503: _open("provider-error", "Twilio was unavailable and does not say whether it took the message."),
    20504: _open("provider-error", "Twilio timed out and does not say whether it took the message."),
    # the recipient
    21211: _recipient("invalid-number", "Twilio does not take this for a phone number."),
    21217: _recipient("invalid-number", "Twilio does not take this for a phone number."),
    21610: _recipient("opted-out", "The person answered STOP to this sender.", opt_out=True),
    21612: _recipient("unroutable", "Twilio has no way from this sender to this number."),
    21614: _recipient("not-mobile", "This number cannot receive SMS."),
    21635: _recipient("landline", "This number is a landline."),
    30003: _recipient("unreachable", "The phone is off or out of reach."),
    30004: _recipient("blocked", "The number does not accept this message."),
    30005: _recipient("unknown-number", "The carrier does not know this number."),
    30006: _recipient("landline", "This number is a landline or its carrier cannot be reached."),
    # the words
    21602: _message("empty", "The message has no text."),
    21617: _message("too-long", "The message has more than 1600 characters."),
    30007: _message("filtered", "A carrier filtered the message out."),
    30010: _message("too-dear", "The message costs more than the account allows."),
    # our account and senders
    21408: _account("country-not-allowed", "The account may not send to this country."),
    21603: _account("no-sender", "The account has no sender for this message."),
    21606: _account("bad-sender", "The sender is not one that can send SMS to this number."),
    21608: _account("trial", "A trial account sends only to verified numbers."),
    21611: _later("queue-full", "The sender's queue at Twilio is full.", route_wide=True),
    21659: _account("bad-sender", "The sender is not a number of this account."),
    21660: _account("bad-sender", "The sender is not a number of this account."),
    21701: _account("no-sender", "The Messaging Service does not exist."),
    21703: _account("no-sender", "The Messaging Service has no sender."),
    21704: _account("no-sender", "The Messaging Service has no sender for this message."),
    21705: _account("no-sender", "The Messaging Service is not valid."),
    30002: _account("account-suspended", "The Twilio account is suspended."),
    30032: _account("sender-unverified", "The toll-free sender is not verified."),
    30034: _account("sender-unregistered", "The sender is not registered with US carriers (10DLC)."),
    30450: _account("pumping-protection", "Twilio blocked the destination to protect from SMS pumping."),
    63038: _account("daily-limit", "The account has reached its daily limit."),
    # on the way
    30001: _later("queue-overflow", "Twilio's queue overflowed.", route_wide=True),
    30008: _open("unknown", "Twilio does not know why the message was not delivered."),
    30017: _later("congestion", "The carrier's network is congested."),
    30022: _later("rate-limited", "More messages a second than the sender may send.", route_wide=True),
    30036: _later("expired", "The message waited at Twilio until nobody needed it any more."),
    30500: _later("provider-error", "Twilio failed inside."),
    63017: _later("rate-limited", "More messages a second than the account may send.", route_wide=True),
}


def undelivered(provider_code: str, status: str) -> Fault:
    """Why a message that Twilio had taken did not arrive. A code may be missing even when it failed."""
    known = CODES.get(int(provider_code)) if provider_code.isascii() and provider_code.isdigit() else None
    if known is not None:
        return known.fault(provider_code)
    if status == "canceled":
        return Fault(Blame.ACCOUNT, "canceled", "The message was cancelled at Twilio.", provider_code)
    return Fault(Blame.PROVIDER, "unknown", f"Twilio says {status} and gives no reason that is known.", provider_code)
