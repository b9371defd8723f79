"""What a drill finds: the providers' side counts, and the ledger has to agree."""

from __future__ import annotations

import pytest

from channels.contract import Kind
from dispatcher.faces.cli.drill.judge import Held, Times, judge
from dispatcher.faces.cli.drill.people import Extra, invented
from dispatcher.model.delivery import Hop, Status
from dispatcher.model.drill import Promise, Sort, Tried

CAST = invented([Sort("en", frozenset({Kind.SMS, Kind.EMAIL}), frozenset({"eu"}), 40)], 4, {})
FIRST = Hop("first", Kind.SMS, "", vendors=("vendor", "its-cloud"))
HOPS = (FIRST, Hop("second", Kind.SMS, "", vendors=("other",)), Hop("mail", Kind.EMAIL, "", vendors=("relay",)))


def promise(extra: Extra, status: Status, route: str, *tried: Tried, hops: tuple[Hop, ...] = HOPS) -> Promise:
    return Promise(extra.person.ref, "", "reach", route, status, "as it is", hops, tried)


def text(extra: Extra, after: float = 1.0, provider: str = "telnyx") -> Held:
    return Held(provider, extra.person.addresses[Kind.SMS], "DRILL words", after)


def mail(extra: Extra, after: float = 1.0) -> Held:
    return Held("smtp", extra.person.addresses[Kind.EMAIL], "DRILL words", after)


def test_all_told_by_another_route() -> None:
    left = Tried("first", "deferred", "", "")
    promises = [promise(one, Status.ACCEPTED, "second", left, Tried("second", "accepted", "", "")) for one in CAST]
    held = [text(one, number) for number, one in enumerate(CAST, 1)]
    found = judge("refuse", CAST, held, promises, {}, dead=["its-cloud"], took=5.0, settled=True)
    assert found.well
    assert (found.people, found.told, found.by_route) == (4, 4, {"second": 4})
    assert found.times == Times(1, 2.5, 4, 4)
    assert found.failovers == {"first: could not be handed over; tries or time used up": 4}


def test_who_was_not_told_counts_only_when_a_way_was_left() -> None:
    no_way = promise(CAST[0], Status.FAILED, "first", hops=HOPS[:1])
    a_way = promise(CAST[1], Status.UNCERTAIN, "first")
    fine = [promise(one, Status.ACCEPTED, "second") for one in CAST[2:]]
    held = [text(one) for one in CAST[2:]]
    found = judge("hang", CAST, held, [no_way, a_way, *fine], {}, dead=["its-cloud"], took=5.0, settled=False)
    assert not found.well
    assert (found.told, found.could_not, found.not_told) == (2, 1, 1)
    assert found.whom == [
        "1 of those with sms, email (en, tagged eu; 40 people): uncertain: as it is",
        "1 of those with sms, email (en, tagged eu; 40 people): no way was left",
    ]
    assert judge("hang", CAST[:1], [], [no_way], {}, dead=["its-cloud"], took=5.0, settled=True).well


def test_twice_is_the_same_words_at_one_address_whoever_sent_them() -> None:
    promises = [promise(one, Status.ACCEPTED, "second") for one in CAST]
    held = [*map(text, CAST), text(CAST[0], 2.0, "twilio")]
    found = judge("hang", CAST, held, promises, {}, dead=[], took=5.0, settled=True)
    assert (found.twice, found.two_ways) == (1, 1)
    assert not found.well
    assert CAST[0].person.addresses[Kind.SMS] not in str(found.whom)


def test_told_by_mail_alone_and_by_two_ways_is_said() -> None:
    promises = [promise(one, Status.ACCEPTED, "mail") for one in CAST]
    held = [*map(mail, CAST), text(CAST[0], 3.0)]
    found = judge("silent-receipts", CAST, held, promises, {}, dead=[], took=5.0, settled=True)
    assert found.well
    assert (found.mail_alone, found.two_ways) == (3, 1)


def test_the_ledger_is_not_believed() -> None:
    promises = [promise(one, Status.DELIVERED, "second") for one in CAST]
    found = judge("slow", CAST, map(text, CAST[1:]), promises, {}, dead=[], took=5.0, settled=True)
    assert (found.told, found.unproven) == (3, 1)
    assert not found.well


def test_mail_to_a_mailbox_that_is_down_tells_nobody() -> None:
    sort = Sort("en", frozenset({Kind.SMS, Kind.EMAIL}), frozenset(), 40, mailbox_at="hoster")
    cast = invented([sort], 2, {"hoster": "mail-1.drill.example"})
    hops = (Hop("mail", Kind.EMAIL, "", vendors=("relay", "hoster")),)
    stuck = promise(cast[0], Status.ACCEPTED, "mail", hops=hops)
    also = promise(cast[1], Status.ACCEPTED, "mail", hops=(*hops, FIRST))
    found = judge("refuse", cast, map(mail, cast), [stuck, also], {}, dead=["hoster"], took=5.0, settled=True)
    assert (found.told, found.could_not, found.not_told, found.unproven) == (0, 1, 1, 0)
    well = judge("slow", cast, map(mail, cast), [stuck, also], {}, dead=[], took=5.0, settled=True)
    assert (well.told, well.mail_alone) == (2, 2)


@pytest.mark.parametrize(
    ("outcome", "heard", "why"),
    [
        ("accepted", "undelivered", "a receipt said no"),
        ("accepted", "", "taken, and no receipt came in time"),
        ("accepted", "sent", "taken, and no receipt came in time"),
        ("rejected", "", "rejected"),
        ("skipped", "", "skipped before trying: its breaker was open"),
        ("", "", "the worker died"),
    ],
)
def test_why_a_message_left_a_route(outcome: str, heard: str, why: str) -> None:
    one = promise(
        CAST[0], Status.ACCEPTED, "second", Tried("first", "deferred", "", ""), Tried("first", outcome, heard, "")
    )
    found = judge("slow", CAST[:1], [text(CAST[0])], [one], {}, dead=[], took=1.0, settled=True)
    assert found.failovers == {f"first: {why}": 1}
