"""What status feeds say: documents of the forms that vendors publish, made up; and what is no such document."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.intake.feeds import Unreadable, read
from dispatcher.model.config import FeedKind
from dispatcher.model.vendors import VendorState

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def statuspage(indicator: str = "none", **components: str) -> dict[str, Any]:
    return {
        "page": {"id": "gpkpyklzq55q", "name": "Acme", "url": "https://status.acme.example"},
        "components": [
            {
                "id": f"c{n}",
                "name": name.replace("_", " "),
                "status": state,
                "group": False,
                "only_show_if_degraded": False,
            }
            for n, (name, state) in enumerate(components.items())
        ],
        "incidents": [],
        "scheduled_maintenances": [],
        "status": {"indicator": indicator, "description": f"{indicator} words"},
    }


def slack(status: str = "ok", *incidents: tuple[str, str]) -> dict[str, Any]:
    return {
        "status": status,
        "date_created": "2026-11-29T03:00:00-08:00",
        "date_updated": "2026-11-29T03:30:00-08:00",
        "active_incidents": [
            {
                "id": n,
                "title": f"Trouble {n}",
                "type": kind,
                "status": "active",
                "services": services.split(","),
                "notes": [],
            }
            for n, (kind, services) in enumerate(incidents)
        ],
    }


def graph(**services: str) -> dict[str, Any]:
    value = [
        {"id": name, "service": name.replace("_", " "), "status": said, "issues": []} for name, said in services.items()
    ]
    return {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#admin", "value": value}


def rss(*items: tuple[str, str, str]) -> str:
    inner = "".join(
        f"<item><title>{title}</title><description>&lt;p&gt;{text}&lt;/p&gt;</description><pubDate>{at}</pubDate></item>"
        for title, text, at in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Acme</title>{inner}</channel></rss>'


def atom(*entries: tuple[str, str, str]) -> str:
    inner = "".join(
        f"<entry><title>{title}</title><content type='html'>{text}</content><updated>{at}</updated></entry>"
        for title, text, at in entries
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme</title>{inner}</feed>'


TABLE = [
    ("statuspage", statuspage(), [], "ok", "none words"),
    ("statuspage", statuspage("minor"), [], "degraded", "minor words"),
    ("statuspage", statuspage("critical"), [], "down", "critical words"),
    ("statuspage", statuspage("someday"), [], "unknown", "someday words"),
    # The page is on minor because of something else.
    ("statuspage", statuspage("minor", SMS="operational", Fax="major_outage"), ["sms"], "ok", "SMS: operational"),
    ("statuspage", statuspage(SMS="partial_outage", REST_API="operational"), ["SMS", "REST API"], "degraded",
     "SMS: partial_outage"),
    ("statuspage", statuspage(SMS="degraded_performance", REST_API="major_outage"), ["SMS", " rest api "], "down",
     "REST API: major_outage"),
    ("statuspage", statuspage(SMS="under_maintenance"), ["SMS"], "degraded", "SMS: under_maintenance"),
    ("statuspage", statuspage(SMS="haunted"), ["SMS"], "unknown", "SMS: haunted"),
    ("slack", slack(), [], "ok", "no open incident"),
    ("slack", slack("active", ("incident", "Messaging")), [], "degraded", "incident: Trouble 0"),
    ("slack", slack("active", ("outage", "Messaging,Login/SSO")), ["messaging"], "down", "outage: Trouble 0"),
    ("slack", slack("active", ("outage", "Huddles")), ["Messaging"], "ok", "no open incident"),
    ("slack", slack("active", ("notice", "Messaging"), ("incident", "Messaging")), ["Messaging"], "degraded",
     "incident: Trouble 1"),
    ("microsoft-graph", graph(Exchange_Online="serviceOperational", Intune="serviceInterruption"), ["Exchange Online"],
     "ok", "Exchange Online: serviceOperational"),
    ("microsoft-graph", graph(Exchange_Online="serviceDegradation", Microsoft_Teams="serviceInterruption"),
     ["Exchange Online", "Microsoft Teams"], "down", "Microsoft Teams: serviceInterruption"),
    ("microsoft-graph", graph(Exchange_Online="extendedRecovery"), [], "degraded", "Exchange Online: extendedRecovery"),
    ("microsoft-graph", graph(Exchange_Online="unknownFuture"), [], "unknown", "Exchange Online: unknownFuture"),
    ("rss", rss(), [], "ok", "no entry of the last day"),
    ("rss", rss(("Mail is slow", "We look into it", "Sun, 29 Nov 2026 11:00:00 GMT")), [], "degraded", "Mail is slow"),
    ("rss", rss(("Mail is slow", "This was resolved", "Sun, 29 Nov 2026 11:00:00 GMT")), [], "ok", "Mail is slow"),
    ("rss", rss(("Mail is slow", "We look", "Fri, 27 Nov 2026 11:00:00 GMT")), [], "ok", "no entry of the last day"),
    # The newest of its component counts, wherever it stands.
    ("rss", rss(("Mail", "resolved", "Sun, 29 Nov 2026 09:00:00 GMT"),
                ("Mail too", "bad", "Sun, 29 Nov 2026 10:00:00 GMT")), ["mail"], "degraded", "Mail too"),
    ("rss", rss(("Fax is down", "bad", "Sun, 29 Nov 2026 11:00:00 GMT")), ["mail"], "ok", "no entry of the last day"),
    ("rss", rss(("Mail is slow", "We look", "yesterday")), [], "ok", "no entry of the last day"),
    ("rss", atom(("Mail is slow", "We look", "2026-11-29T11:00:00Z")), ["mail"], "degraded", "Mail is slow"),
    ("rss", atom(("Mail is slow", "All services are operating normally", "2026-11-29T12:00:00+01:00")), [], "ok",
     "Mail is slow"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "page", "components", "state", "why"), TABLE, ids=[str(n) for n in range(len(TABLE))])
def test_what_a_feed_says(kind: str, page: Any, components: list[str], state: str, why: str) -> None:
    body = page.encode() if isinstance(page, str) else json.dumps(page).encode()
    found = read(FeedKind(kind), body, components, NOW)
    assert (found.state.value, found.why) == (state, why)


@pytest.mark.parametrize(
    ("kind", "body", "components", "said"),
    [
        ("statuspage", "<html>Sorry</html>", [], "it is not JSON"),
        ("statuspage", "[]", [], "it is not a JSON object"),
        ("statuspage", "[" * 100_000, [], "it is not JSON"),
        ("statuspage", "{}", [], "it has no 'status'"),
        ("statuspage", '{"components": {}}', ["SMS"], "it has no 'components'"),
        ("statuspage", json.dumps(statuspage(Fax="operational")), ["SMS"], "no component 'sms'; it has fax"),
        ("slack", "{}", [], "it has no 'status'"),
        ("slack", '{"status": "ok"}', [], "it has no 'active_incidents'"),
        ("microsoft-graph", '{"error": {"code": "Forbidden"}}', [], "it has no 'value'"),
        ("microsoft-graph", '{"value": []}', [], "it lists nothing"),
        ("rss", "{}", [], "it is not XML"),
        ("rss", "<html/>", [], "neither RSS nor Atom"),
        ("rss", '<!DOCTYPE x [<!ENTITY a "aaaa">]><rss>&a;</rss>', [], "declares a document type"),
    ],
)
def test_what_is_no_feed_says_why(kind: str, body: str, components: list[str], said: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(said)):
        read(FeedKind(kind), body.encode(), components, NOW)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_document_type_is_seen_in_other_encodings_too(encoding: str) -> None:
    body = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "aaaa">]><rss>&a;</rss>'.encode(encoding)
    with pytest.raises(Unreadable, match="wider encoding"):
        read(FeedKind("rss"), body, [], NOW)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["status", "components", "name", "value", "service", "active_incidents", "type", "services", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.sampled_from(FeedKind), values, st.lists(st.text(max_size=3), max_size=2))
def test_whatever_comes_is_read_or_refused(kind: FeedKind, page: Any, components: list[str]) -> None:
    with suppress(Unreadable):
        assert read(kind, json.dumps(page).encode(), components, NOW).state in VendorState
