"""The in-app inbox: a ticket opens one person's inbox and nothing else, and a cut stream goes on where it was."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import jwt
import pytest
import uvicorn
from api_rig import SECRET, Api, environment, problem, started

from dispatcher.faces.api.inapp.live import events
from dispatcher.faces.api.inapp.streams import Streams
from dispatcher.ledger import inbox, now
from dispatcher.ledger.inbox import NewNote, Note


def put(api: Api, user: str, *texts: str) -> list[int]:
    notes = [
        NewNote(user, f"{user}:{text}", f"token-{user}-{text}", "Outage", text, now() + timedelta(hours=1))
        for text in texts
    ]
    with api.here.ledger.write() as tx:
        return list(inbox.put(tx, notes).values())


async def test_a_ticket_opens_ones_own_inbox_only(api: Api) -> None:
    put(api, "ann", "one", "two")
    put(api, "bob-7", "for bob")
    ticket = await api.ticket("ann")
    page = (await api.bare.get("/inapp/messages", params={"ticket": ticket})).json()
    assert [one["text"] for one in page["messages"]] == ["one", "two"]
    assert not any(one["read"] for one in page["messages"])
    page = (await api.bare.get("/inapp/messages", params={"ticket": ticket, "after": 1})).json()
    assert [one["text"] for one in page["messages"]] == ["two"]
    problem(await api.bare.post("/inapp/messages/3/read", params={"ticket": ticket}), 404)


def signed(**claims: object) -> str:
    return jwt.encode({"aud": "inapp", "sub": "ann", "exp": now() + timedelta(hours=1), **claims}, SECRET, "HS256")


@pytest.mark.parametrize(
    "ticket",
    [
        "",
        "x",
        "a.b.c",
        signed(exp=now() - timedelta(seconds=1)),
        signed(aud="console"),
        signed(sub=7),
        jwt.encode({"aud": "inapp", "sub": "ann", "exp": now() + timedelta(hours=1)}, "0" * 40, "HS256"),
        jwt.encode({"aud": "inapp", "sub": "ann", "exp": now() + timedelta(hours=1)}, None, "none"),
        jwt.encode({"aud": "inapp", "sub": "ann"}, SECRET, "HS256"),
        jwt.encode({"aud": "inapp", "exp": now() + timedelta(hours=1)}, SECRET, "HS256"),
        "\u00e9\u00e9.\u00e9.\u00e9",
        "\x00",
    ],
    ids=str.__len__,
)
async def test_any_other_ticket_opens_nothing(api: Api, ticket: str) -> None:
    for method, path in (("GET", "messages"), ("GET", "stream"), ("POST", "messages/1/read")):
        answer = await api.client.request(method, f"/inapp/{path}", params={"ticket": ticket})
        assert "tickets" in problem(answer, 401)["detail"]


async def test_no_ticket_at_all_is_a_problem(api: Api) -> None:
    for path in ("messages", "stream"):
        problem(await api.client.get(f"/inapp/{path}"), 422)
    problem(await api.client.get("/inapp/messages", params={"ticket": "x" * 6001}), 422)


async def test_a_ticket_is_no_key_and_a_key_is_no_ticket(api: Api) -> None:
    ticket = await api.ticket("ann")
    problem(await api.bare.get("/api/v1/incidents", headers={"Authorization": f"Bearer {ticket}"}), 401)


@pytest.mark.parametrize("user", ["", "x" * 321, 7, None])
async def test_a_ticket_is_for_somebody(api: Api, user: object) -> None:
    problem(await api.post("/api/v1/inapp/tickets", {"user": user}), 422)


async def test_the_longest_user_gets_a_ticket_that_works(api: Api) -> None:
    for user in ("x" * 320, "\U0001f4a9" * 320, "\u00e4" * 320):
        ticket = await api.ticket(user)
        answer = await api.bare.get("/inapp/messages", params={"ticket": ticket})
        assert answer.status_code == 200, answer.text


async def test_reading_twice_is_one_receipt(api: Api) -> None:
    (seq,) = put(api, "ann", "one")
    ticket = await api.ticket("ann")
    for _ in range(3):
        answer = await api.bare.post(f"/inapp/messages/{seq}/read", params={"ticket": ticket})
        assert (answer.status_code, answer.content) == (204, b"")
    page = (await api.bare.get("/inapp/messages", params={"ticket": ticket})).json()
    assert page["messages"][0]["read"] is True
    assert api.count("receipt") == 1


@pytest.mark.parametrize("seq", [0, -1, 99, 2**63 - 1, 2**63, 10**40])
async def test_a_message_that_is_not_there_is_not_found(api: Api, seq: int) -> None:
    ticket = await api.ticket("ann")
    problem(await api.bare.post(f"/inapp/messages/{seq}/read", params={"ticket": ticket}), 404)


async def test_numbers_beyond_sense_are_refused(api: Api) -> None:
    ticket = await api.ticket("ann")
    problem(await api.bare.get("/inapp/messages", params={"ticket": ticket, "after": str(2**63)}), 422)
    problem(await api.bare.get("/inapp/stream", params={"ticket": ticket, "after": "-1"}), 422)


@asynccontextmanager
async def listening(api: Api) -> AsyncIterator[str]:
    """The application on a real loopback port, as streams need it."""
    server = uvicorn.Server(uvicorn.Config(api.app, port=0, log_config=None, lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = server.force_exit = True
        await serving


async def heard(lines: AsyncIterator[str], count: int) -> list[tuple[str, str]]:
    """The next messages of a stream, as (id, text)."""
    got: list[tuple[str, str]] = []
    number = event = ""
    async with asyncio.timeout(10):
        while len(got) < count:
            line = await anext(lines)
            if line.startswith("id:"):
                number = line[3:].strip()
            if line.startswith("event:"):
                event = line[6:].strip()
            if line.startswith("data:") and event == "message":
                got.append((number, json.loads(line[5:])["text"]))
    return got


async def test_a_stream_tells_what_was_missed_then_what_is_new_and_only_ones_own(api: Api) -> None:
    put(api, "ann", "one", "two", "three")
    ticket = await api.ticket("ann")
    async with listening(api) as base, httpx.AsyncClient(base_url=base, timeout=10) as client:
        async with client.stream(
            "GET", "/inapp/stream", params={"ticket": ticket}, headers={"Last-Event-ID": "1"}
        ) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["cache-control"] == "no-store"
            lines = answer.aiter_lines()
            assert await heard(lines, 2) == [("2", "two"), ("3", "three")]
            put(api, "bob-7", "for bob")
            put(api, "ann", "four")
            assert await heard(lines, 1) == [("5", "four")]
        async with client.stream("GET", "/inapp/stream", params={"ticket": ticket, "after": 3}) as answer:
            assert await heard(answer.aiter_lines(), 1) == [("5", "four")]


@pytest.mark.parametrize("last", ["x", "-1", "\u00b2", "9" * 19, str(2**63), "9" * 5000, "", "1e1"], ids=str.__len__)
async def test_an_odd_last_event_id_is_as_good_as_none(api: Api, last: str) -> None:
    put(api, "ann", "one")
    ticket = await api.ticket("ann")
    async with listening(api) as base, httpx.AsyncClient(base_url=base, timeout=10) as client:
        headers = {"Last-Event-ID": last.encode("latin-1")}
        async with client.stream("GET", "/inapp/stream", params={"ticket": ticket}, headers=headers) as answer:
            assert answer.status_code == 200
            # "9" * 19 is a number, but no message of this ledger ever had it.
            assert await heard(answer.aiter_lines(), 1) == [("1", "one")]


async def test_a_stream_that_cannot_catch_up_ends_quietly(
    api: Api, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The browser comes back by itself with the last number it saw."""
    from dispatcher.ledger import LedgerAway

    put(api, "ann", "one")
    ticket = await api.ticket("ann")

    def away(*_: object) -> None:
        raise LedgerAway("gone")

    async with listening(api) as base, httpx.AsyncClient(base_url=base, timeout=10) as client:
        monkeypatch.setattr("dispatcher.faces.api.inapp.live.inbox.after", away)
        async with client.stream("GET", "/inapp/stream", params={"ticket": ticket}) as answer:
            async with asyncio.timeout(5):
                assert not [line async for line in answer.aiter_lines() if line.startswith("data:")]
        put(api, "ann", "two")
        monkeypatch.undo()
        async with client.stream(
            "GET", "/inapp/stream", params={"ticket": ticket}, headers={"Last-Event-ID": "1"}
        ) as answer:
            assert await heard(answer.aiter_lines(), 1) == [("2", "two")]
    assert "Traceback" not in capfd.readouterr().err


async def test_streams_go_on_after_any_failed_look(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from dispatcher.ledger import LedgerAway, Tx

    ticket = await api.ticket("ann")
    real, failures = inbox.after_all, [RuntimeError("anything"), LedgerAway("gone")]

    def sometimes(tx: Tx, seq: int, limit: int) -> list[Note]:
        if failures:
            raise failures.pop()
        return real(tx, seq, limit)

    monkeypatch.setattr("dispatcher.faces.api.inapp.streams.inbox.after_all", sometimes)
    async with (
        listening(api) as base,
        httpx.AsyncClient(base_url=base, timeout=10) as client,
        client.stream("GET", "/inapp/stream", params={"ticket": ticket}) as answer,
    ):
        lines = answer.aiter_lines()
        assert (await anext(lines)).startswith(("retry", ":"))
        while failures:  # noqa: ASYNC110 - set by a thread
            await asyncio.sleep(0.05)
        put(api, "ann", "one")
        assert await heard(lines, 1) == [("1", "one")]


async def test_a_reader_that_is_slow_keeps_little_and_misses_nothing(api: Api) -> None:
    """More comes than is kept for one stream: it asks the ledger for the rest, page by page, in order."""
    streams = Streams(api.here)
    stream = events(streams, api.here, "ann", 0, 60.0)
    await anext(stream)
    put(api, "ann", "no. 0")
    async with asyncio.timeout(10):
        assert json.loads((await anext(stream)).data)["text"] == "no. 0"
        assert (await anext(stream)).event == "ready"
        [reader] = streams._readers["ann"]
        put(api, "ann", *(f"no. {number}" for number in range(1, 351)))
        while not reader.behind:  # noqa: ASYNC110 - set by a task that looks now and then
            await asyncio.sleep(0.05)
        assert len(reader.news) <= 100
        resync = await anext(stream)
        assert (resync.event, resync.id, json.loads(resync.data)) == ("resync", "1", {"after": 1})
        got = [json.loads((await anext(stream)).data)["text"] for _ in range(350)]
    assert got == [f"no. {number}" for number in range(1, 351)]
    await stream.aclose()
    await streams.close()


async def told(streams: Streams, api: Api, user: str, seq: int, lasting: float = 60.0) -> list[tuple[str | None, str]]:
    """The events of a stream until it ends by itself, without the first."""
    async with asyncio.timeout(10):
        return [(one.event, one.id or "") async for one in events(streams, api.here, user, seq, lasting)][1:]


async def test_a_stream_ends_by_itself_and_tells_its_place_from_the_first(api: Api) -> None:
    put(api, "ann", "one", "two")
    streams = Streams(api.here)
    first = await anext(events(streams, api.here, "ann", 1, 60.0))
    assert (first.id, first.event, first.comment) == ("1", None, "open")
    assert 2000 <= first.retry <= 6000
    assert await told(streams, api, "ann", 1, 0.4) == [("message", "2"), ("ready", "")]
    await streams.close()


async def test_a_stream_ends_with_its_ticket(api: Api) -> None:
    put(api, "ann", "one")
    ticket = signed(exp=now() + timedelta(seconds=2))
    async with (
        listening(api) as base,
        httpx.AsyncClient(base_url=base, timeout=10) as client,
        client.stream("GET", "/inapp/stream", params={"ticket": ticket}) as answer,
    ):
        async with asyncio.timeout(5):
            lines = [line async for line in answer.aiter_lines()]
        assert "event: message" in lines
        problem(await client.get("/inapp/messages", params={"ticket": ticket}), 401)


async def test_a_number_of_another_ledger_begins_anew_and_one_of_a_removed_message_does_not(api: Api) -> None:
    from dispatcher.ledger import tables

    streams = Streams(api.here)
    one, two, three = put(api, "ann", "one", "two", "three")
    with api.here.ledger.write() as tx:
        tx.execute(tables.inbox.delete().where(tables.inbox.c.seq.in_([two, three])))
    assert await told(streams, api, "ann", three, 0.4) == [("ready", "")]
    assert await told(streams, api, "ann", three + 1, 0.4) == [("resync", "0"), ("message", str(one)), ("ready", "")]
    await streams.close()


async def test_the_place_may_come_by_the_address_and_the_header_goes_before(api: Api) -> None:
    put(api, "ann", "one", "two", "three")
    ticket = await api.ticket("ann")
    async with listening(api) as base, httpx.AsyncClient(base_url=base, timeout=10) as client:
        for headers, first in (({}, "2"), ({"Last-Event-ID": "2"}, "3")):
            params = {"ticket": ticket, "last_event_id": "1"}
            async with client.stream("GET", "/inapp/stream", params=params, headers=headers) as answer:
                assert (await heard(answer.aiter_lines(), 1))[0][0] == first


async def test_signs_of_life_are_events(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatcher.faces.api.inapp.live._HEARTBEAT", 0.1)
    ticket = await api.ticket("ann")
    async with (
        listening(api) as base,
        httpx.AsyncClient(base_url=base, timeout=10) as client,
        client.stream("GET", "/inapp/stream", params={"ticket": ticket}) as answer,
    ):
        lines = answer.aiter_lines()
        async with asyncio.timeout(5):
            while await anext(lines) != "event: heartbeat":
                pass
        assert json.loads((await anext(lines)).removeprefix("data:")) == {}


async def test_who_reads_nothing_is_let_go(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatcher.faces.api.inapp.live._STUCK", 0.3)
    ticket = await api.ticket("ann")
    streams: Streams = api.app.state.streams
    async with listening(api) as base:
        with socket.socket() as stuck:
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            await asyncio.to_thread(stuck.connect, ("127.0.0.1", int(base.rpartition(":")[2])))
            stuck.sendall(f"GET /inapp/stream?ticket={ticket} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            async with asyncio.timeout(5):
                while not streams._readers:  # noqa: ASYNC110 - joined by the server
                    await asyncio.sleep(0.02)
            # More than the kernel and the server keep for a connection.
            put(api, "ann", *(f"{number} {'x' * 100_000}" for number in range(90)))
            async with asyncio.timeout(10):
                while streams._readers:  # noqa: ASYNC110 - left by the server
                    await asyncio.sleep(0.05)
        page = (await api.bare.get("/inapp/messages", params={"ticket": ticket})).json()
        assert len(page["messages"]) == 90


async def test_a_message_says_what_it_follows_and_whether_to_interrupt(api: Api) -> None:
    useful = now() + timedelta(hours=1)
    with api.here.ledger.write() as tx:
        inbox.put(tx, [NewNote("ann", "k1", "t1", "s", "one", useful, "INC-1", notable=False)])
        inbox.put(tx, [NewNote("ann", "k2", "t2", "s", "two", useful)])
    page = (await api.bare.get("/inapp/messages", params={"ticket": await api.ticket("ann")})).json()
    assert [(one["thread"], one["notable"]) for one in page["messages"]] == [("INC-1", False), ("", True)]


async def test_shown_is_a_receipt_that_it_arrived(api: Api) -> None:
    from dispatcher.ledger import receipts

    (seq,) = put(api, "ann", "one")
    ticket = await api.ticket("ann")
    for what in ("shown", "shown", "read"):
        answer = await api.bare.post(f"/inapp/messages/{seq}/{what}", params={"ticket": ticket})
        assert answer.status_code == 204
    with api.here.ledger.write() as tx:
        heard_of = [(one.word, one.token) for one in receipts.unfolded(tx, 10)]
    assert heard_of == [("delivered", "token-ann-one"), ("read", "token-ann-one")]
    problem(await api.bare.post("/inapp/messages/99/shown", params={"ticket": ticket}), 404)
    problem(await api.bare.post(f"/inapp/messages/{seq}/shown", params={"ticket": await api.ticket("bob-7")}), 404)


async def test_with_the_ledger_away_an_inbox_is_a_problem(tmp_path: Path) -> None:
    async with started(environment(tmp_path), migrated=False) as api:
        ticket = await api.ticket("ann")
        answer = await api.bare.get("/inapp/messages", params={"ticket": ticket})
        problem(answer, 503)
        assert answer.headers["retry-after"]
        problem(await api.bare.post("/inapp/messages/1/read", params={"ticket": ticket}), 503)
