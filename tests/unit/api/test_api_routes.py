"""The routes over HTTP, as `dispatcher routes --json` tells them; and how a breaker is seen from outside."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from api_rig import Api, closed_port, environment, problem, started
from typer.testing import CliRunner

from dispatcher.faces import routes as face
from dispatcher.faces.cli.main import app
from dispatcher.ledger import now
from dispatcher.model.pace import Pace


async def test_a_breaker_is_seen_from_everywhere(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = face.open_by_hand(api.here, "twilio-main", 600, "they told us")
    said = (await api.client.get("/api/v1/routes")).json()
    found = {one["route"]: one for one in said}
    breaker = found["twilio-main"]["breaker"]
    assert (breaker["state"], breaker["cause"]) == ("open", "opened by hand: they told us")
    assert 0 <= breaker["age_seconds"] < 60
    assert opened.probe_at
    assert breaker["next_probe_at"] == opened.probe_at.isoformat().replace("+00:00", "Z")
    assert found["smtp-main"]["breaker"] == {
        "state": "closed",
        "cause": "",
        "since": None,
        "age_seconds": None,
        "next_probe_at": None,
    }
    metrics = (await api.bare.get("/metrics")).text
    assert 'dispatcher_breaker_open{route="twilio-main"} 1.0' in metrics
    assert 'dispatcher_breaker_open{route="smtp-main"} 0.0' in metrics
    for name, value in api.here.settings.environ.items():
        if name.startswith(("DISPATCHER_", "TWILIO_", "SMTP_")):
            monkeypatch.setenv(name, value)
    listed = CliRunner().invoke(app, ["routes", "--json"])
    told = {one["route"]: one for one in json.loads(listed.stdout)}
    assert told["twilio-main"]["breaker"]["cause"] == breaker["cause"]
    assert told["twilio-main"]["breaker"]["next_probe_at"] == opened.probe_at.isoformat()
    assert told["twilio-main"].keys() == found["twilio-main"].keys()
    shown = CliRunner().invoke(app, ["routes"])
    assert "the breaker is open for" in shown.stdout
    assert CliRunner().invoke(app, ["routes", "close", "twilio-main"]).exit_code == 0
    assert CliRunner().invoke(app, ["routes", "close", "twilio-main"]).exit_code == 1
    assert CliRunner().invoke(app, ["routes", "close", "twilo-main"]).exit_code == 2
    assert CliRunner().invoke(app, ["routes", "open", "twilio-main", "--for", "soon", "--why", "x"]).exit_code == 2
    assert CliRunner().invoke(app, ["routes", "open", "twilio-main", "--for", "1m", "--why", "x"]).exit_code == 0
    after = {one["route"]: one["breaker"] for one in (await api.client.get("/api/v1/routes")).json()}
    assert after["twilio-main"]["next_probe_at"] < (now() + timedelta(seconds=61)).isoformat()


async def test_routes_want_a_key_and_a_ledger(api: Api, tmp_path: Path) -> None:
    problem(await api.bare.get("/api/v1/routes"), 401)
    url = f"postgresql://dispatcher@127.0.0.1:{closed_port()}/ledger"
    async with started(environment(tmp_path / "home", DISPATCHER_LEDGER_URL=url), migrated=False) as away:
        problem(await away.client.get("/api/v1/routes"), 503)


async def test_a_pace_for_one_destination_is_told(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = Pace.model_validate({"messages": "20/s", "per_destination": "30/m"})
    for name, route in list(api.here.config.routes.items()):
        monkeypatch.setitem(api.here.config.routes, name, route.model_copy(update={"pace": rule}))
    found = {one["route"]: one["pace"] for one in (await api.client.get("/api/v1/routes")).json()}
    assert found["smtp-main"] == {
        "unit": "messages",
        "per_second": 20.0,
        "per_destination": 0.5,
        "per_day": None,
        "spent_today": 0,
        "free_at": None,
    }
    ahead = (await api.client.post("/api/v1/preview", json={"playbook": "generic"})).json()["forecast"]["routes"]
    paces = {one["pace"] for one in ahead}
    assert paces == {"20 messages a second, 30 messages a minute to one destination"}
    assert all(one["in_time"] == one["messages"] for one in ahead)
