"""What a channel makes of changing a message that was sent, and of taking it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from channels.contract import Accepted, CanAmend, CanRetract, Deferred, Outcome, Rejected, Uncertain, Words
from channels.testkit.bench import SOON, Bench, timed
from channels.testkit.checks.running import Tried, check, either, no_http
from channels.testkit.loopback import Answer, HttpServer, Misbehave, Reply, saying
from channels.testkit.samples import Change, Http


def keeps_its_word(tried: Tried) -> str:
    """Whoever can do either has answers for it: `test_abilities_have_their_samples` sees to it."""
    declared, entry = tried.kind.capabilities, tried.entry
    if not (declared.amends or declared.retracts):
        return "declares neither amends nor retracts"
    answered = not isinstance(entry, Http) or entry.amended or entry.retracted
    return "" if answered else "gives no samples of what it declares"


class Act:
    """Changing or taking back one message that was sent."""

    def __init__(self, made: Bench, name: str, act: Callable[..., Awaitable[Outcome]], change: Change | None) -> None:
        self._made = made
        self.name = name
        self._act = act
        self.change = change

    async def sent(self) -> str:
        """A message to act upon; its reference. From then on the far end has seen nothing."""
        if isinstance(self._made.far, HttpServer):
            self._made.answer(self._made.http.accepts)
        accepted = await self._made.channel.send(self._made.envelope(), timeout=SOON)
        assert isinstance(accepted, Accepted)
        if isinstance(self._made.far, HttpServer):
            self._made.far.requests.clear()
        return accepted.ref

    async def __call__(self, ref: str, *, timeout: float = SOON) -> Outcome:
        sent = self._made.envelope()
        words = Words("It is mended.", subject="Mended") if self.name == "amend" else sent.words
        return await self._act(ref, replace(sent, words=words), timeout=timeout)

    async def when(self, answer: Answer, *, timeout: float = SOON) -> Outcome:
        """What comes of acting upon a message that was sent, when the provider answers so."""
        ref = await self.sent()
        self._made.server.answer = answer
        return await self(ref, timeout=timeout)

    @property
    def requests(self) -> int:
        """How many requests that change something the provider has seen since the message was sent."""
        return len([one for one in self._made.server.requests if one.method not in ("GET", "HEAD")])


def _acts(made: Bench) -> Iterator[Act]:
    if isinstance(made.channel, CanAmend):
        yield Act(made, "amend", made.channel.amend, getattr(made.entry, "amended", None))
    if isinstance(made.channel, CanRetract):
        yield Act(made, "retract", made.channel.retract, getattr(made.entry, "retracted", None))


def _changes(made: Bench) -> Iterator[tuple[Act, Change]]:
    for act in _acts(made):
        if act.change is not None:
            yield act, act.change


@check(keeps_its_word)
async def test_what_was_sent_can_be_changed_or_taken_back_and_that_again(made: Bench) -> None:
    for act in _acts(made):
        ref = await act.sent()
        if act.change is not None:
            made.server.answer = act.change.done
        for _ in range(2):
            outcome = await act(ref)
            assert isinstance(outcome, Accepted), (act.name, outcome)


@check(either(keeps_its_word, no_http))
async def test_a_change_is_one_request(made: Bench) -> None:
    for act, change in _changes(made):
        assert isinstance(await act.when(change.done), Accepted), act.name
        assert act.requests == 1, act.name


@check(either(keeps_its_word, no_http))
async def test_what_is_gone_cannot_be_changed_and_need_not_be_taken_back(made: Bench) -> None:
    for act, change in _changes(made):
        outcome = await act.when(change.gone)
        if act.name == "amend":
            assert isinstance(outcome, Rejected), outcome
        else:
            assert isinstance(outcome, Accepted), outcome
            assert outcome.duplicate


@check(either(keeps_its_word, no_http))
async def test_every_status_of_a_change(made: Bench) -> None:
    for act, change in _changes(made):
        for status in (301, 302, 307, *range(400, 418), 422, 425, 429, 451, 500, 502, 503, 504, 520, 599):
            reply = Reply(status, b"{}")
            outcome = await act.when(saying(reply))
            assert act.requests == 1, (act.name, status)
            if status == 429:
                assert isinstance(outcome, Deferred), (act.name, outcome)
                assert outcome.route_wide
            elif status in (404, 410) and act.name == "retract":
                assert not isinstance(outcome, Deferred), (status, outcome)
            else:
                assert not isinstance(outcome, Accepted), (act.name, status, outcome)
            if status >= 500:
                assert isinstance(outcome, Uncertain), (act.name, status, outcome)
        if not _answers_in_words(made, change):
            continue
        for body in (b"", b"<html>", b"[]", b"null", b"\xff", b"[" * 100_000):
            reply = Reply(200, body)
            outcome = await act.when(saying(reply))
            assert isinstance(outcome, Uncertain), (act.name, body[:20], outcome)


def _answers_in_words(made: Bench, change: Change) -> bool:
    """Whether the provider says more than a status; only then can its 2xx be garbled."""
    return bool(change.done(made.server.requests[-1]).body)


@check(either(keeps_its_word, no_http))
async def test_a_change_over_a_broken_network(made: Bench) -> None:
    for act, _ in _changes(made):
        for how in (Misbehave.HANG, Misbehave.DRIP, Misbehave.TRUNCATE, Misbehave.NOT_HTTP):
            outcome, took = await timed(act.when(saying(how), timeout=0.3))
            assert isinstance(outcome, Uncertain), (act.name, how, outcome)
            assert act.requests == 1, (act.name, how)
            assert took < 1.5
        for how in (Misbehave.CLOSE, Misbehave.RESET):  # of these some methods may be repeated: it is harmless here
            outcome = await act.when(saying(how))
            assert isinstance(outcome, Uncertain), (act.name, how, outcome)
