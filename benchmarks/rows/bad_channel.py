"""What a route whose provider takes requests and never answers costs the routes that work."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.ground import Ground
from benchmarks.measure import Line, ratio
from benchmarks.site import AUDIENCE, PHONES, Shape, Site, people, running
from channels.contract import Kind
from dispatcher.model.recipient import Recipient

MESSAGES = 6_000
#: So many more people have only the route that hangs.
HANGING = 1_000
_WITHIN = 120.0


def run(ground: Ground) -> Iterator[Line]:
    """The rate of the SMS route, with and without a Slack route that hangs. Both are sent by the same workers.

    What hangs goes on hanging, so every pair needs a new system: first the phones alone to warm up, then the phones
    alone, then everybody.
    """
    count = ground.size(MESSAGES, least=500)
    rounds = ground.rounds()
    shape = Shape(ground.provider.url, slack=f"{ground.provider.url}/hang/")
    who = [*people(count), *_slack_alone(ground.size(HANGING, least=100))]
    taken: dict[str, list[float]] = {"without": [], "with": []}
    for number in range(1, rounds + 1):
        with running(shape, who) as site:
            _rate(ground, site, PHONES, count)
            taken["without"].append(_rate(ground, site, PHONES, count))
            taken["with"].append(_rate(ground, site, AUDIENCE, count))
        print(
            f"  round {number} of {rounds}: {taken['without'][-1]:,.0f} and {taken['with'][-1]:,.0f} SMS/s", flush=True
        )
    yield Line(
        key="bad_channel",
        what=f"{count:,} SMS while a Slack route hangs, with {len(who) - count:,} people on it",
        baseline="the same SMS alone",
        reached=ratio(taken, "with", "without"),
        goal=0.95,
        runs=taken,
        note="SMS/s from the call of the API to the last one at the provider",
    )


def _slack_alone(count: int) -> list[Recipient]:
    return [Recipient(f"s{number}", addresses={Kind.CHAT: f"U{number:09d}"}) for number in range(count)]


def _rate(ground: Ground, site: Site, audience: str, count: int) -> float:
    ground.provider.reset()
    called = time.monotonic()
    site.tell(audience)
    seen = ground.provider.until(count, within=_WITHIN, look=site.system.look)
    assert seen.last is not None
    return count / (seen.last - called)
