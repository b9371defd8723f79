"""The way of a correction: back by the route that carried what is taken back. Pure."""

from __future__ import annotations

from dataclasses import replace

from dispatcher.model.delivery import Because, Chain


def retrace(chain: Chain, carrier: str) -> Chain:
    """The chain by which somebody was told, with the route that told them in front: it can delete its posts, and its
    thread is where they look."""
    first = [hop for hop in chain.hops if hop.route == carrier]
    said = "carried what is taken back"
    there = tuple(replace(hop, reason=said, because=Because.CHOICE) for hop in first[:1])
    return Chain((*there, *(hop for hop in chain.hops if hop.route != carrier)), chain.left_out)
