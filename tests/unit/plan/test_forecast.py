"""How long a broadcast takes, and what is said about it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Kind
from dispatcher.plan.forecast import Load, Outlook, Speed, lasting, outlook

HOUR = 3600.0
DAY = 24 * HOUR


def sms(loads: list[Load], speed: Speed, useful_for: float = HOUR) -> Outlook:
    return outlook(Kind.SMS, "sms", loads, speed, useful_for)


@pytest.mark.parametrize(
    ("speed", "loads", "useful_for", "first", "last", "in_time", "pace"),
    [
        # One long code for twenty thousand: five and a half hours.
        (Speed(1, "segments"), [Load(20_000)], HOUR, 0, 20_000, 3_600, "1 segment a second"),
        # Two segments each take twice as long; the pace of messages does not care.
        (Speed(1, "segments"), [Load(1_000, 2)], HOUR, 0, 2_000, 1_000, "1 segment a second"),
        (Speed(1, "segments"), [Load(3_000, 2)], HOUR, 0, 6_000, 1_800, "1 segment a second"),
        (Speed(1, "messages"), [Load(3_000, 2)], HOUR, 0, 3_000, 3_000, "1 message a second"),
        # A language whose words are longer: together 1.5 segments each.
        (Speed(3, "segments"), [Load(100, 1), Load(100, 2)], HOUR, 0, 100, 200, "3 segments a second"),
        # The cap of a day: 2,000 today, 2,000 tomorrow, the rest the day after.
        (Speed(10, "messages", 2_000), [Load(5_000)], HOUR, 0, 2 * DAY + 100, 2_000, None),
        (Speed(10, "messages", 2_000), [Load(5_000)], DAY + 50, 0, 2 * DAY + 100, 2_500, None),
        (
            Speed(10, "messages", 2_000),
            [Load(2_000)],
            HOUR,
            0,
            200,
            2_000,
            "10 messages a second, 2,000 messages a day",
        ),
        (Speed(None, "messages", 0), [Load(5)], HOUR, None, None, 0, "0 messages a day"),
        # Half of today's cap is gone, and the day ends in half an hour.
        (Speed(10, per_day=2_000, spent=1_000, day_left=1_800), [Load(3_500)], HOUR, 0, 1_800 + DAY + 50, 3_000, None),
        (Speed(10, per_day=2_000, spent=2_000, day_left=1_800), [Load(500)], HOUR, 1_800, 1_850, 500, None),
        # What was sent before keeps it busy for ten minutes more.
        (Speed(1, busy_for=600), [Load(3_500)], HOUR, 600, 4_100, 3_000, None),
        # A pace that does not reach its cap within a day.
        (Speed(0.01, "messages", 2_000), [Load(1_000)], HOUR, 0, 100_000, 36, None),
        # Without a pace only what is in flight counts: 32 at a time, each a quarter of a second.
        (Speed(None), [Load(12_800)], HOUR, 0, 100, 12_800, "not limited by us"),
        (Speed(None, max_in_flight=1), [Load(12_800)], 10, 0, 3_200, 40, "not limited by us"),
        (Speed(1), [], HOUR, 0, 0, 0, "1 message a second"),
    ],
)
def test_how_long_it_takes_and_who_is_told_in_time(
    speed: Speed,
    loads: list[Load],
    useful_for: float,
    first: float | None,
    last: float | None,
    in_time: int,
    pace: str | None,
) -> None:
    found = sms(loads, speed, useful_for)
    assert (found.first, found.last, found.in_time) == (
        first and pytest.approx(first),
        last and pytest.approx(last),
        in_time,
    )
    assert found.messages == sum(load.messages for load in loads)
    assert found.parts == sum(load.messages * load.parts for load in loads)
    if pace is not None:
        assert found.pace == pace
    assert bool(found.warning) == (in_time < found.messages)


def test_a_route_that_is_too_slow_is_told_with_what_to_do() -> None:
    slow = Speed(1, "segments")
    assert sms([Load(12_000, instead={Kind.INAPP: 9_000, Kind.EMAIL: 12_000}), Load(8_000)], slow).warning == (
        "sms, 1 segment a second: 5.6 h for 20,000 messages; only 3,600 are told within the 1 h for which this is "
        "useful; add a short code or a faster number, or let in-app go first: 9,000 of them can be told by it"
    )
    assert sms([Load(20_000)], slow).warning.endswith("useful; add a faster sender or a second route for sms")
    none = outlook(Kind.CHAT, "chat", [Load(9)], Speed(1, per_day=0), HOUR).warning
    assert none == (
        "chat, 1 message a second, 0 messages a day: never done with 9 messages; nobody is told within the 1 h for "
        "which this is useful; add a faster sender or a second route for chat"
    )


@pytest.mark.parametrize(
    ("speed", "crowds", "last", "in_time"),
    [
        # A hundred a minute: the largest domain takes an hour and a half, all others are told long before.
        (Speed(20, to_one=100 / 60), [9_000, 400], 5_399.4, 11_000 - 9_000 + 6_001),
        # Several are too large.
        (Speed(20, to_one=100 / 60), [6_500, 6_101, 3], 3_899.4, 11_000 - 499 - 100),
        # One message for each leaves at once, however slow.
        (Speed(20, to_one=1 / 60), [1, 1, 1], 550, 11_000),
        # The route itself is what takes so long.
        (Speed(1, to_one=0.5), [600], 11_000, 3_600),
        (Speed(20), [9_000], 550, 11_000),
    ],
)
def test_the_largest_destination_may_be_what_takes_so_long(
    speed: Speed, crowds: list[int], last: float, in_time: int
) -> None:
    found = outlook(Kind.EMAIL, "mail", [Load(11_000)], speed, HOUR, crowds)
    assert (found.last, found.in_time) == (pytest.approx(last), in_time)
    assert bool(found.warning) == (in_time < found.messages)


def test_a_domain_that_is_too_large_is_told_with_what_to_do() -> None:
    slow = Speed(20, to_one=100 / 60)
    loads = [Load(11_000, instead={Kind.INAPP: 8_000})]
    assert outlook(Kind.EMAIL, "mail", loads, slow, HOUR, [9_000]).warning == (
        "mail, 20 messages a second, 100 messages a minute to one destination: 1.5 h for 11,000 messages; only 8,001 "
        "are told within the 1 h for which this is useful; 9,000 of them go to one domain: raise per_destination if it "
        "takes more, or add a second route, or let in-app go first: 8,000 of them can be told by it"
    )
    texts = Speed(20, "segments", to_one=1)
    assert outlook(Kind.SMS, "sms", [Load(11_000, 2)], texts, HOUR, [11_000]).warning.endswith(
        "; 11,000 of them go to one country: raise per_destination if it takes more, or add a second route"
    )


def test_costs_are_added_up_and_unknown_where_no_price_is() -> None:
    dear = [Load(1_000, 2, Decimal("0.029"), "USD"), Load(500, 1, Decimal("0.0145"), "USD")]
    found = sms(dear, Speed())
    assert (found.cost, found.currency) == (Decimal("36.25"), "USD")
    assert sms([Load(1_000)], Speed()).cost is None


@given(
    st.integers(0, 10_000),
    st.integers(1, 4),
    st.floats(0.1, 100),
    st.none() | st.integers(1, 5_000),
    st.floats(1, 5 * DAY),
)
def test_who_is_told_in_time_agrees_with_sending_one_after_the_other(
    messages: int, parts: int, rate: float, per_day: int | None, useful_for: float
) -> None:
    found = sms([Load(messages, parts)], Speed(rate, "segments", per_day), useful_for)
    assert 0 <= found.in_time <= messages
    assert found.last is not None
    if found.last <= useful_for:
        assert found.in_time == messages
    # More time never tells fewer, and the last of as many as are in time is in time.
    assert sms([Load(messages, parts)], Speed(rate, "segments", per_day), useful_for * 2).in_time >= found.in_time
    if found.in_time:
        alone = sms([Load(found.in_time, parts)], Speed(rate, "segments", per_day), useful_for)
        assert alone.last is not None
        assert alone.last <= useful_for * (1 + 1e-9) + 1e-6


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "at once"),
        (0.1, "under 1 s"),
        (59, "59 s"),
        (90, "1.5 min"),
        (3600, "1 h"),
        (20_160, "5.6 h"),
        (2 * DAY, "2 days"),
    ],
)
def test_a_length_of_time_as_people_say_it(seconds: float, said: str) -> None:
    assert lasting(seconds) == said
