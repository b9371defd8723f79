"""A playbook with a cost cap, as real processes: nobody is told by what is too dear, not even when the rest fails."""

from __future__ import annotations

import shutil
from pathlib import Path

from alone_rig import SEND, Providers, Shell

from channels.contract import Kind
from dispatcher.model.recipient import Recipient
from dispatcher.settings import shipped


def _shell(home: Path, providers: Providers, cap: str, *who: Recipient) -> Shell:
    """Telnyx costs ten times what Twilio does; a text takes two segments."""
    providers.reset()
    config = Path(shutil.copytree(shipped("config"), home / "config"))
    book, routes = config / "playbooks" / "generic.yaml", config / "routes.yaml"
    book.write_text(book.read_text(encoding="utf-8") + f"cost_cap: {cap}\n", encoding="utf-8")
    priced = "channel: sms/telnyx\n  price: {each: 0.145}"
    routes.write_text(routes.read_text(encoding="utf-8").replace("channel: sms/telnyx", priced), encoding="utf-8")
    made = Shell(home, providers, DISPATCHER_CONFIG=str(config))
    made.snapshot(list(who))
    return made


def _person(number: int, *kinds: Kind) -> Recipient:
    forms = {
        Kind.SMS: f"+1415555{number:04d}",
        Kind.CHAT: f"U{number:08d}",
        Kind.EMAIL: f"person-{number}@customer.example",
    }
    return Recipient(
        f"p-{number}",
        f"Person {number}",
        addresses={kind: forms[kind] for kind in kinds},
        tags=frozenset({"enterprise"}),
    )


def test_what_is_left_out_for_its_cost_stays_left_out_when_the_rest_fails(tmp_path: Path, providers: Providers) -> None:
    well = [_person(number, Kind.SMS, Kind.CHAT, Kind.EMAIL) for number in range(3)]
    shell = _shell(tmp_path, providers, "{message: 0.05, broadcast: 10}", *well)
    seen = shell.json(*SEND, "--dry-run")
    assert (seen["problems"], seen["cost_cap"]["left_out"]) == ([], {"telnyx-backup": 3})
    refusal = {"what": "status", "status": 400, "code": 21211}
    providers.ask("faults", [{"provider": "twilio", "match": {"to": "+14155550001"}, "do": refusal}], "PUT")
    sent = shell.json(*SEND)
    assert sent["reached"] == 3
    assert len(providers.got()) == 2
    assert not providers.got("telnyx")
    assert list(providers.got("slack")) == ["U00000001"]
    [file] = shell.files()
    there = {"DISPATCHER_LEDGER_URL": f"sqlite:///{file}"}
    told = " ".join(shell.run("explain", "1", **there).stdout.split())
    listed = shell.json("receipts", sent["incident"], "--reason", "cost cap", **there)
    assert len(listed["deliveries"]) == 3
    assert "telnyx-backup (sms): a message costs USD 0.29, above the cost cap of USD 0.05 [cost cap]" in told


def test_above_the_cap_it_is_refused_with_a_remedy_until_somebody_gives_a_reason(
    tmp_path: Path, providers: Providers
) -> None:
    shell = _shell(tmp_path, providers, "{broadcast: 0.05}", *(_person(number, Kind.SMS) for number in range(2)))
    shown = " ".join(shell.run(*SEND, "--dry-run").stdout.split())
    assert "cost cap USD 0.05 a broadcast: the first messages cost USD 0.058, USD 0.58 if all go by their dear" in shown
    refused = " ".join(shell.run(*SEND, status=1).stderr.split())
    assert (
        "its first messages cost USD 0.058 together, above the cost cap of USD 0.05 a broadcast; tell fewer" in refused
    )
    assert not providers.got()
    assert shell.json(*SEND, "--override", "it is worth it")["reached"] == 2


def test_invariant_1_check_fails_where_the_cap_takes_the_last_way(tmp_path: Path, providers: Providers) -> None:
    some = (_person(1, Kind.SMS, Kind.EMAIL), _person(2, Kind.SMS), _person(3, Kind.CHAT, Kind.SMS))
    shell = _shell(tmp_path, providers, "{message: 0.02}", *some)
    there = {"DISPATCHER_LEDGER_URL": f"sqlite:///{tmp_path / 'ledger.sqlite3'}"}
    wrong = shell.json("check", status=1, **there)["wrong"]
    said = (
        "2 of 3 have mail alone, or nothing, because of the cost cap; shorten the texts, or raise `message` of cost_cap"
    )
    assert f"playbook generic, audience enterprise: {said} in config/playbooks/generic.yaml" in wrong
    assert not [sentence for sentence in wrong if sentence.startswith("playbook slack") and "cost cap" in sentence]
    alone = shell.json("reach", "generic", "mail-alone", "--audience", "enterprise", **there)
    assert [one["ref"] for one in alone["named"]] == ["p-1"]
