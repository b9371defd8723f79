"""The proof of reach and the preview, asked over HTTP."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from api_rig import Api

from dispatcher.faces.api import ahead
from dispatcher.faces.reaching import Proof
from dispatcher.ledger import Tx
from dispatcher.wiring import Installation


async def test_reach_is_proven_for_every_audience_or_for_one(api: Api) -> None:
    answer = (await api.client.get("/api/v1/reach?audience=everyone&playbook=generic&pairs=true")).json()
    (found,) = answer["reach"]
    assert (found["audience"], found["playbooks"], found["people"]) == ("everyone", ["generic"], 3)
    assert answer["proven"] is found["proven"] is False
    # Eve has a phone and nothing else.
    assert found["lost_without"] == {"twilio": 1}
    losses = {" + ".join(one["vendors"]): one for one in found["without_one"] + found["without_two"]}
    assert losses["twilio"]["unreachable"] == 1
    assert losses["own-host + twilio"]["unreachable"] >= 1
    everything = (await api.client.get("/api/v1/reach")).json()
    told = {(one["audience"], name) for one in everything["reach"] for name in one["playbooks"]}
    config = api.here.config
    assert told == {(audience, playbook) for audience in config.audiences for playbook in config.playbooks}
    assert all(one["without_two"] == [] for one in everything["reach"])


@pytest.mark.parametrize("asked", ["audience=everbody", "playbook=generik"])
async def test_a_name_that_is_not_known_is_a_problem_that_helps(api: Api, asked: str) -> None:
    answer = await api.client.get(f"/api/v1/reach?{asked}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Did you mean" in answer.json()["detail"]


async def test_who_asks_while_others_are_served_is_asked_to_come_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the service answers everything else meanwhile."""
    begun, go_on = threading.Semaphore(0), threading.Event()
    proofs = ahead.proofs

    def slow(here: Installation, tx: Tx, **named: Any) -> list[Proof]:
        begun.release()
        go_on.wait(20)
        return proofs(here, tx, **named)

    monkeypatch.setattr(ahead, "proofs", slow)
    served = [asyncio.create_task(api.client.get("/api/v1/reach")) for _ in range(2)]
    for _ in served:
        assert await asyncio.to_thread(begun.acquire, timeout=10)
    refused = await api.client.get("/api/v1/reach")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await api.client.get("/healthz")).status_code == 200
    go_on.set()
    assert [(await one).status_code for one in served] == [200, 200]
    assert (await api.client.get("/api/v1/reach")).status_code == 200


async def test_a_preview_tells_all_and_keeps_nothing(api: Api) -> None:
    before = (await api.client.get("/api/v1/incidents")).json()["incidents"]
    body = {"playbook": "generic", "vendors": ["twilio"]}
    seen = (await api.client.post("/api/v1/preview", json=body)).json()
    assert seen["people"] == 3
    assert (seen["today"]["vendors"], seen["today"]["unreachable"]) == (["twilio"], 1)
    assert [one["ref"] for one in seen["today"]["named"]["unreachable"]] == ["eve"]
    assert "while twilio is down, 1 of 3 people are reached by nothing else" in seen["today"]["warnings"]
    assert seen["forecast"]["messages"] == sum(one["messages"] for one in seen["forecast"]["routes"])
    assert {one["kind"] for one in seen["words"]} >= {"sms", "inapp", "email"}
    assert (await api.client.get("/api/v1/incidents")).json()["incidents"] == before
    wrong = await api.client.post("/api/v1/preview", json={"playbook": "generik"})
    assert (wrong.status_code, "did you mean 'generic'" in wrong.text) == (422, True)
