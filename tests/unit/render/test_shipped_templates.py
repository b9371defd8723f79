"""Every text that ships, in every language, fits every kind with the facts that ship."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from render_rig import COMPANY, measure, telling

from channels.contract import Kind
from channels.registry import channel_types
from channels.sms.segments import segments
from dispatcher.model.config import Playbook
from dispatcher.model.incident import Reason, State
from dispatcher.model.wording import Composed
from dispatcher.render import EXAMPLE_FACTS, STANDARD_FACTS, Composer, check_facts, does_not_fit, fill, longest
from dispatcher.settings import read_config, shipped

TEMPLATES = shipped("templates")
PLAYBOOKS = read_config(shipped("config")).playbooks
STATES = {
    Reason.OPENED: State.INVESTIGATING,
    Reason.UPDATE: State.IDENTIFIED,
    Reason.RESOLVED: State.RESOLVED,
    Reason.RETRACTED: State.RESOLVED,
}
CASES = list(product(PLAYBOOKS, Reason))
ADDRESS = re.compile(r"https?:|www\.|\b[\w-]+\.(com|org|net|example|io|de)\b", re.IGNORECASE)


def compose(
    name: str, reason: Reason, number: int = 1, *, later: timedelta = timedelta(), kinds: Iterable[Kind] = Kind
) -> tuple[Composed, ...]:
    playbook: Playbook = PLAYBOOKS[name]
    told = telling(reason, playbook.facts, messages=playbook.messages, state=STATES[reason], number=number,
                   title=playbook.title)  # fmt: skip
    told = replace(told, now=told.now + later, next_update_at=told.next_update_at and told.next_update_at + later)
    return Composer(TEMPLATES, COMPANY).compose(told, kinds, playbook.locales, measure)


@pytest.mark.parametrize(("name", "reason"), CASES)
def test_all_kinds_and_languages_fit(name: str, reason: Reason) -> None:
    made = compose(name, reason, 12)
    assert {(one.kind, one.locale) for one in made} == set(product(Kind, ("en", "de")))
    assert not [one for one in made if one.fell_back]
    assert all(one.words.text for one in made)


@pytest.mark.parametrize(("name", "reason"), CASES)
def test_sms_stay_in_two_gsm_segments_and_say_who_and_how_to_stop(name: str, reason: Reason) -> None:
    for one in compose(name, reason, 12):
        if one.kind is Kind.SMS:
            assert segments(one.words.text).encoding == "GSM-7"
            assert one.measure.parts <= 2
            assert one.words.text.startswith("Northwind")
            assert "STOP" in one.words.text


@pytest.mark.parametrize(("name", "reason"), CASES)
def test_posts_are_unique_per_update_and_hold_no_address(name: str, reason: Reason) -> None:
    first, second = compose(name, reason, 1), compose(name, reason, 2)
    for one, other in zip(first, second, strict=True):
        if one.kind is Kind.SOCIAL:
            assert one.words.text != other.words.text
            assert re.search(r"2:30 PM EST|14:30 EST", one.words.text)
            assert not ADDRESS.search(one.words.text)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_no_two_posts_are_alike_not_even_of_different_incidents(name: str) -> None:
    """X takes what it has read before for the same post. So an outage that begins at 2:30 every night needs its day."""
    moments = (timedelta(), timedelta(minutes=1), timedelta(hours=12), timedelta(days=1), timedelta(days=7))
    posts = [
        (one.locale, one.words.text)
        for reason, number, later in product(Reason, (1, 2, 3), moments)
        for one in compose(name, reason, number, later=later, kinds=[Kind.SOCIAL])
    ]
    assert len(posts) == len(set(posts)) == 2 * len(Reason) * 3 * len(moments)


@pytest.mark.parametrize(("name", "reason"), CASES)
def test_each_says_what_to_do_and_when_we_write_again(name: str, reason: Reason) -> None:
    for one in compose(name, reason):
        if STATES[reason] is not State.RESOLVED:
            facts = PLAYBOOKS[name].facts["workaround"]
            assert isinstance(facts, dict)
            assert facts[one.locale] in one.words.text
            assert re.search(r"3:00 PM EST|15:00 EST", one.words.text)


@pytest.mark.parametrize(("name", "reason"), CASES)
def test_nothing_foreign_is_left_in_the_words(name: str, reason: Reason) -> None:
    for one in compose(name, reason):
        for person in ("Ada", ""):
            words = fill(one.words, name=person)
            everything = words.text + words.subject + words.html
            assert not re.search("[\ue000-\uf8ff]|{{|{%|\u2014|\u202f", everything)
            assert "  " not in words.text
            assert "\n\n\n" not in words.text


def test_mail_is_told_to_be_late_where_mail_is_what_is_down() -> None:
    mails = {one.locale: one.words.text for one in compose("microsoft-365", Reason.OPENED) if one.kind is Kind.EMAIL}
    assert "may reach you late" in mails["en"]
    assert "verspätet" in mails["de"]


def test_every_template_file_is_one_that_is_looked_for() -> None:
    form = re.compile(
        rf"messages/[a-z0-9.-]+/(mail\.html|({'|'.join(Reason)})/({'|'.join(Kind)})(\.[a-z]{{2,3}}(-[A-Z]{{2}})?)?)\.j2"
    )
    for path in TEMPLATES.glob("messages/**/*.j2"):
        assert form.fullmatch(path.relative_to(TEMPLATES).as_posix()), path


@pytest.mark.parametrize(("name", "reason"), CASES)
def test_the_playbooks_know_all_facts(name: str, reason: Reason) -> None:
    assert check_facts(PLAYBOOKS[name], PLAYBOOKS[name].facts, reason) == ()


@pytest.mark.parametrize(("name", "reason"), CASES)
def test_every_text_fits_every_installed_channel_of_its_kind(name: str, reason: Reason) -> None:
    measured = set()
    for one in compose(name, reason, 12):
        for channel in channel_types().values():
            if channel.capabilities.kind is one.kind:
                size = channel.measure(longest(one.words), None)
                assert not does_not_fit(one.kind, size), (channel.name, one.locale, one.template)
                measured.add((channel.capabilities.kind, one.locale))
    assert measured == set(product({one.capabilities.kind for one in channel_types().values()}, ("en", "de")))


def test_every_template_file_was_rendered_by_these_tests() -> None:
    used = {one.template for name, reason in CASES for one in compose(name, reason)}
    shipped_files = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.glob("messages/*/*/*.j2")}
    assert shipped_files == used


def test_there_is_an_example_of_every_standard_fact_in_every_language() -> None:
    assert set(EXAMPLE_FACTS) == set(STANDARD_FACTS)
    assert all(set(said) == {"en", "de"} for said in EXAMPLE_FACTS.values())
