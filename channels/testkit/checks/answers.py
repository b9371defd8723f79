"""What every channel that speaks HTTP makes of answers, above all of those that say little or nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from channels.contract import Accepted, Blame, Deferred, Outcome, Rejected, Repeat, Uncertain
from channels.testkit.bench import SOON, Bench, built, nowhere, timed
from channels.testkit.checks.running import Tried, check, no_http
from channels.testkit.loopback import Reply, Request, saying

NOTABLE = [200, 201, 202, 204, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406]
NOTABLE += [408, 409, 410, 413, 415, 421, 422, 425, 429, 451, 499, 500, 501, 502, 503, 504, 511, 520, 529, 599]
MEANINGLESS = [b"", b"<html><h1>Bad gateway</h1></html>", b"{}", b"[]", b"null", b'"ok"', b"\xff\xfe"]
GARBLED = [
    b'{"sid": null, "ok": true, "data": null, "id": null}',
    b'{"sid": 7, "ok": true, "ts": 1.5, "channel": "C1", "data": {"id": 7}, "id": 7}',
    b'{"ok": "yes", "sid": "", "data": [], "id": ""}',
    b'{"errors": [{"title": "Not Found Error"}]}',
    b'{"sid": "SM1", "ok": true, "data": {"id": "1"',
    b"[" * 100_000,
]


def expected(status: int, statuses: Mapping[int, type[Outcome]]) -> tuple[type, ...]:
    """Which outcomes are right for a status of which no more is known."""
    if status in statuses:
        return (statuses[status],)
    if status == 429 or status in (307, 308, 421, 425):
        return (Deferred,)
    if status in (408, 409) or not 400 <= status < 500:
        return (Uncertain,)
    return (Rejected,)


@check(no_http)
async def test_statuses_of_its_own_are_sane(tried: Tried) -> None:
    """Samples may say what a status alone means at their provider, within what a status can mean at all."""
    keyed = tried.kind.capabilities.repeat is Repeat.KEYED
    for status, meaning in tried.http.statuses.items():
        if 200 <= status < 300:
            assert meaning is Accepted, f"{status}: a 2xx is Accepted by itself, or Uncertain as for everybody"
        elif (status, keyed) != (409, True):  # there it can say that the key is known, so the message as well
            assert meaning is not Accepted, f"{status} is no acceptance"
        assert status < 500 or meaning is not Rejected, f"{status}: a provider that fails has refused nothing"


@check(no_http)
async def test_every_status(made: Bench) -> None:
    for status in (*range(200, 600), 600, 999):
        await _said(made, Reply(status, b"{}"))


@check(no_http)
async def test_every_notable_status_with_meaningless_bodies(made: Bench) -> None:
    kinds = ("application/json", "text/html", "text/plain; charset=utf-8")
    for at, body in enumerate(MEANINGLESS):
        for number, status in enumerate(NOTABLE, at):  # every two of the three come together
            await _said(made, Reply(status, body, {"Content-Type": kinds[number % len(kinds)]}))


async def _said(made: Bench, reply: Reply) -> None:
    made.answer(saying(reply))
    before = made.delivering
    outcome = await made.channel.send(made.envelope(), timeout=SOON)
    if 200 <= reply.status < 300 and _accepting(made, reply):
        return
    assert isinstance(outcome, expected(reply.status, made.http.statuses)), (reply, outcome)
    assert made.delivering == before + 1, (reply, "one delivering request")
    if isinstance(outcome, Accepted) and reply.status >= 300:
        assert outcome.duplicate, (reply, "what is no success can only say that the provider had it already")
    if isinstance(outcome, Deferred) and reply.status == 429:
        assert outcome.route_wide, "a limit is the whole route's"
        assert outcome.wait is None, "the provider did not say how long"


def _accepting(made: Bench, reply: Reply) -> bool:
    """Whether this is by chance what the provider accepts with."""
    try:
        real = made.http.accepts(made.deliveries[-1])
    except (ValueError, KeyError):
        return False
    return (real.status, real.body.strip()) == (reply.status, reply.body.strip())


@check(no_http)
async def test_a_success_that_cannot_be_read_is_uncertain(made: Bench) -> None:
    await made.channel.send(made.envelope(), timeout=SOON)
    own = made.http.accepts(made.deliveries[-1]).status
    for status in {200, 201, own} - set(made.http.statuses):
        for body in GARBLED:
            made.answer(saying(Reply(status, body)))
            outcome = await made.channel.send(made.envelope(), timeout=SOON)
            assert isinstance(outcome, Uncertain), (status, body[:80], outcome)


@check(no_http)
async def test_interim_answers_are_no_answers(made: Bench) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    made.answer(lambda request: replace(made.http.accepts(request), interim=hints))
    assert isinstance(await made.channel.send(made.envelope(1), timeout=SOON), Accepted)
    made.answer(saying(Reply(500, b"{}", interim=hints)))
    assert isinstance(await made.channel.send(made.envelope(2), timeout=SOON), Uncertain)
    assert made.delivering == 2


@check(no_http)
async def test_retry_after(made: Bench) -> None:
    for said, low, high in (
        ("7", 7, 7),
        (" 8 ", 8, 8),
        ("0", 0, 0),
        ("-3", 0, 0),
        ("1e9", 3600, 3600),
        (format_datetime(datetime.fromtimestamp(time.time() + 120, UTC), usegmt=True), 110, 121),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
    ):
        outcome = await _limited(made, said)
        assert outcome.wait is not None, said
        assert low <= outcome.wait <= high, (said, outcome)
    for nothing in ("soon", "nan", "inf", "", "9" * 400 + "x", "Wed, 99 Oct 2015", None):
        assert (await _limited(made, nothing)).wait is None, nothing


async def _limited(made: Bench, said: str | None) -> Deferred:
    headers = {"Content-Type": "application/json"} | ({} if said is None else {"Retry-After": said})
    body = b'{"ok": false, "error": "ratelimited", "code": 20429}'
    made.answer(saying(Reply(429, body, headers)))
    outcome = await made.channel.send(made.envelope(), timeout=SOON)
    assert isinstance(outcome, Deferred), (said, outcome)
    assert outcome.route_wide
    assert outcome.fault.code == "rate-limited"
    assert outcome.fault.blame is Blame.PROVIDER
    return outcome


@check(no_http)
async def test_nothing_is_waited_for_and_nothing_repeated(made: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the provider asks for, and whatever an SDK would do of its own accord."""
    waits: list[float] = []
    plainly = asyncio.sleep

    async def sleep(delay: float, result: object = None) -> object:
        waits.append(delay)
        await plainly(0)
        return result

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(time, "sleep", waits.append)
    for number, status in enumerate((429, 500, 502, 503, 504, 408, 409), 1):
        made.answer(saying(Reply(status, b"{}", {"Retry-After": "1"})))
        _, took = await timed(made.channel.send(made.envelope(number), timeout=SOON))
        assert took < 0.9, f"{status}: something waited"
        assert made.delivering == number, f"{status}: something was repeated"
    assert not [delay for delay in waits if delay > 0]


@check(no_http)
async def test_redirects_are_not_followed(made: Bench) -> None:
    for number, status in enumerate((301, 302, 303, 307, 308), 1):
        away = {"Location": f"{made.server.url}/elsewhere"}
        made.answer(saying(Reply(status, b"", away)))
        outcome = await made.channel.send(made.envelope(number), timeout=SOON)
        assert isinstance(outcome, expected(status, made.http.statuses)), (status, outcome)
        assert not [request for request in made.server.requests if request.target == "/elsewhere"], status
        assert made.delivering == number


@check(no_http)
async def test_cookies_are_not_kept(made: Bench) -> None:
    def with_cookie(request: Request) -> Reply:
        plain = made.http.accepts(request)
        return replace(plain, headers={**plain.headers, "Set-Cookie": "route=3; Path=/"})

    made.answer(with_cookie)
    by_name = made.server.url.replace("127.0.0.1", "localhost")  # no jar keeps cookies of a bare address
    async with built(made.kind.name, made.http.settings(by_name)) as channel:
        for number in (1, 2):
            sent = made.envelope(number, to=made.http.to(by_name, number))
            assert isinstance(await channel.send(sent, timeout=SOON), Accepted)
    assert made.delivering == 2
    assert all("cookie" not in request.headers for request in made.server.requests)


@check(no_http)
async def test_environment_proxies_are_not_used(made: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, nowhere())
    async with built(made.kind.name, made.given) as channel:
        assert isinstance(await channel.send(made.envelope(), timeout=SOON), Accepted)
