"""Who may call what."""

from __future__ import annotations

from pathlib import Path

import pytest
from api_rig import KEY, Api, closed_port, environment, problem, started

GUARDED = [
    ("GET", "/api/v1/incidents"),
    ("GET", "/api/v1/vendors"),
    ("POST", "/api/v1/incidents"),
    ("GET", "/api/v1/incidents/1"),
    ("POST", "/api/v1/incidents/1/updates"),
    ("POST", "/api/v1/incidents/1/dismiss"),
    ("GET", "/api/v1/deliveries"),
    ("GET", "/api/v1/deliveries.csv"),
    ("GET", "/api/v1/deliveries.jsonl"),
    ("GET", "/api/v1/deliveries/1"),
    ("POST", "/api/v1/incidents/1/confirm"),
    ("POST", "/api/v1/incidents/1/stop"),
    ("GET", "/api/v1/incidents/1/confirm"),
    ("GET", "/api/v1/incidents/1/deliveries"),
    ("GET", "/api/v1/incidents/1/deliveries.csv"),
    ("GET", "/api/v1/incidents/1/deliveries.jsonl"),
    ("POST", "/api/v1/alerts/alertmanager"),
    ("POST", "/api/v1/alerts/generic"),
    ("GET", "/api/v1/reach"),
    ("POST", "/api/v1/preview"),
    ("GET", "/api/v1/routes"),
    ("POST", "/api/v1/inapp/tickets"),
]


async def test_no_wrong_and_odd_keys_are_refused(api: Api) -> None:
    odd = ["Bearer", "Bearer wrong", f"Basic {KEY}", f"Bearer {KEY}x", f"Bearer x{KEY}", f"Bearer {KEY[:-1]}", KEY]
    for method, path in GUARDED:
        for given in [None, *odd, "Bearer sch\u00f6n"]:
            headers = {} if given is None else {"Authorization": given.encode("latin-1")}
            answer = await api.bare.request(method, path, headers=headers)
            assert "key" in problem(answer, 401)["detail"]
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_right_key_goes_through_and_names_its_owner(api: Api) -> None:
    first = await api.open(draft=True)
    assert first["incident"]["source"] == "Ada"
    answer = await api.bare.post(
        "/api/v1/incidents",
        json={"playbook": "slack", "draft": True},
        headers={"Authorization": f"bearer another-{KEY}"},
    )
    assert answer.status_code == 201
    assert answer.json()["incident"]["source"] == "Bob"


async def test_without_any_key_set_up_nobody_comes_in_and_is_told_why(tmp_path: Path) -> None:
    environ = environment(tmp_path / "home")
    del environ["DISPATCHER_API_KEY"]
    async with started(environ) as api:
        said = problem(await api.client.get("/api/v1/incidents"), 503)
        assert "DISPATCHER_API_KEY" in said["detail"]
        assert (await api.bare.get("/healthz")).status_code == 200


async def test_a_key_is_asked_for_before_the_ledger_is(tmp_path: Path) -> None:
    away = {"DISPATCHER_LEDGER_URL": f"postgresql://u:hidden@127.0.0.1:{closed_port()}/x"}
    async with started(environment(tmp_path, **away), migrated=False) as api:
        problem(await api.bare.post("/api/v1/incidents", json={"playbook": "slack"}), 401)


async def test_what_does_not_exist_is_a_problem_too(api: Api) -> None:
    problem(await api.client.get("/nowhere"), 404)
    problem(await api.client.get("/api/v1/nowhere"), 404)
    answer = await api.client.delete("/api/v1/incidents")
    problem(answer, 405)
    assert set(answer.headers["allow"].split(", ")) & {"GET", "POST"}


async def test_a_secret_too_short_to_sign_with_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too short to sign with"):
        async with started(environment(tmp_path, DISPATCHER_SECRET="short")):
            pass


async def test_what_nobody_expected_is_a_problem_without_details(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("to +15551234567 with hunter2")

    monkeypatch.setattr("dispatcher.faces.api.incidents.incidents.newest", breaks)
    answer = await api.client.get("/api/v1/incidents")
    problem(answer, 500)
    assert "hunter2" not in answer.text
    assert "5551234567" not in answer.text


async def test_every_route_of_the_api_is_named_above(api: Api) -> None:
    schema = api.app.openapi()
    known = {
        (method.upper(), path.replace("{incident_id}", "1").replace("{delivery_id}", "1"))
        for path, methods in schema["paths"].items()
        for method in methods
        if path.startswith("/api/")
    }
    assert known == set(GUARDED)
