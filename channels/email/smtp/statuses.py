"""What a mail system's status code says about a mail that did not arrive: data, with a reason for people.

Codes are `class.subject.detail` (RFC 3463, with the additions of the IANA registry that RFC 5248 opened). The class
says for how long it holds, which the report's own `Action` says better; so rows are looked up by subject and detail,
and where there is none, by the subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.contract import Blame, Fault

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Row:
    """What one code means: whose fault it is, our word, and why, in words."""

    blame: Blame
    code: str
    reason: str


_NOBODY = Row(Blame.RECIPIENT, "unknown-address", "There is no such mailbox.")
_NO_DOMAIN = Row(Blame.RECIPIENT, "unknown-address", "The part of the address after the @ takes no mail.")
_MALFORMED = Row(Blame.RECIPIENT, "bad-address", "The address is not of a form that their mail system knows.")
_OFF = Row(Blame.RECIPIENT, "mailbox-disabled", "The mailbox is switched off and takes no mail.")
_FULL = Row(Blame.RECIPIENT, "mailbox-full", "The mailbox is full.")
_TOO_LONG = Row(Blame.MESSAGE, "too-long", "The mail is larger than their mail system takes.")
_SENDER = Row(Blame.ACCOUNT, "bad-sender", "Their mail system does not accept our sender address.")
_SYSTEM = Row(Blame.RECIPIENT, "their-system", "Their mail system has a fault and gave the mail back.")
_NETWORK = Row(Blame.PATH, "no-way-there", "The mail did not get to their mail system before it was given up.")
_LOOP = Row(Blame.RECIPIENT, "mail-loop", "Mail to this address goes round in a circle.")
_PROTOCOL = Row(Blame.PROVIDER, "protocol", "The mail systems did not understand one another.")
_CONTENT = Row(Blame.MESSAGE, "refused", "Their mail system cannot take a mail of this form.")
_POLICY = Row(Blame.MESSAGE, "refused", "Their mail system refused the mail by its rules, for example as spam.")
_UNPROVEN = Row(
    Blame.ACCOUNT, "not-authenticated", "Their mail system finds no proof that the mail is ours (SPF, DKIM or DMARC)."
)
_BLOCKED = Row(Blame.ACCOUNT, "sender-blocked", "Their mail system blocks the relay that sends for us.")
_CRYPTO = Row(Blame.RECIPIENT, "encryption-wanted", "Their mail system wants encryption that our mail does not have.")
_FLOOD = Row(Blame.PROVIDER, "rate-limited", "Their mail system says that it gets too much mail from us.")
_UNKNOWN = Row(Blame.RECIPIENT, "undelivered", "It came back, and their mail system gives no reason that is known.")

STATUSES: dict[str, Row] = {
    "0.0": _UNKNOWN,
    # Addressing.
    "1.0": _NOBODY,
    "1.1": _NOBODY,
    "1.2": _NO_DOMAIN,
    "1.3": _MALFORMED,
    "1.4": Row(Blame.RECIPIENT, "unknown-address", "The address fits more than one mailbox there."),
    "1.5": _UNKNOWN,
    "1.6": Row(Blame.RECIPIENT, "unknown-address", "The mailbox has moved, and nobody says where to."),
    "1.7": _SENDER,
    "1.8": _SENDER,
    "1.9": Row(Blame.PATH, "left-mail", "The mail was passed on to a system that is not mail."),
    "1.10": _NO_DOMAIN,
    # The mailbox.
    "2.1": _OFF,
    "2.2": _FULL,
    "2.3": _TOO_LONG,
    "2.4": Row(Blame.RECIPIENT, "list-fault", "The address is a mailing list that did not pass the mail on."),
    # Their mail system.
    "3.1": Row(Blame.RECIPIENT, "their-system", "Their mail system has no room left."),
    "3.2": Row(Blame.RECIPIENT, "their-system", "Their mail system takes no mail at the moment."),
    "3.3": _CONTENT,
    "3.4": _TOO_LONG,
    # The way there.
    "4.1": Row(Blame.PATH, "no-way-there", "Their mail system did not answer before the mail was given up."),
    "4.6": _LOOP,
    "4.7": Row(Blame.PATH, "no-way-there", "The mail waited too long on its way and was given up."),
    # How the two sides talk.
    "5.3": Row(Blame.PROVIDER, "protocol", "The mail had more recipients than their mail system takes."),
    # The content.
    "6.7": Row(Blame.RECIPIENT, "bad-address", "Their mail system takes no address with letters outside ASCII."),
    # Rules.
    "7.1": _POLICY,
    "7.2": Row(Blame.RECIPIENT, "list-fault", "Only members may write to this mailing list."),
    "7.4": _CRYPTO,
    "7.5": _CRYPTO,
    "7.8": Row(Blame.ACCOUNT, "not-allowed", "A mail system on the way did not accept our login."),
    "7.9": Row(Blame.ACCOUNT, "not-allowed", "A mail system on the way did not accept our login."),
    "7.10": _CRYPTO,
    "7.11": _CRYPTO,
    "7.13": _OFF,
    "7.14": Row(Blame.RECIPIENT, "not-allowed-there", "The mail systems have no trust in each other."),
    "7.17": Row(Blame.RECIPIENT, "owner-changed", "The mailbox belongs to somebody else now."),
    "7.18": Row(Blame.RECIPIENT, "owner-changed", "The domain of the address belongs to somebody else now."),
    "7.20": _UNPROVEN,
    "7.21": _UNPROVEN,
    "7.22": _UNPROVEN,
    "7.23": _UNPROVEN,
    "7.24": _UNPROVEN,
    "7.25": Row(
        Blame.ACCOUNT, "not-authenticated", "The relay that sends for us has no name that matches its address."
    ),
    "7.26": _UNPROVEN,
    "7.27": _SENDER,
    "7.28": _FLOOD,
    "7.29": _UNPROVEN,
    "7.30": _CRYPTO,
}
#: By the subject alone.
SUBJECTS: dict[int, Row] = {
    0: _UNKNOWN,
    1: _NOBODY,
    2: _OFF,
    3: _SYSTEM,
    4: _NETWORK,
    5: _PROTOCOL,
    6: _CONTENT,
    7: _POLICY,
}
#: Large providers number their own blocks of senders and addresses under 7 (5.7.501, 5.7.606, ...).
_OWN_NUMBERS = 500


def status_in(text: str) -> str:
    """The first status code in some words, "" when there is none."""
    found = _STATUS.search(text)
    return found.group() if found else ""


def undelivered(status: str, diagnostic: str = "") -> Fault:
    """Why a mail did not arrive.

    Args:
        status: The report's status code, "" when it has none.
        diagnostic: What the last mail system said. A code in it counts where the report's own says nothing.
    """
    said = status_in(status)
    if not said or said.endswith(".0.0"):
        said = status_in(diagnostic) or said
    row = _row(said)
    return Fault(row.blame, row.code, row.reason, said)


def _row(status: str) -> Row:
    if not status:
        return _UNKNOWN
    _, subject, detail = (int(part) for part in status.split("."))
    if subject == 7 and detail >= _OWN_NUMBERS:
        return _BLOCKED
    return STATUSES.get(f"{subject}.{detail}") or SUBJECTS.get(subject, _UNKNOWN)
