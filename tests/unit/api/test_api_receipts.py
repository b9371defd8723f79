"""Receipts: proven before they are believed, kept before they are answered, without effect when repeated."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_rig import TWILIO_TOKEN, Api, problem
from sqlalchemy import select

from dispatcher.ledger.tables import receipt


def status(word: str = "delivered", **more: str) -> list[tuple[str, str]]:
    return [*{"MessageSid": "SM" + "a" * 32, "MessageStatus": word, "To": "+15551234567", **more}.items()]


async def begun(api: Api) -> str:
    """The token of an attempt that is under way."""
    told = await api.open()
    return api.claim(told["broadcast"]["id"], "twilio-main")[0].token


async def delivered(api: Api) -> list[str]:
    api.here.folder.fold_some()
    page = (await api.client.get("/api/v1/deliveries", params={"route": "twilio-main"})).json()
    return sorted(one["status"] for one in page["deliveries"])


async def test_a_genuine_receipt_is_kept_at_once_and_folded_later(api: Api) -> None:
    token = await begun(api)
    answer = await api.callback(token, status())
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.count("receipt") == 1
    assert await delivered(api) == ["delivered", "sending"]
    with api.here.ledger.read() as tx:
        raw: dict[str, Any] = tx.execute(select(receipt.c.raw)).scalar_one()
    assert "+15551234567" not in json.dumps(raw)


async def test_a_replayed_receipt_changes_nothing(api: Api) -> None:
    token = await begun(api)
    for _ in range(3):
        assert (await api.callback(token, status())).status_code == 204
    assert (await api.callback(token, status("sent"))).status_code == 204
    assert api.count("receipt") == 2
    assert await delivered(api) == ["delivered", "sending"]


async def test_a_forged_receipt_is_refused_and_has_no_effect(api: Api) -> None:
    token = await begun(api)
    said = problem(await api.callback(token, status(), secret="0" * 32), 403)
    assert TWILIO_TOKEN not in json.dumps(said)
    problem(await api.bare.post(f"/receipts/twilio-main/{token}", data=dict(status())), 403)
    # Genuine, but said about another attempt.
    genuine = await api.callback(token, status())
    moved = await api.bare.post(
        f"/receipts/twilio-main/{token}x", content=genuine.request.content, headers=genuine.request.headers
    )
    problem(moved, 403)
    assert api.count("receipt") == 1


async def test_a_receipt_for_an_attempt_nobody_knows_is_kept_and_counted(api: Api) -> None:
    answer = await api.callback("nobody-knows-this-one", status())
    assert answer.status_code == 204
    api.here.folder.fold_some()
    assert api.count("receipt") == 1
    assert "dispatcher_unknown_receipts 1.0" in (await api.bare.get("/metrics")).text


async def test_where_nobody_hears_is_not_found(api: Api) -> None:
    assert "no route 'no-such'" in problem(await api.bare.post("/receipts/no-such/token"), 404)["detail"]
    problem(await api.bare.post("/receipts/inapp/token"), 404)
    said = problem(await api.bare.post("/receipts/slack-main/token"), 503)  # its token is not set here
    assert "SLACK" not in said["detail"]  # anybody may ask; what is missing is in our own log
    problem(await api.bare.get("/receipts/twilio-main/token"), 405)
    problem(await api.bare.post("/receipts/no-such"), 404)
    problem(await api.bare.post("/receipts/inapp"), 404)
    problem(await api.bare.post("/receipts/twilio-main"), 403)  # heard, and nobody signed it


async def test_a_token_that_cannot_be_ours_is_not_found(api: Api) -> None:
    for token in ("x" * 65, "%00", "a%00b", "a%20b", "%F0%9F%92%A9", "%FF"):
        answer = await api.callback(token, status())
        problem(answer, 404)
    assert api.count("receipt") == 0


async def test_a_receipt_too_large_is_refused(api: Api) -> None:
    problem(await api.callback("token", status(), content=b"a=" + b"x" * 270_000), 413)

    async def drip():  # type: ignore[no-untyped-def]
        for _ in range(40):
            yield b"x" * 8192

    problem(await api.bare.post("/receipts/twilio-main/token", content=drip()), 413)


async def test_what_is_no_form_is_refused(api: Api) -> None:
    for content in (b"\xff\xfe", b"MessageStatus=\xc3\xa9", b"&".join([b"a=b"] * 200)):
        problem(await api.callback("token", status(), content=content), 400)
    problem(await api.callback("token", [("MessageSid", "SM1")]), 400)
    problem(await api.callback("token", []), 400)
    assert api.count("receipt") == 0


async def test_duplicate_and_blank_fields_are_part_of_what_is_signed(api: Api) -> None:
    token = await begun(api)
    fields = [*status(), ("ErrorCode", ""), ("Extra", "1"), ("Extra", "2")]
    assert (await api.callback(token, fields)).status_code == 204
    assert await delivered(api) == ["delivered", "sending"]


async def test_a_genuine_receipt_with_what_no_ledger_can_keep_is_kept_without_it(api: Api) -> None:
    token = await begun(api)
    assert (await api.callback(token, status(Note="a\x00b\ufffd"))).status_code == 204
    with api.here.ledger.read() as tx:
        raw: dict[str, Any] = tx.execute(select(receipt.c.raw)).scalar_one()
    assert "\x00" not in raw["Note"]


async def test_headers_of_a_proxy_change_nothing(api: Api) -> None:
    token = await begun(api)
    genuine = await api.callback(token, status())
    headers = {**genuine.request.headers, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    headers["host"] = "10.0.0.7:8080"
    again = await api.bare.post(genuine.request.url.path, content=genuine.request.content, headers=headers)
    assert again.status_code == 204


@pytest.mark.parametrize("route", ["x-main", "teams", "mastodon-main"])
async def test_no_channel_is_built_for_whoever_calls_a_route_that_hears_nothing(
    api: Api, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []
    monkeypatch.setattr(type(api.here), "channel", lambda _, name, __: built.append(name))
    said = problem(await api.bare.post(f"/receipts/{route}"), 404)
    assert "sends no receipts" in said["detail"]
    assert built == []
