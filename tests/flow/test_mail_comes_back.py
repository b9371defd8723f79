"""A mail on its whole way there and back: sent, taken, returned to its own return path, handed over, understood."""

from __future__ import annotations

from typing import Any

from flow_rig import Rig

from channels.contract import Kind
from dispatcher.ledger import optouts
from dispatcher.model.recipient import Recipient

GONE, LATE, CROSS, FINE = (f"{name}@bounces-flow.example" for name in ("gone", "late", "cross", "fine"))


def test_what_comes_back_is_told_of_the_right_person_and_a_complaint_is_a_no(rig: Rig) -> None:
    people = {"gone": GONE, "late": LATE, "cross": CROSS, "fine": FINE}
    rig.invite(
        [Recipient(name, addresses={Kind.EMAIL: to}, tags=frozenset({"enterprise"})) for name, to in people.items()]
    )
    url = f"{rig.system.url}/receipts/smtp-main"
    rig.faults(
        {"provider": "smtp", "match": {"to": GONE}, "do": {"what": "bounce", "url": url, "status": "5.1.1"}},
        {
            "provider": "smtp",
            "match": {"to": LATE},
            "do": {"what": "bounce", "url": url, "status": "4.4.1", "action": "delayed"},
        },
        {"provider": "smtp", "match": {"to": CROSS}, "do": {"what": "bounce", "url": url, "action": "complaint"}},
    )
    body = {"playbook": "generic", "audience": "enterprise", "override": "a test of mail that comes back"}
    status, told = rig.api("/api/v1/incidents", body)
    assert status == 201, told
    incident_id = told["incident"]["id"]

    def by_reference() -> dict[str, dict[str, Any]]:
        page = rig.api(f"/api/v1/deliveries?incident={incident_id}&kind=email&limit=200")[1]["deliveries"]
        stories = [rig.api(f"/api/v1/deliveries/{row['id']}")[1] for row in page]
        received = {one["ref"]: one["to"] for one in rig.sim("received?provider=smtp")}
        return {received.get(story["attempts"][-1]["ref"], ""): story for story in stories if story["attempts"]}

    def settled() -> dict[str, dict[str, Any]] | None:
        found = by_reference()
        words = {to: found[to]["delivery"]["status"] for to in (GONE, LATE, CROSS, FINE) if to in found}
        wanted = {GONE: "failed", LATE: "accepted", CROSS: "delivered", FINE: "accepted"}
        return found if words == wanted else None

    found = rig.until(settled, why="the mails came back")
    (receipt,) = found[GONE]["attempts"][-1]["receipts"]
    assert receipt["word"] == "undelivered"
    assert "no such mailbox" in str(found[GONE])
    assert [one["word"] for one in found[LATE]["attempts"][-1]["receipts"]] == ["queued"]
    assert found[FINE]["attempts"][-1]["receipts"] == []
    with rig.system.here.ledger.read() as tx:
        assert optouts.among(tx, [(Kind.EMAIL, to) for to in people.values()]) == {(Kind.EMAIL, CROSS)}
    assert not [word for word in rig.sim("summary")["providers"]["smtp"]["refused"] if word.startswith("report")]
    rig.faults()
