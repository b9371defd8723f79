"""The store: exact counts, bounded memory."""

from __future__ import annotations

from typing import Any

import pytest

from channels.simulator.store import Held, Store

_refs = iter(range(10**9))


def held(to: str = "a", body: str = "hello", **rest: Any) -> Held:
    given: dict[str, Any] = {"provider": "twilio", "kind": "sms", "at": 1.0, "status": "queued", "request": 1}
    return Held(**{**given, "ref": f"SM{next(_refs)}", "to": to, "body": body, **rest})


def test_twice_is_the_same_person_words_and_provider() -> None:
    store = Store()
    for message in (held(), held(), held("b"), held(body="other"), held(provider="x", kind="post"), held()):
        store.hold(message)
    assert store.twice() == [{"provider": "twilio", "to": "a", "body": "hello", "count": 3}]


def test_a_message_that_was_lost_counts_for_nobody() -> None:
    store = Store()
    first, second = held(), held()
    store.hold(first)
    store.hold(second)
    assert len(store.twice()) == 1
    store.settle(first, "undelivered", "30003")
    store.settle(first, "undelivered", "30003")
    assert store.twice() == []
    assert (store.tallies["twilio"].stored, store.tallies["twilio"].got) == (2, 1)
    assert [entry["ref"] for entry in store.recipients()["twilio"]["a"]] == [second.ref]
    store.settle(second, "failed")
    assert store.recipients() == {}
    store.hold(held())
    assert store.twice() == []


def test_edits_and_deletions_tell_nobody() -> None:
    store = Store()
    store.hold(held(provider="slack", kind="post"))
    store.hold(held(provider="slack", kind="update"))
    store.hold(held(provider="x", kind="delete"))
    assert store.twice() == []
    assert store.tallies["slack"].stored == 1
    assert len(store.received()) == 3


def test_beyond_the_cap_the_oldest_go_and_are_counted() -> None:
    store = Store(cap=3)
    messages = [held("a"), held("a"), held("b"), held("b"), held("c")]
    for message in messages[:2]:
        store.hold(message)
    assert len(store.twice()) == 1
    for message in messages[2:]:
        store.hold(message)
    assert (len(store), store.dropped) == (3, 2)
    assert store.find("twilio", messages[0].ref) is None
    assert [m.ref for m in store.newest("twilio")] == [m.ref for m in reversed(messages[2:])]
    assert list(store.newest("twilio", "a")) == []
    assert [entry["to"] for entry in store.twice()] == ["b"]
    assert store.tallies["twilio"].got == 5
    store.settle(messages[0], "failed")
    assert store.tallies["twilio"].got == 4
    assert not store._by_to.get(("twilio", "a"))
    assert len(store._words) == 2


def test_clear_forgets_everything() -> None:
    store = Store()
    store.hold(held())
    store.hold(held())
    store.arrive("twilio", sending=True)
    store.refuse("twilio", "500")
    store.clear()
    assert (len(store), store.dropped, store.twice(), store.received(), store.recipients()) == (0, 0, [], [], {})
    assert store.tallies["twilio"].as_data() == {"requests": 0, "sends": 0, "stored": 0, "got": 0, "refused": {}}
    assert store.arrive("twilio", sending=True) == 1
    later = held()
    store.hold(later)
    assert [m.ref for m in store.newest()] == [later.ref]


def test_received_since_limit_and_filters() -> None:
    store = Store()
    for n in range(5):
        store.hold(held("a" if n % 2 else "b", at=float(n)))
    assert [entry["at"] for entry in store.received(since=2.0)] == [2.0, 3.0, 4.0]
    assert [entry["at"] for entry in store.received(limit=2)] == [3.0, 4.0]
    assert [entry["at"] for entry in store.received(to="a")] == [1.0, 3.0]
    assert store.received(provider="x") == []
    assert [entry["at"] for entry in store.recipients(to="b")["twilio"]["b"]] == [0.0, 2.0, 4.0]


def test_a_store_must_hold_something() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Store(cap=0)
