"""One process that does everything on one file: what it does about trouble, without anybody to talk to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from channels.contract import Kind
from dispatcher.faces import solo
from dispatcher.faces.break_glass import Kept, People, opened
from dispatcher.faces.solo import Apart, Solo, apart
from dispatcher.incidents.desk import Order, Refused, Say
from dispatcher.ledger import LedgerAway, breakglass, listing, now, tables
from dispatcher.ledger.breakglass import Unfit
from dispatcher.model.delivery import Status
from dispatcher.model.recipient import Recipient
from dispatcher.settings import MissingSecret, Settings, load

#: Nobody listens there; the mail route is set up all the same.
MAIL = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "1", "SMTP_SECURITY": "none", "SMTP_FROM": "updates@northwind.example"}
WHO = People(
    "a list",
    [
        Recipient("a", addresses={Kind.INAPP: "ann"}, tags=frozenset({"enterprise"})),
        Recipient("b", addresses={Kind.EMAIL: "b@customer.example"}, tags=frozenset({"enterprise"})),
    ],
)


def settings(home: Path, **environment: str) -> Settings:
    return load({"DISPATCHER_HOME": str(home), "DISPATCHER_LEDGER_URL": "postgresql://127.0.0.1:1/x", **environment})


def do(home: Path, work: Callable[[Kept], None], **environment: str) -> None:
    order, say = Order("generic", "Ada", audience="enterprise"), Say("Ada", override="a test")
    here = settings(home, **environment)
    with opened(here, order, say, request={}, key="k", source=home / "none", people=WHO) as kept:
        work(kept)


def stands(here: Apart) -> list[tuple[str, Status]]:
    with here.ledger.read() as tx:
        return [(one.route, one.status) for one in listing.page(tx, listing.Filter())]


def test_it_ends_when_nothing_is_left_to_do_and_looks_once_more(tmp_path: Path) -> None:
    seen: list[list[tuple[str, Status]]] = []
    do(tmp_path, lambda kept: Solo(kept.here, pytest.fail).run(lambda: seen.append(stands(kept.here))))
    assert seen[-1] == [("", Status.UNREACHABLE)] * 2


def test_what_needs_the_shared_ledger_is_left_out_and_says_why(tmp_path: Path) -> None:
    here = apart(settings(tmp_path, **MAIL), tmp_path / "file.sqlite3")
    problems = {way.route: way.problem for way in here.ways}
    assert "the in-app inbox is in the shared ledger" in problems["inapp"]
    assert problems["smtp-main"] == ""
    assert "TWILIO_AUTH_TOKEN" in problems["twilio-main"]
    assert here.settings.broker_url is None


def test_a_route_whose_secret_is_missing_now_ends_it_with_the_name_of_the_variable(tmp_path: Path) -> None:
    do(tmp_path, lambda kept: plan(kept.here), **MAIL)

    def go_on(kept: Kept) -> None:
        assert not kept.new
        with pytest.raises(MissingSecret, match="SMTP_HOST"):
            Solo(kept.here, pytest.fail).run(lambda: None)
        assert stands(kept.here) == [("", Status.UNREACHABLE), ("smtp-main", Status.PENDING)]

    do(tmp_path, go_on)


def plan(here: Apart) -> None:
    here.planner.plan(1)


def test_a_full_disk_is_told_once_and_waited_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    real, times = solo.sweep, [1, 2, 3]

    def full(*arguments: Any) -> Any:
        if times:
            times.pop()
            raise LedgerAway("the disk is full")
        return real(*arguments)

    monkeypatch.setattr(solo, "sweep", full)
    monkeypatch.setattr(solo, "_SWEEP_EVERY", 0.1)
    do(tmp_path, lambda kept: Solo(kept.here, told.append).run(lambda: None))
    assert (told, times) == (["the disk is full"], [])


def test_told_to_stop_it_begins_nothing_and_what_waits_stays(tmp_path: Path) -> None:
    def stopped(kept: Kept) -> None:
        plan(kept.here)
        one = Solo(kept.here, pytest.fail)
        one.stop()
        one.run(lambda: None)
        assert ("smtp-main", Status.PENDING) in stands(kept.here)

    do(tmp_path, stopped, **MAIL)


def test_the_same_words_later_are_no_second_incident_but_an_update(tmp_path: Path) -> None:
    def grow_old(kept: Kept) -> None:
        Solo(kept.here, pytest.fail).run(lambda: None)
        with kept.here.ledger.write() as tx:
            tx.execute(update(tables.broadcast).values(valid_until=now()))

    do(tmp_path, grow_old)
    with pytest.raises(Unfit, match=r"dispatcher update INC-\d{10} --break-glass"):
        do(tmp_path, lambda _: None)
    [file] = tmp_path.glob("break-glass-*.sqlite3")
    here = apart(settings(tmp_path), file)
    with here.ledger.write() as tx:
        tx.execute(update(tables.broadcast).values(created_at=now() - timedelta(days=2)))
    here.ledger.close()
    new: list[bool] = []
    do(tmp_path, lambda kept: new.append(kept.new))
    assert new == [True]
    assert len(list(tmp_path.glob("break-glass-*.sqlite3"))) == 2


def test_a_second_one_waits_until_the_first_has_made_its_file(tmp_path: Path) -> None:
    began, new = threading.Event(), list[bool]()

    def hold_for_a_while() -> None:
        with breakglass.hold(tmp_path / "break-glass"):
            began.set()
            time.sleep(0.5)

    other = threading.Thread(target=hold_for_a_while)
    other.start()
    assert began.wait(10)
    do(tmp_path, lambda kept: new.append(kept.new))
    other.join()
    assert new == [True]


def test_a_file_that_was_refused_stays_nowhere(tmp_path: Path) -> None:
    order, say = Order("generic", "Ada", audience="nobody-knows"), Say("Ada")
    with (
        pytest.raises(Refused),
        opened(settings(tmp_path), order, say, request={}, key=None, source=tmp_path / "none", people=WHO),
    ):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["break-glass.lock"]
