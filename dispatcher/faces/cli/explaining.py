"""`explain`: the whole story of one delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.sending import Json
from dispatcher.faces.cli.show import clock, moment, out, print_json, status
from dispatcher.model.story import AttemptStory, Story


def add_to(app: typer.Typer) -> None:
    app.command()(explain)


def _delivery(given: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,17}", given.strip()):
        hint = " INC-7 is an incident:" if given.strip().upper().startswith("INC-") else ""
        raise typer.BadParameter(
            f"{given!r} is not a delivery;{hint} `dispatcher receipts INC-7` lists its deliveries, each with its id"
        )
    return int(given)


def explain(
    delivery: Annotated[
        int, typer.Argument(parser=_delivery, metavar="DELIVERY", help="The id of a delivery, as `receipts` lists it.")
    ],
    as_json: Json = False,
) -> None:
    """The whole story of one delivery: why it went the way it went."""
    from dispatcher.ledger import reports
    from dispatcher.wiring import install

    here = install()
    with here.ledger.read() as tx:
        found = reports.story(tx, delivery)
        gone = "" if found else reports.archived_in(tx, delivery)
    if found is None:
        raise Stop(f"there is no delivery {delivery} in the ledger{gone and f'; {gone}'}")
    if as_json:
        print_json(found)
    else:
        _tell(found)


def _tell(story: Story) -> None:
    line = story.line
    out.print(f"[bold]Delivery {line.id}[/bold] of INC-{line.incident_id}, update {line.update_number}")
    told = f"{story.incident_title}\nfor {line.who} ({story.locale}), leg {line.leg!r}, audience {story.audience!r}"
    out.print(told, markup=False)
    if story.consent is not None:
        out.print(f"agreed by {story.consent.source!r}, {moment(story.consent.at)}", markup=False)
    # "delivered, the provider says" begins with its status already.
    begun = line.reason.startswith(line.status.value)
    why = line.reason.removeprefix(line.status.value) if begun else f", {line.reason}"
    out.print("now: ", status(line.status), why, sep="", markup=False)
    out.print(f"kept {moment(story.created_at)}, useful until {moment(story.deadline)}")
    if story.next_attempt_at is not None:
        out.print(f"next try {moment(story.next_attempt_at)}")
    out.print("\n[bold]The chain, as planned[/bold]")
    for number, hop in enumerate(story.chain.hops, 1):
        out.print(f"  {number}. {hop.route} ({hop.kind.value}): {hop.reason}", markup=False)
    for hop in story.chain.left_out:
        out.print(f"  -  {hop.route} ({hop.kind.value}): {hop.reason}", markup=False, style="dim")
    out.print("\n[bold]What happened[/bold]")
    for at, what in sorted(_events(story), key=lambda event: event[0]):
        out.print(f"  {clock(at)}  {what}", markup=False)
    if not story.attempts:
        out.print("  nothing was tried")
    if story.words:
        out.print(f"\n[bold]The words[/bold] ({story.used_locale})\n")
        out.print(story.words, markup=False)


def attempt_ended(attempt: AttemptStory) -> str:
    """The answer to an attempt and what was decided; a decision that only repeats the answer is left out."""
    code = f" [{attempt.provider_code}]" if attempt.provider_code else ""
    said = f": {attempt.detail}{code}" if attempt.detail else ""
    lookup = f"; looked up: {attempt.lookup}" if attempt.lookup else ""
    repeated = attempt.decision == f"{attempt.route} {attempt.outcome}: {attempt.detail}"
    so = f"; so: {attempt.decision}" if attempt.decision and not repeated else ""
    return f"{attempt.route}: {attempt.outcome or 'under way'}{said}{lookup}{so}"


def _events(story: Story) -> Iterator[tuple[datetime, str]]:
    """Everything that happened, with when."""
    for attempt in story.attempts:
        if attempt.outcome == "skipped":
            yield attempt.started_at, attempt.decision or f"{attempt.route}: skipped before trying"
            continue
        yield attempt.started_at, f"{attempt.route}: tried"
        if attempt.finished_at is not None:
            yield attempt.finished_at, attempt_ended(attempt)
        if attempt.silent_at is not None:
            yield attempt.silent_at, f"no receipt in time: {attempt.silence}"
        for one in attempt.receipts:
            yield one.received_at, f"{attempt.route}: receipt {one.word!r}: {one.effect or 'not folded yet'}"
