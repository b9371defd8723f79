"""Deliveries over HTTP: every filter, pages, totals, and files that stream."""

from __future__ import annotations

import csv
import io
import json

import pytest
from api_rig import Api, problem
from sqlalchemy import update

from dispatcher.faces.api.shapes import DeliveryOut
from dispatcher.ledger.tables import delivery

LIST = "/api/v1/incidents/1/deliveries"


@pytest.fixture
async def told(api: Api) -> Api:
    """Ann and Eve by text, Bob in the app, and the places of the audience."""
    made = await api.open()
    assert len(api.claim(made["broadcast"]["id"], "twilio-main")) == 2
    return api


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ({"status": "sending"}, {"recipient 1", "recipient 3"}),
        ({"tag": "eu"}, {"recipient 1", "recipient 3"}),
        ({"recipient": "ann"}, {"recipient 1"}),
        ({"recipient": "1"}, {"recipient 1"}),
        ({"recipient": "ref:ann"}, {"recipient 1"}),
        ({"address": "+1********67"}, {"recipient 1"}),
        ({"address": "+…21"}, {"recipient 3"}),
        ({"kind": "inapp", "update": "1"}, {"recipient 2"}),
        ({"route": "twilio-main", "until": "2020-01-01T00:00:00Z"}, set()),
        ({"reason": "no such words"}, set()),
    ],
)
async def test_each_filter_finds_whom_it_names(told: Api, asked: dict[str, str], who: set[str]) -> None:
    answer = await told.client.get(LIST, params={**asked, "totals": "true"})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert {one["who"] for one in page["deliveries"]} == who
    assert sum(page["standing"].values()) == len(page["deliveries"])
    assert "+15551234567" not in answer.text


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"route": "twilio-man"}, "unknown route 'twilio-man'; did you mean 'twilio-main'?"),
        ({"tag": "ue"}, "unknown tag 'ue'; there are: eu"),
        ({"recipient": "nobody"}, "nobody has the ref 'nobody'"),
        ({"recipient": "d:nowhere"}, "unknown destination 'nowhere'; there are: "),
        ({"update": "7"}, "INC-1 has no update 7; there are: 1"),
        ({"status": "lost"}, "see the problems"),
        ({"since": "yesterday"}, "see the problems"),
        ({"address": "\x00"}, "see the problems"),
    ],
)
async def test_what_is_unknown_is_refused_with_what_there_is(told: Api, asked: dict[str, str], says: str) -> None:
    for path in (LIST, f"{LIST}.csv", f"{LIST}.jsonl"):
        assert says in problem(await told.client.get(path, params=asked), 422)["detail"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"staus": "failed"}, "query.staus: there is no such parameter; did you mean 'status'?"),
        ({"x": "1"}, "query.x: there is no such parameter; there are: address, "),
    ],
)
async def test_a_misspelt_filter_does_not_answer_with_everybody(told: Api, asked: dict[str, str], says: str) -> None:
    for path in (LIST, f"{LIST}.csv", f"{LIST}.jsonl", "/api/v1/deliveries.csv"):
        [found] = problem(await told.client.get(path, params=asked), 422)["problems"]
        assert found.startswith(says)


async def test_a_file_has_no_pages(told: Api) -> None:
    for path in ("csv", "jsonl"):
        assert (
            "query.limit" in problem(await told.client.get(f"{LIST}.{path}", params={"limit": 5}), 422)["problems"][0]
        )


async def test_an_update_is_one_of_an_incident(told: Api) -> None:
    said = problem(await told.client.get("/api/v1/deliveries", params={"update": 1}), 422)
    assert "say which incident is meant" in said["detail"]
    for path in ("", ".csv", ".jsonl"):
        problem(await told.client.get(f"/api/v1/incidents/9/deliveries{path}"), 404)


async def test_the_files_hold_what_the_pages_hold(told: Api) -> None:
    page = (await told.client.get(LIST)).json()["deliveries"]
    answer = await told.client.get(f"{LIST}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["id"] for row in rows] == [str(one["id"]) for one in page]
    answer = await told.client.get("/api/v1/deliveries.jsonl", params={"incident": 1})
    assert answer.headers["content-type"] == "application/jsonl"
    lines = [DeliveryOut.model_validate(json.loads(line)) for line in answer.text.splitlines()]
    assert lines == [DeliveryOut.model_validate(one) for one in page]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
async def test_no_cell_is_taken_for_a_formula(told: Api, start: str) -> None:
    with told.here.ledger.write() as tx:
        tx.execute(update(delivery).values(reason=f"{start}HYPERLINK(A1)"))
    rows = list(csv.DictReader(io.StringIO((await told.client.get(f"{LIST}.csv")).text, newline="")))
    assert {row["reason"] for row in rows} == {f"'{start}HYPERLINK(A1)"}
    # A masked number begins with its plus.
    assert any(row["to"].startswith("'+1**") for row in rows)


async def test_no_cell_steers_a_terminal(told: Api) -> None:
    with told.here.ledger.write() as tx:
        tx.execute(update(delivery).values(reason="red \x1b[31m, \x9b2J, \x7f; two\nlines"))
    text = (await told.client.get(f"{LIST}.csv")).text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {row["reason"] for row in rows} == {"red \ufffd[31m, \ufffd2J, \ufffd; two\nlines"}
