"""How a vendor is, from what everybody says about it and about what it rides on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Kind
from dispatcher.model.circuit import Breaker, Circuit
from dispatcher.model.config import Company, Config, Policies, Vendor
from dispatcher.model.vendors import Source, VendorState, Word
from dispatcher.plan.chains import Way
from dispatcher.plan.health import fallen, judge, of_breakers

AT = datetime(2026, 11, 29, 12, 4, tzinfo=UTC)
RIDES = {"slack": ("aws",), "twilio": ("aws",), "aws": ("power",), "power": (), "alone": (), "a": ("b",), "b": ("a",)}
CONFIG = Config(
    company=Company(name="x"),
    vendors={name: Vendor(title=name, rides_on=under) for name, under in RIDES.items()},
    routes={},
    audiences={},
    destinations={},
    policies=Policies(),
    rules=(),
    playbooks={},
)
OK, DEGRADED, DOWN, UNKNOWN = VendorState.OK, VendorState.DEGRADED, VendorState.DOWN, VendorState.UNKNOWN


def word(said: str, vendor: str = "slack") -> Word:
    source, state = said.rsplit(" ", 1)
    return Word(vendor, VendorState(state), Source(source), AT, AT, f"{source} said {state}")


@pytest.mark.parametrize(
    ("said", "state", "source"),
    [
        ([], UNKNOWN, Source.NOBODY),
        (["operator down"], DOWN, Source.OPERATOR),
        # An operator knows better, for better or worse.
        (["operator ok", "incident down", "breakers down", "feed down"], OK, Source.OPERATOR),
        (["operator degraded", "incident down"], DEGRADED, Source.OPERATOR),
        # But not better than what the message itself is about.
        (["operator ok", "this incident down"], DOWN, Source.THIS_INCIDENT),
        # The worst of what incidents and breakers say; alike, the incident.
        (["incident degraded", "breakers down"], DOWN, Source.BREAKERS),
        (["incident down", "breakers degraded"], DOWN, Source.INCIDENT),
        (["incident down", "breakers down"], DOWN, Source.INCIDENT),
        (["incident degraded", "incident down"], DOWN, Source.INCIDENT),
        # A feed alone counts one step less than it says.
        (["feed down"], DEGRADED, Source.FEED),
        (["feed degraded"], OK, Source.FEED),
        (["feed ok"], OK, Source.FEED),
        (["feed unknown"], UNKNOWN, Source.FEED),
        # With something that we have seen ourselves, in full; it never makes anything better.
        (["breakers degraded", "feed down"], DOWN, Source.BREAKERS),
        (["incident degraded", "feed down"], DOWN, Source.INCIDENT),
        (["breakers degraded", "feed degraded"], DEGRADED, Source.BREAKERS),
        (["breakers down", "feed ok"], DOWN, Source.BREAKERS),
        (["incident down", "feed unknown"], DOWN, Source.INCIDENT),
    ],
)
def test_who_says_it_counts(said: list[str], state: VendorState, source: Source) -> None:
    found = judge(CONFIG, [word(one) for one in said], AT)["slack"]
    assert (found.state, found.source, found.beneath) == (state, source, "")
    assert bool(found.why) == bool(said)
    assert found.seen_at == AT


def test_a_vendor_is_no_better_than_what_it_rides_on() -> None:
    found = judge(CONFIG, [word("operator down", "power"), word("operator ok", "slack")], AT)
    assert {name: one.state for name, one in found.items()} == {
        "slack": DOWN, "twilio": DOWN, "aws": DOWN, "power": DOWN, "alone": UNKNOWN, "a": UNKNOWN, "b": UNKNOWN,
    }  # fmt: skip
    assert found["slack"].beneath == "power"
    assert found["slack"].why == "because it rides on power, down since 12:04 UTC, operator said down"
    assert fallen(found) == ("power",)
    # Its own state, where that is as bad, and degraded beneath down does not show.
    found = judge(CONFIG, [word("operator degraded", "power"), word("operator down", "aws")], AT)
    assert (found["aws"].state, found["aws"].beneath) == (DOWN, "")
    assert (found["slack"].state, found["slack"].beneath) == (DOWN, "aws")


def test_vendors_that_ride_on_each_other_are_judged_all_the_same() -> None:
    found = judge(CONFIG, [word("operator down", "a")], AT)
    assert (found["a"].beneath, found["b"].beneath) == ("", "a")


def test_who_is_not_configured_any_more_is_not_spoken_of() -> None:
    assert "gone" not in judge(CONFIG, [word("incident down", "gone")], AT)


words = st.builds(
    word,
    st.builds(
        "{} {}".format, st.sampled_from(["operator", "incident", "breakers", "feed"]), st.sampled_from(VendorState)
    ),
    st.sampled_from(list(RIDES)),
)


@given(st.lists(words, max_size=12))
def test_a_feed_alone_makes_nothing_down_and_nothing_better(said: list[Word]) -> None:
    # One word of a source about a vendor.
    said = list({(one.vendor, one.source): one for one in said}.values())
    with_feeds = judge(CONFIG, said, AT)
    without = judge(CONFIG, [one for one in said if one.source is not Source.FEED], AT)
    bad = [UNKNOWN, OK, DEGRADED, DOWN]
    for name, one in with_feeds.items():
        assert max(1, bad.index(one.state)) >= max(1, bad.index(without[name].state))
    if not any(one.state.is_bad for one in without.values()):
        assert fallen(with_feeds) == ()


def test_what_our_own_breakers_say() -> None:
    direct = {"sms": ("twilio",), "call": ("twilio",), "off": ("twilio",), "chat": ("slack",)}
    ways = [
        Way("sms", Kind.SMS, ("twilio", "aws")),
        Way("call", Kind.SMS, ("twilio", "aws")),
        Way("off", Kind.SMS, ("twilio",), "switched off"),
        Way("chat", Kind.CHAT, ("slack", "aws")),
    ]

    def said(*opened: str) -> dict[str, str]:
        tripped = {route: Circuit(Breaker.OPEN, "timeouts", AT) for route in opened}
        return {one.vendor: one.state.value for one in of_breakers(direct, ways, tripped, AT)}

    assert said() == {}
    assert said("sms") == {"twilio": "degraded"}
    assert said("off") == {}, "one that is not used proves nothing"
    assert said("sms", "call") == {"twilio": "down"}
    # AWS carries them all, and is named by none itself: whether it is down nobody can tell from here.
    assert said("sms", "call", "chat") == {"twilio": "down", "slack": "down"}
    [one] = of_breakers(direct, ways, {"chat": Circuit(Breaker.OPEN, "timeouts", AT)}, AT)
    assert one.why == "our own breaker of chat (timeouts)"
