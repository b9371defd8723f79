"""Starts the lean provider (`lean.py`) and asks it what it has seen."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dispatcher.faces.cli.broker import free_port
from dispatcher.faces.cli.supervise import module

#: Milliseconds between a request and its answer, as of a provider on the same continent.
LATENCY_MS = 150


@dataclass(frozen=True, slots=True)
class Seen:
    """What the provider has seen: how many requests, to how many numbers in all, and when.

    `first` and `last` are moments of the monotonic clock, in seconds.
    """

    count: int
    distinct: int
    first: float | None
    last: float | None

    @property
    def rate(self) -> float:
        """Messages per second between the first and the last request."""
        if self.first is None or self.last is None or self.count < 2 or self.last <= self.first:
            raise RuntimeError(f"the provider has seen {self.count} messages, too few for a rate; see the logs")
        return (self.count - 1) / (self.last - self.first)


class Provider:
    """A running lean provider."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.url = f"http://127.0.0.1:{port}"

    def seen(self, most: int | None = None) -> Seen:
        """What it has seen since the last reset; with `most`, as if nothing had come after so many requests."""
        return Seen(**self._call("GET", "" if most is None else f"/{most}"))

    def reset(self) -> None:
        self._call("DELETE")

    def until(self, count: int, *, within: float, look: Callable[[], object] = lambda: None) -> Seen:
        """Wait until it has seen so many messages.

        Raises:
            TimeoutError: it has not, within so many seconds; says how many came.
        """
        end = time.monotonic() + within
        while (seen := self.seen()).count < count:
            if time.monotonic() > end:
                raise TimeoutError(f"the provider has seen {seen.count} of {count} messages after {within:.0f} s")
            look()
            time.sleep(0.1)
        return seen

    def _call(self, method: str, more: str = "") -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request(method, "/bench/seen" + more)
            found: dict[str, Any] = json.loads(connection.getresponse().read())
            return found
        finally:
            connection.close()


@contextmanager
def lean(latency_ms: int = LATENCY_MS) -> Iterator[Provider]:
    """A lean provider in a process of its own, until the end of the block."""
    port = free_port()
    process = subprocess.Popen(module("benchmarks.lean", str(port), str(latency_ms)), stdin=subprocess.DEVNULL)
    try:
        found = Provider(port)
        _until_it_answers(found)
        yield found
    finally:
        process.terminate()
        process.wait(10)


def _until_it_answers(found: Provider) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            found.seen()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
