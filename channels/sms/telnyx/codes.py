"""What Telnyx's error codes mean to us.

The same codes answer a request and come with a webhook. `settles` matters only for the first: it says whether the
message certainly was not created. A code that is missing here decides nothing; the HTTP status does then.

Sources: developers.telnyx.com, "Messaging Error Code Reference" (4xxxx) and "API errors" (1xxxx, 2xxxx).
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

    def fault(self, provider_code: str) -> Fault:
        """This code as a fault."""
        return Fault(self.blame, self.code, self.reason, provider_code, self.opt_out)


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


STOPPED = "40300"

CODES: dict[str, Known] = {
    # the request
    "10001": _account("bad-sender", "The sender's number is not active."),
    "10002": _recipient("invalid-number", "Telnyx does not take this for a phone number."),
    "10003": _account("bad-callback", "Telnyx does not take our address for webhooks; see DISPATCHER_PUBLIC_URL."),
    "10004": _message("refused", "Telnyx misses something in the request."),
    "10005": _account("no-such-service", "Telnyx knows no such resource; see base_url."),
    "10006": _account("no-such-service", "Telnyx does not know the messaging profile."),
    "10007": _open("provider-error", "Telnyx failed and does not say whether it took the message."),
    "10008": _open("provider-error", "Telnyx timed out and does not say whether it took the message."),
    "10009": _account("not-allowed", "Telnyx does not accept the account's API key."),
    "10010": _account("not-allowed", "The API key may not send messages."),
    "10011": _later("rate-limited", "Too many requests to Telnyx.", route_wide=True),
    "10015": _message("refused", "Telnyx does not take the request for well-formed."),
    "10016": _recipient("invalid-number", "Telnyx wants the number in E.164 form."),
    "20002": _account("not-allowed", "The API key was revoked."),
    "20012": _account("account-inactive", "The Telnyx account is not active; it may lack money."),
    "20013": _account("account-suspended", "The Telnyx account is blocked."),
    "20014": _account("trial", "The Telnyx account is not verified."),
    "20015": _account("not-allowed", "The feature is not enabled for the Telnyx account."),
    "20016": _account("trial", "The Telnyx account needs level 1 verification."),
    "20017": _account("trial", "The Telnyx account needs level 2 verification."),
    "20100": _account("no-credit", "The Telnyx account has no money left."),
    # the recipient
    "40001": _recipient("landline", "This number is a landline or cannot be reached by SMS."),
    "40004": _recipient("blocked", "The recipient's carrier refuses the message."),
    "40008": _recipient("unreachable", "The recipient's carrier did not take the message."),
    "40012": _recipient("invalid-number", "The carrier does not take this for a number."),
    STOPPED: _recipient("opted-out", "The person answered STOP to this sender.", opt_out=True),
    "40301": _recipient("not-mobile", "This number cannot receive SMS."),
    "40310": _recipient("invalid-number", "Telnyx does not take this for a phone number."),
    "40319": _recipient("not-mobile", "This number cannot receive SMS from this sender."),
    # the words
    "40009": _message("refused", "The text holds something that cannot be sent."),
    "40015": _message("filtered", "Telnyx filtered the message out."),
    "40017": _message("filtered", "AT&T filtered the message out."),
    "40302": _message("too-long", "The message is too large."),
    "40316": _message("empty", "The message has no text."),
    "40322": _message("filtered", "Telnyx blocked the message for what it says."),
    "40328": _message("too-long", "The message has more segments than Telnyx advises."),
    # our account and senders
    "40003": _account("bad-sender", "A carrier blocks the sender's number for good as a source of spam."),
    "40010": _account("sender-unregistered", "The sender is not registered with US carriers (10DLC)."),
    "40013": _account("bad-sender", "The carrier does not accept the sender's number."),
    "40016": _account("daily-limit", "T-Mobile's daily limit for the brand is used up."),
    "40100": _account("bad-sender", "The sender's number is not enabled for messages."),
    "40150": _account("bad-sender", "The toll-free sender is not in the registry."),
    "40151": _account("bad-sender", "The sender's number is still being moved from another provider."),
    "40305": _account("bad-sender", "The sender is not a number of this messaging profile."),
    "40306": _account("bad-sender", "The messaging profile has no sender id of letters."),
    "40309": _account("country-not-allowed", "The messaging profile may not send to this country."),
    "40312": _account("account-inactive", "The messaging profile is switched off."),
    "40314": _account("account-inactive", "Messages are switched off for the Telnyx account."),
    "40315": _account("bad-sender", "Telnyx holds the sender back: too much of what it sent was refused."),
    "40321": _account("no-sender", "The messaging profile has no number that can send."),
    "40329": _account("sender-unverified", "The toll-free sender is not verified."),
    # on the way
    "40002": _later("filtered", "A carrier's filter holds messages back for a while."),
    "40005": _later("expired", "The message waited on its way until nobody needed it any more."),
    "40006": _later("congestion", "The recipient's carrier does not answer."),
    "40011": _later("rate-limited", "More messages than the carrier takes.", route_wide=True),
    "40014": _later("expired", "The message waited at Telnyx until nobody needed it any more."),
    "40018": _later("rate-limited", "AT&T's limit a minute is reached.", route_wide=True),
    "40318": _later("queue-full", "The queue at Telnyx is full.", route_wide=True),
    "40320": _later("bad-sender", "The sender's number is not ready yet.", blame=Blame.ACCOUNT),
}

#: 40300 under a title that speaks of no STOP: it is blocked, and nobody has said no.
_BLOCKED = _recipient("blocked", "Telnyx has a block between this sender and this number.")


def known(code: str, said: str) -> Known | None:
    """What a code means, beside the words that came with it: only a STOP is a no."""
    if code == STOPPED and said.strip() and not any(word in said.lower() for word in ("stop", "opt")):
        return _BLOCKED
    return CODES.get(code)


def undelivered(code: str, said: str, status: str) -> Fault:
    """Why a message that Telnyx had taken did not arrive. A code may be missing even when it failed."""
    found = known(code, said)
    if found is not None:
        return found.fault(code)
    if status in ("canceled", "cancelled"):
        return Fault(Blame.ACCOUNT, "canceled", "The message was cancelled at Telnyx.", code)
    if status == "expired":
        return CODES["40014"].fault(code)
    return Fault(Blame.PROVIDER, "unknown", f"Telnyx says {status} and gives no reason that is known.", code)
