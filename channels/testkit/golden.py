"""The exact requests of a channel, kept beside its samples in `golden.txt`.

A change of any byte that a provider sees shows itself as a difference in that file. `python -m channels.testkit golden`
writes it anew.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import uvloop

from channels.contract import Accepted, CanAmend, CanBeAsked, CanRetract, Envelope, Words
from channels.testkit.bench import SOON, Bench, bench
from channels.testkit.loopback import HttpServer, Reply, Request, SmtpServer
from channels.testkit.samples import announced

#: What the HTTP library, the SDK's version and the far end make of a request.
_BESIDE = {"host", "user-agent", "accept-encoding", "connection", "content-length", "accept", "accept-charset"}
NAME = "golden.txt"


class Unsteady(RuntimeError):
    """The same messages made different requests. The message shows where."""


def place(name: str) -> Path:
    """Where the golden file of this channel is, whether it exists or not."""
    point = announced()[name]
    point.load()
    return Path(str(sys.modules[point.module].__file__)).with_name(NAME)


def messages(made: Bench) -> Iterator[tuple[str, Envelope]]:
    """What is sent for the file, and what it is there for."""
    yield "a message", made.envelope(1)
    words = Words("Störung: “Mail” <b>&</b> 停电 🔥", subject="Störung & 停电", html="<p>Störung &amp; 停电 🔥</p>")
    plain = replace(made.envelope(2, words=words), receipt_url=None, useful_for=90.9)
    yield "one with other characters, of little use soon, of which nothing is heard", plain
    yield "one with a way to say no", made.envelope(3, unsubscribe_url="https://status.example.com/u/3?a=b&c=d")


async def recorded(name: str) -> str:
    """All requests of this channel as the file has them."""
    async with bench(name) as made:
        parts = []
        first = ""
        for title, sent in messages(made):
            outcome = await made.channel.send(sent, timeout=SOON)
            assert isinstance(outcome, Accepted), outcome
            first = first or outcome.ref
            parts.append(_part(title, made))
        if made.kind.capabilities.threads:
            for notable in (True, False):
                sent = made.envelope(4, root=first, notable=notable)
                assert isinstance(await made.channel.send(sent, timeout=SOON), Accepted)
                parts.append(_part(f"a later one, {'notable' if notable else 'for those who follow'}", made))
        parts += [part async for part in _abilities(made, first)]
        return made.entry.steady("\n".join(parts))


async def _abilities(made: Bench, ref: str) -> AsyncIterator[str]:
    sent = made.envelope(1)
    if not isinstance(made.far, HttpServer):
        return
    if isinstance(made.channel, CanBeAsked):
        holds = made.http.holds
        made.answer(lambda request: holds(request, None) if holds is not None else Reply(404))
        await made.channel.look_up(sent, timeout=SOON)
        yield _part("is it there?", made)
    if isinstance(made.channel, CanAmend) and made.http.amended is not None:
        made.answer(made.http.amended.done)
        told = replace(sent, words=Words("It is mended.", subject="Mended"))
        await made.channel.amend(ref, told, timeout=SOON)
        yield _part("changed", made)
    if isinstance(made.channel, CanRetract) and made.http.retracted is not None:
        made.answer(made.http.retracted.done)
        await made.channel.retract(ref, sent, timeout=SOON)
        yield _part("taken back", made)


def _part(title: str, made: Bench) -> str:
    """What the far end has seen since the last part, under this title."""
    match made.far:
        case HttpServer() as far:
            asked = [*far.others, *far.requests]
            said = [_request(request).replace(far.url, "http://provider") for request in asked]
            said = [re.sub(rf"\b{far.port}\b", "PORT", one) for one in said]
            far.requests.clear()
            far.others.clear()
        case SmtpServer() as relay:
            body = _text(relay.bodies[-1]).replace("\r\n", "\n")
            said = ["\n".join(relay.commands) + "\n\n" + body]
            relay.commands.clear()
        case inbox:
            said = ["\n".join(f"{name}: {value!r}" for name, value in inbox.kept.pop().items()) + "\n"]
    return f"##### {title}\n\n" + "\n\n".join(one.rstrip() for one in said) + "\n"


def _request(request: Request) -> str:
    headers = "".join(f"{name}: {value}\n" for name, value in sorted(request.headers.items()) if name not in _BESIDE)
    return f"{request.method} {request.target}\n{headers}\n{_text(request.body)}"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")


def now(name: str) -> str:
    """What this channel sends now, as the file would have it."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(recorded(name))


def renew(name: str) -> bool:
    """Write the golden file of this channel; whether it differs from what was there.

    It is compared with the requests of a second process a second later.

    Raises:
        Unsteady: the requests differ from one time to the next, so that no file can hold them.
    """
    once = now(name)
    time.sleep(1.1)
    code = f"from channels.testkit.golden import now; import sys; sys.stdout.buffer.write(now({name!r}).encode())"
    twice = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True).stdout.decode()  # noqa: S603 - our own interpreter
    if once != twice:
        lines = zip(once.splitlines(), twice.splitlines(), strict=False)
        shown = next((f"{one!r} and then {two!r}" for one, two in lines if one != two), "their number of lines")
        raise Unsteady(f"{name} makes another request each time, so its samples need steady=; it differs in {shown}")
    path = place(name)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(once, encoding="utf-8")
    return once != before
