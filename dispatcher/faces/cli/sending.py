"""`send`, `update`, `resolve`, `retract`."""

from __future__ import annotations

import getpass
import re
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from dispatcher.faces.cli.dry_run import show_dry_run
from dispatcher.faces.cli.show import out, print_json, route_table
from dispatcher.model.config import FactValue, Severity
from dispatcher.model.durations import parse_seconds
from dispatcher.model.incident import State

if TYPE_CHECKING:
    from dispatcher.incidents.desk import Say


def facts_given(given: list[str]) -> dict[str, FactValue]:
    """`["impact=Slow", "impact.de=Langsam"]` -> `{"impact": {"en": "Slow", "de": "Langsam"}}`."""
    facts: dict[str, FactValue] = {}
    for one in given:
        match = re.fullmatch(r"(\w+)(?:\.([a-z]{2,3}(?:-[A-Z]{2})?))?=(.*)", one, re.DOTALL)
        if match is None:
            raise typer.BadParameter(f"{one!r} is not a fact; write name=text, or name.de=text for one language")
        name, locale, text = match.groups()
        before = facts.get(name)
        if locale is None:
            facts[name] = {**before, "en": text} if isinstance(before, dict) else text
        else:
            facts[name] = {**(before if isinstance(before, dict) else {"en": before} if before else {}), locale: text}
    return facts


def length(given: str | None) -> float | None:
    """`"2h"` -> 7200.0."""
    try:
        return None if given is None else parse_seconds(given)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _incident(given: str) -> int:
    match = re.fullmatch(r"(?:INC-)?([1-9]\d{0,17})", given.strip(), re.IGNORECASE)
    if match is None:
        raise typer.BadParameter(f"{given!r} is not an incident; write INC-7 or 7")
    return int(match[1])


Fact = Annotated[
    list[str],
    typer.Option("--fact", "-f", help="name=text for all languages, or name.de=text for one; may be repeated."),
]
Override = Annotated[str, typer.Option(help="Send past what stands against it; say why. It is recorded.")]
Next = Annotated[str | None, typer.Option("--next-update", help="When the next word is promised, e.g. 30m.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show who would hear what. Keep and send nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Wait = Annotated[
    bool | None, typer.Option("--wait/--no-wait", help="Show progress until it is out. Default: yes, without --json.")
]
Key = Annotated[
    str | None, typer.Option("--idempotency-key", help="The same key again answers as before and sends nothing twice.")
]
Apart = Annotated[
    bool,
    typer.Option("--break-glass", help="Send from this process alone, with neither broker nor shared ledger."),
]
Incident = Annotated[int, typer.Argument(parser=_incident, metavar="INCIDENT", help="INC-7 or 7.")]


def add_to(app: typer.Typer) -> None:
    app.command()(send)
    app.command()(update)
    app.command()(resolve)
    app.command()(retract)


def send(
    playbook: Annotated[str, typer.Argument(help="The name of a playbook, e.g. microsoft-365.")],
    title: Annotated[str | None, typer.Option(help="What broke. Default: the playbook's title.")] = None,
    audience: Annotated[str | None, typer.Option(help="Who is told. Default: the playbook's audience.")] = None,
    vendor: Annotated[list[str] | None, typer.Option(help="Who is down; may be repeated.")] = None,
    severity: Annotated[Severity | None, typer.Option()] = None,
    fact: Fact = [],  # noqa: B006 - typer makes a new list for each call
    next_update: Next = None,
    override: Override = "",
    key: Key = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    wait: Wait = None,
    break_glass: Apart = False,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--people", exists=True, dir_okay=False, help="With --break-glass: tell the people of a CSV file."
        ),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", dir_okay=False, help="With --break-glass: a snapshot at another place than the usual."),
    ] = None,
) -> None:
    """Open an incident and tell its audience.

    With --break-glass the people come from the last `dispatcher db snapshot`. The same command again goes on with what
    is open, and tells nobody twice.
    """
    from dispatcher.incidents.desk import Order, Say, Told
    from dispatcher.ledger import LedgerAway, Tx
    from dispatcher.wiring import install

    _check_apart(break_glass, wait, csv, source)
    order = Order(
        playbook=playbook,
        author=author(),
        title=title,
        vendors=tuple(vendor) if vendor else None,
        audience=audience,
        severity=severity,
        facts=facts_given(fact),
    )
    say = Say(author=order.author, next_update_in=length(next_update), override=override)
    request = {
        "playbook": playbook,
        "title": title,
        "audience": audience,
        "vendors": vendor,
        "facts": fact,
        "severity": severity,
        "next": next_update,
    }
    if break_glass:
        from dispatcher.faces.cli.break_glass import send_apart

        send_apart(order, say, request=request, key=key, source=source, csv=csv, dry_run=dry_run, as_json=as_json)
        return
    here = install()

    def do(tx: Tx, how: Say) -> Told:
        return here.desk.open(tx, order, how)

    try:
        # Before anything is asked of it: of a ledger that goes away later nobody knows whether it has kept the message.
        with here.ledger.read():
            pass
    except LedgerAway as away:
        raise LedgerAway(f"{away}; to tell people without it, add --break-glass") from away
    _say(do, say, scope="cli send", key=key, request=request, dry_run=dry_run, as_json=as_json, wait=wait)


def update(
    incident: Incident,
    state: Annotated[State | None, typer.Option(help="How far it has come.")] = None,
    fact: Fact = [],  # noqa: B006 - typer makes a new list for each call
    next_update: Next = None,
    override: Override = "",
    key: Key = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    wait: Wait = None,
    break_glass: Apart = False,
) -> None:
    """Say the next thing about an incident; what is unsent of earlier ones is not sent any more."""
    from dispatcher.incidents.desk import Say

    say = Say(
        author=author(), state=state, facts=facts_given(fact), next_update_in=length(next_update), override=override
    )
    request = {"incident": incident, "state": state, "facts": fact, "next": next_update}
    _tell(incident, say, request, key=key, dry_run=dry_run, as_json=as_json, wait=wait, break_glass=break_glass)


def retract(
    incident: Incident,
    fact: Fact = [],  # noqa: B006 - typer makes a new list for each call
    override: Override = "",
    key: Key = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    wait: Wait = None,
    break_glass: Apart = False,
) -> None:
    """Take back what was said about an incident that is none; --fact correction=… says what is true.

    Posts are deleted where their provider can do that, once the correction is out. The incident is over then.
    """
    from dispatcher.incidents.desk import Say

    say = Say(author=author(), facts=facts_given(fact), override=override, retracts=True)
    request = {"incident": incident, "retracts": True, "facts": fact}
    _tell(incident, say, request, key=key, dry_run=dry_run, as_json=as_json, wait=wait, break_glass=break_glass)


def _tell(
    incident: int,
    say: Say,
    request: Mapping[str, object],
    *,
    key: str | None,
    dry_run: bool,
    as_json: bool,
    wait: bool | None,
    break_glass: bool,
) -> None:
    from dispatcher.incidents.desk import Told
    from dispatcher.ledger import Tx
    from dispatcher.wiring import install

    _check_apart(break_glass, wait)
    if break_glass:
        from dispatcher.faces.cli.break_glass import tell_apart

        tell_apart(incident, say, request=request, key=key, dry_run=dry_run, as_json=as_json)
        return
    here = install()

    def do(tx: Tx, how: Say) -> Told:
        return here.desk.tell(tx, here.desk.find(tx, incident, lock=True), how)

    _say(do, say, scope="cli update", key=key, request=request, dry_run=dry_run, as_json=as_json, wait=wait)


def resolve(
    incident: Incident,
    fact: Fact = [],  # noqa: B006 - typer makes a new list for each call
    override: Override = "",
    key: Key = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    wait: Wait = None,
    break_glass: Apart = False,
) -> None:
    """Say that it is over."""
    update(
        incident,
        state=State.RESOLVED,
        fact=fact,
        override=override,
        key=key,
        dry_run=dry_run,
        as_json=as_json,
        wait=wait,
        break_glass=break_glass,
    )


def _check_apart(break_glass: bool, wait: bool | None, *files: Path | None) -> None:
    if any(files) and not break_glass:
        raise typer.BadParameter("--people and --from are for --break-glass; else people are those of the ledger")
    if break_glass and wait is False:
        raise typer.BadParameter(
            "--break-glass sends from this very process, so it cannot end before; leave out --no-wait"
        )


def author() -> str:
    """Whoever is logged in here, as it is recorded."""
    try:
        return f"cli {getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"


def _say(
    do: Callable[[Any, Any], Any],
    say: Any,
    *,
    scope: str,
    key: str | None,
    request: Mapping[str, object],
    dry_run: bool,
    as_json: bool,
    wait: bool | None,
) -> None:
    from dispatcher.wiring import install

    here = install()
    if dry_run:
        from dataclasses import replace

        from dispatcher.faces.preview import preview

        found = preview(here, lambda tx: do(tx, replace(say, override=say.override or "dry run")))
        show_dry_run(found, as_json=as_json)
        return
    from dispatcher.faces.api.shapes import ToldOut
    from dispatcher.faces.once import once
    from dispatcher.faces.worker.bells import Bells
    from dispatcher.faces.worker.making import make_app

    # Before anything is kept: a broker's address that cannot be used is an error, and then nothing was done.
    bells = Bells(make_app(here.settings.broker_url), {way.route: way.kind.value for way in here.ways})
    done, _ = once(
        here.ledger,
        scope=scope,
        key=key,
        request=request,
        do=lambda tx: ToldOut.of(do(tx, say)).model_dump(mode="json"),
    )
    told = ToldOut.model_validate(done)
    if told.broadcast is None:
        raise RuntimeError("a message was kept without its broadcast")
    told.rung = here.settings.broker_url is not None and bells.plan(told.broadcast.id)
    if as_json:
        print_json(told.model_dump(mode="json"))
    else:
        out.print(
            f"[bold]{told.incident.label}[/bold] {escape(told.incident.title)}: kept as broadcast {told.broadcast.id}"
        )
        if not told.rung:
            out.print(
                "The broker cannot be reached. The message is kept and leaves as soon as the system runs "
                "(dispatcher up), or the broker is back.",
                style="yellow",
            )
    if wait if wait is not None else (not as_json and told.rung):
        _watch(told.broadcast.id, quiet=as_json)


def _watch(broadcast_id: int, *, quiet: bool) -> None:
    """Progress by kind until nothing more happens by itself; Ctrl-C leaves the sending alone."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from dispatcher.faces import progress
    from dispatcher.ledger import broadcasts
    from dispatcher.wiring import install

    here = install()
    bars: dict[str, Any] = {}
    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn())
    try:
        with Progress(*columns, console=out, disable=quiet or not sys.stdout.isatty()) as shown:
            while True:
                with here.ledger.read() as tx:
                    one = broadcasts.find(tx, broadcast_id)
                    if one is None:
                        return
                    found = progress.progress(here, tx, one)
                for kind, (finished, total) in by_kind(found.routes).items():
                    if kind not in bars:
                        bars[kind] = shown.add_task(kind, total=total)
                    shown.update(bars[kind], completed=finished, total=max(total, 1))
                if found.settled:
                    break
                time.sleep(0.25)
    except KeyboardInterrupt:
        out.print("\nNot watching any more; the sending goes on.")
        return
    if not quiet:
        out.print(route_table(found.routes))
        if any(line.unknown for line in found.routes):
            out.print("[dim]unknown: taken by the provider; receipts are still coming in[/dim]")
        out.print(f"[dim]dispatcher receipts {one.incident_id}   lists who got it[/dim]")


def by_kind(routes: Any) -> dict[str, tuple[int, int]]:
    """Finished and all deliveries that stand on each kind now."""
    counted: dict[str, tuple[int, int]] = {}
    for line in routes:
        finished, total = counted.get(line.kind or "none", (0, 0))
        done = line.accepted + line.failed + line.superseded
        counted[line.kind or "none"] = (finished + done, total + done + line.waiting)
    return counted
