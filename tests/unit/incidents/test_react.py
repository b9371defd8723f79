"""What happens by itself when monitors speak, on a real ledger of both kinds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from dispatcher.incidents.desk import Desk, NotFound, Order, Refused, Say
from dispatcher.incidents.react import Reacted, react
from dispatcher.incidents.rules import Lead
from dispatcher.incidents.states import WrongState
from dispatcher.ledger import Tx, incidents, tables
from dispatcher.model.config import Playbook, Reaction, Rule, Severity
from dispatcher.model.incident import Incident, State
from dispatcher.model.signal import Signal
from tests.unit.ledger.world import World

DRAFT = Rule(name="draft", match={"severity": "warning"}, playbook="outage")
SEND = Rule(
    name="send",
    match={"severity": "critical"},
    playbook="outage",
    vendors=("slack",),
    severity=Severity.CRITICAL,
    then=Reaction.BROADCAST,
    when_resolved="resolve",
    group_by=("service",),
)


def alert(key: str = "a1", *, firing: bool = True, title: str = "Front door is down", **labels: str) -> Signal:
    return Signal("test", f"test:{key}", firing, title, {"severity": "critical", **labels}, {})


def take(world: World, *signals: Signal, desk: Desk | None = None) -> list[Reacted]:
    with world.ledger.write() as tx:
        return [react(tx, one, (DRAFT, SEND), desk or world.desk) for one in signals]


def unfit(_tx: Tx, _telling: object, _playbook: Playbook, _audience: str) -> list[object]:
    raise Refused("the text is too long by 7 characters")


def unfit_desk(world: World) -> Desk:
    return Desk(world.config, compose=unfit, inspect=world.desk._inspect, check_facts=lambda _playbook, _facts: [])  # type: ignore[arg-type]


def test_the_same_alert_ten_times_is_one_incident(world: World) -> None:
    reacted = [take(world, alert())[0] for _ in range(10)]
    assert [one.lead for one in reacted] == [Lead.BROADCAST] + [Lead.REPEAT] * 9
    assert len({one.incident_id for one in reacted}) == 1
    [incident] = world.rows(tables.incident)
    assert (incident.title, incident.vendors, incident.severity) == ("Front door is down", ["slack"], "critical")
    assert len(world.rows(tables.broadcast)) == 1
    assert world.rows(tables.alert)[0].times == 10


@pytest.mark.parametrize("keys", [["a"] * 8, [f"a{number}" for number in range(8)]])
def test_the_same_alert_from_all_sides_at_once_is_one_incident(world: World, keys: list[str]) -> None:
    with ThreadPoolExecutor(8) as pool:
        reacted = list(pool.map(lambda key: take(world, alert(key))[0], keys))
    assert len(world.rows(tables.incident)) == len(world.rows(tables.broadcast)) == 1
    assert sorted(one.lead for one in reacted) == [Lead.BROADCAST] + [Lead.REPEAT] * 7


def test_other_alerts_of_the_group_join_and_the_last_end_resolves(world: World) -> None:
    first, second, other = take(world, alert("a", service="mail"), alert("b", service="mail"), alert("c", service="x"))
    assert first.incident_id == second.incident_id != other.incident_id
    assert take(world, alert("a", firing=False, service="mail"))[0].lead is Lead.STILL_FIRING
    [ended] = take(world, alert("b", firing=False, service="mail"))
    assert ended.lead is Lead.RESOLVE
    assert ended.told is not None
    assert ended.told.incident.state is State.RESOLVED
    assert take(world, alert("b", firing=False, service="mail"))[0].lead is Lead.NOTHING
    [again] = take(world, alert("b", service="mail"))
    assert again.incident_id not in {first.incident_id, other.incident_id}


def test_the_end_of_a_draft_is_offered_and_a_new_alert_withdraws_the_offer(world: World) -> None:
    [drafted] = take(world, alert(severity="warning"))
    assert (drafted.lead, drafted.told) == (Lead.DRAFT, None)
    assert take(world, alert(severity="warning", firing=False))[0].lead is Lead.OFFER_RESOLVE
    assert world.rows(tables.incident)[0].resolve_offered_at is not None
    assert take(world, alert(severity="warning"))[0].lead is Lead.REPEAT
    assert world.rows(tables.incident)[0].resolve_offered_at is None


def test_an_alert_without_a_rule_opens_nothing_and_says_so(world: World) -> None:
    [nothing] = take(world, alert(severity="info"))
    assert (nothing.lead, nothing.incident_id) == (Lead.NOTHING, None)
    assert "rules.yaml" in nothing.why
    assert take(world, alert("new", firing=False))[0].lead is Lead.NOTHING


def test_a_broadcast_that_would_leave_people_with_mail_alone_stays_a_draft(world: World) -> None:
    world.objections = ["3 of 9 people could be reached by mail alone"]
    [kept] = take(world, alert())
    assert (kept.lead, kept.told) == (Lead.DRAFT, None)
    assert "mail alone" in kept.why
    assert len(world.rows(tables.incident)) == 1
    assert world.rows(tables.incident_update) == world.rows(tables.broadcast) == []


def test_a_broadcast_whose_words_do_not_fit_stays_a_draft(world: World) -> None:
    [kept] = take(world, alert(), desk=unfit_desk(world))
    assert (kept.lead, kept.told) == (Lead.DRAFT, None)
    assert "too long" in kept.why
    assert world.rows(tables.incident_update) == world.rows(tables.broadcast) == []


def test_a_resolve_whose_words_do_not_fit_is_offered_and_the_incident_stays_open(world: World) -> None:
    take(world, alert())
    [offered] = take(world, alert(firing=False), desk=unfit_desk(world))
    assert (offered.lead, offered.told) == (Lead.OFFER_RESOLVE, None)
    [incident] = world.rows(tables.incident)
    assert (incident.state, incident.resolved_at) == ("investigating", None)
    assert incident.resolve_offered_at is not None
    assert len(world.rows(tables.incident_update)) == 1


def test_labels_of_any_length_make_a_key_that_can_be_kept(world: World) -> None:
    long = "x" * 1000
    one, same, other = take(
        world,
        alert("k" * 900, service=long + "1"),
        alert("k" * 900, service=long + "1"),
        alert("k" * 900 + "2", service=long + "2"),
    )
    assert one.incident_id == same.incident_id != other.incident_id


def test_a_refusal_keeps_nothing(world: World) -> None:
    with pytest.raises(Refused, match="did you mean 'outage'"), world.ledger.write() as tx:
        world.desk.open(tx, Order("outge", "Ada"), Say("Ada"))
    unknown = Order("outage", "Ada", vendors=("slck", "nobody"), audience="everybody")
    with pytest.raises(Refused) as refused, world.ledger.write() as tx:
        world.desk.open(tx, unknown, Say("Ada"))
    assert len(refused.value.problems) == 3
    world.objections = ["2 people could be reached by mail alone"]
    with pytest.raises(Refused, match="mail alone"), world.ledger.write() as tx:
        world.desk.open(tx, Order("outage", "Ada"), Say("Ada"))
    for table in (tables.incident, tables.incident_update, tables.broadcast, tables.words):
        assert world.rows(table) == []


def test_invariant_1_an_override_is_recorded_with_what_it_overrode(world: World) -> None:
    world.objections = ["2 people could be reached by mail alone"]
    with world.ledger.write() as tx:
        told = world.desk.open(tx, Order("outage", "Ada"), Say("Ada", override="they were called"))
    assert told.broadcast.override == "they were called; 2 people could be reached by mail alone"
    assert told.broadcast.author == "Ada"
    assert world.tell(about=_accepting(world, told.incident)).broadcast.override == ""


def _accepting(world: World, about: Incident) -> Incident:
    world.objections = []
    return about


def test_updates_are_numbered_and_the_last_one_ends_it(world: World) -> None:
    told = world.tell()
    second = world.tell(about=told.incident, state=State.IDENTIFIED)
    last = world.tell(about=second.incident, state=State.RESOLVED)
    with world.ledger.write() as tx:
        said = incidents.updates(tx, told.incident.id)
        assert [(one.number, one.reason, one.state) for one in said] == [
            (1, "opened", "investigating"),
            (2, "update", "identified"),
            (3, "resolved", "resolved"),
        ]
        assert [one.next_update_at is None for one in said] == [False, False, True]
        with pytest.raises(WrongState):
            world.desk.tell(tx, last.incident, Say("Ada"))
        with pytest.raises(NotFound, match="INC-99"):
            world.desk.find(tx, 99)
    assert [row.status for row in world.rows(tables.broadcast)] == ["superseded", "superseded", "accepted"]
