"""A chain comes back from the ledger as it went in, and the previous release can read it beside this one."""

from __future__ import annotations

import json

from channels.contract import Kind
from dispatcher.ledger.held import chain_from_json, chain_to_json
from dispatcher.model.delivery import Because, Chain, Hop

CHAIN = Chain(
    (Hop("a", Kind.SMS, "first", Because.CHOICE, ("twilio", "aws")), Hop("b", Kind.EMAIL, "last", Because.DOWN)),
    (Hop("c", Kind.CHAT, "none", Because.NO_ADDRESS),),
)


def test_a_chain_comes_back_as_it_went_in() -> None:
    assert chain_from_json(json.loads(json.dumps(chain_to_json(CHAIN)))) == CHAIN


def test_the_previous_release_finds_what_it_knows() -> None:
    stored = json.loads(json.dumps(chain_to_json(CHAIN)))
    assert stored["hops"] == [["a", "sms", "first"], ["b", "email", "last"]]
    assert stored["left_out"] == [["c", "chat", "none"]]


def test_what_the_previous_release_wrote_is_read() -> None:
    stored = {"hops": [["a", "sms", "first"]], "left_out": []}
    assert chain_from_json(stored) == Chain((Hop("a", Kind.SMS, "first"),))
