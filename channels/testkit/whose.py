"""Which of several messages a request delivers, by what is in it. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import unquote_plus

from channels.contract import Envelope
from channels.testkit.loopback import Request


class Unclaimed(LookupError):
    """A request in which nothing of any of the messages can be recognised."""


def whose(request: Request, sent: Mapping[int, Envelope]) -> int:
    """The number of the message that is in this request.

    Raises:
        Unclaimed: none of them can be recognised.
    """
    text = f"{request.target}\n{request.headers}\n{request.body.decode('utf-8', 'replace')}"
    text = f"{text}\n{unquote_plus(text)}"
    target = request.target.partition("?")[0]
    tells: list[Callable[[Envelope], bool]] = [
        lambda one: one.words.text in text or json.dumps(one.words.text)[1:-1] in text,
        lambda one: f'"{one.key}"' in text or f"'{one.key}'" in text,
        lambda one: len(target) > 1 and target in one.to,
    ]
    for tell in tells:
        found = [number for number, one in sent.items() if tell(one)]
        if len(found) == 1:
            return found[0]
    raise Unclaimed(f"neither words nor key nor address of a message are in {request.method} {request.target}")
