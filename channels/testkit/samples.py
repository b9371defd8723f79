"""What the kit must know of a channel to try it: its author announces one of these under `outage_dispatcher.samples`.

[project.entry-points."outage_dispatcher.samples"]
"sms/twilio" = "channels.sms.twilio.samples:SAMPLES"

Only what cannot be found out is asked for. What a channel declares or can do and its samples leave out, the kit names
and fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from channels.contract import Callback, Envelope, Outcome, Wish, Word, Words
from channels.testkit.loopback import Beside, Reply, Request, nothing_beside

GROUP = "outage_dispatcher.samples"
STARTED_AT = 1_770_000_000.0
#: The token of the attempt that callbacks are about.
TOKEN = "token1"


def envelope(number: int = 1, *, to: str, text: str = "", **changes: Any) -> Envelope:
    """One of many attempts; everything that may differ does."""
    filled: dict[str, Any] = {
        "key": f"key-{number}",
        "token": f"token{number}",
        "to": to,
        "words": Words(text=text or f"Update {number}: mail is down, we are on it.", subject=f"Update {number}"),
        "thread": "mail-2026-02",
        "sequence": number,
        "started_at": STARTED_AT,
        "useful_for": 900.0,
        "receipt_url": f"https://hooks.example.com/receipts/r/token{number}",
        "unsubscribe_url": None,
        **changes,
    }
    return Envelope(**filled)


@dataclass(frozen=True)
class Example:
    """One genuine call of the provider, and what is to be made of it.

    Attributes:
        body: As the provider sends it. A receipt in it is about the attempt `TOKEN`.
        words: What it says of messages, in the order of the receipts.
        wishes: What it says of people's wishes, in order.
        by_route: True for a call of the route's own address, which carries no token.
    """

    body: bytes
    words: tuple[Word, ...] = ()
    wishes: tuple[Wish, ...] = ()
    by_route: bool = False


@dataclass(frozen=True)
class Callbacks:
    """How the provider calls back, and how it proves that it is the provider.

    Attributes:
        sign: The headers (lower-case names) that prove this callback when it was made with this secret at
            `callback.received_at`. Only `content-type` may be among them without being part of the proof.
        secrets: What the sample settings accept, the newest first: two where one can be replaced by the next.
        stranger: Of the same form as a secret, and none of ours.
        examples: Genuine calls by what they are called; each tells of a different event.
        unknown: A genuine call with a word that the provider documents nowhere.
        fresh_for: Seconds for which a proof holds; None when it carries no time.
        lone: Why the settings take one secret only, when they do.
        covers_body: False when the proof is a password, which says nothing of what was sent with it.
    """

    sign: Callable[[Callback, str], Mapping[str, str]]
    secrets: tuple[str, ...]
    stranger: str
    examples: Mapping[str, Example]
    unknown: Example
    fresh_for: float | None = None
    lone: str = ""
    covers_body: bool = True


@dataclass(frozen=True)
class Change:
    """How the provider answers when a message is to be changed or taken back: that it was, or that it is not there."""

    done: Callable[[Request], Reply]
    gone: Callable[[Request], Reply]


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True, kw_only=True)
class Http:
    """A channel that speaks HTTP.

    Attributes:
        settings: The account's settings against a server at this URL.
        accepts: The provider's answer to a send.
        ref: What that answer makes the reference of a send, "" when it gives none.
        secrets: All secrets among the settings.
        oversize: A text that is too long by one character.
        path: What every delivering request's path ends with.
        address: An address in the channel's form; different for every number unless an account has one place only.
        address_at: The same, when the address itself holds the URL of the server; `address` is then left out.
        delivering: Which requests deliver: for when it is not each POST to `path`.
        beside: The provider's answer to a request that only prepares a send, such as signing in; None for any other.
            Those requests are always answered so, and not counted.
        statuses: What a status alone means at this provider where its documentation says more than HTTP does.
        holds: Answers a look-up while the provider has the message of this envelope, or has none (`CanBeAsked`).
        amended: Answers a change of a message (`CanAmend`).
        retracted: Answers the taking back of a message (`CanRetract`).
        callbacks: How the provider calls back (`HearsReceipts`).
        steady: Puts something constant in the place of whatever differs from one sending of the same request to the
            next, such as a nonce. It gets and gives the text of the golden file.
    """

    settings: Callable[[str], Mapping[str, Any]]
    accepts: Callable[[Request], Reply]
    ref: Callable[[Envelope], str]
    secrets: tuple[str, ...]
    oversize: str
    path: str
    address: Callable[[int], str] | None = None
    address_at: Callable[[str, int], str] | None = None
    delivering: Callable[[Request], bool] | None = None
    beside: Beside = nothing_beside
    statuses: Mapping[int, type[Outcome]] = field(default_factory=dict)
    holds: Callable[[Request, Envelope | None], Reply] | None = None
    amended: Change | None = None
    retracted: Change | None = None
    callbacks: Callbacks | None = None
    steady: Callable[[str], str] = _as_it_is

    def __post_init__(self) -> None:
        if (self.address is None) == (self.address_at is None):
            raise TypeError("Http samples need one of address and address_at")

    def to(self, url: str, number: int) -> str:
        """The address of this number, with the server at this URL."""
        if self.address_at is not None:
            return self.address_at(url, number)
        assert self.address is not None
        return self.address(number)

    def delivers(self, request: Request) -> bool:
        if self.delivering is not None:
            return self.delivering(request)
        places = (request.target, request.target.partition("?")[0])
        return request.method == "POST" and any(place.endswith(self.path) for place in places)


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """A channel that speaks SMTP: its settings against a relay on this port, and all secrets among them.

    `callbacks` and `steady` are as those of `Http`.
    """

    settings: Callable[[int], Mapping[str, Any]]
    secrets: tuple[str, ...]
    callbacks: Callbacks | None = None
    steady: Callable[[str], str] = _as_it_is


@dataclass(frozen=True, kw_only=True)
class Inboxed:
    """A channel that keeps its messages in the host's inbox. `callbacks` and `steady` are as those of `Http`."""

    callbacks: Callbacks | None = None
    steady: Callable[[str], str] = _as_it_is


Samples = Http | Smtp | Inboxed


@cache
def announced() -> Mapping[str, EntryPoint]:
    """Where the samples of all installed channels are, by the channel's name; nothing is imported for it."""
    return {point.name: point for point in entry_points(group=GROUP)}


@cache
def samples_of(name: str) -> Samples | None:
    """The samples of this channel, None when it announces none."""
    point = announced().get(name)
    return None if point is None else point.load()
