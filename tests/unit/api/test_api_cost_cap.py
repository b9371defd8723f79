"""A cost cap before a send: what is refused, with what remedy, what lifts it, and what the story says."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from api_rig import Api, environment, problem, started

from channels.contract import Kind
from dispatcher.model.recipient import Recipient
from dispatcher.settings import shipped

#: A text of the playbook costs 0.029 in two segments; only Twilio is set up.
MAX = Recipient("max", "Max", "en", {Kind.SMS: "+15551112222", Kind.INAPP: "max-1"})


def capped(folder: Path, cap: str) -> dict[str, str]:
    """An environment whose playbook `generic` has a cap."""
    config = Path(shutil.copytree(shipped("config"), folder / "config"))
    book = config / "playbooks" / "generic.yaml"
    book.write_text(book.read_text(encoding="utf-8") + f"cost_cap: {cap}\n", encoding="utf-8")
    return environment(folder / "home", DISPATCHER_CONFIG=str(config))


async def _open(api: Api, **more: Any) -> Any:
    return await api.post("/api/v1/incidents", {"playbook": "generic", **more})


async def test_invariant_1_who_would_lose_the_last_way_is_counted_before_and_needs_a_reason(tmp_path: Path) -> None:
    async with started(capped(tmp_path, "{message: 0.02}")) as api:
        api.add(MAX)
        seen = (await api.post("/api/v1/preview", {"playbook": "generic"})).json()
        # Ann has mail besides, Eve nothing; Max has the app.
        assert seen["cost_cap"]["left_out"] == {"twilio-main": 3}
        assert (seen["cost_cap"]["cut_off"], seen["cost_cap"]["over"]) == (2, False)
        assert [one["ref"] for one in seen["mail_alone"]] == ["ann"]
        [sentence] = seen["problems"]
        assert sentence.startswith("2 of 4 people would hear of it by mail alone, or not at all, because of the cost")
        said = problem(await _open(api), 422)
        assert said["problems"] == [sentence]
        assert api.count("broadcast") == 0

        told = await _open(api, override="they were called")
        assert told.status_code == 201, told.text
        api.here.planner.plan(told.json()["broadcast"]["id"])
        rows = (await api.client.get("/api/v1/deliveries?incident=1")).json()["deliveries"]
        by_route = {row["route"] or "none": row for row in rows if row["who"].startswith("recipient")}
        assert "twilio-main" not in by_route
        assert by_route["none"]["reason"].startswith("cost cap: every route that could tell them costs more")
        story = (await api.client.get(f"/api/v1/deliveries/{by_route['none']['id']}")).json()
        [out] = [hop for hop in story["left_out"] if hop["because"] == "cost cap"]
        assert (out["route"], out["reason"]) == (
            "twilio-main",
            "a message costs USD 0.029, above the cost cap of USD 0.02",
        )


async def test_a_critical_incident_is_sent_whatever_it_costs(tmp_path: Path) -> None:
    async with started(capped(tmp_path, "{message: 0.02, broadcast: 0.03}")) as api:
        seen = (await api.post("/api/v1/preview", {"playbook": "generic", "severity": "critical"})).json()
        assert (seen["cost_cap"], seen["problems"]) == (None, [])
        told = await _open(api, severity="critical")
        assert told.status_code == 201, told.text
        api.here.planner.plan(told.json()["broadcast"]["id"])
        rows = (await api.client.get("/api/v1/deliveries?incident=1&route=twilio-main")).json()["deliveries"]
        assert len(rows) == 2


@pytest.mark.parametrize(("most", "refused"), [("0.058", False), ("0.0579", True)])
async def test_a_broadcast_above_its_cap_is_refused_with_its_cost_and_a_remedy(
    tmp_path: Path, most: str, refused: bool
) -> None:
    async with started(capped(tmp_path, f"{{broadcast: {most}}}")) as api:
        seen = (await api.post("/api/v1/preview", {"playbook": "generic"})).json()
        assert (seen["cost_cap"]["cost"], seen["cost_cap"]["over"]) == ("0.0580", refused)
        assert seen["cost_cap"]["cost"] == seen["forecast"]["costs"]["USD"], "there is one estimate"
        answer = await _open(api)
        if not refused:
            assert answer.status_code == 201, answer.text
            return
        [said] = problem(answer, 422)["problems"]
        assert "its first messages cost USD 0.058 together, above the cost cap of USD 0.0579 a broadcast" in said
        assert "raise `broadcast` of cost_cap in config/playbooks/generic.yaml" in said
        told = (await _open(api, override="the boss pays")).json()
        assert told["broadcast"]["override"].startswith("the boss pays; its first messages cost USD 0.058")
        # An update is weighed as well, and a retraction is not.
        again = await api.post("/api/v1/incidents/1/updates", {"state": "identified"})
        assert "above the cost cap" in problem(again, 422)["problems"][0]
        facts = {"correction": "It was never down."}
        back = await api.post("/api/v1/incidents/1/updates", {"retracts": True, "facts": facts})
        assert back.status_code == 201, back.text


async def test_reach_counts_no_route_that_is_too_dear(tmp_path: Path) -> None:
    async with started(capped(tmp_path, "{message: 0.02}")) as api:
        found = (await api.client.get("/api/v1/reach?audience=everyone")).json()["reach"]
        by_playbook = {name: one["whole"] for one in found for name in one["playbooks"]}
        assert (by_playbook["generic"]["unreachable"], by_playbook["generic"]["mail_alone"]) == (1, 1)
        assert (by_playbook["slack"]["unreachable"], by_playbook["slack"]["mail_alone"]) == (0, 0)
