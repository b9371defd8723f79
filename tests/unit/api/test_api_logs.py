"""No secret and no full address reaches a log line, whatever was logged at whatever level."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest
import structlog
from api_rig import KEY, PUBLIC, SECRET, TWILIO_TOKEN, Api, problem

from dispatcher.faces.log import redact, set_up

HIDDEN = (KEY, SECRET, TWILIO_TOKEN, "+15551234567", "%2B15551234567", "ann@example.com", "ann%40example.com")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Everything that is logged, at DEBUG."""
    sink = io.StringIO()
    monkeypatch.setattr(sys, "stderr", sink)
    set_up(logging.DEBUG)
    return sink


def clean(sink: io.StringIO) -> str:
    said = sink.getvalue()
    assert said
    for hidden in HIDDEN:
        assert hidden not in said
    return said


async def test_invariant_10_nothing_leaks_from_a_day_of_calls_at_debug(api: Api, lines: io.StringIO) -> None:
    ticket = await api.ticket("ann@example.com")
    told = await api.open(title="Call +15551234567 or ann@example.com")
    claimed = api.claim(told["broadcast"]["id"], "twilio-main")
    fields = [("MessageSid", "SM1"), ("MessageStatus", "sent"), ("To", "+15551234567")]
    await api.callback(claimed[0].token, fields)
    problem(await api.callback(claimed[0].token, fields, secret="0" * 32), 403)
    await api.bare.get("/inapp/messages", params={"ticket": ticket})
    await api.client.get("/api/v1/deliveries", params={"tag": "+15551234567"})
    await api.post("/api/v1/incidents", {"playbook": "+15551234567"})
    assert "forged receipt refused" in clean(lines)
    assert ticket not in lines.getvalue()


@pytest.mark.parametrize("terminal", [False, True])
def test_whatever_shape_it_has_it_leaves_masked(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    monkeypatch.setattr(lines, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", lines)
    set_up(logging.DEBUG)
    log = structlog.get_logger(f"a test {terminal}")
    log.info("to +15551234567", plain="ann@example.com", nested={"to": ["+15551234567", ("ann@example.com",)]})
    log.info("keys", odd={"ann@example.com": 1}, data=b"To=%2B15551234567", error=ValueError("ann@example.com"))
    log.info("url", url="https://x.example/?To=%2B15551234567&mail=ann%40example.com", number=15551234567)
    log.info("headers", headers={"Authorization": f"Bearer {KEY}", "X": f"bearer {KEY}"})
    log.info("address", url=f"redis://user:{KEY}@127.0.0.1/0", second=f"postgresql+psycopg://:{KEY}@h/db")
    logging.getLogger("foreign").warning("to %s by %s", "+15551234567", {"mail": "ann@example.com"})
    try:
        raise RuntimeError(f"ann@example.com +15551234567 Basic {KEY}")
    except RuntimeError:
        logging.getLogger("foreign").exception("it broke for +15551234567")
        log.exception("it broke", to="+15551234567")
    said = clean(lines)
    assert said.count("Traceback") == 2 or terminal


def test_a_server_that_set_up_logs_of_its_own_goes_through_the_same_mask(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As uvicorn does, before it loads the application."""
    own = logging.getLogger("a-server")
    own.addHandler(logging.StreamHandler(lines))
    own.propagate = False
    monkeypatch.setattr(sys, "stderr", lines)
    set_up(logging.DEBUG)
    logging.getLogger("a-server.error").error("Exception in ASGI application for +15551234567")
    assert json.loads(clean(lines))["logger"] == "a-server.error"


def test_a_ticket_in_an_address_is_masked() -> None:
    import jwt

    ticket = jwt.encode({"sub": "ann"}, SECRET, "HS256")
    said = redact(f'"GET {PUBLIC}/inapp/stream?ticket={ticket}&after=3 HTTP/1.1" 200; cookie {ticket}')
    assert ticket not in said
    assert ticket.split(".")[2] not in said
    assert "&after=3 HTTP/1.1" in said


def test_what_is_no_address_stays_readable(lines: io.StringIO) -> None:
    structlog.get_logger("a test").info("sweep", lost=3, expired=0, route="twilio-main", rate=0.5, ok=True, none=None)
    said = json.loads(lines.getvalue().splitlines()[-1])
    assert (said["lost"], said["route"], said["rate"], said["ok"], said["none"]) == (3, "twilio-main", 0.5, True, None)
    assert redact("2026-02-03T04:05:06+00:00 took 12345678 ms by v1.2.3") == (
        "2026-02-03T04:05:06+00:00 took 12345678 ms by v1.2.3"
    )
