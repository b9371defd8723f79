"""What Twilio's error codes mean to us.

The same codes answer a request and come with a status callback. A code that is missing here decides nothing; the HTTP
status does then.

Sources: twilio.com/docs/api/errors and the entries on single codes there. Twilio warns that codes may change.
"""

from __future__ import annotations

from channels.contract import Blame, Fault
from channels.sms.known import Known, account, later, message, recipient, undecided

CODES: dict[int, Known] = {
    # the request
    20003: account("not-allowed", "Twilio does not accept the account's credentials."),
    20005: account("account-inactive", "The Twilio account is not active."),
    20404: account("no-such-service", "Twilio knows no such account or resource."),
    20429: later("rate-limited", "Too many requests to Twilio at once.", route_wide=True),
    20500: undecided("provider-error", "Twilio failed and does not say whether it took the message."),
    20503: undecided("provider-error", "Twilio was unavailable and does not say whether it took the message."),
    20504: undecided("provider-error", "Twilio timed out and does not say whether it took the message."),
    # the recipient
    21211: recipient("invalid-number", "Twilio does not take this for a phone number."),
    21217: recipient("invalid-number", "Twilio does not take this for a phone number."),
    21610: recipient("opted-out", "The person answered STOP to this sender.", opt_out=True),
    21612: recipient("unroutable", "Twilio has no way from this sender to this number."),
    21614: recipient("not-mobile", "This number cannot receive SMS."),
    21635: recipient("landline", "This number is a landline."),
    30003: recipient("unreachable", "The phone is off or out of reach."),
    30004: recipient("blocked", "The number does not accept this message."),
    30005: recipient("unknown-number", "The carrier does not know this number."),
    30006: recipient("landline", "This number is a landline or its carrier cannot be reached."),
    # the words
    21602: message("empty", "The message has no text."),
    21617: message("too-long", "The message has more than 1600 characters."),
    30007: message("filtered", "A carrier filtered the message out."),
    30010: message("too-dear", "The message costs more than the account allows."),
    # our account and senders
    21408: account("country-not-allowed", "The account may not send to this country."),
    21603: account("no-sender", "The account has no sender for this message."),
    21606: account("bad-sender", "The sender is not one that can send SMS to this number."),
    21608: account("trial", "A trial account sends only to verified numbers."),
    21611: later("queue-full", "The sender's queue at Twilio is full.", route_wide=True),
    21659: account("bad-sender", "The sender is not a number of this account."),
    21660: account("bad-sender", "The sender is not a number of this account."),
    21701: account("no-sender", "The Messaging Service does not exist."),
    21703: account("no-sender", "The Messaging Service has no sender."),
    21704: account("no-sender", "The Messaging Service has no sender for this message."),
    21705: account("no-sender", "The Messaging Service is not valid."),
    30002: account("account-suspended", "The Twilio account is suspended."),
    30032: account("sender-unverified", "The toll-free sender is not verified."),
    30034: account("sender-unregistered", "The sender is not registered with US carriers (10DLC)."),
    30450: account("pumping-protection", "Twilio blocked the destination to protect from SMS pumping."),
    63038: account("daily-limit", "The account has reached its daily limit."),
    # on the way
    30001: later("queue-overflow", "Twilio's queue overflowed.", route_wide=True),
    30008: undecided("unknown", "Twilio does not know why the message was not delivered."),
    30017: later("congestion", "The carrier's network is congested."),
    30022: later("rate-limited", "More messages a second than the sender may send.", route_wide=True),
    30036: later("expired", "The message waited at Twilio until nobody needed it any more."),
    30500: later("provider-error", "Twilio failed inside."),
    63017: later("rate-limited", "More messages a second than the account may send.", route_wide=True),
}


def undelivered(provider_code: str, status: str) -> Fault:
    """Why a message that Twilio had taken did not arrive. A code may be missing even when it failed."""
    known = CODES.get(int(provider_code)) if provider_code.isascii() and provider_code.isdigit() else None
    if known is not None:
        return known.fault(provider_code)
    if status == "canceled":
        return Fault(Blame.ACCOUNT, "canceled", "The message was cancelled at Twilio.", provider_code)
    return Fault(Blame.PROVIDER, "unknown", f"Twilio says {status} and gives no reason that is known.", provider_code)
