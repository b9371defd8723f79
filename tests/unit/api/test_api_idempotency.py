"""The same request again gets the same answer, and nothing happens twice."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from api_rig import KEY, Api, problem
from sqlalchemy import select

from dispatcher.faces.once import KeyReused, once
from dispatcher.incidents.states import WrongState
from dispatcher.ledger import Tx
from dispatcher.ledger.tables import idempotency

INCIDENTS = "/api/v1/incidents"
BODY = {"playbook": "microsoft-365", "override": "a test"}
KEYED = {"Idempotency-Key": "6f1c"}


async def test_the_same_key_with_the_same_body_answers_as_before(api: Api) -> None:
    first = await api.post(INCIDENTS, BODY, **KEYED)
    again = await api.post(INCIDENTS, {**BODY, "draft": False}, **KEYED)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert (api.count("incident"), api.count("broadcast")) == (1, 1)


async def test_the_same_key_with_another_body_is_refused(api: Api) -> None:
    await api.post(INCIDENTS, BODY, **KEYED)
    said = problem(await api.post(INCIDENTS, {**BODY, "title": "Another"}, **KEYED), 409)
    assert "new key" in said["detail"]
    assert api.count("incident") == 1


async def test_a_refused_request_does_not_use_up_its_key(api: Api) -> None:
    problem(await api.post(INCIDENTS, {"playbook": "slak"}, **KEYED), 422)
    assert (await api.post(INCIDENTS, BODY, **KEYED)).status_code == 201


async def test_a_key_belongs_to_its_caller_and_to_what_it_was_used_for(api: Api) -> None:
    first = (await api.post(INCIDENTS, BODY, **KEYED)).json()
    other = await api.post(INCIDENTS, BODY, Authorization=f"Bearer another-{KEY}", **KEYED)
    assert other.status_code == 201
    assert other.json()["incident"]["id"] != first["incident"]["id"]
    for told in (first, other.json()):
        path = f"{INCIDENTS}/{told['incident']['id']}/updates"
        assert (await api.post(path, {"override": "a test"}, **KEYED)).status_code == 201
    assert api.count("update") == 4


async def test_invariant_8_twenty_at_once_with_one_key_are_one_incident(api: Api) -> None:
    answers = await asyncio.gather(*(api.post(INCIDENTS, BODY, **KEYED) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["incident"]["id"] for answer in answers}) == 1
    assert (api.count("incident"), api.count("update"), api.count("broadcast")) == (1, 1, 1)


async def test_twenty_resolves_at_once_with_one_key_are_one_update(api: Api) -> None:
    number = (await api.open())["incident"]["id"]
    path, body = f"{INCIDENTS}/{number}/updates", {"state": "resolved", "override": "a test"}
    answers = await asyncio.gather(*(api.post(path, body, **KEYED) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert api.count("update") == 2


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_key_of_a_wrong_length_is_refused(api: Api, key: str) -> None:
    problem(await api.post(INCIDENTS, BODY, **{"Idempotency-Key": key}), 422)
    assert api.count("incident") == 0


async def test_a_key_with_any_printable_character_works(api: Api) -> None:
    headers = {b"Idempotency-Key": "\u00fc \u00b5 ' \" ; --".encode("latin-1"), b"Content-Type": b"application/json"}
    first = await api.client.post(INCIDENTS, json=BODY, headers=headers)
    again = await api.client.post(INCIDENTS, json=BODY, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)


def _same(answer: dict[str, Any], _: Tx) -> dict[str, Any]:
    return answer


def test_a_scope_of_any_length_fits_the_ledger(api: Api) -> None:
    limit = idempotency.c.scope.type.length
    assert limit
    scopes = [f"{'a' * 300} POST incidents/{number}" for number in (1, 2)]
    for scope in scopes:
        answer = {"done": scope}
        assert once(api.here.ledger, scope=scope, key="k", request={}, do=partial(_same, answer)) == (answer, True)
        assert once(api.here.ledger, scope=scope, key="k", request={}, do=partial(_same, {})) == (answer, False)
    with api.here.ledger.read() as tx:
        kept = list(tx.execute(select(idempotency.c.scope)).scalars())
    assert all(len(scope) <= limit for scope in kept)


def test_who_lost_the_race_hears_what_the_winner_was_told_whatever_stopped_them(api: Api) -> None:
    """On PostgreSQL the loser waits for the incident's row and then finds it resolved by the winner."""
    ledger = api.here.ledger
    won: dict[str, Any] = {"who": "the winner"}

    def loses(tx: Tx) -> dict[str, Any]:
        tx.exec_driver_sql("ROLLBACK")  # lets the winner in, as row locks on PostgreSQL would
        try:
            once(ledger, scope="s", key="k", request={"a": 1}, do=lambda _: won)
        finally:
            tx.exec_driver_sql("BEGIN IMMEDIATE")
        raise WrongState("the incident is resolved already")

    assert once(ledger, scope="s", key="k", request={"a": 1}, do=loses) == (won, False)
    with pytest.raises(KeyReused):
        once(ledger, scope="s", key="k", request={"a": 2}, do=loses)
