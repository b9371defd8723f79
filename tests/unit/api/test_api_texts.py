"""What people text is proven, kept before it is answered, done at once, and without effect when it comes again."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_rig import PUBLIC, TWILIO_TOKEN, Api, environment, problem, started
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from channels.contract import Kind, Wish
from dispatcher.ledger import optouts, recipients
from dispatcher.ledger.tables import opt_out

ANN = "+15551234567"
SIGNER = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC_KEY = base64.b64encode(SIGNER.public_key().public_bytes_raw()).decode()


@pytest.fixture
async def texted(tmp_path: Path) -> AsyncIterator[Api]:
    """With a second provider of SMS."""
    more = {"TELNYX_API_KEY": "KEY1", "TELNYX_PUBLIC_KEY": PUBLIC_KEY, "TELNYX_FROM_NUMBER": "+18665550006"}
    async with started(environment(tmp_path, **more)) as api:
        yield api


async def twilio(api: Api, body: str, sid: str = "SM1", *, secret: str = TWILIO_TOKEN, **more: str) -> httpx.Response:
    fields = {"MessageSid": sid, "SmsStatus": "received", "From": ANN, "To": "+15005550006", "Body": body, **more}
    signature = RequestValidator(secret).compute_signature(f"{PUBLIC}/receipts/twilio-main", fields)
    return await api.bare.post("/receipts/twilio-main", data=fields, headers={"X-Twilio-Signature": signature})


async def telnyx(api: Api, text: str, ref: str = "T1", *, signer: Ed25519PrivateKey = SIGNER) -> httpx.Response:
    payload = {"id": ref, "direction": "inbound", "from": {"phone_number": ANN}, "text": text}
    return await signed(api, {"event_type": "message.received", "id": "e1", "payload": payload}, signer=signer)


async def signed(
    api: Api, event: dict[str, Any], token: str = "", *, signer: Ed25519PrivateKey = SIGNER
) -> httpx.Response:
    body = json.dumps({"data": event}).encode()
    stamp = str(int(time.time()))
    signature = base64.b64encode(signer.sign(f"{stamp}|".encode() + body)).decode()
    headers = {"telnyx-timestamp": stamp, "telnyx-signature-ed25519": signature}
    return await api.bare.post(f"/receipts/telnyx-backup{token}", content=body, headers=headers)


def numbers(api: Api) -> dict[str, str | None]:
    with api.here.ledger.read() as tx:
        people = [recipients.find(tx, ref) for ref in ("ann", "eve")]
    return {found[1].ref: found[1].addresses.get(Kind.SMS) for found in people if found is not None}


def on_record(api: Api) -> list[tuple[str, str]]:
    with api.here.ledger.read() as tx:
        return [(one.wish.value, one.source) for one in reversed(optouts.remarks(tx, list(Wish), 100))]


async def test_a_stop_to_one_provider_holds_for_all_of_them(texted: Api) -> None:
    assert numbers(texted)["ann"] == ANN
    answer = await twilio(texted, "When will it stop? Call +15559998888")
    assert answer.status_code == 200
    assert "<Message>" not in answer.text
    assert numbers(texted)["ann"] == ANN
    answer = await twilio(texted, "Please stop texting me", "SM2")
    assert answer.headers["content-type"].startswith("text/xml")
    assert "<Message>You get no more messages" in answer.text
    assert numbers(texted) == {"ann": None, "eve": "+15557654321"}
    told = await texted.open()
    for route in ("twilio-main", "telnyx-backup"):
        assert [one.to for one in texted.claim(told["broadcast"]["id"], route)] in ([], ["+15557654321"])
    assert on_record(texted) == [
        ("other", "twilio-main: “When will it stop? Call +…88”"),
        ("stop", "twilio-main: “Please stop texting me”"),
    ]


async def test_the_same_text_again_changes_nothing(texted: Api) -> None:
    for _ in range(3):
        assert (await twilio(texted, "STOP")).status_code == 200
    assert (await twilio(texted, "START", "SM2")).status_code == 200
    assert (await twilio(texted, "STOP")).status_code == 200
    assert numbers(texted)["ann"] == ANN
    assert [wish for wish, _ in on_record(texted)] == ["stop", "start"]


async def test_a_stop_by_one_provider_and_a_start_by_the_other(texted: Api) -> None:
    answer = await telnyx(texted, "STOP")
    assert (answer.status_code, answer.content) == (204, b"")
    assert numbers(texted)["ann"] is None
    await twilio(texted, "START")
    assert numbers(texted)["ann"] == ANN
    assert on_record(texted) == [("stop", "telnyx-backup: “STOP”"), ("start", "twilio-main: “START”")]


async def test_what_is_not_proven_is_not_done(texted: Api) -> None:
    problem(await twilio(texted, "STOP", secret="0" * 32), 403)
    problem(await texted.bare.post("/receipts/twilio-main", data={"Body": "STOP", "From": ANN}), 403)
    problem(await telnyx(texted, "STOP", signer=Ed25519PrivateKey.from_private_bytes(bytes(32))), 403)
    assert numbers(texted)["ann"] == ANN
    assert on_record(texted) == []


async def test_a_question_is_kept_to_read(texted: Api) -> None:
    await twilio(texted, "Is it fixed?\x00")
    with texted.here.ledger.read() as tx:
        [kept] = optouts.remarks(tx, (Wish.HELP, Wish.OTHER), 10)
        assert tx.execute(select(opt_out)).all() == []
    assert (kept.words, kept.effect) == ("Is it fixed?", "kept for people to read")


async def test_texts_are_counted(texted: Api) -> None:
    await twilio(texted, "STOP")
    await twilio(texted, "STOP")
    metrics = (await texted.bare.get("/metrics")).text
    assert 'dispatcher_said_total{kind="sms",result="new",wish="stop"}' in metrics
    assert ANN not in metrics


async def test_a_huge_or_odd_text_is_refused(texted: Api) -> None:
    problem(await texted.bare.post("/receipts/telnyx-backup", content=b"x" * 300_000), 413)
    problem(await texted.bare.post("/receipts/telnyx-backup", content=b"x" * 70_000), 400)
    problem(await texted.bare.post("/receipts/twilio-main", content=b"\xff\xfe"), 400)
    odd: Any = b"[" * 60_000
    problem(await texted.bare.post("/receipts/telnyx-backup", content=odd), 403)


async def test_a_genuine_receipt_is_kept_whatever_its_fault_says(texted: Api) -> None:
    """Half a character in a code that nobody knows would undo the whole group in which receipts are kept."""
    told = {"id": "T1", "to": [{"phone_number": ANN, "status": "delivery_failed"}], "errors": [{"code": "4\ud800"}]}
    answer = await signed(texted, {"event_type": "message.finalized", "id": "e1", "payload": told}, "/some-token")
    assert (answer.status_code, texted.count("receipt")) == (204, 1)
