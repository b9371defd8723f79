"""`recipients`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.sending import Json
from dispatcher.faces.cli.show import errors, grid, moment, out, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from dispatcher.intake.recipients_csv import BadLine, Parsed
    from dispatcher.ledger.mailboxes import MailDomain
    from dispatcher.ledger.optouts import Remark
    from dispatcher.model.recipient import Recipient

app = typer.Typer(help="The people who are told.", no_args_is_help=True)

_SHOWN = 50

Limit = Annotated[int, typer.Option(min=1, help="How many lines.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file.")],
    strict: Annotated[bool, typer.Option("--strict", help="Take none when any line is bad.")] = False,
    as_json: Json = False,
) -> None:
    """Read people from CSV: name, phone, email, slack, app user, locale, tags, and optionally ref, consent, consent at.

    Good lines are kept and bad ones named. Of a person who is there already (the same ref) only what
    the file has a column for is changed. Exit status 1 when
    there was a bad line.
    """
    from dispatcher.ledger import optouts, recipients
    from dispatcher.model.recipient import without
    from dispatcher.wiring import install

    here = install()
    found = read(file, here.config.company.phone_region)
    taken = () if strict and found.bad else found.people
    refused = set()
    if taken:
        here.know_mailboxes()
        with here.ledger.write() as tx:
            refused = optouts.among(tx, [one for person in taken for one in person.addresses.items()])
            recipients.upsert(tx, [without(person, refused) for person in taken], change=found.changes)
    if as_json:
        print_json(
            {
                "kept": len(taken),
                "opted_out": len(refused),
                "bad": [{"line": bad.line, "reason": bad.reason} for bad in found.bad],
            }
        )
    else:
        show_bad(found.bad)
        out.print(f"{len(taken)} people kept, {len(found.bad)} lines not taken")
        if refused:
            out.print(f"{len(refused)} addresses were left out: their owners said that they want no messages there")
    if found.bad:
        raise typer.Exit(1)


def read(file: Path, region: str) -> Parsed:
    """People from a CSV file, with the lines that could not be taken.

    Raises:
        Stop, NotATable: the file as a whole cannot be read.
    """
    from dispatcher.intake.recipients_csv import parse

    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Stop(f"{file} is not UTF-8 (byte {error.start}); save it as CSV UTF-8 and try again") from None
    return parse(text, region=region)


def show_bad(lines: Sequence[BadLine]) -> None:
    """Name lines that were not taken, and why."""
    for bad in lines[:_SHOWN]:
        errors.print(f"line {bad.line}: {bad.reason}", markup=False, style="red")
    if len(lines) > _SHOWN:
        errors.print(f"... and {len(lines) - _SHOWN} more")


@app.command("mx")
def mx(
    audience: Annotated[str, typer.Option(help="Only the people of this audience.")] = "",
    older_than: Annotated[
        str, typer.Option("--older-than", help="Ask again about what was answered longer ago, such as 30d.")
    ] = "30d",
    server: Annotated[
        str, typer.Option(help="The DNS server to ask, such as 192.0.2.53; without it, the system's own.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Ask DNS who hosts the mailboxes of people's domains, and keep the answers.

    A mailbox depends on its host: while that is down, mail to it goes last, by whatever route it leaves.
    Domains listed in vendors.yaml are not asked about. What could not be answered is told and takes nothing away;
    exit status 1 then.
    """
    from dispatcher.config_checks import suggest
    from dispatcher.faces import mailboxes as face
    from dispatcher.ledger import mailboxes, now
    from dispatcher.model.config import Audience
    from dispatcher.model.durations import parse_seconds
    from dispatcher.wiring import install

    here = install()
    try:
        before = now() - timedelta(seconds=parse_seconds(older_than))
        by = face.resolver(face.Server.parse(server) if server else None)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if audience and audience not in here.config.audiences:
        raise typer.BadParameter(f"there is no audience {audience!r}. {suggest(audience, here.config.audiences)}")
    who = here.config.audiences.get(audience) or Audience(title="Everybody")
    here.know_mailboxes()
    with here.ledger.read() as tx:
        asked = mailboxes.unasked(tx, who, before)
    found = asyncio.run(face.ask_all(here, asked, by))
    changed = mailboxes.tell_apart(here.ledger)
    with here.ledger.read() as tx:
        people = mailboxes.people_at(tx, who)
    failed = [one for one in found if one.problem]
    if as_json:
        print_json(
            {
                "asked": len(found),
                "changed_people": changed,
                "people": [{"vendor": vendor or None, "people": number} for vendor, number in people],
                "failed": [{"domain": one.domain, "problem": one.problem} for one in failed],
            }
        )
    else:
        _show_mailboxes(len(found), changed, people, failed)
    if failed:
        raise typer.Exit(1)


def _show_mailboxes(asked: int, changed: int, people: Sequence[tuple[str, int]], failed: Sequence[MailDomain]) -> None:
    table = grid("mailboxes at", "people")
    for vendor, number in people:
        table.add_row(vendor or "nobody we know", str(number))
    out.print(table)
    out.print(f"{asked} domains asked about; that is new for {changed} people")
    for one in failed[:_SHOWN]:
        errors.print(f"{one.domain}: {one.problem}; what was known of it stays", markup=False, style="yellow")
    if len(failed) > _SHOWN:
        errors.print(f"... and {len(failed) - _SHOWN} more")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """How many people there are in each audience, by language, kinds of address, and who hosts their mailbox."""
    from dispatcher.ledger import recipients
    from dispatcher.wiring import install

    here = install()
    rows = []
    with here.ledger.read() as tx:
        for name, audience in here.config.audiences.items():
            rows += [
                (name, one.locale, sorted(kind.value for kind in one.kinds), one.mailbox_at, one.people)
                for one in recipients.classes(tx, audience, here.config.mail_rides_on)
            ]
    if as_json:
        print_json(
            [dict(zip(("audience", "locale", "kinds", "mailbox_at", "people"), row, strict=True)) for row in rows]
        )
        return
    table = grid("audience", "locale", "kinds of address", "mailbox at", "people")
    for named, locale, kinds, mailbox_at, people in rows:
        table.add_row(named, locale, ", ".join(kinds), mailbox_at or "-", str(people))
    out.print(table)


@app.command()
def show(
    ref: Annotated[str, typer.Argument(help="The person's key in the import: ref, else app user, mail or number.")],
    as_json: Json = False,
) -> None:
    """One person: addresses (masked), how they agreed to be told, and what they said about it."""
    from dispatcher.ledger import optouts, recipients
    from dispatcher.model.masking import mask
    from dispatcher.wiring import install

    here = install()
    with here.ledger.read() as tx:
        found = recipients.find(tx, ref)
        if found is None:
            raise Stop(f"there is no person with the ref {ref!r}; `dispatcher recipients import` reads people")
        key, person = found
        agreed = recipients.consents(tx, list(person.addresses.items()))
        heard = optouts.of_person(tx, key, list(person.addresses.items()))
    addresses = [
        (kind.value, mask(address), agreed.get((kind, address))) for kind, address in sorted(person.addresses.items())
    ]
    if as_json:
        print_json(
            {
                "ref": person.ref,
                "name": person.name,
                "locale": person.locale,
                "tags": sorted(person.tags),
                "quiet": _hours(person),
                "addresses": [
                    {"kind": kind, "address": address, "consent": consent} for kind, address, consent in addresses
                ],
                "said": [_plainly(one) for one in heard],
            }
        )
        return
    tags = ", ".join(sorted(person.tags)) or "none"
    out.print(f"{person.name or '(no name)'} ({person.locale}), tags: {tags}", markup=False)
    if quiet := _hours(person):
        out.print(f"not to be woken {quiet}", markup=False)
    table = grid("kind", "address", "agreed by", "agreed at")
    for kind, address, consent in addresses:
        said, at = (consent.source, moment(consent.at)) if consent else ("not on record", "-")
        table.add_row(kind, escape(address), escape(said), at)
    out.print(table)
    if heard:
        out.print(_remarks(heard, "\nWhat they said"))


def _hours(person: Recipient) -> str | None:
    if person.quiet is None:
        return None
    hours = f"{person.quiet.begins:%H:%M}-{person.quiet.ends:%H:%M} {person.quiet.timezone or '(company time)'}"
    return hours + (f", except from {person.quiet.override.value} on" if person.quiet.override else "")


@app.command("opt-outs")
def opt_outs(limit: Limit = 50, as_json: Json = False) -> None:
    """Every no and every START, the newest first: when, by which address (masked), where it was heard."""
    _list_remarks(("stop", "start"), limit, as_json, nothing="Nobody has said no.")


@app.command()
def said(limit: Limit = 50, as_json: Json = False) -> None:
    """What people wrote back that is neither: questions, and calls for HELP. Nothing is done about it."""
    _list_remarks(("help", "other"), limit, as_json, nothing="Nobody has said anything else.")


def _list_remarks(wishes: Sequence[str], limit: int, as_json: bool, *, nothing: str) -> None:
    from channels.contract import Wish
    from dispatcher.ledger import optouts
    from dispatcher.wiring import install

    here = install()
    with here.ledger.read() as tx:
        heard = optouts.remarks(tx, [Wish(wish) for wish in wishes], limit)
    if as_json:
        print_json([_plainly(one) for one in heard])
    else:
        out.print(_remarks(heard) if heard else nothing)


def _plainly(one: Remark) -> dict[str, object]:
    from dispatcher.model.masking import mask

    return {
        "at": one.at,
        "kind": one.kind,
        "address": mask(one.address),
        "wish": one.wish,
        "source": one.source,
        "words": one.words,
        "effect": one.effect,
        "opted_out_now": one.opted_out,
    }


def _remarks(heard: Sequence[Remark], title: str | None = None) -> Table:
    from dispatcher.model.masking import mask

    table = grid("when", "kind", "address", "said", "where and how", "so", "opted out now", title=title)
    for one in heard:
        row = (moment(one.at), one.kind.value, mask(one.address), one.wish.value, one.source, one.effect)
        table.add_row(*(escape(cell) for cell in row), "yes" if one.opted_out else "no")
    return table
