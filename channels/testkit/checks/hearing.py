"""What a channel makes of calls that claim to come from its provider."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from channels.contract import Callback, Forged, Heard, HearsReceipts, Receipt, Unreadable, Wish, Word
from channels.testkit.bench import Bench
from channels.testkit.checks.running import Tried, check
from channels.testkit.samples import TOKEN, Callbacks, Example

NOW = 1_770_000_100.0
ROUTE = "https://hooks.example.com/receipts/r"
#: Seconds of the processor that reading any one callback may take. The web process does nothing else meanwhile.
QUICK = 0.5


def never_called_back(tried: Tried) -> str:
    """Whoever has `hear` has callbacks among its samples: `test_abilities_have_their_samples` sees to it."""
    if tried.entry is None or tried.entry.callbacks is not None:
        return ""
    declared = tried.kind.capabilities.hears_receipts
    return "is heard of by the host's own face" if declared else "declares no hears_receipts"


class Ear:
    """A channel's hearing, and its provider's voice."""

    def __init__(self, made: Bench) -> None:
        assert isinstance(made.channel, HearsReceipts), "it has callbacks among its samples and no hear()"
        assert made.entry.callbacks is not None
        self.says: Callbacks = made.entry.callbacks
        self._channel = made.channel

    def call(self, example: Example, secret: str | None = None, *, at: float = NOW) -> Callback:
        """This call, signed with this secret, else with the newest."""
        token = "" if example.by_route else TOKEN
        url = ROUTE if example.by_route else f"{ROUTE}/{token}"
        return self.signed(Callback(url, token, {}, example.body, at), secret)

    def signed(self, plain: Callback, secret: str | None = None) -> Callback:
        headers = self.says.sign(plain, self.says.secrets[0] if secret is None else secret)
        assert all(name == name.lower() for name in headers), "headers have lower-case names"
        return replace(plain, headers=dict(headers))

    def hear(self, callback: Callback) -> Heard:
        begun = time.process_time()
        try:
            return self._channel.hear(callback)
        finally:
            took = time.process_time() - begun
            assert took < QUICK, f"reading a callback took {took:.1f} s"

    def refuse(self, callback: Callback, *how: type[Exception], why: str = "") -> str:
        """How it is refused; fails, naming what it was, when it is taken."""
        expected = how or (Forged,)
        try:
            heard = self.hear(callback)
        except expected as refused:
            return str(refused)
        pytest.fail(f"{why or 'a callback without a right proof'} was taken: {heard}")

    def examples(self) -> Iterator[tuple[str, Example]]:
        yield from self.says.examples.items()


def _events(heard: Heard) -> list[str]:
    return [one.event for one in heard.receipts] + [one.event for one in heard.said]


@check(never_called_back)
async def test_a_genuine_callback_is_read(made: Bench) -> None:
    ear = Ear(made)
    assert ear.says.examples
    for name, example in ear.examples():
        heard = ear.hear(ear.call(example))
        assert tuple(one.word for one in heard.receipts) == example.words, name
        assert tuple(one.wish for one in heard.said) == example.wishes, name
        for receipt in heard.receipts:
            _is_complete(receipt, name)
        for said in heard.said:
            assert said.address, name
            assert said.event, name


def _is_complete(receipt: Receipt, name: str) -> None:
    assert receipt.event, name
    assert receipt.token == TOKEN, f"{name}: an attempt is found by its token, which this does not carry"
    assert receipt.raw, f"{name}: what was really said is kept"
    assert all(isinstance(part, str) for pair in receipt.raw.items() for part in pair), name
    if receipt.word is Word.UNDELIVERED:
        assert receipt.fault is not None, f"{name}: why not"
    else:
        assert receipt.fault is None or receipt.fault.opt_out, f"{name}: it did not fail, and nobody said no"


@check(never_called_back)
async def test_a_word_nobody_knows_is_kept_as_unknown(made: Bench) -> None:
    ear = Ear(made)
    heard = ear.hear(ear.call(ear.says.unknown))
    assert all(one.word is Word.UNKNOWN for one in heard.receipts)
    assert all(one.wish is Wish.OTHER for one in heard.said)
    assert len(heard.receipts) == len(ear.says.unknown.words)


@check(never_called_back)
async def test_a_callback_without_its_proof_is_forged(made: Bench) -> None:
    ear = Ear(made)
    for _, example in ear.examples():
        call = ear.call(example)
        ear.refuse(replace(call, headers={}))
        for name in set(call.headers) - {"content-type"}:
            ear.refuse(replace(call, headers={key: value for key, value in call.headers.items() if key != name}))


@check(never_called_back)
async def test_a_callback_with_a_strangers_proof_is_forged(made: Bench) -> None:
    ear = Ear(made)
    for _, example in ear.examples():
        ear.refuse(ear.call(example, ear.says.stranger))


@check(never_called_back)
async def test_a_proof_that_is_nearly_right_is_forged(made: Bench) -> None:
    ear = Ear(made)
    for _, example in ear.examples():
        call = ear.call(example)
        for name in set(call.headers) - {"content-type"}:
            for wrong in _nearly(call.headers[name]):
                ear.refuse(replace(call, headers={**call.headers, name: wrong}))


def _nearly(value: str) -> Iterator[str]:
    """Wrong values that a careless comparison takes for the right one, or that no comparison survives."""
    half = len(value) // 2
    yield ""
    yield value[:half]
    yield value[:half] + "".join("a" if character == "b" else "b" for character in value[half:])
    yield "".join("1" if character == "2" else "2" for character in value[:half]) + value[half:]
    yield value + "é"
    yield "\ud800"
    yield "9" * 5000
    yield "t=,v1=,=,"


@check(never_called_back)
async def test_a_callback_that_was_changed_is_forged(made: Bench) -> None:
    ear = Ear(made)
    if not ear.says.covers_body:
        for _, example in ear.examples():  # a password proves who calls, whatever they say
            ear.refuse(ear.call(example, ear.says.stranger))
        return
    for _, example in ear.examples():
        call, half = ear.call(example), len(example.body) // 2
        other = b"0" if example.body[half : half + 1] != b"0" else b"1"
        for body in (example.body + b" ", example.body[:half] + other + example.body[half + 1 :], b""):
            ear.refuse(replace(call, body=body), Forged, Unreadable)


@check(never_called_back)
async def test_each_of_two_secrets_is_good_while_one_is_being_replaced(made: Bench) -> None:
    ear = Ear(made)
    told = "give the settings the next secret beside the present one, or say in `lone=` of its callbacks why not"
    assert len(ear.says.secrets) > 1 or ear.says.lone, told
    for secret in ear.says.secrets:
        for name, example in ear.examples():
            heard = ear.hear(ear.call(example, secret))
            assert _events(heard) == _events(ear.hear(ear.call(example))), name


@check(never_called_back)
async def test_an_old_proof_is_forged_where_proofs_carry_a_time(made: Bench) -> None:
    ear = Ear(made)
    fresh = ear.says.fresh_for
    for _, example in ear.examples():
        call = ear.call(example)
        if fresh is None:
            # Without a time in it nothing tells a late call from a repeated one; `event` does.
            assert _events(ear.hear(replace(call, received_at=NOW + 86_400))) == _events(ear.hear(call))
            continue
        ear.hear(replace(call, received_at=NOW + fresh - 5))
        ear.refuse(replace(call, received_at=NOW + fresh + 5))
        ear.refuse(replace(call, received_at=NOW - fresh - 5))


@check(never_called_back)
async def test_a_repeated_callback_tells_of_the_same_event_and_another_of_another(made: Bench) -> None:
    ear = Ear(made)
    seen: dict[str, str] = {}
    for name, example in ear.examples():
        events = _events(ear.hear(ear.call(example)))
        assert events == _events(ear.hear(ear.call(example, at=NOW + 60))), f"{name}: sent again a minute later"
        for event in events:
            assert event not in seen, f"{name} and {seen.get(event)} have the same event"
            seen[event] = name


@check(never_called_back)
async def test_the_order_of_callbacks_changes_nothing(made: Bench) -> None:
    ear = Ear(made)
    calls = [ear.call(example) for _, example in ear.examples()]
    forwards = [ear.hear(call) for call in calls]
    backwards = [ear.hear(call) for call in reversed(calls)]
    assert forwards == backwards[::-1]


@check(never_called_back)
async def test_a_body_that_is_no_callback_is_refused_quickly(made: Bench) -> None:
    """With a genuine proof: a provider's own fault, or somebody who has found the secret."""
    ear = Ear(made)
    for _, example in ear.examples():
        for what, body in _malformed(example.body):
            plain = replace(ear.call(example), body=body, headers={})
            for call in (plain, ear.signed(plain)):
                assert len(ear.refuse(call, Forged, Unreadable, why=what)) < 300, "what is told of it goes into a log"


def _malformed(good: bytes) -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "not UTF-8", b"\xff\xfe\x00" + good
    yield "ten megabytes", good + b" " * 10_000_000
    yield "a list a hundred thousand deep", b"[" * 100_000
    yield "an object fifty thousand deep", b'{"a":' * 50_000 + b"1" + b"}" * 50_000
    yield "a form of ten thousand fields", b"&".join(b"f%d=1" % number for number in range(10_000))
    yield "a number too large to be one", b'{"a": 1e999, "b": ' + b"9" * 5000 + b"}"
    if good.startswith(b"{") or b"\n" not in good:  # whatever else a provider sends has fields that it may repeat
        yield "every field twice", _doubled(good)
    if good.startswith(b"{"):  # half of a form is another form
        yield "half of a JSON document", good[: len(good) // 2]


def _doubled(good: bytes) -> bytes:
    """Each field a second time: whoever reads the first and whoever reads the last must not differ."""
    text = good.strip()
    if text.startswith(b"{"):
        return text[:-1] + b"," + text[1:]
    return text + b"&" + text
