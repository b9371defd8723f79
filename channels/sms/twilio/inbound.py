"""What people text to a Twilio number, and what they are answered. Pure.

Twilio calls the route's own address with every text to the number: form fields `MessageSid`, `From`, `Body`, and
`OptOutType` where Advanced Opt-Out took the text for a STOP, START or HELP. Twilio has then answered by itself, and by
default it also answers bare keywords without it (twilio.com/docs, "Advanced Opt-Out" and "Default opt-out keywords").
A second answer would be one too many; after a STOP it would be refused with 21610. So we answer what Twilio does not
recognise: a no in other words.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from channels.contract import Answer, Heard, Said, Unreadable, Wish
from channels.sms.twilio.settings import TwilioSettings
from channels.sms.wishes import wish

#: What Twilio takes for a keyword by default: the whole body, in any case.
_ANSWERED = frozenset(
    [
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
        "CANCEL",
        "START",
        "YES",
        "UNSTOP",
        "HELP",
        "INFO",
    ]
)
_TYPES = {"STOP": Wish.STOP, "START": Wish.START, "HELP": Wish.HELP}


def is_inbound(fields: Mapping[str, str]) -> bool:
    """Whether a call to the route's own address tells of a text to us, not of one from us."""
    return "Body" in fields and "MessageStatus" not in fields


def hear(fields: Mapping[str, str], settings: TwilioSettings) -> Heard:
    """What the text means, with the answer for Twilio to send, if any.

    Raises:
        Unreadable: it names no message or no sender.
    """
    sid = fields.get("MessageSid") or fields.get("SmsSid", "")
    sender, body = fields.get("From", ""), fields["Body"]
    if not sid or not sender:
        raise Unreadable("the callback names no message or no sender")
    if ":" in sender:
        return Heard(answer=_twiml(""))  # another channel of Twilio's, as whatsapp:+…: no address of ours
    answered = fields.get("OptOutType", "").upper()
    means = wish(body)
    if means is not Wish.STOP:
        # The account may have keywords of its own. A no that we heard stays one.
        means = _TYPES.get(answered, means)
    by_twilio = bool(answered) or (not settings.own_replies and body.strip().upper() in _ANSWERED)
    return Heard(said=[Said(means, sender, sid, body)], answer=_twiml("" if by_twilio else _reply(means, settings)))


def _reply(means: Wish, settings: TwilioSettings) -> str:
    match means:
        case Wish.STOP:
            return settings.stop_reply
        case Wish.START:
            return settings.start_reply
        case Wish.HELP:
            return settings.help_reply
        case Wish.OTHER:
            return ""


def _twiml(reply: str) -> Answer:
    inside = f"<Message>{escape(reply)}</Message>" if reply.strip() else ""
    return Answer(f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'.encode(), "text/xml")
