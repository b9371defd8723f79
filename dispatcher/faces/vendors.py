"""The vendors as they stand: how each is, who says so and how old that is, and what depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatcher.config_checks import suggest
from dispatcher.ledger import now, vendors
from dispatcher.model.vendors import Health, Source, VendorState
from dispatcher.plan.health import look
from dispatcher.wiring import Installation

_LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class VendorLook:
    """One vendor.

    Attributes:
        name: As `config/vendors.yaml` has it.
        title: How people call it.
        state: ok, degraded, down or unknown.
        source: Who says so: operator, incident, breakers, feed or nobody.
        why: Their words.
        since: Since when it is so, as far as that is known.
        seen_at: When that was last seen.
        age_seconds: How long ago that was.
        until: When an operator's word ends by itself.
        beneath: The vendor it rides on from which it has its state; empty when the state is its own.
        rides_on: On whom it rides directly.
        routes: The routes whose messages it takes down with it, by whatever way.
    """

    name: str
    title: str
    state: VendorState
    source: Source
    why: str
    since: datetime | None
    seen_at: datetime | None
    age_seconds: float | None
    until: datetime | None
    beneath: str
    rides_on: tuple[str, ...]
    routes: tuple[str, ...]


class WrongWord(ValueError):
    """What is said about a vendor cannot be kept. The message says why and what to do."""


def looks(here: Installation) -> list[VendorLook]:
    """All vendors in the order of `config/vendors.yaml`.

    Raises:
        LedgerAway: who says what stands there.
    """
    with here.ledger.read() as tx:
        seen = look(tx, here.config, here.ways)
    moment = now()
    return [_look(here, one, moment) for one in seen.health.values()]


def _look(here: Installation, one: Health, moment: datetime) -> VendorLook:
    vendor = here.config.vendors[one.vendor]
    return VendorLook(
        name=one.vendor,
        title=vendor.title,
        state=one.state,
        source=one.source,
        why=one.why,
        since=one.since,
        seen_at=one.seen_at,
        age_seconds=None if one.seen_at is None else max(0.0, round((moment - one.seen_at).total_seconds(), 1)),
        until=one.until,
        beneath=one.beneath,
        rides_on=vendor.rides_on,
        routes=tuple(way.route for way in here.ways if one.vendor in way.depends_on),
    )


def say(
    here: Installation, name: str, state: VendorState | None, *, author: str, why: str = "", lasts: float | None = None
) -> None:
    """Keep what an operator says about a vendor; None takes back what was said before.

    Args:
        here: The installation.
        name: The vendor.
        state: What it is.
        author: Who says so.
        why: By what they know.
        lasts: Seconds after which the word ends by itself.

    Raises:
        WrongWord: there is no such vendor, or no reason is given, or none that can be shown.
    """
    if name not in here.config.vendors:
        raise WrongWord(f"there is no vendor {name!r}. {suggest(name, here.config.vendors)}")
    why = " ".join(why.split())
    if state is not None and not why:
        raise WrongWord("say by what you know it, for example: --why 'their support says so'")
    if not why.isprintable():
        # It is shown on terminals and pages; what steers a terminal is no reason.
        raise WrongWord("the reason holds characters that cannot be printed; write it in plain words")
    if len(why) > _LONGEST_WHY:
        raise WrongWord(f"the reason is longer than {_LONGEST_WHY} characters; say it shorter")
    until = None if lasts is None else now() + timedelta(seconds=lasts)
    with here.ledger.write() as tx:
        vendors.say(tx, name, state, author=author, why=why, until=until)
