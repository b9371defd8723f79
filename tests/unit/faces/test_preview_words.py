"""`dispatcher preview`: every kind as each route would send it, with what it costs and what does not fit."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from channels.contract import Kind, Words
from dispatcher.faces.cli import preview as command
from dispatcher.faces.cli.main import app
from dispatcher.model.config import Price
from dispatcher.settings import shipped
from dispatcher.wiring import install

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _nothing_is_set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials, no ledger, no broker."""
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DISPATCHER_CONFIG", raising=False)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["preview", *arguments])
    return done.exit_code, done.output + repr(done.exception if done.exit_code == 1 and done.exception else "")


def found(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, ["preview", *arguments, "--json"])
    return done.exit_code, json.loads(done.stdout)


def pick(told: dict[str, Any], kind: str, locale: str = "en") -> dict[str, Any]:
    (one,) = [one for one in told["words"] if (one["kind"], one["locale"]) == (kind, locale)]
    return dict(one)


def test_all_kinds_in_all_languages_of_the_playbook_without_anything_set_up(tmp_path: Path) -> None:
    status, told = found("microsoft-365")
    assert status == 0
    assert {(one["kind"], one["locale"]) for one in told["words"]} >= {
        (kind, locale) for kind in ("sms", "inapp", "chat", "email", "social") for locale in ("en", "de")
    }
    sms = pick(told, "sms", "de")
    assert sms["text"].startswith("Northwind")
    (route,) = [one for one in sms["routes"] if one["route"] == "twilio-main"]
    assert (route["length"], route["limit"], route["unit"], route["over"]) == (2, 4, "segments", 0)
    assert (route["cost"], route["currency"]) == ("0.0290", "USD")
    assert pick(told, "email")["subject"]
    assert not (tmp_path / "home" / "ledger.sqlite3").exists()


@pytest.mark.parametrize("reason", ["opened", "update", "resolved", "retracted"])
def test_every_reason(reason: str) -> None:
    status, told = found("generic", "--reason", reason)
    assert (status, told["reason"], told["examples"]) == (0, reason, [])


@pytest.mark.parametrize(
    ("text", "segments", "cost", "note"),
    [
        ("x" * 130, 2, "0.0290", ""),
        # Smart encoding at the provider replaces this one, so it costs nothing.
        ("It’s " + "x" * 125, 2, "0.0290", ""),
        # This one it does not replace.
        ("停 " + "x" * 128, 4, "0.0580", "with plain characters only it would take 2 instead of 4"),
        ("{" * 60, 2, "0.0290", ""),
    ],
)
def test_segments_are_counted_exactly_and_what_doubles_the_price_is_named(
    text: str, segments: int, cost: str, note: str
) -> None:
    _, told = found("generic", "--locale", "en", "--fact", f"impact={text}", "--fact", "workaround=Please wait.")
    (route,) = [one for one in pick(told, "sms")["routes"] if one["route"] == "twilio-main"]
    assert (route["parts"], route["cost"]) == (segments, cost), pick(told, "sms")["text"]
    assert note in route["note"]


def test_a_missing_language_falls_back_visibly() -> None:
    status, told = found("generic", "--locale", "fr")
    assert status == 0
    assert {(one["locale"], one["used_locale"]) for one in told["words"]} == {("fr", "en")}
    status, shown = run("generic", "--locale", "fr")
    assert "in en: there is no text in fr" in " ".join(shown.split())


def test_what_does_not_fit_is_named_and_the_rest_is_shown() -> None:
    status, told = found("generic", "--locale", "en", "--fact", f"impact={'long words ' * 30}")
    assert status == 1
    social = pick(told, "social")
    assert social["routes"][0]["over"] > 0
    assert "over the post limit of 280" in social["problems"][0]
    assert social["text"]
    assert pick(told, "inapp")["problems"] == []
    status, shown = run("generic", "--locale", "en", "--fact", f"impact={'long words ' * 30}")
    words = " ".join(shown.split())
    assert status == 1
    assert "does not fit: social, x-main:" in words
    assert "--fact name=text tries another" in words


def test_a_link_that_a_route_does_not_take_is_told_before_the_day() -> None:
    status, told = found("generic", "--locale", "en", "--fact", "workaround=See status.example.com.")
    assert status == 1
    assert "does not allow links" in pick(told, "social")["problems"][0]


def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, *changes: tuple[str, str]) -> None:
    shutil.copytree(shipped("config"), tmp_path / "config")
    path = tmp_path / "config" / file
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert re.search(old, text)
        text = re.sub(old, new, text)
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("DISPATCHER_CONFIG", str(tmp_path / "config"))


def test_a_broadcast_with_such_a_link_is_refused_by_the_routes_name_unless_it_is_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = Words("See status.example.com")
    here = install({"DISPATCHER_HOME": str(tmp_path)})
    assert here.measure(Kind.SOCIAL, words).refusal.startswith("by x-main: the text holds")
    config(tmp_path, monkeypatch, "routes.yaml", ("channel: social/x", "channel: social/x\n  enabled: false"))
    here = install({"DISPATCHER_HOME": str(tmp_path), "DISPATCHER_CONFIG": str(tmp_path / "config")})
    assert here.measure(Kind.SOCIAL, words).refusal == ""


def test_a_link_costs_what_the_route_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config(tmp_path, monkeypatch, "routes.yaml", ("allow_urls: false", "allow_urls: true"))
    secrets = ("X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
    for name in secrets:
        monkeypatch.setenv(name, "secret")
    _, told = found("generic", "--locale", "en", "--fact", "workaround=See status.example.com.")
    (route,) = [one for one in pick(told, "social")["routes"] if one["route"] == "x-main"]
    assert (route["cost"], route["links"], route["problem"]) == ("0.2", 1, "")


def test_one_typographic_quote_costs_what_it_costs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config(
        tmp_path, monkeypatch, "routes.yaml", (r"(auth_token: .*TWILIO_AUTH_TOKEN.*)", r"\1\n    smart_encoded: false")
    )
    for name, value in (
        ("ACCOUNT_SID", "AC" + "1" * 32),
        ("AUTH_TOKEN", "t"),
        ("MESSAGING_SERVICE_SID", "MG" + "2" * 32),
    ):
        monkeypatch.setenv(f"TWILIO_{name}", value)
    _, told = found("generic", "--locale", "en", "--fact", "impact=It’s slow.", "--fact", "workaround=Please wait.")
    (route,) = [one for one in pick(told, "sms")["routes"] if one["route"] == "twilio-main"]
    assert (route["parts"], route["cost"]) == (2, "0.0290")
    assert "(right single quotation mark) is not in the SMS alphabet" in route["note"]
    assert "with plain characters only it would take 1 instead of 2" in route["note"]


def test_facts_that_nobody_has_given_yet_are_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config(tmp_path, monkeypatch, "playbooks/generic.yaml", (r"(?s)\nfacts:.*", "\n"))
    status, told = found("generic", "--reason", "update", "--fact", "service=Payment")
    assert status == 0, told
    assert told["examples"] == ["impact", "news", "workaround"]
    assert "Payment" in pick(told, "chat")["subject"] + pick(told, "chat")["text"]
    _, shown = run("generic", "--reason", "update")
    assert "an example stands in: service, impact, news, workaround" in " ".join(shown.split())


def test_a_template_that_cannot_be_used_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shipped("templates"), tmp_path / "templates")
    (tmp_path / "templates/messages/default/opened/sms.j2").write_text("{% for x in impact %}{% endfor %}")
    monkeypatch.setenv("DISPATCHER_TEMPLATES", str(tmp_path / "templates"))
    status, told = found("generic")
    assert status == 1
    assert "sms.j2: line 1: 'for' is not part of message templates" in pick(told, "sms")["problems"][0]
    assert pick(told, "sms", "de")["problems"] == []
    status, shown = run("generic")
    assert status == 1
    assert "no words: see below" in shown


def test_sizes_are_those_for_the_longest_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shipped("templates"), tmp_path / "templates")
    (tmp_path / "templates/messages/default/opened/sms.j2").write_text("{{ person.greeting }} " + "x" * 125)
    monkeypatch.setenv("DISPATCHER_TEMPLATES", str(tmp_path / "templates"))
    _, told = found("generic", "--locale", "en")
    sms = pick(told, "sms")
    assert sms["text"].startswith("Hello [name], xxx")
    assert sms["routes"][0]["parts"] == 2


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["genric"], 1, "Did you mean 'generic'?"),
        (["generic", "--locale", "german"], 2, "is not a language"),
        (["generic", "--reason", "because"], 2, "opened"),
        (["generic", "--fact", "impact"], 2, "name=text"),
        (["generic", "--fact", "impakt=x"], 1, "did you mean 'impact'?"),
        (["generic", "--fact", "impact= "], 1, "the fact 'impact' is empty"),
        ([], 2, "Missing argument"),
    ],
)
def test_a_wrong_call_says_what_to_do(arguments: list[str], status: int, said: str) -> None:
    code, shown = run(*arguments)
    assert code == status, shown
    assert said in " ".join(shown.replace("│", " ").replace("\\'", "'").split())


@pytest.mark.parametrize("width", [80, 120, 200])
def test_it_fits_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "out", Console(highlight=False, width=width))
    status, shown = run("microsoft-365", "--fact", f"workaround=See https://status.example/{'long' * 40} now.")
    lines = COLOUR.sub("", shown).splitlines()
    assert status == 1
    assert max(map(len, lines)) <= width
    together = "".join(re.findall(r"[a-z]+", shown))
    assert "…" not in shown
    assert "twilio-main" in shown
    assert together.count("long") >= 20


def test_a_price_wants_a_sensible_number() -> None:
    for wrong in ({"each": -1}, {"each": "much"}, {"each": 1, "currency": "dollars"}, {}):
        with pytest.raises(ValueError, match="validation error"):
            Price.model_validate(wrong)
