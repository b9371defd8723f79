"""Envelope to the bytes of a mail. Pure: the same attempt always makes the same headers."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote

from channels.contract import Envelope, Measure, Words
from channels.email.smtp.settings import SmtpSettings

LONGEST_SUBJECT = 200

#: 7 bit only: not every relay on the way takes more. CRLF, as it goes over the wire.
_POLICY = policy.SMTP.clone(cte_type="7bit")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\x00-\x1f\x7f]+@[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f]+")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_IN_URLS = ":/?#[]@!$&'()*+,;=%~-._"
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class BadAddress(ValueError):
    """This cannot be written as a recipient of a mail in ASCII."""


def measure(words: Words) -> Measure:
    """Only the subject has a length that readers' programs limit."""
    return Measure(len(words.subject), LONGEST_SUBJECT, "characters", note="the subject is what is measured")


def recipient(address: str) -> str:
    """The address as it goes over the wire: ASCII, an international domain in its ASCII form.

    Raises:
        BadAddress: it is none, or its local part needs an extension that relays seldom have.
    """
    if _ADDRESS.fullmatch(address) is None or len(address) > 254:
        raise BadAddress("not a mail address")
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise BadAddress("a mail address with letters outside ASCII before the @")
    try:
        return _address(f"{local}@{domain.encode('idna').decode('ascii')}").addr_spec
    except (ValueError, MessageError):
        raise BadAddress("an impossible mail address") from None


def message_id(envelope: Envelope, settings: SmtpSettings) -> str:
    """The name of this attempt's mail."""
    return f"<{envelope.token}@{settings.message_id_domain}>"


def return_path(envelope: Envelope, settings: SmtpSettings) -> str:
    """The sender on the wire, to which this attempt's mail comes back: by its address we know which attempt it was."""
    if settings.return_path is None:
        return settings.from_address
    return settings.return_path.replace("{token}", envelope.token)


def mail(envelope: Envelope, settings: SmtpSettings, *, to: str) -> bytes:
    """The whole mail as it is sent after DATA, but for the closing dot.

    Args:
        envelope: What to say.
        settings: Who says it.
        to: The recipient as `recipient` gives it.
    """
    words = envelope.words
    message = EmailMessage(policy=_POLICY)
    message["Date"] = format_datetime(datetime.fromtimestamp(envelope.started_at, UTC))
    message["From"] = _address(settings.from_address, one_line(settings.from_name))
    message["To"] = _address(to)
    message["Subject"] = one_line(words.subject)
    if settings.reply_to is not None:
        message["Reply-To"] = _address(settings.reply_to)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_encodable(words.text))
    if words.html:
        message.add_alternative(_encodable(words.html), subtype="html")
    # EmailMessage encodes a long word in a header so that no mail program reads it as a URL or an id any more; these
    # are written as they are.
    head = f"Message-ID: {message_id(envelope, settings)}\r\nReferences: {_incident_id(envelope, settings)}\r\n"
    if envelope.unsubscribe_url is not None:
        head += f"List-Unsubscribe: <{quote(envelope.unsubscribe_url, safe=_IN_URLS)}>\r\n"
        head += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    return head.encode("ascii") + _LEADING_DOT.sub(b"..", message.as_bytes())


def _address(address: str, name: str = "") -> Address:
    return Address(name, addr_spec=address)


def _incident_id(envelope: Envelope, settings: SmtpSettings) -> str:
    """No mail has this id. Mail programs gather what refers to the same one."""
    incident = hashlib.sha256(envelope.thread.encode("utf-8", "replace")).hexdigest()[:32]
    return f"<incident.{incident}@{settings.message_id_domain}>"


def one_line(text: str) -> str:
    """`text` for a header: whatever would begin a new line, and so a new header, becomes a space."""
    return _BREAKS.sub(" ", _encodable(text)).strip()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
