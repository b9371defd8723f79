"""What a person wants who texts back. Pure.

Three steps, each stricter about what it believes than a person would be:

1. A whole message that is one keyword, in any case and with any punctuation around it. The lists are those that US
   carriers' rules and Twilio's default handling know (twilio.com/docs, "Advanced Opt-Out"; Telnyx knows a part of
   them), and STOP in a few other languages.
2. Otherwise the message is cut into sentences, and courtesies ("please", "can you", "thanks") are taken off both ends
   of each. A sentence of which then nothing is left but a way of saying no is a STOP. It must match from its first word
   to its last, so "stop by the office", "when will it stop?" and "don't stop" are none. A part of a sentence, between
   commas or before "because", counts as well when it names the messages or the writer ("stop texting me, I'm driving").
   US rules (47 CFR 64.1200(a)(10), in force since 2025-04-11) let a person revoke consent in any reasonable way, and
   name stop, quit, end, revoke, opt out, cancel and unsubscribe.
3. Everything else is OTHER: kept for people to read, never acted upon. START and HELP are keywords only: to be told
   again needs a clear word.

When in doubt about a no that a person clearly aimed at these messages, it is a no: START takes it back. Where the word
may be about anything else, a person reads it.
"""

from __future__ import annotations

import re
import unicodedata

from channels.contract import Wish

_STOP = frozenset(
    [
        "stop",
        "stopall",
        "stop all",
        "unsubscribe",
        "end",
        "quit",
        "revoke",
        "optout",
        "opt out",
        "cancel",
        "stopp",
        "abmelden",
        "arret",
        "baja",
    ]
)
_START = frozenset(["start", "unstop", "yes"])
_HELP = frozenset(["help", "info", "aide", "hilfe"])

#: Said for politeness, or about oneself.
_COURTESY = (
    "please|pls|plz|kindly|just|now|right now|immediately|at once|asap|already|thanks|thank you|thx|ok|okay|hi|hello"
    "|hey|sorry|no|yes|and|so|again|today|sir|can you|could you|would you|will you|i want to|i want you to"
    "|i would like to|i would like you to|i wish to|id like to|id like you to|i need to|i need you to|i asked you to"
    "|i said|i told you to|you must|you need to|let me|i"
)
_BEFORE = re.compile(rf"(?:{_COURTESY}) ")
_AFTER = re.compile(rf"(?: (?:{_COURTESY}))+$")

_ME = r"(?:me|us|my number|this number|my phone|this phone|my cell|here)"
_THEM = (
    r"(?:(?:all|any|the|these|those|your|my|this|more|further|future|of|sms|text|outage|status|phone) )*"
    r"(?:messages?|msgs?|texts?|sms|alerts?|updates?|notifications?|spam|subscription|service|list|lists"
    r"|mailing list|contact list|distribution list)"
)
_MORE = r"(?: (?:again|anymore|any more|ever|ever again|any longer|to|from|on|at|in|off|of|this|with))*"
_ACT = r"(?:sending|texting|messaging|contacting|writing|spamming|bothering|notifying|alerting|receiving|getting)"
_DO = r"(?:send|text|message|msg|contact|write|spam|bother|notify|alert|sms)"
_NO = "|".join(
    (
        rf"(?:stop|quit|end|cease|halt)(?: (?:it|this|all|everything|all of (?:it|this|them)|{_THEM}))?",
        rf"(?:stop|quit|cease)(?: all)? {_ACT}(?: {_ME})?(?: {_THEM})?(?:{_MORE}(?: {_ME}| {_THEM})?)?{_MORE}",
        rf"(?:dont|do not|never|no longer)(?: ever)? {_DO}(?: {_ME}| to {_ME})?(?: {_THEM})?{_MORE}(?: {_ME})?{_MORE}",
        rf"no more {_THEM}{_MORE}(?: {_ME})?",
        rf"(?:remove|delete|take|get) {_ME}(?: (?:off|from|out of)(?: of)?(?: {_THEM})?)?",
        rf"(?:unsubscribe|opt ?out|unsub)(?: {_ME})?(?: (?:from|of|off)(?: {_THEM}| this| all)?)?",
        rf"opt {_ME} out(?: (?:from|of|off)(?: {_THEM}| this| all)?)?",
        r"(?:i am |im )?opting out(?: of.*)?",
        rf"cancel(?: all| my| this| these)?(?: {_THEM})?",
        r"(?:revoke|withdraw)(?: (?:my|all))?(?: (?:consent|permission))",
        r"(?:dont|do not) want(?: to (?:get|receive|hear|have))?(?: any| more| these| your)*"
        rf"(?: {_THEM}| this| from you){_MORE}(?: {_ME}| you)?",
        r"leave (?:me|us) alone",
    )
)
_REFUSAL = re.compile(f"(?:{_NO})")
#: Ways of saying no that may be about anything when more is said than this.
_ALONE_ONLY = re.compile(r"(?:(?:end|quit|cease|halt|cancel|revoke|withdraw)(?: .*)?|stop (?:it|this|everything))")
#: Ways of saying no that may be about anything when more is said in the same sentence; but not as its first word.
_VAGUE = re.compile(rf"{_ALONE_ONLY.pattern}|(?:stop|unsubscribe|unsub|opt ?out)(?: (?:it|this|all|everything))?")
_SENTENCES = re.compile(r"[.!?;\n\r]+")
_CLAUSES = re.compile(r"[,:()]+|\s[-–—]+\s|\s(?:because|but|since|and|cause|coz)\s", re.IGNORECASE)
#: A text has at most 1,600 characters; what is longer came by no phone.
_LONGEST = 2000
#: Nobody says no in more words than this, and matching stays quick whatever is written.
_MOST_WORDS = 25


def wish(text: str) -> Wish:
    """What this message asks for."""
    whole = _plain(text)
    if whole in _STOP:
        return Wish.STOP
    if whole in _START:
        return Wish.START
    if whole in _HELP:
        return Wish.HELP
    sentences = [one for one in _SENTENCES.split(text[:_LONGEST]) if _plain(one)]
    alone = len(sentences) == 1
    return Wish.STOP if any(_is_no(one, alone=alone) for one in sentences) else Wish.OTHER


def _is_no(sentence: str, *, alone: bool) -> bool:
    """Whether a sentence, or a part of it, says no."""
    parts = [_plain(part) for part in _CLAUSES.split(sentence)]
    return (
        _says_no(_plain(sentence), but=None if alone else _ALONE_ONLY)
        or _says_no(parts[0], but=_ALONE_ONLY)
        or any(_says_no(part, but=_VAGUE) for part in parts[1:])
    )


def _plain(text: str) -> str:
    """Small letters and digits with single spaces between; accents, apostrophes and punctuation are gone."""
    letters = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    letters = re.sub(r"['’‘`´]", "", "".join(one for one in letters if not unicodedata.combining(one)))
    return " ".join(re.sub(r"[^\w]+|_", " ", letters).split())


def _says_no(words: str, *, but: re.Pattern[str] | None) -> bool:
    """Whether this is a no, `but` none of these, once its courtesies are off: one by one, as "no" begins "no more"."""
    if words.count(" ") >= _MOST_WORDS:
        return False
    while True:
        for said in (words, _AFTER.sub("", words)):
            if _REFUSAL.fullmatch(said) and not (but and but.fullmatch(said)):
                return True
        courtesy = _BEFORE.match(words)
        if courtesy is None:
            return False
        words = words[courtesy.end() :]
