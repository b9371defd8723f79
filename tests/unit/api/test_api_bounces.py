"""Mail that comes back: handed to the route's receipts address, proven by the secret, folded as any receipt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_rig import Api, environment, problem, started

from channels.contract import Kind
from channels.simulator.bounces import report
from channels.simulator.faults import Bounce
from dispatcher.ledger import optouts
from dispatcher.model.delivery import Claimed
from dispatcher.model.recipient import Recipient

SECRET = "hands-over-what-came-back"
ADDRESS = "mel@example.com"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    mail = {"SMTP_BOUNCE_SECRET": SECRET, "SMTP_RETURN_PATH": "bounce+{token}@bounces.northwind.example"}
    async with started(environment(tmp_path / "home", **mail)) as made:
        made.add(Recipient("mel", "Mel", "en", {Kind.EMAIL: ADDRESS}))
        yield made


async def begun(api: Api) -> Claimed:
    told = await api.open()
    (one,) = [one for one in api.claim(told["broadcast"]["id"], "smtp-main") if one.to == ADDRESS]
    return one


def came_back(token: str, **bounce: Any) -> bytes:
    mail = EmailMessage()
    mail["Message-ID"] = f"<{token}@mail.northwind.example>"
    fate = Bounce(what="bounce", url="http://127.0.0.1/", **bounce)
    return report(fate, came_from=f"bounce+{token}@bounces.northwind.example", to=ADDRESS, mail=mail)


async def hand_over(api: Api, mail: bytes, secret: str = SECRET, route: str = "smtp-main") -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "message/rfc822"}
    return await api.bare.post(f"/receipts/{route}", content=mail, headers=headers)


async def story(api: Api, delivery: int) -> dict[str, Any]:
    api.here.folder.fold_some()
    answer = await api.client.get(f"/api/v1/deliveries/{delivery}")
    found: dict[str, Any] = answer.json()
    return found


async def test_a_mail_that_came_back_moves_its_delivery_on(api: Api) -> None:
    one = await begun(api)
    assert (await hand_over(api, came_back(one.token))).status_code == 204
    assert (await hand_over(api, came_back(one.token))).status_code == 204
    assert api.count("receipt") == 1
    found = await story(api, one.delivery_id)
    assert found["delivery"]["status"] == "failed", found
    assert "no such mailbox" in str(found)
    assert ADDRESS not in str(found)


async def test_a_mail_that_is_only_late_proves_that_it_was_taken(api: Api) -> None:
    one = await begun(api)
    assert (await hand_over(api, came_back(one.token, action="delayed", status="4.4.1"))).status_code == 204
    assert (await story(api, one.delivery_id))["delivery"]["status"] == "accepted"


async def test_a_complaint_is_kept_as_a_no(api: Api) -> None:
    one = await begun(api)
    assert (await hand_over(api, came_back(one.token, action="complaint"))).status_code == 204
    assert (await story(api, one.delivery_id))["delivery"]["status"] == "delivered"
    with api.here.ledger.read() as tx:
        assert optouts.among(tx, [(Kind.EMAIL, ADDRESS)]) == {(Kind.EMAIL, ADDRESS)}


async def test_what_is_not_proven_or_no_mail_of_ours_changes_nothing(api: Api) -> None:
    one = await begun(api)
    said = problem(await hand_over(api, came_back(one.token), secret="a-guess-of-the-secret"), 403)
    assert SECRET not in str(said)
    problem(await hand_over(api, b"Subject: hello\r\n\r\nnobody's"), 400)
    problem(await hand_over(api, b""), 400)
    problem(await api.bare.post("/receipts/smtp-main", content=came_back(one.token)), 403)
    assert api.count("receipt") == 0


async def test_a_mail_may_be_larger_than_other_receipts_but_not_endless(api: Api) -> None:
    one = await begun(api)
    large = came_back(one.token) + b"x" * 900_000
    assert (await hand_over(api, large)).status_code == 204
    problem(await hand_over(api, large + b"x" * 200_000), 413)
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/octet-stream"}
    problem(await api.bare.post("/receipts/smtp-main", content=large, headers=headers), 413)
