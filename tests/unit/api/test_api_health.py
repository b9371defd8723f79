"""Whether it lives and works, told honestly; and nothing is accepted that cannot be kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from api_rig import Api, closed_port, environment, problem, started
from sqlalchemy import update

from dispatcher.faces.worker.making import QUEUES
from dispatcher.ledger import guard, now
from dispatcher.ledger.tables import delivery, pulse


@pytest.fixture
def away(tmp_path: Path) -> dict[str, str]:
    url = f"postgresql://dispatcher:hidden-password@127.0.0.1:{closed_port()}/ledger"
    return environment(tmp_path / "home", DISPATCHER_LEDGER_URL=url)


async def test_all_is_well(api: Api) -> None:
    assert (await api.bare.get("/healthz")).json() == {"status": "ok"}
    signs_of_life(api)
    said = (await api.bare.get("/readyz")).json()
    assert (said["status"], said["oldest_due_seconds"]) == ("ready", 0.0)
    assert 0 <= said["sweep_age_seconds"] < 5
    assert said["workers"].keys() == {"control@a", "sender@a"}
    metrics = await api.bare.get("/metrics")
    assert metrics.status_code == 200
    assert metrics.headers["content-type"].startswith("text/plain")
    assert "dispatcher_oldest_due_seconds 0.0" in metrics.text
    assert "dispatcher_complaints 0.0" in metrics.text
    assert 'dispatcher_worker_age_seconds{worker="sender@a"} 0.' in metrics.text


def signs_of_life(api: Api, *, ago: float = 0.0, **those: list[str]) -> None:
    """Somebody sweeps, and two workers take the work of all queues; or only those that are given."""
    senders = [queue for queue in QUEUES if queue not in {"control", "receipts"}]
    with api.here.ledger.write() as tx:
        guard.beat(tx, guard.SWEEP)
        for name, queues in ({"control": ["control", "receipts"], "sender": senders} | those).items():
            guard.beat(tx, f"{name}@a", queues)
        tx.execute(update(pulse).values(at=now() - timedelta(seconds=ago)))


async def test_before_anybody_takes_work_it_is_not_ready(api: Api) -> None:
    said = problem(await api.bare.get("/readyz"), 503)
    assert "no sweep has run ever" in said["detail"]
    assert "queue sms" in said["detail"]
    assert len(said["problems"]) > 3


async def test_a_worker_that_fell_silent_is_not_ready_and_is_named(api: Api) -> None:
    signs_of_life(api, ago=31)
    said = problem(await api.bare.get("/readyz"), 503)
    assert "no worker has taken work of the queue sms for 31 s" in said["detail"]
    signs_of_life(api)
    assert (await api.bare.get("/readyz")).status_code == 200


async def test_work_that_nobody_takes_is_not_ready(api: Api) -> None:
    told = await api.open()
    api.here.planner.plan(told["broadcast"]["id"])
    with api.here.ledger.write() as tx:
        tx.execute(update(delivery).values(next_attempt_at=now() - timedelta(seconds=45)))
    signs_of_life(api)
    said = problem(await api.bare.get("/readyz"), 503)
    assert "nobody takes it" in said["detail"]


async def test_a_ledger_that_was_not_migrated_is_not_ready(tmp_path: Path) -> None:
    async with started(environment(tmp_path), migrated=False) as api:
        assert (await api.bare.get("/healthz")).status_code == 200
        answer = await api.bare.get("/readyz")
        assert "dispatcher db upgrade" in problem(answer, 503)["detail"]
        assert answer.headers["retry-after"]
        answer = await api.post("/api/v1/incidents", {"playbook": "slack"})
        assert "dispatcher db upgrade" in problem(answer, 503)["detail"]


async def test_with_the_ledger_away_nothing_is_accepted(away: dict[str, str]) -> None:
    async with started(away, migrated=False) as api:
        assert (await api.bare.get("/healthz")).status_code == 200
        answers = [
            await api.bare.get("/readyz"),
            await api.post("/api/v1/incidents", {"playbook": "slack"}),
            await api.post("/api/v1/incidents", {"playbook": "slack"}, **{"Idempotency-Key": "k"}),
            await api.post("/api/v1/incidents/1/updates", {}),
            await api.post("/api/v1/alerts/alertmanager", {"alerts": [{}]}),
            await api.post("/api/v1/alerts/generic", {"title": "x", "labels": {"severity": "critical"}}),
            await api.client.get("/api/v1/incidents"),
            await api.client.get("/api/v1/deliveries/1"),
            await api.callback("token", [("MessageSid", "SM1"), ("MessageStatus", "sent")]),
        ]
        for answer in answers:
            said = problem(answer, 503)
            assert int(answer.headers["retry-after"]) > 0
            assert "hidden-password" not in answer.text
            assert "DISPATCHER_LEDGER_URL" in said["detail"]


async def test_metrics_are_there_when_the_ledger_is_not(away: dict[str, str]) -> None:
    async with started(away, migrated=False) as api:
        answer = await api.bare.get("/metrics")
        assert answer.status_code == 200
        assert "dispatcher_oldest_due_seconds NaN" in answer.text
        assert "dispatcher_receipts_total" in answer.text


async def test_the_front_door_leads_to_the_console_and_docs_are_open(api: Api) -> None:
    answer = await api.bare.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert (await api.bare.get("/docs")).status_code == 200
    assert (await api.bare.get("/openapi.json")).json()["info"]["title"] == "Outage Dispatcher"
