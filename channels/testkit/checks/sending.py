"""What every channel makes of messages, one or many at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from channels.contract import Accepted, Blame, Rejected, Repeat, Uncertain, Words
from channels.testkit.bench import IN_THE_END, SOON, Bench, built
from channels.testkit.checks.running import check, no_http, not_repeat
from channels.testkit.leaves import leaves_of, recorded
from channels.testkit.loopback import HttpServer, Misbehave, Reply, Request, saying
from channels.testkit.whose import whose

ODD = [
    "héllo ‘wörld’ \u2014 5 €",
    "停电通知",
    "שירות הדואר אינו זמין",
    "🔥👩‍👩‍👧‍👦 down",
    "a\r\nb\x00c",
    "half \ud83d pair",
    "",
]
ODD_ADDRESSES = ["", " ", "nobody", "a\r\nb: c", "half \ud83d pair", "停", "x" * 5000, "../../x?y#z"]


@check()
async def test_one_send_is_one_delivering_request(made: Bench) -> None:
    sent = made.envelope()
    outcome = await made.channel.send(sent, timeout=SOON)
    assert isinstance(outcome, Accepted), outcome
    assert not outcome.duplicate
    assert made.delivering == 1
    if isinstance(made.far, HttpServer):
        assert outcome.ref == made.http.ref(sent)
        assert len(made.far.requests) == 1, "what only prepares a send is answered by beside= in its samples"
    else:
        assert outcome.ref


@check()
async def test_concurrent_sends_do_not_cross(made: Bench) -> None:
    sent = [made.envelope(number) for number in range(1, 65)]
    outcomes = await asyncio.gather(*(made.channel.send(one, timeout=IN_THE_END) for one in sent))
    assert made.delivering == 64
    refs = []
    for outcome in outcomes:
        assert isinstance(outcome, Accepted), outcome
        refs.append(outcome.ref)
    if isinstance(made.far, HttpServer):
        assert refs == [made.http.ref(one) for one in sent]
    else:
        assert len(set(refs)) == 64


@check(no_http)
async def test_concurrent_refusals_reach_those_they_are_meant_for(made: Bench) -> None:
    """Every third is accepted, every third refused, every third fails at the provider."""
    sent = {number: made.envelope(number) for number in range(1, 65)}

    def answer(request: Request) -> Reply:
        match whose(request, sent) % 3:
            case 0:
                return made.http.accepts(request)
            case 1:
                return Reply(400, b"{}")
        return Reply(500, b"{}")

    made.answer(answer)
    outcomes = await asyncio.gather(*(made.channel.send(one, timeout=IN_THE_END) for one in sent.values()))
    right = {number: (Accepted, Rejected, Uncertain)[number % 3] for number in sent}
    crossed = [number for number, outcome in zip(sent, outcomes, strict=True) if not isinstance(outcome, right[number])]
    assert not crossed
    assert made.delivering == 64


@check()
async def test_too_long_is_refused_before_any_request(made: Bench) -> None:
    assert made.channel.measure(made.oversize).over > 0
    outcome = await made.channel.send(made.envelope(words=made.oversize), timeout=SOON)
    assert isinstance(outcome, Rejected)
    assert outcome.fault.blame is Blame.MESSAGE
    assert outcome.fault.code == "too-long"
    assert made.delivering == 0


@check()
async def test_just_short_enough_is_sent(made: Bench) -> None:
    words = made.oversize
    cut = Words(words.text[:-1], subject=words.subject[:-1]) if words.subject else Words(words.text[:-1])
    assert made.channel.measure(cut).over == 0
    assert isinstance(await made.channel.send(made.envelope(words=cut), timeout=SOON), Accepted)


@check()
async def test_odd_words_never_raise(made: Bench) -> None:
    for number, text in enumerate(ODD, 1):
        sent = made.envelope(number, words=Words(text, subject=text[:50], html=f"<p>{text}</p>"))
        made.channel.measure(sent.words)
        before = made.delivering
        outcome = await made.channel.send(sent, timeout=SOON)
        assert isinstance(outcome, Accepted | Rejected), (text, outcome)
        assert made.delivering - before == (1 if isinstance(outcome, Accepted) else 0), text


@check()
async def test_odd_addresses_never_raise(made: Bench) -> None:
    if isinstance(made.far, HttpServer):
        made.answer(saying(Reply(400, b"{}")))  # what a provider would say, if it were asked at all
    for number, to in enumerate(ODD_ADDRESSES, 1):
        before = made.delivering
        outcome = await made.channel.send(made.envelope(number, to=to), timeout=SOON)
        assert isinstance(outcome, Accepted | Rejected), (to, outcome)
        assert made.delivering - before <= 1


@check()
async def test_sending_changes_neither_settings_nor_envelope(made: Bench) -> None:
    settings = made.kind.settings.model_validate(made.given)
    before, sent = settings.model_dump_json(), made.envelope()
    async with built(made.kind.name, settings.model_dump()) as channel:
        assert isinstance(await channel.send(sent, timeout=SOON), Accepted)
    assert settings.model_dump_json() == before
    assert sent == made.envelope()


@check()
async def test_cancelling_passes_through(made: Bench) -> None:
    made.misbehave(Misbehave.HANG)
    sending = asyncio.create_task(made.channel.send(made.envelope(), timeout=SOON))
    async with asyncio.timeout(SOON):
        while made.delivering == 0:  # noqa: ASYNC110 - the far end counts, and knows no event
            await asyncio.sleep(0.005)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


# the key


@check(not_repeat(Repeat.KEYED))
async def test_the_key_is_sent_the_same_by_every_attempt_and_by_no_other_delivery(made: Bench) -> None:
    """Found by comparison: something in the request must follow `Envelope.key` and nothing else."""
    first = made.envelope()
    later = replace(first, token=f"{first.token}-again", started_at=first.started_at + 60)
    other = replace(first, key="key-of-another-delivery")
    leaves = []
    for sent in (first, first, later, other):
        assert isinstance(await made.channel.send(sent, timeout=SOON), Accepted)
        leaves.append(leaves_of(recorded(made)))
    once, twice, attempt, delivery = leaves
    by_itself = {name for name in once if once[name] != twice.get(name)}
    by_attempt = {name for name in once if once[name] != attempt.get(name)}
    by_key = {name for name in once if once[name] != delivery.get(name)}
    assert by_key - by_itself, "no part of the request follows Envelope.key, though repeat=keyed is declared"
    assert by_key - by_itself - by_attempt, "what follows Envelope.key changes with every attempt as well"
