"""How the vendors are, judged from what everybody says. `judge` and what it uses are pure; `look` asks the ledger.

Who says it counts, strongest first: an operator; an open incident that names the vendor; the breakers of our own
routes; the vendor's status feed. What an operator says holds, for better or worse. Of incidents and breakers the worst
holds. A feed only corroborates. Alone it counts one step less than it says: its "down" makes a vendor degraded, its
"degraded" changes nothing. For such pages stand on "degraded" for weeks over matters that do not concern us, can be
wrong, and are not ours; nobody's message shall take another way because of a page alone. Together with something that
we have seen ourselves it counts in full. Nor does a feed make anything better: pages are green while customers are cut
off.

Then states spread: a vendor is no better than what it rides on. An operator who knows better says so of the one
beneath.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatcher.ledger import Tx, breakers, feeds, now, recipients, vendors
from dispatcher.model import quiet
from dispatcher.model.circuit import Circuit
from dispatcher.model.config import Config, Severity
from dispatcher.model.incident import Incident
from dispatcher.model.vendors import Health, Source, VendorState, Word
from dispatcher.plan.chains import Way

_BADNESS = {VendorState.UNKNOWN: 0, VendorState.OK: 0, VendorState.DEGRADED: 1, VendorState.DOWN: 2}
_A_STEP_LESS = {VendorState.DOWN: VendorState.DEGRADED, VendorState.DEGRADED: VendorState.OK}
_STRENGTH = {source: place for place, source in enumerate(Source)}


def judge(config: Config, words: Iterable[Word], moment: datetime) -> dict[str, Health]:
    """How every configured vendor is, by name.

    Args:
        config: Who rides on whom.
        words: What is said now, at most one by each source about a vendor, except for incidents.
        moment: Now.
    """
    about: dict[str, list[Word]] = {name: [] for name in config.vendors}
    for word in words:
        if word.vendor in about:
            about[word.vendor].append(word)
    own = {name: _of_one(name, said, moment) for name, said in about.items()}
    return {name: _with_what_is_beneath(own, name, config) for name in own}


def _of_one(name: str, said: Sequence[Word], moment: datetime) -> Health:
    by = {word.source: word for word in sorted(said, key=lambda word: _BADNESS[word.state])}
    for decisive in (Source.THIS_INCIDENT, Source.OPERATOR):
        if decisive in by:
            return _health(by[decisive])
    ours = [by[source] for source in (Source.INCIDENT, Source.BREAKERS) if source in by]
    feed = by.get(Source.FEED)
    # The first of the worst: incidents before breakers.
    worst = max(ours, key=lambda word: _BADNESS[word.state], default=None)
    if worst is None:
        return Health(name, VendorState.UNKNOWN, Source.NOBODY, seen_at=moment) if feed is None else _alone(feed)
    if feed is not None and _BADNESS[feed.state] > _BADNESS[worst.state] > 0:
        return _health(replace(worst, state=feed.state, why=f"{worst.why}, and {feed.why}"))
    return _health(worst)


def _alone(feed: Word) -> Health:
    less = _A_STEP_LESS.get(feed.state)
    if less is None:
        return _health(feed)
    return _health(replace(feed, state=less, why=f"{feed.why}; nothing of ours has noticed"))


def _health(word: Word) -> Health:
    return Health(word.vendor, word.state, word.source, word.since, word.seen_at, word.why, until=word.until)


def _with_what_is_beneath(own: Mapping[str, Health], name: str, config: Config) -> Health:
    mine = own[name]
    beneath = [own[under] for under in config.all_under([name]) if under != name]
    worst = max(beneath, key=lambda one: _BADNESS[one.state], default=mine)
    if _BADNESS[worst.state] <= _BADNESS[mine.state]:
        return mine
    why = f"because it rides on {worst.said}"
    return Health(name, worst.state, worst.source, worst.since, worst.seen_at, why, beneath=worst.vendor)


@dataclass(frozen=True, slots=True)
class Seen:
    """How things are at one moment.

    Attributes:
        health: The vendors.
        opened: The routes whose breaker is open, with why.
        quiet: The quiet hours, as the ledger keeps them, that it is now for whoever has them; and when they end.
    """

    health: Mapping[str, Health]
    opened: Mapping[str, str]
    quiet: Mapping[str, datetime]


def look(tx: Tx, config: Config, ways: Sequence[Way], about: Incident | None = None) -> Seen:
    """How things are now, for telling people about an incident: whom it names is down, whatever others say."""
    moment = now()
    words = [*vendors.by_operators(tx), *vendors.by_incidents(tx, but=about.id if about else None)]
    words += feeds.words(tx, config.feeds)
    tripped = {route: one for route, one in breakers.every(tx).items() if not one.is_closed}
    words += of_breakers({name: route.depends_on for name, route in config.routes.items()}, ways, tripped, moment)
    if about is not None:
        words += named(about.vendors, about.created_at, moment)
    opened = {route: one.why for route, one in tripped.items()}
    severity = about.severity if about else Severity.MAJOR
    asleep = {
        kept: until
        for kept in recipients.quiet_hours(tx)
        if (hours := quiet.read(kept)) and (until := hours.until(moment, severity, config.company.timezone))
    }
    return Seen(judge(config, words, moment), opened, asleep)


def of_breakers(
    direct: Mapping[str, Collection[str]], ways: Sequence[Way], tripped: Mapping[str, Circuit], moment: datetime
) -> list[Word]:
    """What our own breakers say: a vendor is down when every usable route that depends on it directly has an open one,
    degraded when some have. Closed ones prove nothing: maybe nothing was sent.

    Args:
        direct: Route -> the vendors that it names itself.
        ways: All routes.
        tripped: The breakers that are not closed, by route.
        moment: Now.
    """
    usable = [way.route for way in ways if not way.problem]
    words = []
    for vendor in sorted({vendor for route in usable for vendor in direct.get(route, ())}):
        mine = [route for route in usable if vendor in direct.get(route, ())]
        opened = [route for route in mine if route in tripped]
        if not opened:
            continue
        state = VendorState.DOWN if len(opened) == len(mine) else VendorState.DEGRADED
        why = f"our own breaker of {', '.join(f'{route} ({tripped[route].cause})' for route in opened)}"
        since = min((at for route in opened if (at := tripped[route].since)), default=None)
        words.append(Word(vendor, state, Source.BREAKERS, since, moment, why))
    return words


def named(those: Iterable[str], since: datetime, moment: datetime) -> list[Word]:
    """What the incident that people are told about says itself."""
    return [Word(one, VendorState.DOWN, Source.THIS_INCIDENT, since, moment, "this incident names it") for one in those]


def fallen(health: Mapping[str, Health]) -> tuple[str, ...]:
    """The vendors that are down themselves; what rides on them falls with them and is not named."""
    return tuple(name for name, one in health.items() if one.state is VendorState.DOWN and not one.beneath)
