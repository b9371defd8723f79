"""What Twilio refuses when a message is created, and how it words an error."""

from __future__ import annotations

import re

from channels.simulator.gate import Reply

MAX_BODY = 1600
MAX_VALIDITY = 36_000
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_SERVICE = re.compile(r"MG[0-9a-f]{32}")

STOPPED = (21610, "Attempt to send to unsubscribed recipient")
#: Twilio's numbers that always fail in the same way; here they do so for every account.
MAGIC_TO = {
    "+15005550001": (21211, "The 'To' number +15005550001 is not a valid phone number."),
    "+15005550002": (21612, "The message cannot be sent with this combination of 'To' and 'From' parameters"),
    "+15005550003": (21408, "Permission to send an SMS has not been enabled for the region of the 'To' number"),
    "+15005550004": STOPPED,
    "+15005550009": (21614, "The 'To' number is not a valid mobile number."),
}
MAGIC_FROM = {
    "+15005550001": (21212, "The 'From' number +15005550001 is not a valid phone number or sender."),
    "+15005550007": (21606, "The 'From' phone number is not a valid, message-capable Twilio phone number."),
    "+15005550008": (21611, "This 'From' number has exceeded the maximum number of queued messages"),
}


def error(status: int, code: int, message: str, headers: dict[str, str] | None = None) -> Reply:
    payload = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return Reply(status, payload, refused=f"{status}/{code}", headers=headers)


def check(form: dict[str, str]) -> Reply | None:
    """The first thing that Twilio would refuse, or None."""
    to, sender, service = form.get("To", ""), form.get("From", ""), form.get("MessagingServiceSid", "")
    body, callback, validity = form.get("Body", ""), form.get("StatusCallback", ""), form.get("ValidityPeriod", "")
    wrong: tuple[int, str] | None = None
    if not to:
        wrong = 21604, "A 'To' phone number is required."
    elif not sender and not service:
        wrong = 21603, "A 'From' phone number is required."
    elif to in MAGIC_TO:
        wrong = MAGIC_TO[to]
    elif not _PHONE.fullmatch(to):
        wrong = 21211, "The 'To' number is not a valid phone number."
    elif sender in MAGIC_FROM:
        wrong = MAGIC_FROM[sender]
    elif sender and not _SENDER.fullmatch(sender):
        wrong = 21212, "The 'From' number is not a valid phone number, short code, or alphanumeric sender ID."
    elif service and not _SERVICE.fullmatch(service):
        wrong = 21701, "The Messaging Service resource does not exist."
    elif not body.strip():
        wrong = 21602, "Message body is required."
    elif len(body) > MAX_BODY:
        wrong = 21617, f"The concatenated message body exceeds the {MAX_BODY} character limit"
    elif callback and not callback.lower().startswith(("http://", "https://")):
        wrong = 21609, "The StatusCallback URL is not a valid URL."
    elif validity and not (validity.isdecimal() and 1 <= int(validity) <= MAX_VALIDITY):
        wrong = 20001, f"ValidityPeriod must be a whole number of seconds from 1 to {MAX_VALIDITY}"
    return error(400, *wrong) if wrong is not None else None
