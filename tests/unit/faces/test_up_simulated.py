"""Whose configuration a system on one machine runs with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.simulated import require_all_simulated
from dispatcher.faces.cli.system import Plan, System

SHIPPED = Path(__file__).parents[3]


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has a configuration and texts of their own."""
    for name in ("config", "templates"):
        shutil.copytree(SHIPPED / name, tmp_path / "own" / name)
    at = tmp_path / "own"
    return {"DISPATCHER_CONFIG": str(at / "config"), "DISPATCHER_TEMPLATES": str(at / "templates")}


def test_up_simulated_tries_own_playbooks_and_texts(tmp_path: Path, own: dict[str, str]) -> None:
    plan = Plan(tmp_path / "home", port=1, simulate=True, set_aside=True, as_configured=True)
    settings, mine = System(plan, own).here.settings, tmp_path / "own"
    assert (settings.config_dir, settings.templates_dir) == (mine / "config", mine / "templates")


def test_the_demo_plays_with_what_is_shipped(tmp_path: Path, own: dict[str, str]) -> None:
    settings = System(Plan(tmp_path / "home", port=1, simulate=True, set_aside=True), own).here.settings
    assert (settings.config_dir, settings.templates_dir) == (SHIPPED / "config", SHIPPED / "templates")


def test_an_own_route_that_would_really_send_is_refused(tmp_path: Path, own: dict[str, str]) -> None:
    routes = tmp_path / "own" / "config" / "routes.yaml"
    routes.write_text(routes.read_text().replace("    base_url: {env: TWILIO_BASE_URL, default: null}\n", ""))
    plan = Plan(tmp_path / "home", port=1, simulate=True, set_aside=True, as_configured=True)
    with pytest.raises(Stop, match=r"'twilio-main' would really send to api\.twilio\.com; .* needs base_url"):
        require_all_simulated(System(plan, own).here)
