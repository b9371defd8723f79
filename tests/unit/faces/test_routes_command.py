"""`dispatcher routes`: what each route lacks, whether its account is good, and one test message by the real channel."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import func, select
from typer.testing import CliRunner

from channels.contract import Kind
from channels.registry import channel_types
from channels.simulator import Accounts, Simulator
from dispatcher.faces.cli import routes as command
from dispatcher.faces.cli.main import app
from dispatcher.faces.cli.simulated import credentials, places
from dispatcher.ledger import Ledger, now, optouts, rests
from dispatcher.ledger.tables import attempt, delivery, incident, receipt
from tests.migrated import make_ready

MINE = ("twilio-main", "slack-main", "x-main", "smtp-main")


class Far:
    """The simulated providers on a loop of their own, as another process would have them."""

    def __init__(self) -> None:
        self.accounts = Accounts.generate()
        self._ready, self._end = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()))
        self._thread.start()
        assert self._ready.wait(10)

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with Simulator(self.accounts) as self.simulator:
            self._ready.set()
            await self._end.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    @property
    def environment(self) -> dict[str, str]:
        return credentials(self.accounts) | places(self.simulator.addresses)

    def got(self) -> list[dict[str, Any]]:
        return self.simulator.received()


@pytest.fixture(scope="module")
def providers() -> Iterator[Far]:
    far = Far()
    yield far
    far.stop()


@pytest.fixture
def far(providers: Far, monkeypatch: pytest.MonkeyPatch) -> Far:
    """Every route is set up, and speaks to the simulated providers."""
    providers.simulator.clear_faults()
    providers.simulator.reset()
    for name, value in providers.environment.items():
        monkeypatch.setenv(name, value)
    return providers


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path / "home"))
    for name in ("DISPATCHER_CONFIG", "DISPATCHER_LEDGER_URL", "TWILIO_AUTH_TOKEN", "SMTP_HOST"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    home.mkdir()
    made = Ledger(f"sqlite:///{home / 'ledger.sqlite3'}")
    make_ready(made)
    yield made
    made.close()


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["routes", *arguments])
    said = "" if done.exception is None or isinstance(done.exception, SystemExit) else str(done.exception)
    return done.exit_code, " ".join((done.output + said).replace("│", " ").split())


def listed(*arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    done = CliRunner().invoke(app, ["routes", *arguments, "--json"])
    return done.exit_code, {one["route"]: one for one in json.loads(done.stdout)}


def told(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, ["routes", "test", *arguments, "--json"])
    return done.exit_code, json.loads(done.stdout)


# the list


def test_a_route_that_is_not_set_up_says_what_it_lacks_and_is_no_error(home: Path) -> None:
    status, found = listed()
    assert status == 0
    assert not found["twilio-main"]["usable"]
    assert "TWILIO_AUTH_TOKEN" in found["twilio-main"]["problem"]
    assert found["inapp"]["usable"]
    assert run()[0] == 0


def test_it_tells_what_each_can_do_by_its_declaration() -> None:
    _, found = listed()
    twilio = found["twilio-main"]
    assert (twilio["kind"], twilio["channel"], twilio["depends_on"]) == ("sms", "sms/twilio", ["twilio"])
    assert (twilio["max_in_flight"], twilio["timeout"], twilio["repeat"]) == (64, 10.0, "lookup")
    for one in found.values():
        can = channel_types()[one["channel"]].capabilities
        assert ("hears_receipts" in one["abilities"]) == can.hears_receipts
        assert ("probes" in one["abilities"]) == can.probes


def test_what_the_same_message_twice_does_is_told_in_the_words_of_the_documents() -> None:
    from channels.testkit import matrix

    assert command._TWICE == matrix._TWICE
    assert "can be asked" in run()[1]


def test_accounts_are_tried_only_when_asked(far: Far) -> None:
    assert {one["account"] for name, one in listed()[1].items() if name in MINE} == {"not probed"}
    requests = far.simulator.summary()["providers"]
    assert all(one["requests"] == 0 for one in requests.values())


def test_good_accounts_are_named(far: Far) -> None:
    status, found = listed("--probe")
    assert status == 0, found
    assert all(found[name]["usable"] and found[name]["fault"] is None for name in MINE)
    assert far.accounts.x_username in found["x-main"]["account"]
    assert found["inapp"]["account"] == "cannot be probed"
    assert not far.got()


def test_a_bad_account_is_told_and_its_secret_is_not(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong-and-secret")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "")
    status, found = listed("--probe")
    assert status == 1
    assert found["slack-main"]["fault"]["blame"] == "account"
    assert not found["slack-main"]["usable"]
    assert found["twilio-main"]["account"] == "not set up"
    assert found["x-main"]["usable"]
    status, shown = run("--probe")
    assert status == 1
    assert "Slack does not accept the token" in shown
    assert "xoxb-wrong-and-secret" not in shown + json.dumps(found)


def test_a_route_at_rest_says_until_when(far: Far, ledger: Ledger) -> None:
    until = now() + timedelta(minutes=5)
    with ledger.write() as tx:
        rests.pause(tx, "slack-main", until, "asked to")
    _, found = listed()
    assert found["slack-main"]["rests_until"] == until.isoformat()
    assert found["x-main"]["rests_until"] is None
    assert "rests until" in run()[1]


def test_a_ledger_that_is_away_hides_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCHER_LEDGER_URL", "postgresql+psycopg://me:hidden@127.0.0.1:1/nothing")
    status, shown = run()
    assert status == 0
    assert "twilio-main" in shown
    assert "which routes rest is not known" in shown
    assert "hidden" not in shown


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "out", Console(highlight=False, width=width))
    lines = CliRunner().invoke(app, ["routes"]).output.splitlines()
    assert max(map(len, lines)) <= width
    assert any("twilio-main" in line and "sms" in line for line in lines)


# one test message


@pytest.mark.parametrize(
    ("route", "address", "to"),
    [
        ("twilio-main", "(415) 555-0123", "+14155550123"),
        ("slack-main", "C024BE7LH", "C024BE7LH"),
        ("x-main", "northwind", None),
        ("smtp-main", "ann@Example.com", "ann@example.com"),
    ],
)
def test_one_marked_message_goes_by_the_real_channel(
    far: Far, ledger: Ledger, route: str, address: str, to: str
) -> None:
    status, done = told(route, address)
    assert (status, done["outcome"]) == (0, "accepted"), done
    (message,) = far.got()
    assert message["ref"] in (done["ref"], done["ref"].partition(":")[2])
    assert to is None or message["to"] == to
    assert "TEST from Northwind" in message["body"]
    assert done["mark"] in message["body"]
    assert "no action needed" in message["body"]
    assert address not in json.dumps({**done, "ref": ""})  # a reference is the provider's own word
    with ledger.read() as tx:
        for table in (incident, delivery, attempt, receipt):
            assert tx.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_two_tests_are_two_messages(far: Far) -> None:
    for _ in range(2):
        assert told("x-main", "northwind")[0] == 0
    assert len({message["body"] for message in far.got()}) == 2


def test_the_inbox_takes_one_too(ledger: Ledger) -> None:
    assert told("inapp", "ann")[0] == 0


@pytest.mark.parametrize(
    ("fault", "outcome", "said"),
    [
        ({"what": "status", "status": 429, "retry_after": 7}, "deferred", "certainly not sent; it may work in 7 s"),
        ({"what": "status", "status": 401, "code": 20003}, "rejected", "can only fail again"),
        ({"what": "error_after", "status": 500}, "uncertain", "before you send another"),
        ({"what": "garbled"}, "uncertain", "it may have been sent"),
    ],
)
def test_what_became_of_it_is_told_with_what_to_do(far: Far, fault: dict[str, Any], outcome: str, said: str) -> None:
    rules = [{"provider": "twilio", "do": fault}]
    far.simulator.add_faults(rules)
    status, done = told("twilio-main", "+14155550123")
    assert (status, done["outcome"], done["ref"]) == (1, outcome, None)
    assert done["fault"]["blame"]
    status, shown = run("test", "twilio-main", "+14155550123")
    assert status == 1
    assert said in shown
    assert "+14155550123" not in shown
    assert len(far.got()) == (2 if outcome == "uncertain" else 0)


def test_who_said_no_gets_no_test_either(far: Far, ledger: Ledger) -> None:
    with ledger.write() as tx:
        optouts.note(tx, Kind.SMS, "+14155550123", source="a test")
    status, shown = run("test", "twilio-main", "+1 415 555 0123")
    assert status == 1
    assert "want no messages there" in shown
    assert not far.got()


def test_nothing_is_sent_while_nobody_can_say_who_said_no(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCHER_LEDGER_URL", "postgresql+psycopg://me:hidden@127.0.0.1:1/nothing")
    assert run("test", "twilio-main", "+14155550123")[0] == 1
    assert not far.got()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("twillio-main", "+14155550123"), 2, "Did you mean 'twilio-main'?"),
        (("twilio-main", "12"), 2, "'12' is not a phone number; write it like +4930123456"),
        (("twilio-main", "ann@example.com"), 2, "is not a phone number"),
        (("smtp-main", "ann"), 2, "is not a mail address; write it like ann@example.com"),
        (("slack-main", ""), 2, "an address has 1 to 2000 characters on one line"),
        (("slack-main", "C1\nC2"), 2, "an address has 1 to 2000 characters on one line"),
        (("slack-main", "x" * 2001), 2, "an address has 1 to 2000 characters on one line"),
        (("slack-main",), 2, "Missing argument"),
    ],
)
def test_a_wrong_call_says_what_to_do(far: Far, arguments: tuple[str, ...], status: int, said: str) -> None:
    code, shown = run("test", *arguments)
    assert (code, said in shown) == (status, True), shown
    assert not far.got()


def test_a_route_that_is_not_set_up_names_its_variables() -> None:
    code, shown = run("test", "twilio-main", "+14155550123")
    assert code == 1
    assert "TWILIO_AUTH_TOKEN" in shown
