"""What the vendors' status feeds said, when, and when they are looked at next. One worker wins each look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import vendor_feed
from dispatcher.model.config import Feed
from dispatcher.model.vendors import Source, VendorState, Word

#: After so many polls without an answer a feed is not believed any more.
_STALE_AFTER = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """A feed as it was read last.

    Attributes:
        vendor: Whose.
        url: From where; what was read elsewhere is forgotten.
        etag: By which its server knows whether it has changed since, "" for none.
        modified: The same, as `Last-Modified`.
        problem: Why the last look failed, "" when it did not.
    """

    vendor: str
    url: str
    etag: str
    modified: str
    problem: str


def are_due(tx: Tx, feeds: Mapping[str, Feed]) -> bool:
    """Whether one of these has to be looked at now."""
    rows = tx.execute(select(vendor_feed.c.vendor, vendor_feed.c.next_at).where(vendor_feed.c.vendor.in_(list(feeds))))
    looked = {row.vendor: row.next_at for row in rows}
    moment = now()
    return any(name not in looked or looked[name] <= moment for name in feeds)


def take_due(tx: Tx, feeds: Mapping[str, Feed]) -> list[Kept]:
    """Take those that are due, each for one process: the next look is set before this one begins."""
    moment = now()
    taken = []
    for name, feed in feeds.items():
        after = moment + timedelta(seconds=feed.every)
        new = upserting(tx)(vendor_feed).values(vendor=name, url=feed.url, next_at=moment)
        tx.execute(new.on_conflict_do_nothing())
        row = tx.execute(
            update(vendor_feed)
            # A clock that was put back must not make it wait for as long as it jumped.
            .where(
                vendor_feed.c.vendor == name,
                or_(vendor_feed.c.next_at <= moment, vendor_feed.c.next_at > after + timedelta(seconds=feed.every)),
            )
            .values(next_at=after, tried_at=moment)
            .returning(vendor_feed)
        ).one_or_none()
        if row is not None:
            same = row.url == feed.url
            taken.append(Kept(name, feed.url, row.etag if same else "", row.modified if same else "", row.problem))
    return taken


def heard(tx: Tx, kept: Kept, state: VendorState, why: str, *, etag: str = "", modified: str = "") -> None:
    """A feed was read; since when it is so changes with the state only."""
    moment = now()
    was = tx.execute(select(vendor_feed.c.state, vendor_feed.c.since).where(vendor_feed.c.vendor == kept.vendor)).one()
    values = {
        "url": kept.url,
        "state": state.value,
        "why": why,
        "since": was.since if was.state == state.value and was.since else moment,
        "seen_at": moment,
        "etag": etag,
        "modified": modified,
        "problem": "",
    }
    tx.execute(update(vendor_feed).where(vendor_feed.c.vendor == kept.vendor).values(values))


def unchanged(tx: Tx, vendor: str) -> None:
    """Its server says that it is as it was."""
    tx.execute(update(vendor_feed).where(vendor_feed.c.vendor == vendor).values(seen_at=now(), problem=""))


def failed(tx: Tx, vendor: str, problem: str) -> None:
    """It could not be read. What it said before holds until it is too old."""
    tx.execute(update(vendor_feed).where(vendor_feed.c.vendor == vendor).values(problem=problem))


def words(tx: Tx, feeds: Mapping[str, Feed]) -> list[Word]:
    """What the feeds say now; one that was not heard for three polls says nothing: unknown."""
    moment = now()
    rows = tx.execute(select(vendor_feed).where(vendor_feed.c.vendor.in_(list(feeds))).order_by(vendor_feed.c.vendor))
    found = []
    for row in rows:
        feed = feeds[row.vendor]
        if row.seen_at is None or row.url != feed.url:
            if row.problem:
                found.append(_silent(row.vendor, None, row.problem))
        elif moment - row.seen_at > timedelta(seconds=feed.every * _STALE_AFTER):
            found.append(_silent(row.vendor, row.seen_at, row.problem))
        else:
            why = f"its status page says {row.why!r}" if row.why else "its status page says so"
            found.append(Word(row.vendor, VendorState(row.state), Source.FEED, row.since, row.seen_at, why))
    return found


def _silent(vendor: str, seen_at: datetime | None, problem: str) -> Word:
    last = f"last read {seen_at:%Y-%m-%d %H:%M} UTC" if seen_at else "never read"
    why = f"its status page was {last}" + (f": {problem}" if problem else "")
    return Word(vendor, VendorState.UNKNOWN, Source.FEED, None, seen_at, why)
