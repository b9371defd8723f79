"""Mail that comes back to the return path: delivery reports (RFC 3464) and complaints (RFC 5965). Pure.

Whoever runs the mail domain pipes such mail to the route's receipts address, with a secret that proves the pipe. Which
attempt it is about stands in the address that it came back to (`bounce+<token>@...`, one for each attempt), and once
more in the Message-ID of the mail that is attached. Nobody but the mail systems on the way and the reader knows a
token, so a mail with one is as trustworthy as the reader's own mail system.

A mail is untrusted, so it is taken apart by hand, without recursion and once through; headers are read by the standard
library. Whatever is nested deeper than a report can be is left alone.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesHeaderParser

from channels.contract import Blame, Callback, Fault, Forged, Heard, Receipt, Unreadable, Word
from channels.email.smtp.statuses import status_in, undelivered
from channels.transport.masking import masked

LARGEST_MAIL = 1024 * 1024
#: No mail system writes more of these than this into a report; what is beyond is not looked at.
LONGEST_HEAD = 64 * 1024
LONGEST_VALUE = 2000
MOST_PARTS = 12
MOST_RECIPIENTS = 50

_HEADERS = BytesHeaderParser(policy=policy.compat32)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_MESSAGE_ID = re.compile(r"<([A-Za-z0-9_-]{1,64})@([A-Za-z0-9.-]+)>")
#: Where mail systems write the address that a mail came back to.
_CAME_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to")
_ATTACHED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_ACTIONS = {
    "failed": Word.UNDELIVERED,
    "delayed": Word.QUEUED,
    "relayed": Word.SENT,
    "expanded": Word.SENT,
    "delivered": Word.DELIVERED,
}
#: Of several reports about one mail the most hopeful counts: who has it on one of their mailboxes has it.
_RANK = {Word.UNKNOWN: 0, Word.UNDELIVERED: 1, Word.QUEUED: 2, Word.SENT: 3, Word.DELIVERED: 4}
_KEPT = ("Action", "Status", "Diagnostic-Code", "Remote-MTA", "Final-Recipient", "Original-Recipient")
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "other"})
_COMPLAINED = Fault(
    Blame.RECIPIENT, "complained", "They told their mail provider that they do not want this mail.", opt_out=True
)


@dataclass(frozen=True, slots=True)
class Part:
    """A mail, or a part of one: its headers, and its content undecoded."""

    headers: Message
    content: bytes

    @property
    def type(self) -> str:
        """As `multipart/report`, in lower case."""
        return self.headers.get_content_type()

    def value(self, name: str) -> str:
        """One header on one line, "" when it is missing."""
        return _line(self.headers.get(name))

    def values(self, name: str) -> Iterator[str]:
        """A header that may be there several times."""
        for given in self.headers.get_all(name) or ():
            yield _line(given)


class Bounces:
    """Reads what comes back for one sender.

    Args:
        secrets: Any of them proves the pipe; several while one is being replaced. Without any nothing is believed.
        return_path: The template of the addresses that mail comes back to, None when they are all the same.
        message_id_domain: The right half of our Message-IDs.
    """

    def __init__(self, secrets: Sequence[str], return_path: str | None, message_id_domain: str) -> None:
        self._secrets = [f"Bearer {secret}".encode() for secret in secrets]
        self._domain = message_id_domain.lower()
        self._address = None if return_path is None else _address_pattern(return_path)

    def read(self, callback: Callback) -> Heard:
        """The one receipt that a mail amounts to.

        Raises:
            Forged: the secret is missing or wrong.
            Unreadable: no mail, too large, or about no attempt of ours.
        """
        self._prove(callback.headers.get("authorization", ""))
        if len(callback.body) > LARGEST_MAIL:
            raise Unreadable(f"the mail has more than {LARGEST_MAIL} bytes")
        mail = _part(_without_envelope_line(callback.body))
        if not mail.headers.keys():
            raise Unreadable("this is no mail: it begins with no header")
        parts = _report_parts(mail)
        token = callback.token or self._token(mail, parts)
        if not token:
            raise Unreadable("the mail came back to no address of ours, and holds no Message-ID of ours")
        return Heard([_receipt(mail, parts, token, f"<{token}@{self._domain}>")])

    def _prove(self, given: str) -> None:
        if not self._secrets:
            raise Forged("this route has no bounce_secret, so nobody can prove anything to it")
        if not given:
            raise Forged("no Authorization header")
        # Every one is compared, so that the time tells nothing.
        fits = [hmac.compare_digest(secret, given.encode("utf-8", "replace")) for secret in self._secrets]
        if True not in fits:
            raise Forged("the Authorization header holds another secret")

    def _token(self, mail: Part, parts: Sequence[Part]) -> str:
        """By the address it came back to, else by the Message-ID of the attached mail.

        Some mail systems write addresses in small letters only. A Message-ID keeps its letters, so where both are there
        and differ in nothing else, it is the one to go by.
        """
        by_address = next(self._by_address(mail, parts), "")
        by_id = next(self._by_message_id(mail, parts), "")
        if by_address and by_id.lower() == by_address.lower():
            return by_id
        return by_address or by_id

    def _by_address(self, mail: Part, parts: Sequence[Part]) -> Iterator[str]:
        if self._address is None:
            return
        places = [value for name in _CAME_TO for value in mail.values(name)]
        for part in parts:
            if part.type in _ATTACHED:
                places += _attached(part).values("return-path")
            elif part.type in ("message/delivery-status", "message/feedback-report"):
                places += [value for block in _blocks(part) for value in block.values("original-mail-from")]
        for place in places:
            if found := self._address.search(place):
                yield found[1]

    def _by_message_id(self, mail: Part, parts: Sequence[Part]) -> Iterator[str]:
        ids = [_attached(part).value("message-id") for part in parts if part.type in _ATTACHED]
        ids += [mail.value("in-reply-to"), *mail.value("references").split()[:20]]
        for part in parts:
            if part.type in ("message/delivery-status", "message/global-delivery-status"):
                envelope_ids = (block.value("original-envelope-id") for block in _blocks(part))
                ids += [f"<{one}@{self._domain}>" for one in envelope_ids if one]
        for one in ids:
            found = _MESSAGE_ID.search(one)
            if found and found[2].lower() == self._domain:
                yield found[1]


def _address_pattern(return_path: str) -> re.Pattern[str]:
    before, _, after = return_path.partition("{token}")
    return re.compile(
        rf"(?<![A-Za-z0-9._+-]){re.escape(before)}([A-Za-z0-9_-]{{1,64}}){re.escape(after)}(?![A-Za-z0-9-])",
        re.IGNORECASE,
    )


def _receipt(mail: Part, parts: Sequence[Part], token: str, ref: str) -> Receipt:
    for part in parts:
        if part.type in ("message/delivery-status", "message/global-delivery-status"):
            return _report(part, token, ref)
        if part.type == "message/feedback-report":
            return _complaint(part, token, ref)
    # To one of our addresses, but no report: an answer by a person or a machine. Kept for people to read of.
    raw = {name: masked(mail.value(name)) for name in ("Subject", "Auto-Submitted", "Content-Type") if mail.value(name)}
    return Receipt(Word.UNKNOWN, f"{token}:mail:{mail.value('message-id')[:100]}", token, ref, raw)


def _report(part: Part, token: str, ref: str) -> Receipt:
    told: list[tuple[Word, Part]] = []
    about = Part(Message(), b"")
    for block in _blocks(part):
        action = block.value("action").lower()
        if action:
            told.append((_ACTIONS.get(action, Word.UNKNOWN), block))
        elif block.value("reporting-mta"):
            about = block
    if not told:
        raise Unreadable("the delivery report is about nobody")
    word, block = max(told, key=lambda one: _RANK[one[0]])
    raw = {name: masked(block.value(name)) for name in _KEPT if block.value(name)}
    raw |= {name: masked(about.value(name)) for name in ("Reporting-MTA", "Arrival-Date") if about.value(name)}
    status, action = block.value("status"), block.value("action").lower()[:20]
    fault = undelivered(status, block.value("diagnostic-code")) if word is Word.UNDELIVERED else None
    return Receipt(word, f"{token}:{action}:{status_in(status)}", token, ref, raw, fault)


def _complaint(part: Part, token: str, ref: str) -> Receipt:
    blocks = list(_blocks(part))
    report = blocks[0] if blocks else Part(Message(), b"")
    about = report.value("feedback-type").lower()[:40]
    names = ("Feedback-Type", "User-Agent", "Arrival-Date", "Reporting-MTA")
    raw = {name: masked(report.value(name)) for name in names if report.value(name)}
    if about in _COMPLAINTS:
        # Nobody complains about what did not arrive.
        return Receipt(Word.DELIVERED, f"{token}:complaint:{about}", token, ref, raw, _COMPLAINED)
    return Receipt(Word.UNKNOWN, f"{token}:feedback:{about}", token, ref, raw)


def _part(raw: bytes) -> Part:
    raw = raw.lstrip(b"\r\n")
    end = _END_OF_HEAD.search(raw, 0, LONGEST_HEAD)
    head = raw[: end.start()] if end else raw[:LONGEST_HEAD]
    return Part(_HEADERS.parsebytes(head), raw[end.end() :] if end else b"")


def _attached(part: Part) -> Part:
    """The headers of the mail that a part holds."""
    return _part(_decoded(part))


def _report_parts(mail: Part) -> list[Part]:
    """The parts of the report, also where a gateway has wrapped it once, to add a footer."""
    parts = _parts(mail)
    wrapped = next((part for part in parts if part.type == "multipart/report"), None)
    return parts if wrapped is None else _parts(wrapped)


def _parts(mail: Part) -> list[Part]:
    """The parts of a mail, without what is inside of them. A mail that is one piece has none."""
    if mail.headers.get_content_maintype() != "multipart":
        return []
    boundary = _boundary(mail.headers)
    if not boundary:
        return []
    pieces = (b"\n" + mail.content).split(b"\n--" + boundary)[1:]
    parts = []
    for piece in pieces[:MOST_PARTS]:
        if piece.startswith(b"--"):
            break
        # What follows the boundary on its line is nothing but space.
        parts.append(_part_of_multipart(piece.partition(b"\n")[2]))
    return parts


def _part_of_multipart(raw: bytes) -> Part:
    """A part may have no headers at all: then it begins with an empty line."""
    return Part(Message(), raw) if raw.startswith((b"\n", b"\r\n")) else _part(raw)


def _boundary(headers: Message) -> bytes:
    if len(str(headers.get("content-type", ""))) > LONGEST_VALUE:
        return b""
    try:
        boundary = headers.get_boundary()
    except (LookupError, ValueError):  # a charset that nobody knows
        return b""
    return (boundary or "").encode("ascii", "ignore")


def _decoded(part: Part) -> bytes:
    match part.value("content-transfer-encoding").lower():
        case "base64":
            try:
                return base64.b64decode(part.content, validate=False)
            except (binascii.Error, ValueError):
                return b""
        case "quoted-printable":
            return quopri.decodestring(part.content)
        case _:
            return part.content


def _blocks(part: Part) -> Iterator[Part]:
    """The groups of fields of a report: the first is about the mail, each of the others about one recipient."""
    for block in _END_OF_HEAD.split(_decoded(part).strip(), MOST_RECIPIENTS)[:MOST_RECIPIENTS]:
        if block.strip():
            yield Part(_HEADERS.parsebytes(block[:LONGEST_HEAD].lstrip(b"\r\n")), b"")


def _line(value: object) -> str:
    text = "" if value is None else str(value)[:LONGEST_VALUE]
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _without_envelope_line(raw: bytes) -> bytes:
    """Pipes and mailboxes put a line `From someone date` before a mail."""
    return raw.partition(b"\n")[2] if raw.startswith(b"From ") else raw
