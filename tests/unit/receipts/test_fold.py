"""How one receipt changes what is known: laws over any order of what is heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Word
from dispatcher.model.delivery import CLOSED, Status
from dispatcher.receipts.fold import MoveOn, Note, Rise, fold

#: From the least that can be known to the most.
RANKS = [Word.QUEUED, Word.SENT, Word.UNDELIVERED, Word.DELIVERED, Word.READ]
words = st.lists(st.sampled_from(Word), max_size=8)


def told(heard: list[Word], status: Status = Status.ACCEPTED) -> tuple[Word | None, Status, bool, list[Status]]:
    """Fold one after the other, as a delivery of which no other route is left."""
    known: Word | None = None
    current = True
    seen = [status]
    for word in heard:
        effect = fold(heard=word, known=known, status=status, is_current=current)
        known = effect.word or known
        if isinstance(effect, Rise):
            status = effect.status
        if isinstance(effect, MoveOn):
            current = False
        seen.append(status)
    return known, status, current, seen


@given(words)
def test_words_only_rise(heard: list[Word]) -> None:
    heights = []
    for end in range(len(heard) + 1):
        known = told(heard[:end])[0]
        heights.append(-1 if known is None else RANKS.index(known))
    assert heights == sorted(heights)


@given(words)
def test_hearing_it_again_changes_nothing(heard: list[Word]) -> None:
    assert told(heard + heard)[:3] == told(heard)[:3]


@given(words, st.randoms(use_true_random=False))
def test_the_last_word_does_not_depend_on_the_order(heard: list[Word], random: object) -> None:
    shuffled = sorted(heard, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert told(shuffled)[0] == told(heard)[0]


@given(words.filter(lambda heard: Word.UNDELIVERED not in heard), st.randoms(use_true_random=False))
def test_without_a_negative_word_the_status_does_not_depend_on_the_order_either(
    heard: list[Word], random: object
) -> None:
    shuffled = sorted(heard, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert told(shuffled)[1] is told(heard)[1]


@given(st.sampled_from(Status), st.none() | st.sampled_from(RANKS), st.booleans())
def test_an_unknown_word_changes_nothing(status: Status, known: Word | None, current: bool) -> None:
    effect = fold(heard=Word.UNKNOWN, known=known, status=status, is_current=current)
    assert isinstance(effect, Note)
    assert effect.word is None


@given(st.sampled_from(Word), st.none() | st.sampled_from(RANKS), st.sampled_from(Status))
def test_a_left_route_is_recorded_and_settles_only_what_nobody_else_has_or_sends(
    heard: Word, known: Word | None, status: Status
) -> None:
    effect = fold(heard=heard, known=known, status=status, is_current=False)
    others = {Status.SENDING, Status.ASKING, Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ}
    new = known is None or RANKS.index(known) < RANKS.index(heard) if heard in RANKS else False
    if heard in {Word.DELIVERED, Word.READ} and new and status not in others:
        assert effect == Rise(heard, Status(heard.value), effect.effect)
    else:
        assert isinstance(effect, Note)


@given(st.sampled_from(Word), st.none() | st.sampled_from(RANKS), st.sampled_from(sorted(CLOSED)))
def test_what_is_closed_stays_closed_unless_it_arrived(heard: Word, known: Word | None, status: Status) -> None:
    effect = fold(heard=heard, known=known, status=status, is_current=True)
    assert isinstance(effect, Note) or heard in {Word.DELIVERED, Word.READ}
    assert not isinstance(effect, MoveOn)


@given(st.sampled_from(Word), st.none() | st.sampled_from(RANKS), st.booleans())
def test_invariant_5_unconfirmed_ends_by_a_final_word_only(heard: Word, known: Word | None, current: bool) -> None:
    effect = fold(heard=heard, known=known, status=Status.UNCONFIRMED, is_current=current)
    assert isinstance(effect, Note) or heard in {Word.UNDELIVERED, Word.DELIVERED, Word.READ}


@given(st.sampled_from(Word), st.none() | st.sampled_from(RANKS), st.sampled_from(Status), st.booleans())
def test_invariant_7_every_effect_has_its_words(heard: Word, known: Word | None, status: Status, now: bool) -> None:
    assert fold(heard=heard, known=known, status=status, is_current=now).effect


@pytest.mark.parametrize(
    ("heard", "status"),
    [
        ([], Status.ACCEPTED),
        ([Word.QUEUED], Status.ACCEPTED),
        ([Word.SENT], Status.SENT),
        ([Word.SENT, Word.DELIVERED], Status.DELIVERED),
        ([Word.DELIVERED, Word.SENT], Status.DELIVERED),
        ([Word.READ], Status.READ),
        ([Word.READ, Word.UNDELIVERED], Status.READ),
        ([Word.DELIVERED, Word.UNDELIVERED], Status.DELIVERED),
    ],
)
def test_invariant_5_the_status_says_no_more_than_was_heard(heard: list[Word], status: Status) -> None:
    assert told(heard)[1] is status
    assert told(heard)[2]


@pytest.mark.parametrize("status", [Status.PENDING, Status.SENDING, Status.ASKING, Status.UNCERTAIN])
def test_a_receipt_settles_a_doubt(status: Status) -> None:
    effect = fold(heard=Word.QUEUED, known=None, status=status, is_current=True)
    assert isinstance(effect, Rise)
    assert (effect.word, effect.status) == (Word.QUEUED, Status.ACCEPTED)
    assert isinstance(fold(heard=Word.UNDELIVERED, known=None, status=status, is_current=True), MoveOn)
