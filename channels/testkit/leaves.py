"""What was sent, taken apart into named parts, whatever its form: headers, query, form fields, JSON, mail."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from channels.testkit.bench import Bench, MemoryInbox
from channels.testkit.loopback import HttpServer, Request, SmtpServer


def recorded(made: Bench) -> Request:
    """The last thing delivered, as if it had been an HTTP request."""
    match made.far:
        case HttpServer():
            return made.deliveries[-1]
        case SmtpServer():
            mail = message_from_bytes(made.far.bodies[-1])
            return Request("MAIL", "", {name.lower(): str(value) for name, value in mail.items()}, b"", 0)
        case MemoryInbox():
            return Request("PUT", "", {}, json.dumps(made.far.kept[-1]).encode(), 0)


def leaves_of(request: Request) -> Mapping[str, str]:
    """Every part of the request that has a name, by that name."""
    path, _, query = request.target.partition("?")
    found = {"path": path, **{f"header {name}": value for name, value in request.headers.items()}}
    found |= {f"query {name}": value for name, value in parse_qsl(query, keep_blank_values=True)}
    found |= dict(_of_body(request.body))
    return found


def _of_body(body: bytes) -> Iterator[tuple[str, str]]:
    text = body.decode("utf-8", "backslashreplace")
    try:
        yield from _of_json("body", json.loads(text))
        return
    except (ValueError, RecursionError):
        pass
    try:
        fields = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
        yield from ((f"field {name}", value) for name, value in fields)
    except ValueError:
        yield "body", text


def _of_json(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _of_json(f"{name}.{key}", inner)
        case list():
            for at, inner in enumerate(value):
                yield from _of_json(f"{name}[{at}]", inner)
        case _:
            yield name, json.dumps(value)
