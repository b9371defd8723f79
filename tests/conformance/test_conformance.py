"""What every channel promises, tried on every channel that is installed."""

from __future__ import annotations

import asyncio
import inspect
import logging

import pytest
from pydantic import BaseModel, SecretStr

from channels.contract import (
    Accepted,
    Blame,
    CanBeAsked,
    Channel,
    HearsReceipts,
    Rejected,
    Repeat,
    Words,
)
from channels.registry import channel_types
from channels.testkit.bench import NAMES, SOON, Bench, MemoryInbox, built
from channels.testkit.loopback import HttpServer, Misbehave, Reply, SmtpServer
from channels.testkit.samples import Http, Smtp, enrolled

# shape


def test_every_installed_channel_is_enrolled() -> None:
    assert set(NAMES) == set(enrolled()), "give every installed channel an entry in tests/conformance/enrolled.py"


async def test_abilities_match_what_is_declared(any_bench: Bench) -> None:
    channel, declared = any_bench.channel, any_bench.kind.capabilities
    assert isinstance(channel, Channel)
    assert channel.capabilities == declared
    # A person's own word comes over the host's face, so that not every channel that is heard of hears by itself.
    assert declared.hears_receipts or not isinstance(channel, HearsReceipts)
    if declared.repeat is Repeat.LOOKUP:
        assert isinstance(channel, CanBeAsked)
    assert declared.kind.value == any_bench.kind.name.partition("/")[0]


@pytest.mark.parametrize("name", NAMES)
def test_settings_are_frozen_closed_documented_and_keep_secrets(name: str) -> None:
    settings = channel_types()[name].settings
    assert issubclass(settings, BaseModel)
    assert settings.model_config.get("frozen")
    assert settings.model_config.get("extra") == "forbid"
    assert settings.model_config.get("hide_input_in_errors")
    for field_name, field in settings.model_fields.items():
        assert field.description, f"{field_name} has no description"
        if any(word in field_name for word in ("secret", "token", "password", "key")):
            assert SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ())), field_name


@pytest.mark.parametrize("name", NAMES)
def test_no_channel_sleeps(name: str) -> None:
    package = __import__(channel_types()[name].build.__module__, fromlist=["CHANNEL"])
    adapter = __import__(f"{package.__name__}.adapter", fromlist=["x"])
    source = inspect.getsource(adapter)
    assert "sleep(" not in source
    assert "random" not in source


async def test_measuring_needs_no_instance(any_bench: Bench) -> None:
    for words in (any_bench.oversize, any_bench.envelope().words, Words("it’s 🔥 at status.example.com", subject="é")):
        assert any_bench.kind.measure(words, None) == any_bench.channel.measure(words)


# sending


async def test_one_send_is_one_delivering_request(any_bench: Bench) -> None:
    sent = any_bench.envelope()
    outcome = await any_bench.channel.send(sent, timeout=SOON)
    assert isinstance(outcome, Accepted), outcome
    assert outcome.ref
    assert not outcome.duplicate
    assert any_bench.delivering == 1


async def test_concurrent_sends_do_not_cross(any_bench: Bench) -> None:
    sent = [any_bench.envelope(number) for number in range(1, 65)]
    outcomes = await asyncio.gather(*(any_bench.channel.send(one, timeout=SOON) for one in sent))
    assert any_bench.delivering == 64
    refs = []
    for outcome in outcomes:
        assert isinstance(outcome, Accepted), outcome
        refs.append(outcome.ref)
    entry = enrolled()[any_bench.kind.name]
    if isinstance(entry, Http):
        assert refs == [entry.ref(one) for one in sent]
    assert len(set(refs)) == 64


async def test_too_long_is_refused_before_any_request(any_bench: Bench) -> None:
    assert any_bench.channel.measure(any_bench.oversize).over > 0
    outcome = await any_bench.channel.send(any_bench.envelope(words=any_bench.oversize), timeout=SOON)
    assert isinstance(outcome, Rejected)
    assert outcome.fault.blame is Blame.MESSAGE
    assert outcome.fault.code == "too-long"
    assert any_bench.delivering == 0


async def test_just_short_enough_is_sent(any_bench: Bench) -> None:
    words = any_bench.oversize
    cut = Words(words.text[:-1], subject=words.subject[:-1]) if words.subject else Words(words.text[:-1])
    assert any_bench.channel.measure(cut).over == 0
    assert isinstance(await any_bench.channel.send(any_bench.envelope(words=cut), timeout=SOON), Accepted)


@pytest.mark.parametrize(
    "text",
    [
        "héllo ‘wörld’ \u2014 5 €",
        "停电通知",
        "שירות הדואר אינו זמין",
        "🔥👩‍👩‍👧‍👦 down",
        "a\r\nb\x00c",
        "half \ud83d pair",
        "",
    ],
)
async def test_odd_words_never_raise(any_bench: Bench, text: str) -> None:
    sent = any_bench.envelope(words=Words(text, subject=text[:50], html=f"<p>{text}</p>"))
    any_bench.channel.measure(sent.words)
    outcome = await any_bench.channel.send(sent, timeout=SOON)
    assert isinstance(outcome, Accepted | Rejected), outcome
    assert any_bench.delivering <= 1


async def test_settings_are_not_changed_by_sending(any_bench: Bench) -> None:
    entry = enrolled()[any_bench.kind.name]
    match any_bench.far:
        case HttpServer() as far if isinstance(entry, Http):
            given = entry.settings(far.url)
        case SmtpServer() as relay if isinstance(entry, Smtp):
            given = entry.settings(relay.port)
        case _:
            given = {}
    settings = any_bench.kind.settings.model_validate(given)
    before = settings.model_dump_json()
    copied = any_bench.kind.settings.model_validate(settings.model_dump())
    assert copied == settings
    async with built(any_bench.kind.name, settings.model_dump(), MemoryInbox()) as channel:
        await channel.send(any_bench.envelope(), timeout=SOON)
    assert settings.model_dump_json() == before


async def test_cancelling_passes_through(any_bench: Bench) -> None:
    any_bench.misbehave(Misbehave.HANG)
    sending = asyncio.create_task(any_bench.channel.send(any_bench.envelope(), timeout=SOON))
    while any_bench.delivering == 0:  # noqa: ASYNC110 - the far end counts, and knows no event
        await asyncio.sleep(0.005)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


# silence


async def test_nothing_secret_and_no_address_is_told(
    any_bench: Bench, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = any_bench.envelope()
    told = [await any_bench.channel.send(sent, timeout=SOON)]
    far = any_bench.far
    echo = f"{sent.to} cannot be reached with {' '.join(any_bench.secrets)} ({sent.to.lstrip('+')})"
    if isinstance(far, HttpServer):
        for status in (200, 400, 401, 403, 404, 429, 500):
            body = f'{{"code": 99999, "message": "{echo}", "ok": false, "error": "{echo}", "detail": "{echo}"}}'
            far.answer = lambda _, status=status, body=body: Reply(status, body.encode())
            told.append(await any_bench.channel.send(sent, timeout=SOON))
    if isinstance(far, SmtpServer):
        for verb in ("MAIL", "RCPT", "DATA", "BODY"):
            far.script = {verb: f"550 5.1.1 <{sent.to}> {echo}"}
            told.append(await any_bench.channel.send(sent, timeout=SOON))
    any_bench.misbehave(Misbehave.RESET)
    told.append(await any_bench.channel.send(sent, timeout=SOON))
    # An Accepted holds the provider's reference, which in these tests is made of the address.
    faults = [outcome.fault for outcome in told if not isinstance(outcome, Accepted)]
    assert faults
    out, err = capsys.readouterr()
    words = "\n".join([repr(faults), repr(any_bench.channel), str(any_bench.channel), caplog.text, out, err])
    for secret in (*any_bench.secrets, sent.to, sent.to.lstrip("+@"), sent.words.text, sent.token):
        assert secret not in words
