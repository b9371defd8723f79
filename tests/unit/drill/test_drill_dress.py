"""An installation dressed for a drill says so wherever it speaks, and speaks to nobody outside."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from channels.contract import Kind
from channels.simulator import Accounts, Addresses
from dispatcher.faces.cli import simulated
from dispatcher.faces.cli.drill import dress
from dispatcher.faces.cli.drill.dress import cut_by, dressed_routes, marked, prove
from dispatcher.faces.cli.drill.people import mail_domains
from dispatcher.faces.cli.errors import Stop
from dispatcher.settings import shipped
from dispatcher.wiring import Installation, install

WELL, CUT_OFF = Addresses.at("127.0.0.1", 4101, 4102), Addresses.at("127.0.0.1", 4201, 4202)
#: What a real installation has, and no drill may see.
REAL = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "real-token",
    "TWILIO_FROM_NUMBER": "+14155550000",
    "SMTP_HOST": "relay.northwind.example",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "installed"
    shutil.copytree(shipped("config"), folder)
    return folder


def installed(config: Path) -> Installation:
    return install({"DISPATCHER_HOME": str(config.parent), "DISPATCHER_CONFIG": str(config), **REAL})


def dressed(here: Installation, home: Path, vendor: str, *, dead: bool = True) -> Installation:
    home.mkdir()
    routes = dressed_routes(here.config, cut_by(here, vendor), well=WELL, cut_off=CUT_OFF, dead=dead)
    environment = simulated.credentials(Accounts.generate()) | dress.write(home, here, routes)
    return install({"DISPATCHER_HOME": str(home), **environment})


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ company }}: {{ impact }}", "DRILL {{ company }}: {{ impact }}"),
        ("Subject: Problem\n\n{{ impact }}\n", "Subject: DRILL Problem\n\nDRILL {{ impact }}\n"),
        ("Subject: Problem\n{{ impact }}", "Subject: DRILL Problem\nDRILL {{ impact }}"),
        ("\n{% if a %}b{% endif %}", "DRILL {% if a %}b{% endif %}"),
    ],
)
def test_words_and_headlines_begin_with_the_mark(template: str, says: str) -> None:
    assert marked(template) == says


def test_every_shipped_template_is_marked(config: Path, tmp_path: Path) -> None:
    here = installed(config)
    dressed(here, tmp_path / "drill", "twilio")
    templates = list((tmp_path / "drill" / "templates" / "messages").glob("*/*/*.j2"))
    assert len(templates) > 40
    for path in templates:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
        assert lines[0].removeprefix("Subject: ").startswith("DRILL "), path
        assert not lines[0].startswith("Subject:") or lines[1].startswith("DRILL "), path


@pytest.mark.parametrize("vendor", ["twilio", "slack", "microsoft-365", "x", "own-host", "web-push"])
def test_what_the_vendor_carries_speaks_to_what_fails_and_everything_else_does_not(
    config: Path, tmp_path: Path, vendor: str
) -> None:
    here = installed(config)
    cut = cut_by(here, vendor)
    inside = dressed(here, tmp_path / "drill", vendor)
    prove(inside)
    assert cut.routes
    for name, route in inside.config.routes.items():
        said = json.dumps(route.settings)
        assert (":42" in said or '"smtp_port": 42' in said or ": 4202" in said) == (
            name in cut.routes and name not in cut.in_app
        ), name
        assert route.enabled == (name not in cut.in_app), name
        assert not set(REAL.values()) & set(map(str, route.settings.values())), name


def test_no_shared_place_keeps_its_address(config: Path, tmp_path: Path) -> None:
    here = installed(config)
    inside = dressed(here, tmp_path / "drill", "twilio")
    real, invented = here.config.destinations, inside.config.destinations
    assert real.keys() == invented.keys()
    assert not {one.to for one in real.values()} & {one.to for one in invented.values()}
    assert inside.config.routes["slack-backup"].settings["channel"] == invented["status-channel"].to
    assert {one.kind for one in invented.values()} == {Kind.CHAT, Kind.SOCIAL}


def test_a_channel_that_the_simulator_does_not_speak_is_left_out(config: Path, tmp_path: Path) -> None:
    routes = yaml.safe_load((config / "routes.yaml").read_text(encoding="utf-8"))
    settings = {"service_url": {"env": "DISCORD_SERVICE_URL"}, "channel": "discord:customers"}
    routes["discord"] = {"channel": "chat/apprise", "depends_on": ["slack"], "settings": settings}
    (config / "routes.yaml").write_text(yaml.safe_dump(routes), encoding="utf-8")
    here = installed(config)
    assert set(cut_by(here, "twilio").left_out) == {"discord"}
    assert not dressed(here, tmp_path / "drill", "twilio").config.routes["discord"].enabled


def test_a_route_that_would_really_speak_is_found_before_anything_starts(config: Path) -> None:
    here = installed(config)
    environment = simulated.credentials(Accounts.generate()) | simulated.places(WELL)
    settings = {"DISPATCHER_HOME": str(config.parent), "DISPATCHER_CONFIG": str(config)}
    prove(install(settings | environment))
    del environment["TELNYX_BASE_URL"]
    with pytest.raises(Stop, match="telnyx-backup"):
        prove(install(settings | environment))
    assert here.config


def test_a_simulated_run_refuses_a_channel_that_cannot_be_pointed_elsewhere(config: Path) -> None:
    routes = yaml.safe_load((config / "routes.yaml").read_text(encoding="utf-8"))
    settings = {"service_url": {"env": "DISCORD_SERVICE_URL"}, "channel": "discord:customers"}
    routes["discord"] = {"channel": "chat/apprise", "depends_on": ["slack"], "settings": settings}
    (config / "routes.yaml").write_text(yaml.safe_dump(routes), encoding="utf-8")
    address = {"DISCORD_SERVICE_URL": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"}
    environment = simulated.credentials(Accounts.generate()) | simulated.places(WELL) | address
    here = install({"DISPATCHER_HOME": str(config.parent), "DISPATCHER_CONFIG": str(config)} | environment)
    with pytest.raises(Stop, match="discord"):
        simulated.require_all_simulated(here)


def test_what_rides_on_the_vendor_goes_with_it(config: Path) -> None:
    vendors = yaml.safe_load((config / "vendors.yaml").read_text(encoding="utf-8"))
    vendors["aws-us-east-1"] = {"title": "AWS"}
    vendors["slack"]["rides_on"] = ["aws-us-east-1"]
    (config / "vendors.yaml").write_text(yaml.safe_dump(vendors), encoding="utf-8")
    cut = cut_by(installed(config), "aws-us-east-1")
    assert cut.vendors[0] == "aws-us-east-1"
    assert "slack" in cut.vendors
    assert {"slack-main", "slack-backup"} <= set(cut.routes)
    assert "slack" in cut.providers


def test_mailboxes_are_invented_where_the_real_ones_are(config: Path, tmp_path: Path) -> None:
    here = installed(config)
    inside = dressed(here, tmp_path / "drill", "twilio").config
    domains = mail_domains(here.config.vendors)
    assert inside.mail_hosted_by == {domain: vendor for vendor, domain in domains.items()}
    assert all(domain.endswith(".drill.example") for domain in domains.values())
    assert {name: one.rides_on for name, one in inside.vendors.items()} == {
        name: one.rides_on for name, one in here.config.vendors.items()
    }
