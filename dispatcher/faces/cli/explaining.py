"""`explain`: the whole story of one delivery."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated

import typer

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.sending import Json
from dispatcher.faces.cli.show import clock, moment, out, print_json, status
from dispatcher.model.delivery import Hop
from dispatcher.model.story import Story, events

#: More of what a provider said is in `--json`.
_LONGEST = 120


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
    from dispatcher.ledger import now, reports
    from dispatcher.wiring import install

    here = install()
    with here.ledger.read() as tx:
        found = reports.story(tx, delivery)
        gone = "" if found else reports.archived_in(tx, delivery)
    if found is None:
        raise Stop(f"there is no delivery {delivery} in the ledger{gone and f'; {gone}'}")
    if as_json:
        print_json({"as_of": now(), **asdict(found), "events": events(found)})
    else:
        _tell(found)


def _tell(story: Story) -> None:
    from dispatcher.ledger import now

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
    out.print(f"kept {moment(story.created_at)}, useful until {moment(story.deadline)}, as of {moment(now())}")
    if line.first_tried_at is not None:
        waited = (line.first_tried_at - story.created_at).total_seconds()
        out.print(f"first tried {moment(line.first_tried_at)}, {waited:.1f} s after it was kept")
    if story.next_attempt_at is not None:
        out.print(f"next try {moment(story.next_attempt_at)}")
    out.print("\n[bold]The chain, as planned[/bold]")
    for number, hop in enumerate(story.chain.hops, 1):
        out.print(f"  {number}. {_placed(hop)}", markup=False)
    for hop in story.chain.left_out:
        out.print(f"  -  {_placed(hop)}", markup=False, style="dim")
    out.print("\n[bold]What happened[/bold]")
    for event in events(story):
        out.print(f"  {clock(event.at)}  {event.route}: {event.words}", markup=False, soft_wrap=True)
        if event.raw:
            raw = ", ".join(f"{name}={_short(value)}" for name, value in event.raw.items())
            out.print(f"              in its words: {raw}", markup=False, style="dim", soft_wrap=True)
    if not story.attempts:
        out.print("  nothing was tried")
    if story.words:
        out.print(f"\n[bold]The words[/bold] ({story.used_locale})\n")
        out.print(story.words, markup=False)


def _placed(hop: Hop) -> str:
    """A route's place with the reason, the word for it, and whose failure would silence it."""
    word = f" [{hop.because.value}]" if hop.because else ""
    needs = f"; needs {', '.join(hop.vendors)}" if hop.vendors else ""
    return f"{hop.route} ({hop.kind.value}): {hop.reason}{word}{needs}"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
