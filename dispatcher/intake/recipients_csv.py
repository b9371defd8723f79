"""People from a CSV file. Pure: text in, people and problems out, every bad line named with its reason."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

import phonenumbers

from channels.contract import Kind
from dispatcher.model.quiet import Quiet
from dispatcher.model.recipient import Consent, Recipient

if TYPE_CHECKING:
    from _csv import Reader

#: Column -> what may stand in its place.
_COLUMNS = {
    "ref": ("ref", "id", "customer", "customer id"),
    "name": ("name", "full name"),
    "phone": ("phone", "mobile", "sms", "phone number"),
    "email": ("email", "e-mail", "mail"),
    "slack": ("slack", "slack id", "slack user"),
    "app_user": ("app user", "app_user", "app"),
    "locale": ("locale", "language"),
    "tags": ("tags", "tag"),
    "consent": ("consent", "consent source", "opt-in"),
    "quiet": ("quiet", "quiet hours"),
    "timezone": ("timezone", "time zone"),
    "quiet_override": ("quiet override", "quiet_override"),
    "consent_at": ("consent at", "consent_at", "consent date"),
}
#: Columns that hold an address, and of which kind.
_KINDS = {"phone": Kind.SMS, "email": Kind.EMAIL, "slack": Kind.CHAT, "app_user": Kind.INAPP}
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@(?:[\w](?:[\w-]{0,61}[\w])?\.)+[\w](?:[\w-]{0,61}[\w])?")
_SLACK = re.compile(r"[UWCGD][A-Z0-9]{4,20}")
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?")
_TAG = re.compile(r"[\w][\w.:-]{0,62}")
_LONGEST = 320
_LONGEST_SOURCE = 200
#: What no database keeps: NUL, and halves of characters.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was not taken. `line` counts from 1, the header included."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """`changes` is what the file has columns for: `name`, `locale`, `tags`, or a kind of address."""

    people: tuple[Recipient, ...]
    bad: tuple[BadLine, ...]
    changes: frozenset[str]


class NotATable(ValueError):
    """The file as a whole cannot be read. The message says why and how it must look."""


def parse(text: str, *, region: str) -> Parsed:
    """Read people from CSV with a header line.

    Args:
        text: The file. The columns are `name, phone, email, slack, app user, locale, tags` in any order, and `ref` for
            your own key of a person; without it the app user, the mail address or the number is the key. Several tags
            are separated by `;` or `|`. `consent` says how the person agreed to be told at these addresses, in words,
            and `consent at` when. `quiet` is when they are not to be woken, such as `22:00-07:00`, by the clock of
            `timezone` (the company's, when that is empty), and `quiet override` from which severity on they agreed to
            be woken all the same.
        region: Two letters; numbers without a country code are read as of this region.

    Raises:
        NotATable: there is no usable header.
    """
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    columns = _header(rows)
    people: list[Recipient] = []
    bad: list[BadLine] = []
    seen: dict[str, int] = {}
    for number, row in _numbered(rows, bad):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(columns):
            bad.append(BadLine(number, f"has {len(row)} fields, the header has {len(columns)}"))
            continue
        problems: list[str] = []
        values = {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
        person = _person(values, region, problems)
        if person is not None and person.ref in seen:
            problems.append(f"is the same person as line {seen[person.ref]}; give each a ref of its own, or drop one")
        if problems or person is None:
            bad.append(BadLine(number, "; ".join(problems)))
            continue
        seen[person.ref] = number
        people.append(person)
    return Parsed(tuple(people), tuple(bad), frozenset(_KINDS.get(column, column) for column in columns))


def _header(rows: Iterator[list[str]]) -> list[str]:
    try:
        given = next(rows, [])
    except csv.Error as error:
        raise NotATable(f"the header cannot be read as CSV: {error}") from None
    names = {alias: column for column, aliases in _COLUMNS.items() for alias in aliases}
    columns: list[str] = []
    # Spreadsheets of some countries write so. Not guessed: `;` also stands between tags.
    other = next((between for between in (";", "\t") if len(given) == 1 and between in given[0]), "")
    if other:
        called = {";": "semicolons", "\t": "tabs"}[other]
        raise NotATable(f"the columns are separated by {called}; save it as CSV separated by commas and try again")
    for cell in given:
        name = cell.strip().lower()
        if name not in names:
            close = get_close_matches(name, names, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise NotATable(
                f"unknown column {cell.strip()!r}{hint}; the columns are: "
                "ref, name, phone, email, slack, app user, locale, tags, consent, consent at, quiet, timezone, "
                "quiet override"
            )
        if names[name] in columns:
            raise NotATable(f"the column {names[name]!r} is there twice")
        columns.append(names[name])
    if not {"phone", "email", "slack", "app_user"} & set(columns):
        raise NotATable("the first line must name the columns, with at least one of: phone, email, slack, app user")
    if "quiet" not in columns and {"timezone", "quiet_override"} & set(columns):
        raise NotATable("timezone and quiet override say something about quiet hours; add the column quiet")
    return columns


def _numbered(rows: Reader, bad: list[BadLine]) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number of the line on which each begins: a quoted field may go over several lines."""
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            bad.append(BadLine(line, f"cannot be read as CSV: {error}"))
            continue
        if row is None:
            return
        yield line, row


def _person(values: Mapping[str, str], region: str, problems: list[str]) -> Recipient | None:
    addresses: dict[Kind, str] = {}
    if phone := values.get("phone", ""):
        addresses[Kind.SMS] = _phone(phone, region, problems)
    if email := values.get("email", ""):
        addresses[Kind.EMAIL] = _email(email, problems)
    if slack := values.get("slack", ""):
        addresses[Kind.CHAT] = slack
        if not _SLACK.fullmatch(slack):
            problems.append(f"slack {slack!r} is not a Slack id; it looks like U024BE7LH (not a name)")
    if app_user := values.get("app_user", ""):
        addresses[Kind.INAPP] = app_user
    if not addresses:
        problems.append("has no address at all: give a phone, email, slack or app user")
    for name, value in values.items():
        if _UNKEEPABLE.search(value):
            problems.append(f"{name} holds a character that cannot be kept")
        if len(value) > _LONGEST and name != "tags":
            problems.append(f"{name} is longer than {_LONGEST} characters")
    tags = frozenset(tag.strip() for tag in re.split(r"[;|]", values.get("tags", "")) if tag.strip())
    problems += [f"tag {tag!r} may hold letters, digits and . _ : - only" for tag in tags if not _TAG.fullmatch(tag)]
    locale = _locale(values.get("locale", ""), problems)
    consent = _consent(values.get("consent", ""), values.get("consent_at", ""), problems)
    quiet = _quiet(values, problems)
    if problems:
        return None
    ref = values.get("ref") or app_user or addresses.get(Kind.EMAIL) or next(iter(addresses.values()))
    return Recipient(ref[:200], values.get("name", "")[:200], locale, addresses, tags, consent, quiet)


def _consent(source: str, at: str, problems: list[str]) -> Consent | None:
    if at and not source:
        problems.append("consent at is given and consent is not; say how they agreed, for example: sign-up form")
    if len(source) > _LONGEST_SOURCE:
        problems.append(f"consent is longer than {_LONGEST_SOURCE} characters; say in short how they agreed")
    moment = None
    if at:
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            problems.append(f"consent at {at!r} is no moment; write it like 2026-01-31 or 2026-01-31T14:05:00+01:00")
    if not source:
        return None
    return Consent(source, moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment)


def _quiet(values: Mapping[str, str], problems: list[str]) -> Quiet | None:
    if not (hours := values.get("quiet", "")):
        if values.get("quiet_override"):
            problems.append("quiet override is given and quiet is not; say when it is quiet, such as 22:00-07:00")
        return None
    try:
        return Quiet.parse(hours, values.get("timezone", ""), values.get("quiet_override", "").lower())
    except ValueError as error:
        problems.append(str(error))
        return None


def _phone(given: str, region: str, problems: list[str]) -> str:
    try:
        number = phonenumbers.parse(given, region)
    except phonenumbers.NumberParseException:
        problems.append(f"phone {given!r} is not a phone number; write it like +4930123456")
        return given
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        problems.append(f"phone {given!r} is not a number that can exist")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(given: str, problems: list[str]) -> str:
    if not _EMAIL.fullmatch(given):
        problems.append(f"email {given!r} is not a mail address")
    local, _, domain = given.rpartition("@")
    return f"{local}@{domain.lower()}"


def _locale(given: str, problems: list[str]) -> str:
    if not given:
        return "en"
    match = _LOCALE.fullmatch(given)
    if match is None:
        problems.append(f"locale {given!r} is not a language; write for example en or de-AT")
        return given
    return match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")
