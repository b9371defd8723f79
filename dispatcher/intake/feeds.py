"""What a vendor's status feed says. Pure: the bytes of a document in, a state and its words out, by kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

from dispatcher.model.config import FeedKind
from dispatcher.model.vendors import VendorState

OK, DEGRADED, DOWN, UNKNOWN = VendorState.OK, VendorState.DEGRADED, VendorState.DOWN, VendorState.UNKNOWN
_WORST = (UNKNOWN, OK, DEGRADED, DOWN)
_LONGEST = 300

#: Statuspage: `components[].status`, and `status.indicator` of the whole page.
_COMPONENT = {
    "operational": OK,
    "under_maintenance": DEGRADED,
    "degraded_performance": DEGRADED,
    "partial_outage": DEGRADED,
    "major_outage": DOWN,
}
_INDICATOR = {"none": OK, "maintenance": DEGRADED, "minor": DEGRADED, "major": DOWN, "critical": DOWN}
#: Slack: `active_incidents[].type`.
_SLACK = {"notice": OK, "maintenance": DEGRADED, "incident": DEGRADED, "outage": DOWN}
#: Microsoft Graph: `value[].status` of a service.
_GRAPH = {
    "serviceOperational": OK,
    "serviceRestored": OK,
    "falsePositive": OK,
    "postIncidentReviewPublished": OK,
    "serviceInterruption": DOWN,
    "serviceDegradation": DEGRADED,
    "extendedRecovery": DEGRADED,
    "investigating": DEGRADED,
    "restoringService": DEGRADED,
    "verifyingService": DEGRADED,
}
#: An entry that says one of these tells of an end.
_OVER = re.compile(
    r"\b(resolved|completed|restored|recovered|mitigated|operating normally|operational|no impact)\b", re.IGNORECASE
)
#: What nobody has touched for so long is no news.
_NEWS = timedelta(days=1)


#: What was found, with the words for it.
_Found = tuple[VendorState, str]


class Unreadable(ValueError):
    """The document is not what its kind looks like. The message says in what."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a feed says, in one word and in its own."""

    state: VendorState
    why: str


def read(kind: FeedKind, body: bytes, components: Sequence[str], moment: datetime) -> Reading:
    """What a document says about some components of a vendor, or about all of it.

    Args:
        kind: Of what form it is.
        body: The document.
        components: As the page names them; capitals do not matter. None: the page as a whole.
        moment: Now.

    Raises:
        Unreadable: it has another form, or lacks a component.
    """
    return _READERS[kind](body, [one.strip().lower() for one in components], moment)


def _statuspage(body: bytes, components: Sequence[str], _moment: datetime) -> Reading:
    page = _object(body)
    if not components:
        status = _part(page, "status", dict)
        state = _INDICATOR.get(str(status.get("indicator")), UNKNOWN)
        return Reading(state, _said(status.get("description") or status.get("indicator")))
    by_name: dict[str, list[_Found]] = {}
    for one in _objects(page, "components"):
        said = str(one.get("status"))
        found = (_COMPONENT.get(said, UNKNOWN), f"{one.get('name')}: {said}")
        by_name.setdefault(_name(one.get("name")), []).append(found)
    return _worst(_chosen(by_name, components))


def _slack(body: bytes, components: Sequence[str], _moment: datetime) -> Reading:
    page = _object(body)
    if "status" not in page:
        raise Unreadable("it has no 'status'")
    found = [(OK, "no open incident")]
    for one in _objects(page, "active_incidents"):
        services = one.get("services")
        names = {_name(service) for service in services} if isinstance(services, list) else set()
        if not components or names & set(components):
            found.append((_SLACK.get(str(one.get("type")), UNKNOWN), f"{one.get('type')}: {one.get('title')}"))
    return _worst(found)


def _graph(body: bytes, components: Sequence[str], _moment: datetime) -> Reading:
    by_name: dict[str, list[_Found]] = {}
    for one in _objects(_object(body), "value"):
        said = str(one.get("status"))
        found = (_GRAPH.get(said, UNKNOWN), f"{one.get('service')}: {said}")
        by_name.setdefault(_name(one.get("service")), []).append(found)
    return _worst(_chosen(by_name, components or list(by_name)))


def _entries(body: bytes, components: Sequence[str], moment: datetime) -> Reading:
    """RSS or Atom: prose. Its newest entry about a component counts, for a day, and never for more than degraded."""
    # Entities are how a small document becomes a large one; no feed needs them.
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unreadable("it declares a document type, which no feed needs")
    if b"\x00" in body:  # where those two words would look otherwise
        raise Unreadable("it is in a wider encoding than UTF-8, which no feed needs")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no entities, see above; whoever fetches it bounds its length
    except ElementTree.ParseError as error:
        raise Unreadable(f"it is not XML ({error})") from None
    if _tag(root) not in {"rss", "feed", "RDF"}:
        raise Unreadable("it is neither RSS nor Atom")
    newest: tuple[datetime, str, str] | None = None
    for entry in (one for one in root.iter() if _tag(one) in {"item", "entry"}):
        parts = {_tag(part): " ".join("".join(part.itertext()).split()) for part in entry}
        text = " ".join(parts[name] for name in ("title", "description", "summary", "content") if name in parts)
        dates = (parts[name] for name in ("updated", "pubDate", "date", "published") if name in parts)
        at = _moment_of(next(dates, ""))
        concerns = not components or any(one in text.lower() for one in components)
        if at is not None and concerns and (newest is None or at > newest[0]):
            newest = at, parts.get("title", ""), text
    if newest is None or moment - newest[0] > _NEWS:
        return Reading(OK, "no entry of the last day")
    return Reading(OK if _OVER.search(newest[2]) else DEGRADED, _said(newest[1]))


_READERS: Mapping[FeedKind, Callable[[bytes, Sequence[str], datetime], Reading]] = {
    FeedKind.STATUSPAGE: _statuspage,
    FeedKind.SLACK: _slack,
    FeedKind.MICROSOFT_GRAPH: _graph,
    FeedKind.RSS: _entries,
}


def _object(body: bytes) -> dict[str, Any]:
    try:
        page = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("it is not JSON") from None
    if not isinstance(page, dict):
        raise Unreadable("it is not a JSON object")
    return page


def _part(page: Mapping[str, Any], key: str, form: type) -> Any:
    if not isinstance(page.get(key), form):
        raise Unreadable(f"it has no {key!r}")
    return page[key]


def _objects(page: Mapping[str, Any], key: str) -> Iterable[dict[str, Any]]:
    return (one for one in _part(page, key, list) if isinstance(one, dict))


def _name(given: object) -> str:
    return str(given).strip().lower()


def _chosen(by_name: Mapping[str, list[_Found]], components: Iterable[str]) -> list[_Found]:
    missing = [one for one in components if one not in by_name]
    if missing:
        there = ", ".join(sorted(by_name)[:20]) or "nothing"
        raise Unreadable(f"it has no component {missing[0]!r}; it has {there}"[:_LONGEST])
    return [one for name in components for one in by_name[name]]


def _worst(found: Sequence[_Found]) -> Reading:
    """The worst of them, and the words of all that are as bad. One state that is not known is no reason for worse."""
    if not found:
        raise Unreadable("it lists nothing")
    state = max((state for state, _ in found), key=_WORST.index)
    return Reading(state, _said("; ".join(dict.fromkeys(words for one, words in found if one is state))))


def _said(words: object) -> str:
    text = " ".join(str(words or "").split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _moment_of(given: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = parse(given.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
