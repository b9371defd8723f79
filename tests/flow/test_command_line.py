"""Mistakes at the command line: each is told in a sentence that says what to do, and nothing is half done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.nursery import dispatcher


def run(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a folder of its own, as a new user has it."""
    return dispatcher(*arguments, environment=fresh(home) | environment)


def fresh(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "VIRTUAL_ENV") if name in os.environ}
    return kept | {"DISPATCHER_HOME": str(home)}


def furnish(home: Path) -> Path:
    """A ledger with two people, both well reachable."""
    assert run(home, "db", "upgrade").returncode == 0
    file = home / "people.csv"
    file.write_text(
        "name,phone,email,app user\nAda,+14155550101,ada@example.com,ada\nBen,+14155550102,,ben\n", encoding="utf-8"
    )
    assert run(home, "recipients", "import", str(file)).returncode == 0
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return furnish(tmp_path)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For calls that must change nothing."""
    return furnish(tmp_path_factory.mktemp("untouched"))


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["send", "micro-soft-365"], 1, "did you mean 'microsoft-365'?"),
        (["send", "generic", "--audience", "everbody"], 1, "did you mean 'everyone'?"),
        (["reach", "generik"], 1, "Did you mean 'generic'?"),
        (["reach", "generic", "--without", "slak"], 1, "Did you mean 'slack'?"),
        (["reach", "generic", "--audience", "everbody"], 1, "Did you mean 'everyone'?"),
        (["send", "generic", "--vendor", "slak"], 1, "did you mean 'slack'?"),
        (["send", "generic", "--fact", "workarund=Wait."], 1, "workaround"),
        (["send", "generic", "--fact", "no equals sign"], 2, "name=text"),
        (["send", "generic", "--fact", "impact=" + "very long " * 200], 1, "over"),
        (["send", "generic", "--next-update", "soon"], 2, "90s, 30m, 2h or 1d"),
        (["send"], 2, "Missing argument"),
        (["update", "INC-99"], 1, "there is no incident INC-99"),
        (["update", "the last one"], 2, "write INC-7 or 7"),
        (["explain", "4711"], 1, "there is no delivery 4711"),
        (["explain", "INC-7"], 2, "INC-7 is an incident: `dispatcher receipts INC-7` lists its deliveries"),
        (["explain", "0"], 2, "'0' is not a delivery; `dispatcher receipts"),
        (["receipts", "1", "--json", "--csv"], 2, "one of --json and --csv"),
        (["receipts", "1", "--since", "noon"], 2, "'noon' is not a moment; write for example 2026-11-29T14:05, or 30m"),
        (["update", "1", "--state", "over"], 2, "'--state': 'over' is not one of 'investigating', 'identified'"),
        (["recipients", "import", "/nowhere.csv"], 2, "does not exist"),
        (["recipients", "show", "\udcff"], 2, "argument 3 is not UTF-8"),
        (["send", "generic", "--title", "Odd \udcff"], 2, "argument 4 is not UTF-8"),
        (["up", "--sample"], 2, "--simulated"),
    ],
)
def test_a_wrong_call_says_what_to_do(untouched: Path, arguments: list[str], status: int, said: str) -> None:
    done = run(untouched, *arguments)
    words = " ".join((done.stderr + done.stdout).replace("│", " ").split())
    assert done.returncode == status, words
    assert said in words
    assert "Traceback" not in words


def test_wrong_calls_have_kept_nothing(untouched: Path) -> None:
    done = run(untouched, "receipts", "1")
    assert "there is no incident INC-1" in done.stderr


def test_a_route_without_its_secret_is_named_with_the_variable_to_set(home: Path) -> None:
    done = run(home, "check", "--json")
    routes = {one["route"]: one["problem"] for one in json.loads(done.stdout)["routes"]}
    assert "TWILIO_AUTH_TOKEN" in routes["twilio-main"]
    assert routes["inapp"] == ""


def test_a_route_that_is_set_up_wrongly_is_wrong_and_told_once(home: Path) -> None:
    missing = run(home, "check")
    assert "note: route 'twilio-main' is not set up" in missing.stdout
    assert "wrong: route" not in missing.stdout
    done = run(home, "check", TWILIO_ACCOUNT_SID="AC...", TWILIO_AUTH_TOKEN="2" * 32, TWILIO_FROM_NUMBER="+14155550100")
    assert done.returncode == 1
    assert "wrong: route 'twilio-main' is set up wrongly" in done.stdout
    assert done.stdout.count("TWILIO_ACCOUNT_SID") == 1
    words = " ".join(done.stdout.split())
    assert "has a wrong form; what is needed: The account's SID: AC and 32 of 0-9 and a-f." in words
    assert "^AC" not in words


def test_a_fact_in_a_language_that_nobody_reads_is_told_before_it_is_sent(home: Path) -> None:
    words = ("--fact", "impact.de=Langsam.", "--fact", "impact.dk=Langsomt.", "--fact", "impact=Slow.")
    shown = " ".join(run(home, "send", "generic", "--dry-run", *words).stdout.split())
    assert "nobody who is told reads the fact 'impact' in dk" in shown
    assert "nobody" not in run(home, "send", "generic", "--dry-run", *words[:2]).stdout


def test_a_dry_run_says_how_long_it_takes_what_it_costs_and_who_is_left(home: Path) -> None:
    twilio = {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "f" * 32,
        "TWILIO_FROM_NUMBER": "+15005550006",
    }
    call = ("send", "generic", "--vendor", "own-host", "--dry-run")
    seen = json.loads(run(home, *call, "--json", **twilio).stdout)
    (sms,) = seen["forecast"]["routes"]
    assert (sms["route"], sms["messages"], sms["in_time"], sms["pace"]) == ("twilio-main", 2, 2, "not limited by us")
    assert float(sms["cost"]) == pytest.approx(sms["parts"] * 0.0145)
    assert seen["forecast"]["costs"] == {"USD": sms["cost"]}
    assert (seen["today"]["unreachable"], seen["today"]["single_route"]) == (0, 2)
    shown = " ".join(run(home, *call, "--vendor", "twilio", **twilio).stdout.split())
    assert "while own-host, twilio are down, 2 of 2 people are reached by nothing else" in shown
    assert "Forecast, if nothing fails over" in shown


def test_with_nothing_to_list_it_says_so(untouched: Path) -> None:
    assert run(untouched, "recipients", "opt-outs").stdout == "Nobody has said no.\n"
    assert json.loads(run(untouched, "recipients", "said", "--json").stdout) == []


def test_invariant_1_check_fails_on_anyone_with_mail_alone_and_names_them(home: Path) -> None:
    file = home / "more.csv"
    file.write_text("name,email\nMail Only,only@example.com\n", encoding="utf-8")
    assert run(home, "recipients", "import", str(file)).returncode == 0
    done = run(home, "check", "--json", SMTP_HOST="127.0.0.1", SMTP_FROM="a@example.com")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert any("have mail alone: only@example.com Mail Only" in one for one in told["wrong"])
    everyone = next(one for one in told["audiences"] if one["audience"] == "everyone")
    # Nobody has set up a way for text messages: Ada and Ben hear it in the app alone, Ada by mail besides.
    assert everyone["lost_without"].items() >= {"microsoft-365": 1, "own-host": 1}.items()
    losses = {" + ".join(one.pop("vendors")): one for one in everyone["without_one"] + everyone["without_two"]}
    assert losses["microsoft-365"] == {"unreachable": 1, "mail_alone": 0, "single_route": 2}
    assert losses["own-host"] == {"unreachable": 1, "mail_alone": 2, "single_route": 2}
    assert losses["microsoft-365 + own-host"] == {"unreachable": 3, "mail_alone": 0, "single_route": 0}
    shown = run(home, "check", SMTP_HOST="127.0.0.1", SMTP_FROM="a@example.com").stdout
    assert "microsoft-365 + own-host" in shown
    listed = run(
        home, "reach", "generic", "mail-alone", "--without", "own-host", SMTP_HOST="127.0.0.1", SMTP_FROM="a@b.c"
    )
    assert (listed.returncode, "a**@example.com" in listed.stdout) == (0, True)
    assert "everyone by generic without own-host: 2 of 3 mail-alone" in listed.stdout
    sending = ("send", "generic", "--json")
    refused = run(home, *sending, SMTP_HOST="127.0.0.1", SMTP_FROM="a@example.com")
    assert refused.returncode == 1
    assert "mail alone" in " ".join(refused.stderr.split())
    past = run(home, *sending, "--override", "they know", SMTP_HOST="127.0.0.1", SMTP_FROM="a@example.com")
    assert past.returncode == 0, past.stderr
    assert "they know" in json.loads(past.stdout)["broadcast"]["override"]


def test_invariant_3_a_message_is_kept_although_the_broker_is_away(home: Path) -> None:
    away = {"DISPATCHER_BROKER_URL": "redis://127.0.0.1:1/0"}
    done = run(home, "send", "generic", **away)
    assert done.returncode == 0, done.stderr
    assert "cannot be reached" in " ".join(done.stdout.split())
    missed = run(home, "receipts", "INC-9").stderr
    assert "there is no incident INC-9; the newest is INC-1, 'Something is down'" in missed
    kept = json.loads(run(home, "send", "generic", "--json", "--idempotency-key", "k", **away).stdout)
    again = json.loads(run(home, "send", "generic", "--json", "--idempotency-key", "k", **away).stdout)
    assert kept["rung"] is False
    assert again["incident"]["id"] == kept["incident"]["id"]
    other = run(home, "send", "slack", "--json", "--idempotency-key", "k", **away)
    assert (other.returncode, "another request" in other.stderr) == (1, True)


def test_a_ledger_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path) -> None:
    done = run(tmp_path, "send", "generic", DISPATCHER_LEDGER_URL="postgresql://me:hidden@127.0.0.1:1/nothing")
    words = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert "127.0.0.1:1/nothing" in words
    assert "DISPATCHER_LEDGER_URL" in words
    assert "hidden" not in words


def test_an_empty_ledger_says_which_command_makes_its_tables(tmp_path: Path) -> None:
    done = run(tmp_path, "send", "generic")
    words = " ".join(done.stderr.split())
    assert (done.returncode, "dispatcher db upgrade" in words) == (1, True)
    assert "set DISPATCHER_HOME or DISPATCHER_LEDGER_URL as the running system has it" in words


def test_a_bad_line_is_named_and_strict_keeps_none(tmp_path: Path) -> None:
    assert run(tmp_path, "db", "upgrade").returncode == 0
    file = tmp_path / "people.csv"
    file.write_text("name,phone\nGood,+14155550103\nBad,12\n", encoding="utf-8")
    strict = run(tmp_path, "recipients", "import", str(file), "--strict", "--json")
    assert (strict.returncode, json.loads(strict.stdout)["kept"]) == (1, 0)
    loose = run(tmp_path, "recipients", "import", str(file), "--json")
    found = json.loads(loose.stdout)
    assert (found["kept"], [bad["line"] for bad in found["bad"]]) == (1, [3])


def test_a_wrong_configuration_is_told_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "routes.yaml").write_text("nonsense: [1, 2\n", encoding="utf-8")
    done = run(tmp_path, "check", DISPATCHER_CONFIG=str(tmp_path / "config"))
    assert done.returncode == 1
    assert "routes.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_brackets_in_words_from_outside_are_words(home: Path) -> None:
    """Alerts and names are full of them: `[prod] [/api] fails`. They are no styles of this terminal's."""
    odd = "[prod] [/api] fails"
    file = home / "odd.csv"
    file.write_text(f"ref,name,phone,email,app user\nodd,{odd},+14155550103,o@example.com,odd\n", encoding="utf-8")
    assert run(home, "recipients", "import", str(file)).returncode == 0
    facts = ("service=[b] [/shop]", "impact=[/x] down.", "workaround=Wait.")
    given = ["--title", odd, *(part for fact in facts for part in ("--fact", fact))]
    sent = ["send", "generic", *given, "--override", "[/tested]"]
    for arguments in (
        ["recipients", "show", "odd"],
        [*sent, "--dry-run"],
        sent,
        ["receipts", "1"],
        ["report", "1"],
    ):
        done = run(home, *arguments)
        assert "Traceback" not in done.stderr, (arguments, done.stderr[-500:])
        assert odd in done.stdout, (arguments, done.stdout, done.stderr)


@pytest.mark.parametrize("asked", [["receipts", "1", "--csv"], ["receipts", "1", "--json"], ["preview", "generic"]])
def test_an_output_that_cannot_be_written_is_told(
    home: Path, need: Callable[[object, str], None], asked: list[str]
) -> None:
    """Whoever exports who was told must not keep half of it as the whole."""
    need(os.path.exists("/dev/full"), "a device that is always full")
    assert run(home, "send", "generic", "--override", "a test", "--no-wait").returncode == 0
    command = [sys.executable, "-m", "dispatcher.faces.cli.main", *asked]
    with open("/dev/full", "w") as full:
        # From scratch: what cannot be written is also heard of by the interpreter at its end.
        done = subprocess.run(command, env=fresh(home), stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    said = "the output could not be written to its end: No space left on device; what is there is incomplete"
    assert (done.returncode, done.stderr) == (1, f"dispatcher: {said}\n")
