"""What only a ledger with many writers at once can show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from api_rig import Api, environment, problem, started

from dispatcher.ledger import Ledger


@pytest.fixture
async def shared(postgresql_ledger: Ledger, tmp_path: Path) -> AsyncIterator[Api]:
    url = postgresql_ledger.url.render_as_string(hide_password=False)
    async with started(environment(tmp_path, DISPATCHER_LEDGER_URL=url)) as made:
        yield made


async def test_twenty_resolves_at_once_with_one_key_are_one_update(shared: Api) -> None:
    number = (await shared.open())["incident"]["id"]
    path, body = f"/api/v1/incidents/{number}/updates", {"state": "resolved", "override": "a test"}
    answers = await asyncio.gather(*(shared.post(path, body, **{"Idempotency-Key": "k"}) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert shared.count("update") == 2


async def test_twenty_openings_at_once_with_one_key_are_one_incident(shared: Api) -> None:
    body = {"playbook": "microsoft-365", "override": "a test"}
    keyed = {"Idempotency-Key": "k" * 200, "Authorization": f"Bearer {next(iter(shared.here.settings.api_keys))}"}
    answers = await asyncio.gather(*(shared.post("/api/v1/incidents", body, **keyed) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert (shared.count("incident"), shared.count("broadcast")) == (1, 1)


def fired(**more: Any) -> dict[str, Any]:
    labels = {"alertname": "FrontDoorUnreachable", "severity": "critical"}
    return {"alerts": [{"labels": labels, "fingerprint": "c0ffee", **more}]}


async def test_the_same_alert_ten_times_at_once_is_one_incident(shared: Api) -> None:
    answers = await asyncio.gather(*(shared.post("/api/v1/alerts/alertmanager", fired()) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert (shared.count("incident"), shared.count("broadcast")) == (1, 1)


async def test_labels_and_fingerprints_of_any_length_are_taken(shared: Api) -> None:
    labels = {"alertname": "High", "severity": "critical", "service": "s" * 5000}
    for _ in range(2):
        answer = await shared.post("/api/v1/alerts/alertmanager", fired(labels=labels, fingerprint="f" * 5000))
        assert answer.status_code == 202, answer.text
    assert shared.count("incident") == 1


async def test_what_postgresql_cannot_keep_never_reaches_it(shared: Api) -> None:
    body = {"playbook": "microsoft-365", "override": "a test", "facts": {"impact": "a\x00b"}}
    problem(await shared.post("/api/v1/incidents", body), 422)
    answer = await shared.callback("token", [("MessageSid", "SM1"), ("MessageStatus", "sent"), ("Note", "a\x00b")])
    assert answer.status_code == 204
    assert shared.count("receipt") == 1
