"""What Telnyx's error codes mean to us.

The same codes answer a request and come with a webhook. A code that is missing here decides nothing; the HTTP
status does then.

Sources: developers.telnyx.com, "Messaging Error Code Reference" (4xxxx) and "API errors" (1xxxx, 2xxxx).
"""

from __future__ import annotations

from channels.contract import Blame, Fault
from channels.sms.known import Known, account, later, message, recipient, undecided

STOPPED = "40300"

CODES: dict[str, Known] = {
    # the request
    "10001": account("bad-sender", "The sender's number is not active."),
    "10002": recipient("invalid-number", "Telnyx does not take this for a phone number."),
    "10003": account("bad-callback", "Telnyx does not take our address for webhooks."),
    "10004": message("refused", "Telnyx misses something in the request."),
    "10005": account("no-such-service", "Telnyx knows no such resource; see base_url."),
    "10006": account("no-such-service", "Telnyx does not know the messaging profile."),
    "10007": undecided("provider-error", "Telnyx failed and does not say whether it took the message."),
    "10008": undecided("provider-error", "Telnyx timed out and does not say whether it took the message."),
    "10009": account("not-allowed", "Telnyx does not accept the account's API key."),
    "10010": account("not-allowed", "The API key may not send messages."),
    "10011": later("rate-limited", "Too many requests to Telnyx.", route_wide=True),
    "10015": message("refused", "Telnyx does not take the request for well-formed."),
    "10016": recipient("invalid-number", "Telnyx wants the number in E.164 form."),
    "20002": account("not-allowed", "The API key was revoked."),
    "20012": account("account-inactive", "The Telnyx account is not active; it may lack money."),
    "20013": account("account-suspended", "The Telnyx account is blocked."),
    "20014": account("trial", "The Telnyx account is not verified."),
    "20015": account("not-allowed", "The feature is not enabled for the Telnyx account."),
    "20016": account("trial", "The Telnyx account needs level 1 verification."),
    "20017": account("trial", "The Telnyx account needs level 2 verification."),
    "20100": account("no-credit", "The Telnyx account has no money left."),
    # the recipient
    "40001": recipient("landline", "This number is a landline or cannot be reached by SMS."),
    "40004": recipient("blocked", "The recipient's carrier refuses the message."),
    "40008": recipient("unreachable", "The recipient's carrier did not take the message."),
    "40012": recipient("invalid-number", "The carrier does not take this for a number."),
    STOPPED: recipient("opted-out", "The person answered STOP to this sender.", opt_out=True),
    "40301": recipient("not-mobile", "This number cannot receive SMS."),
    "40310": recipient("invalid-number", "Telnyx does not take this for a phone number."),
    "40319": recipient("not-mobile", "This number cannot receive SMS from this sender."),
    # the words
    "40009": message("refused", "The text holds something that cannot be sent."),
    "40015": message("filtered", "Telnyx filtered the message out."),
    "40017": message("filtered", "AT&T filtered the message out."),
    "40302": message("too-long", "The message is too large."),
    "40316": message("empty", "The message has no text."),
    "40322": message("filtered", "Telnyx blocked the message for what it says."),
    "40328": message("too-long", "The message has more segments than Telnyx advises."),
    # our account and senders
    "40003": account("bad-sender", "A carrier blocks the sender's number for good as a source of spam."),
    "40010": account("sender-unregistered", "The sender is not registered with US carriers (10DLC)."),
    "40013": account("bad-sender", "The carrier does not accept the sender's number."),
    "40016": account("daily-limit", "T-Mobile's daily limit for the brand is used up."),
    "40100": account("bad-sender", "The sender's number is not enabled for messages."),
    "40150": account("bad-sender", "The toll-free sender is not in the registry."),
    "40151": account("bad-sender", "The sender's number is still being moved from another provider."),
    "40305": account("bad-sender", "The sender is not a number of this messaging profile."),
    "40306": account("bad-sender", "The messaging profile has no sender id of letters."),
    "40309": account("country-not-allowed", "The messaging profile may not send to this country."),
    "40312": account("account-inactive", "The messaging profile is switched off."),
    "40314": account("account-inactive", "Messages are switched off for the Telnyx account."),
    "40315": account("bad-sender", "Telnyx holds the sender back: too much of what it sent was refused."),
    "40321": account("no-sender", "The messaging profile has no number that can send."),
    "40329": account("sender-unverified", "The toll-free sender is not verified."),
    # on the way
    "40002": later("filtered", "A carrier's filter holds messages back for a while."),
    "40005": later("expired", "The message waited on its way until nobody needed it any more."),
    "40006": later("congestion", "The recipient's carrier does not answer."),
    "40011": later("rate-limited", "More messages than the carrier takes.", route_wide=True),
    "40014": later("expired", "The message waited at Telnyx until nobody needed it any more."),
    "40018": later("rate-limited", "AT&T's limit a minute is reached.", route_wide=True),
    "40318": later("queue-full", "The queue at Telnyx is full.", route_wide=True),
    "40320": later("bad-sender", "The sender's number is not ready yet.", blame=Blame.ACCOUNT),
}

#: 40300 under a title that speaks of no STOP: it is blocked, and nobody has said no.
_BLOCKED = recipient("blocked", "Telnyx has a block between this sender and this number.")


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
