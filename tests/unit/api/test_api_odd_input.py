"""Whatever comes in, the answer is a problem that says what to change, and nothing is kept."""

from __future__ import annotations

import json

import pytest
from api_rig import Api, problem

INCIDENTS = "/api/v1/incidents"
OPEN = {"playbook": "microsoft-365", "override": "a test"}
TAKING_JSON = (
    INCIDENTS,
    f"{INCIDENTS}/1/updates",
    "/api/v1/alerts/alertmanager",
    "/api/v1/alerts/generic",
    "/api/v1/inapp/tickets",
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"\xff\xfe{}",
        b'{"playbook": "\xff"}',
        b"\x00",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"facts": ' + b"[" * 400 + b"]" * 400 + b"}",
        b"9" * 10_000,
        b'{"next_update_in": ' + b"9" * 5000 + b"}",
        b'{"title": NaN, "truncatedAlerts": Infinity, "alerts": []}',
        b'"\\ud800"',
        b'{"\\ud800": 1, "\\u0000": 2}',
    ],
    ids=range(17),
)
async def test_a_body_that_is_no_such_json_is_a_problem(api: Api, content: bytes) -> None:
    for path in TAKING_JSON:
        answer = await api.raw(path, content)
        assert answer.status_code in {400, 422}, (path, answer.status_code, answer.text[:300])
        problem(answer, answer.status_code)
        assert len(answer.content) < 20_000
    assert api.count("incident") == 0


@pytest.mark.parametrize("path", TAKING_JSON)
async def test_another_content_type_is_refused(api: Api, path: str) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "", "application/xml", "nonsense"):
        answer = await api.raw(path, json.dumps(OPEN).encode(), content_type)
        assert "Content-Type: application/json" in problem(answer, 415)["detail"]
    assert api.count("incident") == 0


@pytest.mark.parametrize("path", TAKING_JSON)
async def test_a_huge_body_is_refused_before_it_is_read_whole(api: Api, path: str) -> None:
    content = b'{"playbook": "' + b"x" * (5 * 1024 * 1024) + b'"}'
    problem(await api.raw(path, content), 413)

    async def drip():  # type: ignore[no-untyped-def]
        for _ in range(5 * 16):
            yield b"x" * 65536

    answer = await api.client.post(path, content=drip(), headers={"Content-Type": "application/json"})
    problem(answer, 413)


TEXTS: list[tuple[str, dict[str, object]]] = [
    (INCIDENTS, {**OPEN, "title": "?"}),
    (INCIDENTS, {**OPEN, "playbook": "?"}),
    (INCIDENTS, {**OPEN, "audience": "?"}),
    (INCIDENTS, {**OPEN, "vendors": ["slack", "?"]}),
    (INCIDENTS, {**OPEN, "override": "?"}),
    (INCIDENTS, {**OPEN, "facts": {"impact": "?"}}),
    (INCIDENTS, {**OPEN, "facts": {"impact": {"en": "?"}}}),
    (INCIDENTS, {**OPEN, "facts": {"?": "x"}}),
    (INCIDENTS, {**OPEN, "?": "x"}),
    (f"{INCIDENTS}/1/updates", {"override": "?"}),
    (f"{INCIDENTS}/1/updates", {"facts": {"news": {"de": "?"}}}),
    ("/api/v1/inapp/tickets", {"user": "?"}),
    ("/api/v1/alerts/generic", {"title": "?"}),
    ("/api/v1/alerts/generic", {"title": "x", "key": "?"}),
    ("/api/v1/alerts/generic", {"title": "x", "labels": {"severity": "critical", "service": "?"}}),
    ("/api/v1/alerts/generic", {"title": "x", "labels": {"severity": "critical", "?": "x"}}),
    ("/api/v1/alerts/generic", {"title": "x", "labels": {"severity": ["critical", {"a": "?"}]}}),
    ("/api/v1/alerts/alertmanager", {"alerts": [{"labels": {"severity": "critical", "alertname": "?"}}]}),
    ("/api/v1/alerts/alertmanager", {"alerts": [{"labels": {"severity": "critical"}, "fingerprint": "?"}]}),
    (
        "/api/v1/alerts/alertmanager",
        {"alerts": [{"labels": {"severity": "critical"}}], "commonAnnotations": {"summary": "?"}},
    ),
]


@pytest.mark.parametrize("bad", ["\x00", "a\x00b", "\ud800", "\udfff\ud800"], ids=ascii)
async def test_what_no_ledger_can_keep_is_refused_wherever_text_comes_in(api: Api, bad: str) -> None:
    await api.open(draft=True)
    for path, body in TEXTS:
        content = json.dumps(body).replace("?", json.dumps(bad)[1:-1]).encode()
        said = problem(await api.raw(path, content), 422)
        assert "NUL" in said["problems"][0], content
    assert api.count("incident") == 1


@pytest.mark.parametrize("name", ["kind", "route", "tag"])
async def test_what_no_ledger_can_keep_is_refused_in_a_filter_too(api: Api, name: str) -> None:
    problem(await api.client.get(f"/api/v1/deliveries?{name}=%00"), 422)
    problem(await api.client.get("/api/v1/deliveries", params={name: "x" * 1000}), 422)


async def test_a_backslash_before_u0000_is_plain_text(api: Api) -> None:
    told = await api.open(title="\\u0000 is how JSON writes it", draft=True)
    assert told["incident"]["title"] == "\\u0000 is how JSON writes it"


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/html", "application/xml;q=0.1", "nonsense", "application/json; q=x", ",,,;;;"]
)
async def test_whatever_is_accepted_json_is_answered(api: Api, accept: str) -> None:
    answer = await api.client.get(INCIDENTS, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    problem(await api.client.get(f"{INCIDENTS}/5", headers={"Accept": accept}), 404)


@pytest.mark.parametrize(
    "given", ["99999999999d", "9" * 400, 10**300, 1e300, -5, 0, "soon", True, None, [], "31d", "1e3", ""]
)
async def test_a_length_of_time_that_cannot_be_is_refused(api: Api, given: object) -> None:
    answer = await api.post(INCIDENTS, {**OPEN, "next_update_in": given})
    if given is None:
        assert answer.status_code == 201
        return
    problem(answer, 422)
    assert api.count("incident") == 0


@pytest.mark.parametrize(
    "body",
    [
        {**OPEN, "titel": "misspelt key"},
        {**OPEN, "title": ""},
        {**OPEN, "title": " \u00a0\t "},
        {**OPEN, "title": "x" * 301},
        {**OPEN, "severity": "Terrible"},
        {**OPEN, "vendors": "slack"},
        {**OPEN, "vendors": ["slack"] * 1000},
        {**OPEN, "vendors": ["x" * 5000]},
        {**OPEN, "playbook": "x" * 100_000},
        {**OPEN, "facts": []},
        {**OPEN, "facts": {str(number): "x" for number in range(51)}},
        {**OPEN, "facts": {"impact": {"not a locale": "x"}}},
        {**OPEN, "facts": {"x" * 100_000: "x"}},
        {**OPEN, "override": "x" * 501},
        {**OPEN, "draft": "perhaps"},
        {},
    ],
)
async def test_each_wrong_field_is_refused(api: Api, body: dict[str, object]) -> None:
    answer = await api.post(INCIDENTS, body)
    assert problem(answer, 422)["problems"]
    assert len(answer.content) < 20_000
    assert api.count("incident") == 0


async def test_many_wrong_fields_make_no_endless_answer(api: Api) -> None:
    answer = await api.post("/api/v1/alerts/alertmanager", {"alerts": [{"status": "x"}] * 5000})
    said = problem(answer, 422)
    assert 1 < len(said["problems"]) <= 101
    assert said["problems"][-1].endswith("more")
