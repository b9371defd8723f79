"""What the kit finds out by itself: sleeping and chance in a source, whose a request is, the parts of a request."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.testkit.leaves import leaves_of
from channels.testkit.loopback import Request
from channels.testkit.samples import envelope
from channels.testkit.sources import waits_and_chance
from channels.testkit.whose import Unclaimed, whose


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import asyncio\nasync def send(): await asyncio.sleep(1)", ["a.py:2: sleep()"]),
        ("import time\ntime.sleep(0)", ["a.py:2: sleep()"]),
        ("from time import sleep as rest\nrest(1)", ["a.py:1: from time import sleep"]),
        ("import random", ["a.py:1: import random"]),
        ("from random import uniform", ["a.py:1: from random import …"]),
        ("import uuid\nkey = uuid.uuid4()", ["a.py:2: uuid4()"]),
        ("import os\nos.urandom(8)", ["a.py:2: urandom()"]),
        (
            "from secrets import token_hex\ntoken_hex()",
            ["a.py:1: from secrets import token_hex", "a.py:2: token_hex()"],
        ),
        ("import uuid\nkey = uuid.uuid5(uuid.NAMESPACE_URL, 'x')", []),
        ("'''Never calls sleep() and knows no random.'''\nasleep = 1", []),
        ("settings.token.get_secret_value()", []),
    ],
)
def test_sleeping_and_chance_are_found(tmp_path: Path, source: str, found: list[str]) -> None:
    path = tmp_path / "a.py"
    path.write_text(source, encoding="utf-8")
    assert list(waits_and_chance(path)) == found


SENT = {number: envelope(number, to=f"https://push.example/{number} key") for number in (1, 2, 11)}


@pytest.mark.parametrize(
    ("request_", "number"),
    [
        (Request("POST", "/x", {}, b'{"text": "Update 2: mail is down, we are on it."}', 1), 2),
        (Request("POST", "/x", {}, b"Body=Update+11%3A+mail+is+down%2C+we+are+on+it.", 1), 11),
        (Request("POST", "/x", {"idempotency-key": "key-1"}, b"encrypted", 1), 1),
        (Request("POST", "/11", {}, b"encrypted", 1), 11),
    ],
)
def test_whose_a_request_is(request_: Request, number: int) -> None:
    assert whose(request_, SENT) == number


def test_a_request_in_which_nothing_is_known_is_nobodys() -> None:
    with pytest.raises(Unclaimed, match="POST /x"):
        whose(Request("POST", "/x", {}, b"encrypted", 1), SENT)


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (b'{"a": {"b": [1, "x"]}}', {"body.a.b[0]": "1", "body.a.b[1]": '"x"'}),
        (b"a=1&b=", {"field a": "1", "field b": ""}),
        (b"\xff", {"body": "\\xff"}),
    ],
)
def test_every_part_of_a_request_has_a_name(body: bytes, parts: dict[str, str]) -> None:
    request = Request("POST", "/v1/send?key=7", {"authorization": "Bearer t"}, body, 1)
    assert leaves_of(request) == {"path": "/v1/send", "query key": "7", "header authorization": "Bearer t", **parts}
