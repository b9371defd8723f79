"""A person's browser subscribes to push and takes it back; what its service worker says is a receipt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from api_rig import Api, environment, problem, started
from sqlalchemy import select

from channels.contract import Kind
from channels.push.web.keys import public_key
from channels.push.web.samples import VAPID_KEY
from channels.simulator import push_subscription
from dispatcher.ledger import optouts, recipients
from dispatcher.ledger.tables import attempt, receipt, recipient
from dispatcher.model.recipient import Recipient

PUSH = {
    "PUSH_VAPID_PRIVATE_KEY": VAPID_KEY,
    "PUSH_VAPID_SUBJECT": "mailto:ops@northwind.example",
    "PUSH_OPEN_URL": "https://northwind.example/status",
}
SITE = "https://app.example.com"


@pytest.fixture
async def pushing(tmp_path: Path) -> AsyncIterator[Api]:
    async with started(
        environment(tmp_path, DISPATCHER_INAPP_ORIGINS=f"{SITE}, https://www.example.com", **PUSH)
    ) as api:
        api.add(Recipient("cy", "Cy", "en", {Kind.INAPP: "cy-1"}))
        yield api


def addresses(api: Api) -> dict[str, str | None]:
    with api.here.ledger.read() as tx:
        return {row.ref: row.to_push for row in tx.execute(select(recipient)) if row.to_inapp}


async def call(api: Api, method: str, user: str, body: Any = None) -> Any:
    return await api.bare.request(method, "/inapp/push", params={"ticket": await api.ticket(user)}, json=body)


async def test_a_browser_is_told_the_key_it_subscribes_with(pushing: Api) -> None:
    answer = await call(pushing, "GET", "bob-7")
    assert answer.json() == {"key": public_key(VAPID_KEY)}


async def test_a_subscription_becomes_the_person_s_address(pushing: Api) -> None:
    told = push_subscription("bobs phone")
    for _ in range(2):
        assert (await call(pushing, "POST", "bob-7", told)).status_code == 204
    address = addresses(pushing)["bob"]
    assert address == f"{told['endpoint']} {told['keys']['p256dh']} {told['keys']['auth']}"
    with pushing.here.ledger.read() as tx:
        everybody = recipients.classes(tx, pushing.here.config.audiences["everyone"])
        assert any(one.kinds == {Kind.INAPP, Kind.EMAIL, Kind.PUSH} for one in everybody)
        agreed = recipients.consents(tx, [(Kind.PUSH, address)])[Kind.PUSH, address]
    assert agreed.source == "the widget on our site"
    assert agreed.at is not None
    # The latest device of a person, and the last person on a device.
    assert (await call(pushing, "POST", "bob-7", push_subscription("bobs laptop"))).status_code == 204
    assert (await call(pushing, "POST", "cy-1", push_subscription("bobs laptop"))).status_code == 204
    assert (addresses(pushing)["bob"], bool(addresses(pushing)["cy"])) == (None, True)


async def test_taking_it_back_is_a_no_that_is_kept(pushing: Api) -> None:
    told = push_subscription("bobs phone")
    await call(pushing, "POST", "bob-7", told)
    address = addresses(pushing)["bob"]
    assert address is not None
    for _ in range(2):
        assert (await call(pushing, "DELETE", "bob-7", told)).status_code == 204
    assert addresses(pushing)["bob"] is None
    with pushing.here.ledger.read() as tx:
        assert optouts.among(tx, [(Kind.PUSH, address)]) == {(Kind.PUSH, address)}
    said = problem(await call(pushing, "POST", "bob-7", told), 409)
    assert "subscribe anew" in said["detail"]
    assert addresses(pushing)["bob"] is None
    assert (await call(pushing, "POST", "bob-7", push_subscription("bobs phone, anew"))).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        [],
        {"endpoint": "https://fcm.googleapis.com/x"},
        {**push_subscription("x"), "endpoint": "http://fcm.googleapis.com/x"},
        {**push_subscription("x"), "endpoint": "https://169.254.169.254/latest"},
        {**push_subscription("x"), "endpoint": "https://fcm.googleapis.com/" + "x" * 2000},
        {**push_subscription("x"), "keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {**push_subscription("x"), "keys": {str(n): "x" for n in range(9)}},
        {**push_subscription("x"), "more": 1},
    ],
    ids=lambda body: str(body)[:30],
)
async def test_what_is_no_subscription_is_refused(pushing: Api, body: Any) -> None:
    for method in ("POST", "DELETE"):
        problem(await call(pushing, method, "bob-7", body), 422)
    assert addresses(pushing)["bob"] is None


async def test_nobody_s_device_is_not_kept(pushing: Api) -> None:
    said = problem(await call(pushing, "POST", "stranger", push_subscription("x")), 404)
    assert "import" in said["detail"]
    for method in ("GET", "POST", "DELETE"):
        answer = await pushing.bare.request(method, "/inapp/push", params={"ticket": "x"}, json=push_subscription("x"))
        problem(answer, 401)


async def test_without_a_push_route_there_is_no_invitation(api: Api) -> None:
    for method, body in (("GET", None), ("POST", push_subscription("x"))):
        assert "webpush.md" in problem(await call(api, method, "bob-7", body), 404)["detail"]


async def test_what_the_service_worker_says_is_a_receipt(pushing: Api) -> None:
    opened = await pushing.open()
    [claimed, *_] = pushing.claim(int(opened["broadcast"]["id"]), "twilio-main")
    with pushing.here.ledger.write() as tx:
        tx.execute(attempt.update().where(attempt.c.token == claimed.token).values(route="push", kind="push"))
    for what in ("shown", "shown", "opened"):
        # As a service worker does it: from another origin, with no more than a plain body.
        answer = await pushing.bare.post(f"/inapp/push/{claimed.token}/{what}", headers={"Origin": SITE})
        assert answer.status_code == 204
    with pushing.here.ledger.write() as tx:
        heard = [(row.word, row.token, row.route) for row in tx.execute(select(receipt).order_by(receipt.c.id))]
    assert heard == [("delivered", claimed.token, "push"), ("read", claimed.token, "push")]


async def test_a_token_of_something_else_is_no_notification(pushing: Api) -> None:
    opened = await pushing.open()
    [claimed, *_] = pushing.claim(int(opened["broadcast"]["id"]), "twilio-main")
    for token in (claimed.token, "x", "-" * 40):
        problem(await pushing.bare.post(f"/inapp/push/{token}/shown"), 404)
    problem(await pushing.bare.post(f"/inapp/push/{'x' * 41}/shown"), 422)
    assert pushing.count("receipt") == 0


async def test_sites_that_are_named_may_read_what_others_may_not(pushing: Api) -> None:
    ticket = await pushing.ticket("bob-7")
    for origin, allowed in ((SITE, SITE), ("https://evil.example", None), ("null", None)):
        answer = await pushing.bare.get("/inapp/messages", params={"ticket": ticket}, headers={"Origin": origin})
        assert answer.headers.get("access-control-allow-origin") == allowed
        asking = {"Origin": origin, "Access-Control-Request-Method": "DELETE"}
        answer = await pushing.bare.options("/inapp/push", headers=asking)
        assert answer.headers.get("access-control-allow-origin") == allowed
        assert (answer.status_code == 200) is (allowed is not None)
    # A refusal can be read as well; what is not under /inapp/ never.
    answer = await pushing.bare.get("/inapp/messages", params={"ticket": "x"}, headers={"Origin": SITE})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, SITE)
    answer = await pushing.client.get("/api/v1/incidents", headers={"Origin": SITE})
    assert "access-control-allow-origin" not in answer.headers


async def test_the_files_of_the_widget_are_for_every_site(pushing: Api) -> None:
    for name in ("widget.js", "widget.css", "push.js", "sw.js"):
        answer = await pushing.bare.get(f"/inapp/{name}", headers={"Origin": "https://any.example"})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "max-age" in answer.headers["cache-control"]
        again = await pushing.bare.get(f"/inapp/{name}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert 'const HOME = "https://outage.example.com";' in answer.text
    for name in ("widget.py", "console.js", "%2e%2e.js"):
        problem(await pushing.bare.get(f"/inapp/{name}"), 404)
