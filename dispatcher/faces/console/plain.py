"""Plain words for what the ledger calls by one word."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale, UnknownLocaleError

from channels.contract import Kind
from dispatcher.model.config import Severity
from dispatcher.model.delivery import Status
from dispatcher.model.incident import Reason, State
from dispatcher.render.phrases import PHRASES

KINDS: Mapping[str, str] = {
    Kind.SMS: "SMS",
    Kind.CHAT: "Chat",
    Kind.SOCIAL: "Public post",
    Kind.INAPP: "In the app",
    Kind.PUSH: "Push",
    Kind.EMAIL: "Mail",
    "": "No route",
}
#: The same within a sentence.
BY: Mapping[str, str] = {
    Kind.SMS: "by SMS",
    Kind.CHAT: "by chat",
    Kind.SOCIAL: "by public post",
    Kind.INAPP: "in the app",
    Kind.PUSH: "by push",
    Kind.EMAIL: "by mail",
    "": "by no route",
}
STATUSES: Mapping[Status, str] = {
    Status.PENDING: "waiting",
    Status.SENDING: "being sent",
    Status.UNCERTAIN: "may have been sent",
    Status.ASKING: "asking the provider",
    Status.ACCEPTED: "taken by the provider",
    Status.SENT: "passed on by the provider",
    Status.DELIVERED: "delivered",
    Status.READ: "read",
    Status.UNCONFIRMED: "taken, no receipt in time",
    Status.FAILED: "failed",
    Status.UNREACHABLE: "no route",
    Status.EXPIRED: "too late to send",
    Status.SUPERSEDED: "replaced or stopped",
}
#: The look of a status: one of the five colours of the page.
TONES: Mapping[Status, str] = {
    Status.PENDING: "waiting",
    Status.SENDING: "waiting",
    Status.UNCERTAIN: "unknown",
    Status.ASKING: "unknown",
    Status.ACCEPTED: "taken",
    Status.SENT: "taken",
    Status.DELIVERED: "delivered",
    Status.READ: "delivered",
    Status.UNCONFIRMED: "unknown",
    Status.FAILED: "failed",
    Status.UNREACHABLE: "failed",
    Status.EXPIRED: "failed",
    Status.SUPERSEDED: "waiting",
}
#: What somebody who looks after receipts wants to see first.
NEED_A_LOOK = frozenset({Status.FAILED, Status.UNREACHABLE, Status.EXPIRED, Status.UNCERTAIN})
SEVERITIES: Mapping[Severity, str] = {
    Severity.MINOR: "Minor: some customers notice",
    Severity.MAJOR: "Major: many customers cannot do what they came for",
    Severity.CRITICAL: "Critical: nobody can",
}
REASONS: Mapping[Reason, str] = {
    Reason.OPENED: "First message",
    Reason.UPDATE: "Update",
    Reason.RESOLVED: "Over",
    Reason.RETRACTED: "Taken back",
}


def state_sentence(state: State) -> str:
    """What customers read about this state."""
    return PHRASES["en"].states[state]


def language(locale: str) -> str:
    """`de` -> `German`."""
    try:
        return Locale.parse(locale, sep="-").get_display_name("en") or locale
    except (UnknownLocaleError, ValueError):
        return locale


def number(value: int) -> str:
    """`12345` -> `12,345`."""
    return f"{value:,}"


def many(value: int, one: str, more: str) -> str:
    """`1 person`, `2 people`."""
    return f"{value:,} {one if value == 1 else more}"
