"""Sending with neither broker nor shared ledger, as real processes, judged by what the simulated providers hold."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alone_rig import SEND, Providers, Shell, until

from channels.contract import Kind
from dispatcher.faces.cli.sample import people
from dispatcher.faces.cli.system import Plan, System
from dispatcher.ledger import Ledger, breakglass, listing, optouts, recipients, snapshot
from dispatcher.ledger.listing import Filter
from dispatcher.model.recipient import Recipient


@pytest.fixture
def shell(providers: Providers, tmp_path: Path) -> Shell:
    """Nothing has been received yet, nobody has a snapshot yet."""
    providers.reset()
    return Shell(tmp_path, providers)


def phones(number: int) -> list[Recipient]:
    """People with a text and mail, all in one audience."""
    return [
        Recipient(
            f"p-{n}",
            f"Person {n}",
            addresses={Kind.SMS: f"+1415555{n:04d}", Kind.EMAIL: f"person-{n}@customer.example"},
            tags=frozenset({"enterprise"}),
        )
        for n in range(number)
    ]


def test_it_sends_fails_over_looks_up_and_says_who_was_not_reached(shell: Shell, providers: Providers) -> None:
    who = phones(30)
    who.append(Recipient("app-only", addresses={Kind.INAPP: "ann"}, tags=frozenset({"enterprise"})))
    shell.snapshot(who)
    refused, doubtful = "+14155550003", "+14155550004"
    providers.ask(
        "faults",
        [
            {"provider": "twilio", "match": {"to": refused}, "do": {"what": "status", "status": 400, "code": 21211}},
            {"provider": "telnyx", "match": {"to": refused}, "do": {"what": "status", "status": 400, "code": 40310}},
            {"provider": "twilio", "match": {"to": doubtful}, "do": {"what": "reset_after"}, "times": 1},
        ],
        "PUT",
    )
    shown = shell.run(*SEND, status=1).stdout
    assert "30 of 31 reached" in shown
    assert "31 people as of less than a minute ago" in shown
    assert "the in-app inbox is in the shared ledger" in shown
    assert "unreachable" in shown
    got = providers.got()
    assert set(got) == {one.addresses[Kind.SMS] for one in who[:30]} - {refused}
    assert set(got.values()) == {1}, "what was in doubt was looked up, not sent again"
    assert providers.got("smtp") == {"person-3@customer.example": 1}
    [file] = shell.files()
    assert file.stat().st_mode & 0o777 == 0o600
    story = shell.run("explain", "31", DISPATCHER_LEDGER_URL=f"sqlite:///{file}").stdout
    assert "inapp (inapp): left out by break-glass" in story


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_invariants_3_and_4_broken_off_and_given_again_it_loses_nobody_and_tells_nobody_twice(
    shell: Shell, providers: Providers, how: signal.Signals
) -> None:
    who = phones(400)
    shell.snapshot(who)
    providers.slow(twilio=300)
    process = shell.begin(*SEND)
    until(lambda: len(providers.got()) > 80, why="it is under way")
    status = shell.break_off(process, how)
    assert len(providers.got()) < 400, "it was broken off in the middle"
    said = (shell.home / "command.log").read_text()
    if how is signal.SIGINT:
        assert status == 1
        assert "to go on" in said
        assert f"dispatcher break-glass {shell.files()[0]}" in said
        assert held(shell) is None, "nothing is left held"
    other = shell.run(*SEND, "--title", "Other words", status=1).stderr
    assert "is not all sent yet. Go on with it: dispatcher break-glass" in other
    again = shell.json(*SEND)
    assert again["continued"]
    assert (again["reached"], again["of"], again["not_sent_yet"]) == (400, 400, 0)
    assert len(shell.files()) == 1
    assert providers.got() == {one.addresses[Kind.SMS]: 1 for one in who}
    assert again["maybe_twice"] == []
    once_more = shell.json("break-glass")
    assert (once_more["reached"], once_more["not_sent_yet"]) == (400, 0)
    assert providers.got().total() == 400


def test_a_terminal_that_goes_away_stops_nothing(shell: Shell, providers: Providers) -> None:
    shell.snapshot(phones(150))
    providers.slow(twilio=400)
    process = shell.begin(*SEND)
    until(lambda: len(providers.got()) > 20, why="it is under way")
    assert shell.break_off(process, signal.SIGHUP) == 0
    assert providers.got() == {f"+1415555{n:04d}": 1 for n in range(150)}


def test_a_stderr_that_nobody_reads_ends_nothing(shell: Shell, providers: Providers) -> None:
    shell.snapshot(phones(150))
    providers.slow(twilio=400)
    process = shell.begin_unread(*SEND)
    until(lambda: len(providers.got()) > 20, why="it is under way")
    assert shell.break_off(process, signal.SIGINT) == 1
    assert "to go on" in (shell.home / "command.log").read_text(), "it has finished what was in flight, and says so"
    assert held(shell) is None
    assert shell.json(*SEND)["reached"] == 150
    assert providers.got() == {f"+1415555{n:04d}": 1 for n in range(150)}


def test_what_only_has_the_name_of_a_file_is_left_out(shell: Shell, providers: Providers) -> None:
    shell.snapshot(phones(2))
    garbage = shell.home / "break-glass-9912312359.sqlite3"
    garbage.write_bytes(b"no database at all, but long enough to be taken for one " * 99)
    done = shell.run(*SEND)
    assert "2 of 2 reached" in done.stdout
    assert done.stderr.count("not a SQLite database") == 1
    assert "not a SQLite database" in shell.run("break-glass", str(garbage), status=1).stderr
    at_home = {"DISPATCHER_LEDGER_URL": f"sqlite:///{shell.home / 'ledger.sqlite3'}"}
    refused = shell.run("db", "merge", str(garbage), status=1, **at_home)
    assert "is not a SQLite database" in " ".join(refused.stderr.split())


def held(shell: Shell) -> datetime | None:
    """Until when something in the file is held."""
    ledger = snapshot.ledger_of(shell.files()[0])
    with ledger.read() as tx:
        found = breakglass.leased_until(tx)
    ledger.close()
    return found


def test_while_one_process_has_the_file_every_other_is_refused(shell: Shell, providers: Providers) -> None:
    shell.snapshot(phones(5))
    shell.run(*SEND)
    [file] = shell.files()
    with breakglass.hold(file):
        for second in (SEND, ("break-glass",), ("db", "merge", str(file))):
            refused = shell.run(*second, status=1, DISPATCHER_LEDGER_URL=f"sqlite:///{shell.home / 'ledger.sqlite3'}")
            assert f"process {os.getpid()} works on {file} now" in " ".join(refused.stderr.split())
    assert set(providers.got().values()) == {1}


def test_invariant_8_given_twice_at_once_it_is_one_incident(shell: Shell, providers: Providers) -> None:
    shell.snapshot(phones(100))
    providers.slow(twilio=500)
    both = [shell.begin(*SEND), shell.begin(*SEND)]
    ends = [process.wait(60) for process in both]
    assert 0 in ends
    assert len(shell.files()) == 1
    assert providers.got() == {f"+1415555{n:04d}": 1 for n in range(100)}


def test_who_said_no_is_not_told_and_a_new_no_is_kept(shell: Shell, providers: Providers) -> None:
    who = phones(6)
    shell.snapshot(who)
    ledger = Ledger(f"sqlite:///{shell.home / 'ledger.sqlite3'}")
    with ledger.write() as tx:
        optouts.note(tx, Kind.SMS, "+14155550001", source="before")
    snapshot.write(ledger, shell.home / "break-glass.sqlite3")
    refusal = {"what": "status", "status": 400, "code": 21610}
    providers.ask("faults", [{"provider": "twilio", "match": {"to": "+14155550002"}, "do": refusal}], "PUT")
    done = shell.json(*SEND, "--override", "mail alone is all we have of one")
    assert done["reached"] == 6
    assert set(providers.got("smtp")) == {"person-1@customer.example", "person-2@customer.example"}
    merged = shell.json("db", "merge", str(shell.files()[0]), DISPATCHER_LEDGER_URL=ledger.shown_url)
    assert merged["opt_outs"] == 1
    with ledger.read() as tx:
        assert len(optouts.among(tx, [(Kind.SMS, f"+1415555000{n}") for n in range(6)])) == 2
    ledger.close()


def test_people_from_a_file_when_there_is_no_snapshot(shell: Shell, providers: Providers) -> None:
    refused = shell.run(*SEND, status=1)
    assert "--people FILE.csv" in " ".join(refused.stderr.split())
    csv = shell.home / "people.csv"
    csv.write_text(
        "ref,phone,email,tags\na,+14155550101,a@customer.example,enterprise\nb,12,,enterprise\n", encoding="utf-8"
    )
    shown = shell.run(*SEND, "--people", str(csv), status=1)
    assert "line 3" in shown.stderr
    assert "1 of 1 reached" in shown.stdout
    assert "1 lines of the file of people were not taken" in shown.stdout
    assert providers.got() == {"+14155550101": 1}


def test_a_file_of_people_does_not_undo_what_the_snapshot_knows_of_opt_outs(shell: Shell, providers: Providers) -> None:
    shell.snapshot(phones(3))
    ledger = Ledger(f"sqlite:///{shell.home / 'ledger.sqlite3'}")
    with ledger.write() as tx:
        optouts.note(tx, Kind.SMS, "+14155550101", source="before")
    snapshot.write(ledger, shell.home / "break-glass.sqlite3")
    ledger.close()
    csv = shell.home / "people.csv"
    csv.write_text("ref,phone,slack,tags\na,+14155550101,U0000001,enterprise\n", encoding="utf-8")
    done = shell.json(*SEND, "--people", str(csv))
    assert (done["reached"], done["of"]) == (1, 1)
    assert not providers.got()


def test_invariant_1_and_the_dry_run_work_as_without_it(shell: Shell, providers: Providers) -> None:
    mail = Recipient("m", "Mail Only", addresses={Kind.EMAIL: "m@customer.example"}, tags=frozenset({"enterprise"}))
    shell.snapshot([*phones(2), mail])
    seen = shell.json(*SEND, "--dry-run")
    assert seen["people"] == 3
    assert [one["name"] for one in seen["mail_alone"]] == ["Mail Only"]
    assert "mail alone" in " ".join(shell.run(*SEND, status=1).stderr.split())
    assert shell.files() == [], "nothing stays of what was refused or only looked at"
    assert not providers.got() + providers.got("smtp")
    assert shell.json(*SEND, "--override", "they know")["reached"] == 3


def test_update_and_resolve_speak_of_the_incident_in_the_file(shell: Shell, providers: Providers) -> None:
    shell.snapshot(phones(3))
    label = shell.json(*SEND)["incident"]
    news = ("update", label, "--break-glass")
    assert shell.json(*news, "--dry-run")["people"] == 3
    assert [shell.json(*news)["broadcast"], shell.json(*news)["broadcast"]] == [2, 3]
    assert shell.json("resolve", label, "--break-glass")["all_reached"]
    assert set(providers.got().values()) == {4}
    assert "is resolved" in shell.run(*news, status=1).stderr
    assert "there is no break-glass incident INC-7" in " ".join(
        shell.run("update", "INC-7", "--break-glass", status=1).stderr.split()
    )


def test_check_notes_a_snapshot_that_is_missing_or_old(shell: Shell) -> None:
    at_home = {"DISPATCHER_LEDGER_URL": f"sqlite:///{shell.home / 'ledger.sqlite3'}"}

    def notes() -> str:
        return " ".join(json.loads(shell.run("check", "--json", status=None, **at_home).stdout)["notes"])

    assert "run `dispatcher db snapshot` every day" in notes()
    shell.run("db", "upgrade", **at_home)
    assert shell.json("db", "snapshot", **at_home)["people"] == 0
    assert "snapshot" not in notes()
    file = shell.home / "break-glass.sqlite3"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE break_glass SET taken_at = '2026-01-02 03:04:05.000000'")
    assert "days ago: run `dispatcher db snapshot`" in notes()
    file.write_bytes(b"something else")
    assert "is not a snapshot" in notes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("send", "generic"), "to tell people without it, add --break-glass"),
        (("send", "generic", "--from", "somewhere"), "--break-glass"),
        ((*SEND, "--no-wait"), "leave out --no-wait"),
        (("break-glass",), "dispatcher send PLAYBOOK --break-glass"),
        ((*SEND, "--from", "/etc/hostname"), "is not a snapshot"),
    ],
)
def test_a_wrong_call_says_what_to_do(shell: Shell, arguments: tuple[str, ...], said: str) -> None:
    done = shell.run(*arguments, status=None)
    assert done.returncode in {1, 2}
    assert said in " ".join((done.stderr + done.stdout).split())
    assert "Traceback" not in done.stderr


def test_merged_the_running_system_goes_on_and_knows_what_was_delivered(
    providers: Providers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The web lives and hears Twilio; the ledger is away for the shell only; the send is broken off, then merged."""
    providers.reset()
    for name, value in providers.environment.items():
        monkeypatch.setenv(name, value)
    system = System(Plan(tmp_path / "system", port=0), os.environ)
    try:
        system.start(lambda _: None)
        with system.here.ledger.write() as tx:
            recipients.upsert(tx, people(1))  # so that the ids of the others are not those of a fresh file
            recipients.upsert(tx, phones(300))
        shared = system.here.ledger.shown_url
        shell = Shell(tmp_path, providers, DISPATCHER_PUBLIC_URL=system.url)
        shell.run("db", "snapshot", DISPATCHER_LEDGER_URL=shared)
        providers.slow(twilio=300)
        process = shell.begin(*SEND)
        until(lambda: len(providers.got()) > 80, why="it is under way")
        assert shell.break_off(process, signal.SIGINT) == 1
        providers.slow()
        told = set(providers.got())
        assert 80 < len(told) < 300
        file = str(shell.files()[0])
        merged = shell.json("db", "merge", file, DISPATCHER_LEDGER_URL=shared)
        assert (merged["deliveries"], merged["strangers"]) == (300, 0)
        assert merged["waiting"] == 300 - len(told)
        incident = merged["incidents"][0]["now"]

        def delivered() -> bool:
            system.look()
            rows = rows_of(system, incident)
            return len(rows) == 300 and all(row.status == "delivered" for row in rows)

        until(delivered, within=60, why="the system has sent the rest and heard of all")
        assert providers.got() == {f"+1415555{n:04d}": 1 for n in range(300)}
        again = shell.json("db", "merge", file, DISPATCHER_LEDGER_URL=shared)
        assert (again["deliveries"], again["receipts"]) == (0, 0)
        refused = shell.run("break-glass", file, status=1)
        assert "go on there, without --break-glass" in " ".join(refused.stderr.split())
        assert "merged into the ledger" in " ".join(shell.run(*SEND, status=1).stderr.split())
    finally:
        system.stop()


def rows_of(system: System, incident: int) -> list[Any]:
    with system.here.ledger.read() as tx:
        return listing.page(tx, Filter(incident_id=incident), limit=1000)
