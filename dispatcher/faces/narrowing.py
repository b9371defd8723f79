"""Which deliveries somebody asks for, checked against what there is, for every face alike."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from dispatcher.ledger import Tx, broadcasts, incidents, listing, recipients
from dispatcher.ledger.listing import Filter
from dispatcher.model.delivery import Status
from dispatcher.model.hints import hint
from dispatcher.model.masking import Shown
from dispatcher.wiring import Installation

_LISTED = 20
_LARGEST = 2**63 - 1


class UnknownValue(Exception):
    """Something is asked for that does not exist. The message says what there is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, as it was written; everything given must hold.

    Attributes:
        update: The number of an update of the incident.
        recipient: A person's number in the ledger or ref, or a destination as `d:name`.
        address: As it is visible somewhere, or all of it.
        reason: Words of a reason, a code, or why a route is left out.
    """

    incident: int | None = None
    broadcast: int | None = None
    update: int | None = None
    status: Collection[Status] = ()
    kind: str | None = None
    route: str | None = None
    tag: str | None = None
    recipient: str | None = None
    address: str | None = None
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def about(self, incident: int | None) -> Asked:
        """The same, of one incident."""
        return replace(self, incident=incident)


def narrow(here: Installation, tx: Tx, asked: Asked) -> Filter:
    """The filter for what was asked.

    Raises:
        NotFound: there is no such incident.
        UnknownValue: there is no such update, route, tag or recipient.
    """
    if asked.incident is not None:
        here.desk.find(tx, asked.incident)
    recipient_id, place = _whom(here, tx, asked.recipient)
    # A route that was taken out of the configuration still stands in the ledger.
    routes, by = here.config.routes, Filter(incident_id=asked.incident, route=asked.route)
    if asked.route is not None and asked.route not in routes and not listing.is_known(tx, by):
        raise UnknownValue(_unknown("route", asked.route, list(routes)))
    if asked.tag is not None and not listing.has_tag(tx, asked.tag):
        raise UnknownValue(_unknown("tag", asked.tag, listing.tags(tx, _LISTED)))
    return Filter(
        incident_id=asked.incident,
        broadcast_id=_broadcast(tx, asked),
        status=frozenset(asked.status),
        kind=asked.kind,
        route=asked.route,
        tag=asked.tag,
        recipient_id=recipient_id,
        place=place,
        address=Shown(asked.address) if asked.address else None,
        reason=asked.reason or None,
        since=asked.since,
        until=asked.until,
    )


def _broadcast(tx: Tx, asked: Asked) -> int | None:
    if asked.update is None:
        return asked.broadcast
    if asked.incident is None:
        raise UnknownValue("updates are counted for each incident; say which incident is meant")
    numbers = {one.id: one.number for one in incidents.updates(tx, asked.incident)}
    sent = {numbers[one.update_id]: one.id for one in broadcasts.of_incident(tx, asked.incident)}
    if asked.update not in sent:
        known = f"there are: {', '.join(map(str, sent))}" if sent else "nothing was said about it yet"
        raise UnknownValue(f"INC-{asked.incident} has no update {asked.update}; {known}")
    return sent[asked.update]


def _whom(here: Installation, tx: Tx, given: str | None) -> tuple[int | None, str | None]:
    """A person's number, or the name of a destination."""
    if given is None:
        return None, None
    kind, colon, name = given.partition(":")
    if colon and kind == "d":
        if name not in here.config.destinations and not listing.is_known(tx, Filter(place=name)):
            raise UnknownValue(_unknown("destination", name, list(here.config.destinations)))
        return None, name
    # A number is that of the ledger; a ref that is a number is written ref:17.
    if re.fullmatch(r"[1-9][0-9]{0,18}", given) and int(given) <= _LARGEST:
        return int(given), None
    ref = name if colon and kind == "ref" else given
    found = recipients.find(tx, ref)
    if found is None:
        raise UnknownValue(
            f"nobody has the ref {ref!r}; give a ref, a number as `receipts` shows it, or d:NAME for a destination"
        )
    return found[0], None


def _unknown(what: str, given: str, known: list[str]) -> str:
    return f"unknown {what} {given!r}; {hint(given, known, most=_LISTED)}"
