"""What goes wrong, for whom and when: rules that are data, and pure matching.

A rule has one of three phases. `request` faults break the request itself, `fate` faults decide what becomes of a
message that was accepted, `receipts` faults bend what is said about it. For one request the first matching rule of
each phase applies, so an undelivered message may also have its receipts doubled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, TypeAdapter, model_validator

Provider = Literal["twilio", "telnyx", "slack", "x", "mastodon", "bluesky", "push", "smtp", "teams"]
PROVIDERS: tuple[Provider, ...] = ("twilio", "telnyx", "slack", "x", "mastodon", "bluesky", "push", "smtp", "teams")
Phase = Literal["request", "fate", "receipts"]

HTTP: frozenset[Provider] = frozenset({"twilio", "telnyx", "slack", "teams", "x", "mastodon", "bluesky", "push"})
TEXTS: frozenset[Provider] = frozenset({"twilio", "telnyx"})


def fraction(seed: object, text: str) -> float:
    """A number in [0, 1) that is the same for the same seed and text, on every machine."""
    digest = blake2b(f"{seed}:{text}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Status(_Strict):
    """Answer with this HTTP status; nothing is stored. `code` is the provider's own error code or word."""

    what: Literal["status"]
    status: int = Field(ge=400, le=599)
    retry_after: NonNegativeInt | None = None
    code: int | str | None = None


class Hang(_Strict):
    """Say nothing for so long. Without `stored` the request is then answered 504 (SMTP 451) and was never processed;
    with it, the message was stored at once and the answer merely comes late.
    """

    what: Literal["hang"]
    seconds: float = Field(gt=0, le=86_400)
    stored: bool = False


class ResetBefore(_Strict):
    """Reset the connection; nothing was processed."""

    what: Literal["reset_before"]


class ResetAfter(_Strict):
    """Process and store, then reset the connection without an answer."""

    what: Literal["reset_after"]


class ErrorAfter(_Strict):
    """Process and store, then answer with an error (SMTP: 451)."""

    what: Literal["error_after"]
    status: int = Field(default=500, ge=500, le=599)


class Garbled(_Strict):
    """Process and store, then answer with the right status and a body that nobody can read."""

    what: Literal["garbled"]


class Undelivered(_Strict):
    """Accept, and later say that it did not arrive, with the provider's error code; 30003, or 40008 of Telnyx."""

    what: Literal["undelivered"]
    code: PositiveInt | None = None
    status: Literal["undelivered", "failed"] = "undelivered"


class Queued(_Strict):
    """Accept, and hold the message so long in the provider's queue. Past its ValidityPeriod, which only Twilio
    knows, it fails with 30036.
    """

    what: Literal["queued"]
    seconds: float = Field(gt=0, le=86_400)


class Receipts(_Strict):
    """Bend the status callbacks: late by `seconds`, doubled, the last one first, none at all, or signed wrongly."""

    what: Literal["receipts"]
    how: Literal["late", "doubled", "reordered", "never", "forged"]
    seconds: float | None = Field(default=None, gt=0, le=86_400)

    @model_validator(mode="after")
    def _seconds_belong_to_late(self) -> Self:
        if (self.how == "late") != (self.seconds is not None):
            raise ValueError("`seconds` goes with how: late, and only with it")
        return self

    @property
    def delay(self) -> float:
        return self.seconds or 0.0


class SlackError(_Strict):
    """Answer HTTP 200 with ok: false and this error; nothing is stored."""

    what: Literal["slack_error"]
    error: str = Field(pattern=r"^[a-z][a-z0-9_]*$")


class SmtpReply(_Strict):
    """Answer this recipient (or, with at: data, the whole message) with this reply; nothing is stored."""

    what: Literal["smtp"]
    code: int = Field(ge=400, le=599)
    at: Literal["rcpt", "data"] = "rcpt"
    text: str = Field(default="simulated refusal", pattern=r"^[ -~]*$", max_length=200)


class Bounce(_Strict):
    """Take the mail, and `seconds` later send a report about it to `url`, as a mail domain's pipe would: that it came
    back (`failed`), that it is held up, that it arrived, or that its reader complained.
    """

    what: Literal["bounce"]
    url: str = Field(pattern=r"^https?://\S+$")
    action: Literal["failed", "delayed", "delivered", "complaint"] = "failed"
    status: str = Field(default="5.1.1", pattern=r"^[245]\.\d{1,3}\.\d{1,3}$")
    seconds: float = Field(default=0.0, ge=0, le=86_400)


Do = Annotated[
    Status
    | Hang
    | ResetBefore
    | ResetAfter
    | ErrorAfter
    | Garbled
    | Undelivered
    | Queued
    | Receipts
    | SlackError
    | SmtpReply
    | Bounce,
    Field(discriminator="what"),
]

_PROVIDERS_OF: dict[str, frozenset[Provider]] = {
    "status": HTTP,
    "undelivered": TEXTS,
    "queued": TEXTS,
    "receipts": TEXTS,
    "slack_error": frozenset({"slack"}),
    "smtp": frozenset({"smtp"}),
    "bounce": frozenset({"smtp"}),
}
_PHASE_OF: dict[str, Phase] = {"undelivered": "fate", "queued": "fate", "bounce": "fate", "receipts": "receipts"}
_SENDS_ONLY = frozenset(
    {"reset_after", "error_after", "garbled", "undelivered", "queued", "receipts", "smtp", "bounce"}
)


class Match(_Strict):
    """For which requests. All that is given must hold; nothing given means every request of the provider.

    Attributes:
        to: A glob, or a list of globs, over the recipient as the provider sees it. For Slack that is a channel id, or
            the user id for direct messages; for X the user id of the account, for Mastodon its name, for Bluesky its
            DID. A read matches by what it asks for.
        share: This part of all recipients, always the same ones for the same `seed`.
        nth: Numbers of delivering requests of this provider, from 1 since the start or the last reset.
        after: Not before so many seconds since the rule was set.
        until: No longer than so many seconds since the rule was set.
        on: Only delivering requests (`send`) or only look-ups (`read`); left out, both, where the fault makes sense.
    """

    to: str | list[str] | None = None
    share: float | None = Field(default=None, ge=0, le=1)
    seed: int | str = 0
    nth: list[PositiveInt] | None = None
    after: float | None = Field(default=None, ge=0)
    until: float | None = Field(default=None, gt=0)
    on: Literal["send", "read"] | None = None

    @model_validator(mode="after")
    def _window(self) -> Self:
        if self.after is not None and self.until is not None and self.until <= self.after:
            raise ValueError("`until` must be later than `after`")
        return self

    @cached_property
    def _names(self) -> tuple[frozenset[str], re.Pattern[str] | None]:
        given = [self.to] if isinstance(self.to, str) else (self.to or [])
        globs = [glob for glob in given if any(sign in glob for sign in "*?[")]
        pattern = re.compile("|".join(translate(glob) for glob in globs)) if globs else None
        return frozenset(given), pattern

    @cached_property
    def _numbers(self) -> frozenset[int]:
        return frozenset(self.nth or ())

    def holds(self, *, to: str, sending: bool, number: int, elapsed: float) -> bool:
        """Does it apply to this request? `number` counts the delivering requests, `elapsed` the age of the rule."""
        if self.on is not None and (self.on == "send") is not sending:
            return False
        if self.nth is not None and not (sending and number in self._numbers):
            return False
        if elapsed < (self.after or 0) or (self.until is not None and elapsed >= self.until):
            return False
        if self.to is not None:
            exact, pattern = self._names
            if to not in exact and (pattern is None or pattern.match(to) is None):
                return False
        return self.share is None or (bool(to) and fraction(self.seed, to) < self.share)


class Rule(_Strict):
    """One fault: of which provider, for which requests, how often at most, and what happens."""

    provider: Provider
    do: Do
    match: Match = Match()
    times: PositiveInt | None = None
    note: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        what = self.do.what
        allowed = _PROVIDERS_OF.get(what)
        if allowed is not None and self.provider not in allowed:
            raise ValueError(f"{what!r} is not something that {self.provider} does; only {', '.join(sorted(allowed))}")
        if self.match.on == "read" and (what in _SENDS_ONLY or self.provider == "smtp"):
            raise ValueError(f"{what!r} of {self.provider} needs a delivering request; on: read can never match")
        return self

    @property
    def phase(self) -> Phase:
        return _PHASE_OF.get(self.do.what, "request")


_RULES: TypeAdapter[list[Rule]] = TypeAdapter(list[Rule])


def read_rules(data: object) -> list[Rule]:
    """Rules out of parsed JSON or YAML.

    Raises:
        pydantic.ValidationError: with the place and the reason of everything that is wrong.
    """
    return _RULES.validate_python(data)


@dataclass(slots=True)
class Armed:
    """A rule in force, and how often it fired."""

    number: int
    rule: Rule
    set_at: float
    fired: int = 0


class Plan:
    """The rules in force, in their order."""

    def __init__(self) -> None:
        self._armed: list[Armed] = []
        self._index: dict[tuple[Phase, Provider], list[Armed]] = {}
        self._next = 1

    def add(self, rules: Iterable[Rule], *, now: float) -> None:
        for rule in rules:
            armed = Armed(self._next, rule, now)
            self._next += 1
            self._armed.append(armed)
            self._index.setdefault((rule.phase, rule.provider), []).append(armed)

    def clear(self) -> None:
        self._armed.clear()
        self._index.clear()

    def replace(self, rules: Sequence[Rule], *, now: float) -> None:
        self.clear()
        self.add(rules, now=now)

    def fire(self, phase: Phase, provider: Provider, *, to: str, sending: bool, number: int, now: float) -> Any:
        """What the first matching rule does, counted as fired; None when all is well."""
        for armed in self._index.get((phase, provider), ()):
            rule = armed.rule
            if rule.times is not None and armed.fired >= rule.times:
                continue
            if not sending and rule.do.what in _SENDS_ONLY:
                continue
            if rule.match.holds(to=to, sending=sending, number=number, elapsed=now - armed.set_at):
                armed.fired += 1
                return rule.do
        return None

    def as_data(self) -> list[dict[str, Any]]:
        return [
            {"number": armed.number, "fired": armed.fired, **armed.rule.model_dump(mode="json", exclude_defaults=True)}
            for armed in self._armed
        ]
