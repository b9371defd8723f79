"""Every way to write `config/` wrongly is told in a sentence that says what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dispatcher.settings import ConfigError, read_config

#: file, what is replaced (as a pattern), by what, the expected sentence
WRONG = [
    ("routes.yaml", "channel: sms/twilio", "channel: sms/twillio",
     "twilio-main.channel: unknown channel 'sms/twillio'. Did you mean 'sms/twilio'?"),
    ("routes.yaml", r"depends_on: \[slack\]", "depends_on: [slak]",
     "slack-main.depends_on.0: unknown vendor 'slak'. Did you mean 'slack'?"),
    ("routes.yaml", r"depends_on: \[x\]", "depend_on: [x]", "x-main.depend_on: unknown key 'depend_on'. Did you mean"),
    ("routes.yaml", r"depends_on: \[x\]", "", "x-main.depends_on: is missing. Add it."),
    ("routes.yaml", r"depends_on: \[x\]", "depends_on: []", "x-main.depends_on: needs at least one entry. Add one."),
    ("routes.yaml", r"depends_on: \[x\]", "depends_on: x", "x-main.depends_on: must be a list. Write [one, two]"),
    ("routes.yaml", r"auth_token: .*", "auth_token: hunter2",
     "twilio-main.settings.auth_token: auth_token is a secret and may not be written here. Refer to it: {env: NAME}"),
    ("routes.yaml", r"auth_token: .*", "auth_token: {env: T, default: hunter2}",
     "twilio-main.settings.auth_token.default: a secret may not have a default written here."),
    ("routes.yaml", r"auth_token: .*", "auth_token: {environ: T}", "twilio-main.settings.auth_token: this is not a"),
    ("routes.yaml", r"auth_token: .*", "auth_token: {env: A, file: b}", "auth_token: this is not a reference. Write"),
    ("routes.yaml", r"auth_token: .*", "auth_tokn: {env: T}", "sms/twilio has no setting 'auth_tokn'. Did you mean"),
    ("routes.yaml", r"auth_token: .*", "", "twilio-main.settings: sms/twilio needs the setting 'auth_token'."),
    ("routes.yaml", r"auth_token: .*", "auth_token: {env: T, default: null}", "this setting cannot be left out."),
    ("routes.yaml", "timeout: 30s", "timeout: soon", "'soon' is not a length of time of up to a year; write"),
    ("routes.yaml", "max_in_flight: 64", "max_in_flight: 0", "twilio-main.max_in_flight: Input should be greater"),
    ("routes.yaml", "max_in_flight: 64", "pace: {messages: 1/s, per_destination: 90/m}",
     "twilio-main.pace: per_destination (90/m) changes nothing beside messages (1/s), which it does not stay below; "),
    ("routes.yaml", "max_in_flight: 64", "pace: {per_destination: 0/s}", "per_destination: '0/s' is not a rate; write"),
    ("routes.yaml", "max_in_flight: 64", "pace: {per_place: 1/s}", "twilio-main.pace.per_place: unknown key 'per_pl"),
    ("routes.yaml", "(?m)^inapp:", "In App:", "In App: 'In App' cannot be a name. Use lower-case letters"),
    ("routes.yaml", "(?m)^inapp:", "x-main:", "x-main: 'x-main' is given twice, first on line "),
    ("routes.yaml", "  settings: {}", "\tsettings: {}", "a tab where YAML allows only spaces. Indent with spaces."),
    ("routes.yaml", r"settings: \{\}", "settings: {", "not readable as YAML"),
    ("routes.yaml", r"depends_on: \[x\]", "depends_on: &a [x]\n  settings: *a", "an alias (*name) is not supported"),
    ("routes.yaml", r"depends_on: \[x\]", "depends_on: !!python/name:os.system [x]", "a tag ("),
    ("vendors.yaml", r"(?s).*", "", "vendors.yaml: the file is empty. Fill it in"),
    ("vendors.yaml", r"(?s).*", "# nothing\n", "vendors.yaml: the file is empty. Fill it in"),
    ("vendors.yaml", r"(?s).*", "- slack", "vendors.yaml: the file is not a mapping. Its top level must be lines"),
    ("vendors.yaml", r"(?s).*", "a: " + "[" * 3000, "the values are nested too deeply"),
    ("vendors.yaml", "title: Slack", "title: 365", "slack.title: must be a text. Put it in quotes."),
    ("vendors.yaml", "title: Slack", "title:", "slack.title: has no value. Fill it in, or remove the key."),
    ("vendors.yaml", "title: Slack", "title: Sl\x01ack", "a character that YAML does not allow. Remove it."),
    ("vendors.yaml", r"\[gmail.com, ", "[Gmail.com, ", "google-workspace.hosts_mail_of.0: 'Gmail.com' has a form"),
    ("vendors.yaml", r"\[gmail.com, ", "[outlook.com, ",
     "google-workspace.hosts_mail_of.0: 'outlook.com' stands under 'microsoft-365' too. Leave it with one of them."),
    ("vendors.yaml", r"\[cloudflare\]", "[cloudfare]", "unknown vendor 'cloudfare'. Did you mean 'cloudflare'?"),
    ("vendors.yaml", "url: https://slack-status", "url: http://slack-status",
     "slack.feed.url: would be read without encryption. Begin it with https://."),
    ("vendors.yaml", "url: https://slack-status", "url: slack-status", "slack.feed.url: is not an address that can be"),
    ("vendors.yaml", "url: https://slack-status", "url: file:///slack-status",
     "slack.feed.url: is not an address that can be read. Write it whole, such as https://"),
    ("vendors.yaml", r"\[cloudflare\]", "[x]", "x.rides_on.0: 'x' rides on itself. Remove one of them"),
    ("vendors.yaml", r"cloudflare:\n", "cloudflare:\n  rides_on: [x]\n",
     "cloudflare.rides_on.0: 'cloudflare' rides on 'x', which rides on 'cloudflare' in turn. Remove one of them"),
    ("vendors.yaml", "url: https://slack-status", "url: https://me:pw@slack", "slack.feed.url: is not an address"),
    ("vendors.yaml", "kind: slack", "kind: slak", "slack.feed.kind: 'slak' is not one of statuspage, slack,"),
    ("vendors.yaml", "every: 2m", "every: 2s", "microsoft-365.feed.every: "),
    ("vendors.yaml", r"token: \{env: MICROSOFT_GRAPH_TOKEN\}", "components: [x]", "microsoft-365.feed"),
    ("vendors.yaml", r"token: \{env: MICROSOFT_GRAPH_TOKEN\}", "token: eyJ0eXAi", "Refer to it: {env: NAME}"),
    ("vendors.yaml", r"token: \{env: MICROSOFT_GRAPH_TOKEN\}", "token: {}", "token: this is not a reference"),
    ("company.yaml", "America/New_York", "America/NewYork", "timezone: unknown time zone 'America/NewYork'. Write one"),
    ("company.yaml", "phone_region: US", "phone_region: USA", "phone_region: unknown region 'USA'. Write a country"),
    ("company.yaml", "name: Northwind", "nam: Northwind", "line 4, nam: unknown key 'nam'. Did you mean 'name'?"),
    ("audiences.yaml", "company-posts]", "company-post]",
     "audiences.everyone.destinations.1: unknown destination 'company-post'. Did you mean 'company-posts'?"),
    ("audiences.yaml", "people: all", "people: some", "audiences.everyone.people: "),
    ("audiences.yaml", "people: all", "people: some", "Write `all`, `none` or a list of tags."),
    ("audiences.yaml", "kind: social", "kind: socal",
     "company-posts.kind: 'socal' is not one of sms, chat, social, inapp, push, email. Did you mean 'social'"),
    ("audiences.yaml", "(?m)^destinations:", "destination:",
     "destination: unknown key 'destination'. Did you mean 'destinations'?"),
    ("audiences.yaml", "to: C0STATUS", "to: 12", "destinations.status-channel.to: must be a text. Write the channel"),
    ("policies.yaml", "when_uncertain: failover|when_uncertain: hold\n\n", "when_uncertain: wait\n\n",
     "default.when_uncertain: 'wait' is not one of hold, resend, failover, accept"),
    ("policies.yaml", "when_uncertain: hold\n\n", "when_uncertain: {blind: wait}\n\n",
     "default.when_uncertain.blind: 'wait' is not one of hold, resend, failover, accept"),
    ("policies.yaml", "when_uncertain: hold\n\n", "when_uncertain: {blnd: hold}\n\n",
     "default.when_uncertain.blnd: 'blnd' is not one of keyed, natural, lookup, blind. Did you mean 'blind'?"),
    ("policies.yaml", "(?m)^  minor:", "  miner:",
     "severities.miner: 'miner' is not one of minor, major, critical. Did you mean 'minor'?"),
    ("policies.yaml", "(?m)^severities:", "severity:", "severity: unknown key 'severity'. Did you mean 'severities'?"),
    ("policies.yaml", "(?m)^  sms:", "  smss:", "kinds.smss"),
    ("rules.yaml", "playbook: slack", "playbook: slak", "rules.1.playbook: unknown playbook 'slak'. Did you mean"),
    ("rules.yaml", "then: broadcast", "then: brodcast",
     "rules.2.then: 'brodcast' is not one of draft, broadcast. Did you mean 'broadcast'?"),
    ("rules.yaml", "name: slack", "name: microsoft-365", "2 rules are called 'microsoft-365'. Give each its own name."),
    ("rules.yaml", r"vendors: \[own-host\]", "vendors: [ownhost]", "unknown vendor 'ownhost'. Did you mean 'own-host'"),
    ("rules.yaml", r"match: \{severity: critical\}", "match: {code: 500}", "rules.3.match.code: must be a text."),
    ("rules.yaml", "(?s)rules:.*", "rules: {}", "rules: must be a list. Begin each rule with a dash."),
    ("playbooks/slack.yaml", r"\[inapp, sms, chat, email\]", "[email]",
     "legs.0.kinds: leg 'reach' would reach people by mail alone. Put another kind before email: sms or inapp."),
    ("playbooks/slack.yaml", r"\[inapp, sms, chat, email\]", "[sms, sms]", "leg 'reach' names a kind twice."),
    ("playbooks/slack.yaml", r"\[inapp, sms, chat, email\]", "[inap, sms]", "legs.0.kinds.0: 'inap' is not one of sms"),
    ("playbooks/slack.yaml", "audience: everyone", "audience: everybody", "unknown audience 'everybody'. Did you mean"),
    ("playbooks/slack.yaml", r"locales: \[en, de\]", "locales: [en, German]", "locales.1: 'German' has a form that is"),
    ("playbooks/slack.yaml", r"locales: \[en, de\]", "locales: [en, xq]", "locales.1: unknown language 'xq'."),
    ("playbooks/slack.yaml", "en: our Slack channels", "fr: nos canaux", "facts.service: has no English text. Add"),
    ("playbooks/slack.yaml", "en: our Slack channels", "en: 5", "facts.service"),
    ("playbooks/slack.yaml", "title: ", "titel: ", "titel: unknown key 'titel'. Did you mean 'title'?"),
    ("routes.yaml", "price: {each: 0.0083", "price: {currency: usd, each: 0.0083",
     "twilio-main.price.currency: 'usd' is no currency. Write three capitals, such as USD."),
]  # fmt: skip


#: The cost cap of a playbook -> the expected sentence
WRONG_CAPS = {
    "5": ": must be a mapping. Write {message: 0.05, broadcast: 500}, or one of the two",
    "": ": has no value. Fill it in, or remove the key.",
    "{}": ": caps nothing. Write {message: 0.05",
    "{message: -0.01}": ".message: Input should be greater than or equal to 0. Write {message: 0.05, broadcast: 500}",
    "{message: cheap}": ".message: Input should be a valid decimal. Write {message: 0.05, broadcast: 500}",
    "{message: true}": ".message: ",
    "{message: .nan}": ".message: ",
    "{message: 5 USD}": ".message: Input should be a valid decimal.",
    "{message: 0,05}": ".05: '05' is no key. A number has a point, such as 0.05; a comma begins the next entry.",
    "{message: 1, broadcast: .inf}": ".broadcast: ",
    "{message: 1, broadcast: }": ".broadcast: has no value. Fill it in, or remove the key.",
    "{mesage: 1}": ".mesage: unknown key 'mesage'. Did you mean 'message'?",
    "{message: 1, currency: euro}": ".currency: 'euro' is no currency. Write three capitals, such as USD.",
    "{message: 1, currency: EUR}": ": is in EUR, and the price of twilio-main is in USD. Write the cap",
}


def broken(folder: Path) -> str:
    with pytest.raises(ConfigError) as error:
        read_config(folder)
    return str(error.value)


@pytest.mark.parametrize(("file", "pattern", "by", "sentence"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_wrong_inputs(folder: Path, file: str, pattern: str, by: str, sentence: str) -> None:
    path = folder / file
    before = path.read_text()
    after = re.sub(pattern, lambda _: by, before, count=1)
    assert after != before
    path.write_text(after)
    said = broken(folder)
    assert sentence in said
    assert file in said
    assert "hunter2" not in said


@pytest.mark.parametrize("cap", WRONG_CAPS)
def test_wrong_cost_caps(folder: Path, cap: str) -> None:
    with (folder / "playbooks" / "slack.yaml").open("a") as book:
        book.write(f"cost_cap: {cap}\n")
    said = broken(folder)
    assert "playbooks/slack.yaml, line " in said
    assert f", cost_cap{WRONG_CAPS[cap]}" in said


def test_a_cost_cap_below_the_cheapest_way_of_everybody_says_what_would_do(folder: Path) -> None:
    path, routes = folder / "playbooks" / "slack.yaml", folder / "routes.yaml"
    book = path.read_text().replace("[inapp, sms, chat, email]", "[sms, email]")
    priced = routes.read_text().replace("channel: sms/telnyx", "channel: sms/telnyx\n  price: {each: 0.004}")
    path.write_text(book + "cost_cap: {message: 0.003}\n")
    assert read_config(folder).playbooks["slack"].cost_cap is not None, "nobody knows what the second one costs"
    routes.write_text(priced)
    assert (
        "cost_cap.message: 0.003 is less than the shortest message costs by any route but mail. "
        "Raise it to 0.004 at least, what telnyx-backup costs, or remove it."
    ) in broken(folder)
    path.write_text(book + "cost_cap: {message: 0.004, broadcast: 0}\n")
    read_config(folder)


def test_the_line_is_told(folder: Path) -> None:
    path = folder / "routes.yaml"
    path.write_text(path.read_text().replace("channel: social/x", "channel: social/y"))
    line = path.read_text().splitlines().index("  channel: social/y") + 1
    assert f"routes.yaml, line {line}, x-main.channel: unknown channel 'social/y'." in broken(folder)


def test_no_is_a_language_and_on_is_a_text(folder: Path) -> None:
    path = folder / "playbooks" / "slack.yaml"
    path.write_text(path.read_text().replace("[en, de]", "[en, no]").replace("en: our Slack channels", "en: on"))
    playbook = read_config(folder).playbooks["slack"]
    assert playbook.locales == ("en", "no")
    assert playbook.facts["service"] == {"en": "on", "de": "unsere Slack-Kanäle"}


def test_not_utf8(folder: Path) -> None:
    (folder / "company.yaml").write_bytes("name: Müller".encode("latin-1"))
    assert "company.yaml: byte 8 is not UTF-8. Save the file as UTF-8." in broken(folder)


def test_a_missing_file_and_a_misspelt_one(folder: Path) -> None:
    (folder / "routes.yaml").rename(folder / "route.yml")
    said = broken(folder)
    assert "routes.yaml: is missing from" in said
    assert "route.yml: nothing reads a file of this name. Did you mean routes.yaml?" in said


def test_a_playbook_with_the_wrong_ending(folder: Path) -> None:
    (folder / "playbooks" / "x.yml").write_text("title: X")
    assert "Did you mean playbooks/x.yaml?" in broken(folder)


def test_no_playbook(folder: Path) -> None:
    for path in (folder / "playbooks").iterdir():
        path.unlink()
    assert "playbooks/: holds no playbook." in broken(folder)


def test_no_folder(tmp_path: Path) -> None:
    assert "is not a folder. Set DISPATCHER_CONFIG to the folder to read." in broken(tmp_path / "nowhere")


def test_a_file_that_is_a_folder(folder: Path) -> None:
    (folder / "vendors.yaml").unlink()
    (folder / "vendors.yaml").mkdir()
    assert "vendors.yaml: cannot be read (Is a directory)" in broken(folder)


def test_all_problems_of_all_files_at_once(folder: Path) -> None:
    for file, pattern, by in [
        ("vendors.yaml", "title: Slack", "titel: Slack"),
        ("routes.yaml", "channel: chat/slack", "channel: chat/slak"),
        ("company.yaml", "phone_region: US", "phone_region: USA"),
    ]:
        path = folder / file
        path.write_text(path.read_text().replace(pattern, by))
    with pytest.raises(ConfigError) as error:
        read_config(folder)
    assert sorted({problem.file for problem in error.value.problems}) == ["company.yaml", "routes.yaml", "vendors.yaml"]
    # The vendor is there, though wrong: that routes use it is no second mistake.
    assert "unknown vendor" not in str(error.value)


def test_rules_and_policies_may_be_missing(folder: Path) -> None:
    (folder / "rules.yaml").unlink()
    (folder / "policies.yaml").unlink()
    config = read_config(folder)
    assert config.rules == ()
    assert config.policies.default.tries == 4


def test_files_are_meant_from_the_configuration(folder: Path) -> None:
    path = folder / "routes.yaml"
    path.write_text(path.read_text().replace("auth_token: {env: TWILIO_AUTH_TOKEN}", "auth_token: {file: secrets/t}"))
    reference = read_config(folder).routes["twilio-main"].settings["auth_token"]
    assert reference == {"file": str(folder / "secrets" / "t")}
