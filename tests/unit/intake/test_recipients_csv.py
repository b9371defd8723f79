"""People from a CSV file: every good form is taken, every bad line is named with its reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.contract import Kind
from dispatcher.intake.recipients_csv import NotATable, parse
from dispatcher.model.recipient import Consent, Recipient

HEADER = "ref,name,phone,email,slack,app user,locale,tags\n"


AGREED = "ref,phone,email,consent,Consent At\n"


@pytest.mark.parametrize(
    ("cells", "consent"),
    [
        (",", None),
        ("sign-up form,", Consent("sign-up form")),
        ("sign-up form,2026-01-31", Consent("sign-up form", datetime(2026, 1, 31, tzinfo=UTC))),
        ("form,2026-01-31T14:05:00+01:00", Consent("form", datetime(2026, 1, 31, 13, 5, tzinfo=UTC))),
        ("form,2026-01-31T14:05:00Z", Consent("form", datetime(2026, 1, 31, 14, 5, tzinfo=UTC))),
    ],
)
def test_how_they_agreed(cells: str, consent: Consent | None) -> None:
    parsed = parse(f"{AGREED}1,+14155552671,ann@example.com,{cells}", region="US")
    assert not parsed.bad
    assert [person.consent for person in parsed.people] == [consent]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (",2026-01-31", "consent at is given and consent is not"),
        ("form,last year", "is no moment; write it like 2026-01-31"),
        ("form,31.01.2026", "is no moment"),
        (f"{'x' * 201},", "longer than 200"),
    ],
)
def test_how_they_agreed_is_not_told(cells: str, reason: str) -> None:
    parsed = parse(f"{AGREED}1,+14155552671,ann@example.com,{cells}", region="US")
    assert parsed.people == ()
    assert reason in parsed.bad[0].reason


def line(text: str) -> Recipient:
    parsed = parse(HEADER + text, region="US")
    assert not parsed.bad, parsed.bad
    [person] = parsed.people
    return person


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("1,Ann,+1 415 555 2671,,,,,", {Kind.SMS: "+14155552671"}),
        ("1,Ann,(415) 555-2671,,,,,", {Kind.SMS: "+14155552671"}),
        ("1,Ann,+49 30 123456,,,,,", {Kind.SMS: "+4930123456"}),
        ("1,Ann,,Ann@Example.COM,,,,", {Kind.EMAIL: "Ann@example.com"}),
        ("1,Ann,,ann+news@mail.example.co.uk,,,,", {Kind.EMAIL: "ann+news@mail.example.co.uk"}),
        ("1,Ann,,ann@bücher.example,,,,", {Kind.EMAIL: "ann@bücher.example"}),
        ("1,Ann,,,U024BE7LH,,,", {Kind.CHAT: "U024BE7LH"}),
        ("1,Ann,,,,ann-7,,", {Kind.INAPP: "ann-7"}),
        ("1,Ann,  ,ann@example.com  ,,,,", {Kind.EMAIL: "ann@example.com"}),
        ("1,Ann,,ann@example.com", {Kind.EMAIL: "ann@example.com"}),
        ('1,"Ann, of\nBoston",,ann@example.com', {Kind.EMAIL: "ann@example.com"}),
    ],
)
def test_good_lines(text: str, addresses: dict[Kind, str]) -> None:
    assert line(text).addresses == addresses


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,Ann,,,,,,", "no address at all"),
        ("1,Ann,12,,,,,", "not a number that can exist"),
        ("1,Ann,call me,,,,,", "not a phone number"),
        ("1,Ann,+999 1234567,,,,,", "phone"),
        ("1,Ann,,ann,,,,", "not a mail address"),
        ("1,Ann,,ann@localhost,,,,", "not a mail address"),
        ("1,Ann,,a nn@example.com,,,,", "not a mail address"),
        ("1,Ann,,ann@example.com;bob@example.com,,,,", "not a mail address"),
        ("1,Ann,,Ann <ann@example.com>,,,,", "not a mail address"),
        ("1,Ann,,@example.com,,,,", "not a mail address"),
        ("1,Ann,,ann@-example.com,,,,", "not a mail address"),
        ("1,Ann,,ann@example..com,,,,", "not a mail address"),
        ("1,Ann,,,@ann,,,", "not a Slack id"),
        ("1,Ann,,,u024be7lh,,,", "not a Slack id"),
        (f"1,Ann,,,,{'x' * 321},,", "longer than 320"),
        (f"1,{'x' * 321},,ann@example.com,,,,", "longer than 320"),
        ("1,Ann,,ann@example.com,,,english,", "not a language"),
        ("1,Ann,,ann@example.com,,,e,", "not a language"),
        ("1,Ann,,ann@example.com,,,,two words", "letters, digits"),
        (f"1,Ann,,ann@example.com,,,,{'x' * 64}", "letters, digits"),
        ("1,Ann,,ann@example.com,,,,,one too many", "9 fields, the header has 8"),
        ("1,A\x00nn,,ann@example.com,,,,", "cannot be kept"),
        ("1,A\ud800nn,,ann@example.com,,,,", "cannot be kept"),
        ("1,Ann,,,,an\x00n,,", "cannot be kept"),
        ('1,"Ann" Lee,,ann@example.com,,,,', "cannot be read as CSV"),
        ('1,"Ann,,ann@example.com,,,,', "cannot be read as CSV"),
    ],
)
def test_bad_lines_are_named_and_the_others_taken(text: str, reason: str) -> None:
    parsed = parse(f"{HEADER}0,Zoe,,zoe@example.com\n{text}\n", region="US")
    assert [person.ref for person in parsed.people] == ["0"]
    [bad] = parsed.bad
    assert bad.line == 3
    assert reason in bad.reason


def test_all_that_is_wrong_with_a_line_is_said_at_once() -> None:
    [bad] = parse(HEADER + "1,Ann,12,ann,ann,,english,a b", region="US").bad
    assert bad.reason.count(";") >= 4


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = HEADER + '1,"Ann\nof\nBoston",,ann@example.com\n\n2,Bob,,bob\n3,"C"x,,c@example.com\n4,Dan,,dan\n'
    assert [bad.line for bad in parse(text, region="US").bad] == [6, 7, 8]


def test_the_same_person_twice_is_refused_once() -> None:
    parsed = parse("email\nann@example.com\nbob@example.com\nann@EXAMPLE.com\n", region="US")
    assert [person.ref for person in parsed.people] == ["ann@example.com", "bob@example.com"]
    assert [(bad.line, "same person as line 2" in bad.reason) for bad in parsed.bad] == [(4, True)]


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("7,Ann,+14155552671,ann@example.com,,ann-7", "7"),
        (",Ann,+14155552671,ann@example.com,,ann-7", "ann-7"),
        (",Ann,+14155552671,ann@example.com", "ann@example.com"),
        (",Ann,+14155552671", "+14155552671"),
    ],
)
def test_the_key_of_a_person(text: str, ref: str) -> None:
    assert line(text).ref == ref


def test_languages_and_tags() -> None:
    person = line("1,Ann,,ann@example.com,,,DE_at, eu ; gold|eu;")
    assert (person.locale, person.tags) == ("de-AT", frozenset({"eu", "gold"}))
    assert line("1,Ann,,ann@example.com").locale == "en"


@pytest.mark.parametrize("header", ["\ufeffE-Mail", " MOBILE ", "Slack User", "app_user", "Customer ID,mail"])
def test_headers_people_really_write(header: str) -> None:
    assert parse(header + "\n", region="US").people == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "must name the columns"),
        ("\n", "must name the columns"),
        ("name,locale\n", "at least one of"),
        ("emial\n", "did you mean 'email'"),
        ("email,mail\n", "there twice"),
        ("email,shoe size\n", "unknown column 'shoe size'"),
        ("ref;name;phone\nc-1;Ann;+14155550101\n", "separated by semicolons; save it as CSV separated by commas"),
        ("ref\tphone\nc-1\t+14155550101\n", "separated by tabs"),
        ('"email\n', "cannot be read as CSV"),
        ("email\rname\r", "cannot be read as CSV"),
    ],
)
def test_what_is_not_a_table_is_refused_as_a_whole(text: str, why: str) -> None:
    with pytest.raises(NotATable, match=why):
        parse(text, region="US")


@given(st.text(st.characters(codec=None), max_size=300), st.booleans())
@example("1,x\r2,y", True)
@example('1,"', True)
@example("1,x," + "9" * 400, True)
def test_no_text_raises_anything_but_not_a_table(text: str, with_header: bool) -> None:
    try:
        parsed = parse(HEADER + text if with_header else text, region="US")
    except NotATable:
        return
    assert len({person.ref for person in parsed.people}) == len(parsed.people)
    for person in parsed.people:
        assert person.addresses
        assert "\x00" not in repr(person.addresses)
    assert all(bad.reason and bad.line >= 2 for bad in parsed.bad)


cells = st.sampled_from(
    [
        "",
        "Ann",
        "+14155552671",
        "ann@example.com",
        "U024BE7LH",
        "de",
        '"',
        '""',
        "a\nb",
        "12",
        "eu;gold",
        "\r",
        "\x00",
        "é",
    ]
)


@given(st.lists(st.lists(cells, min_size=1, max_size=9).map(",".join), max_size=6).map("\n".join))
def test_nearly_good_tables_are_read_to_their_end(text: str) -> None:
    parsed = parse(HEADER + text, region="US")
    assert len(parsed.people) + len(parsed.bad) <= text.count("\n") + text.count("\r") + 1


def test_quiet_hours_are_read_and_wrong_ones_named() -> None:
    found = parse(
        "phone,quiet,timezone,quiet override\n"
        "+12025550143,22:00-07:00,Europe/Berlin,Critical\n"
        "+12025550144,22:00-07:00,,\n"
        "+12025550145,,Europe/Berlin,\n"
        "+12025550146,late,,\n"
        "+12025550147,22:00-07:00,Berlin,\n"
        "+12025550148,22:00-07:00,,sometimes\n"
        "+12025550149,,,critical\n",
        region="US",
    )
    assert [str(person.quiet or "") for person in found.people] == [
        "22:00-07:00|Europe/Berlin|critical",
        "22:00-07:00||",
        "",
    ]
    assert [bad.line for bad in found.bad] == [5, 6, 7, 8]
    for bad, said in zip(
        found.bad, ("22:00-07:00", "Europe/Berlin", "minor, major", "say when it is quiet"), strict=True
    ):
        assert said in bad.reason
    assert "quiet" in found.changes
    with pytest.raises(NotATable, match="add the column quiet"):
        parse("phone,timezone\n+12025550143,UTC\n", region="US")
