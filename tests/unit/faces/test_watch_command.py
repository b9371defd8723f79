"""`dispatcher watch`: it ends when all is settled, counts how fast it goes, and says since when it sees nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from test_looking_command import here, run

from channels.contract import Accepted, Blame, Fault, Outcome, Rejected
from dispatcher.deliver.settle import settle
from dispatcher.faces.cli import watching
from dispatcher.faces.cli.watching import Look, Watcher, follow
from dispatcher.ledger import LedgerAway, now, outcomes, queue
from dispatcher.model.delivery import Status
from dispatcher.wiring import Installation

__all__ = ["here"]


def deliver(here: Installation, *answers: Outcome) -> None:
    """The next deliveries on the in-app route, each with its answer."""
    with here.ledger.write() as tx:
        taken = queue.claim(tx, "inapp", owner="a", lease=timedelta(seconds=60), limit=len(answers))
    assert len(taken) == len(answers)
    for one, answer in zip(taken, answers, strict=True):
        found, standing = settle(one, answer, here.rules("inapp"), now(), superseded=False)
        with here.ledger.write() as tx:
            outcomes.record(tx, "a", [(one, found, standing)])


def test_it_ends_when_nothing_more_is_to_be_sent(here: Installation) -> None:
    seen: list[Look] = []
    steps = iter(
        [
            lambda: deliver(here, Accepted("1")),
            lambda: deliver(here, Rejected(Fault(Blame.RECIPIENT, "gone", "No such user."))),
        ]
    )
    follow(Watcher(here, 1).look, lambda look, _: seen.append(look), every=0.2, sleep=lambda _: next(steps)())
    with_statuses = [{status.value: number for status, number in look.standing.items()} for look in seen]
    assert [one.get("pending", 0) for one in with_statuses] == [2, 1, 0]
    assert seen[-1].newest.settled
    assert not seen[0].newest.settled
    assert seen[1].rate > 0
    assert seen[-1].trouble is not None
    assert "No such user." in seen[-1].trouble.reason
    assert seen[-1].standing[Status.ACCEPTED] == 1


def test_invariant_9_it_says_since_when_the_ledger_is_away(
    here: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    good = Watcher(here, 1).look()
    settled = replace(good, newest=replace(good.newest, under_way=0))
    answers: list[Look | LedgerAway] = [good, LedgerAway("the ledger cannot be reached"), settled]

    def look() -> Look:
        one = answers.pop(0)
        if isinstance(one, LedgerAway):
            raise one
        return one

    for shown in (watching._InLines(), watching._AsJson()):
        answers[:] = [good, LedgerAway("the ledger cannot be reached"), settled]
        with shown:
            follow(look, shown.show, every=0.2, sleep=lambda _: None)
        said = capsys.readouterr().out
        assert "the ledger cannot be reached" in said
        assert ("not refreshed since" in said) == isinstance(shown, watching._InLines)
    answers[:] = [LedgerAway("the ledger cannot be reached")]
    with pytest.raises(LedgerAway):
        follow(look, lambda _look, _away: None, every=0.2)


def test_in_a_pipe_it_prints_lines_and_as_json_one_for_each_look(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(here, Accepted("1"), Accepted("2"))
    status, said = run("watch", "INC-1", "--json")
    assert status == 0, said
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["settled"] for line in lines] == [False] * (len(lines) - 1) + [True]
    assert lines[-1]["problem"] is None
    status, said = run("watch", "1")
    assert status == 0
    assert "2 accepted" in said


def test_a_draft_has_nothing_to_watch(here: Installation) -> None:
    status, _ = run("watch", "3")
    assert status == 1
