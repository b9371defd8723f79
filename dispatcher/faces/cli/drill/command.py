"""`dispatcher drill VENDOR`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatcher.faces.cli.drill.trouble import DOING, Trouble
from dispatcher.faces.cli.show import print_json

if TYPE_CHECKING:
    from dispatcher.faces.cli.drill.dress import Cut
    from dispatcher.model.config import Config, Playbook
    from dispatcher.model.drill import Sort
    from dispatcher.wiring import Installation


def add_to(app: typer.Typer) -> None:
    app.command()(drill)


def drill(
    vendor: Annotated[str, typer.Argument(help="Who fails: a name of config/vendors.yaml, e.g. twilio.")],
    audience: Annotated[str | None, typer.Option(help="Who is told. Default: the playbook's audience.")] = None,
    playbook: Annotated[
        str | None, typer.Option(help="What is said. Default: the playbook for this vendor, else the generic one.")
    ] = None,
    fault: Annotated[Trouble, typer.Option(help="How it fails; all plays one after the other.")] = Trouble.ALL,
    people: Annotated[int, typer.Option(min=1, max=1000, help="How many invented people take part.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Let a vendor fail, and see who would be told: the real engine, your routes and playbooks, nobody real.

    Workers, ledger and broker are the drill's own, every provider is simulated, and people are invented after the
    classes of yours. Everything that is said begins with DRILL. Exit status 0 when everybody who could be reached was,
    and nobody twice.
    """
    from dispatcher.faces.cli.drill import dress, history, show
    from dispatcher.faces.cli.drill.people import invented, mail_domains
    from dispatcher.faces.cli.drill.play import Script, play, stop_in_order
    from dispatcher.ledger import now
    from dispatcher.wiring import install

    here = install()
    config = here.config
    _known("vendor", vendor, config.vendors)
    name = playbook or _playbook_for(config, vendor)
    _known("playbook", name, config.playbooks)
    to = audience or config.playbooks[name].audience
    _known("audience", to, config.audiences)
    cut = dress.cut_by(here, vendor)
    sorts, source = _sorts(here, to)
    mailboxes = sum(sort.people for sort in sorts if sort.mailbox_at in cut.vendors)
    if not cut.routes and not mailboxes:
        carried = sorted({one for route in config.routes.values() for one in config.all_under(route.depends_on)})
        raise typer.BadParameter(
            f"nothing rides on {vendor}: no route that is in use depends on it, and nobody's mailbox, so there is "
            f"nothing to see; routes depend on {', '.join(carried)}"
        )
    cast = invented(sorts, people, mail_domains(config.vendors))
    if not cast:
        raise typer.BadParameter(f"the audience {to} has no people, so there is nobody to tell")
    record: dict[str, Any] = {
        "drill": True,
        "at": now().isoformat(),
        "vendor": vendor,
        "playbook": name,
        "audience": to,
        "takes_with_it": list(cut.vendors[1:]),
        "routes": list(cut.routes),
        "mailboxes": mailboxes,
        "people": len(cast),
        "stand_for": sum(sort.people for sort in sorts),
        "taken_from": source,
        "notes": _notes(cut, vendor),
    }
    stop_in_order()
    if not as_json:
        show.opening(record, config)
    script = Script(here, cut, cast, _request(config.playbooks[name], name, to))
    rounds = []
    for trouble in DOING if fault is Trouble.ALL else [fault]:
        if not as_json:
            show.before(trouble, vendor)
        played = play(script, trouble, (lambda _: None) if as_json else show.meanwhile)
        rounds.append(played)
        if not as_json:
            show.after(played)
    record["rounds"] = [asdict(one) | {"well": one.well} for one in rounds]
    record["well"] = all(one.well for one in rounds)
    folder = here.settings.home / "drills"
    earlier = history.previous(folder, record)
    record["previous"] = earlier[0]["at"] if earlier else None
    changes = history.compare(earlier, record)
    kept = history.keep(folder, record)
    if as_json:
        print_json(record | {"changes": changes, "kept_in": str(kept)})
    else:
        show.closing(record, changes, kept)
    if not record["well"]:
        raise typer.Exit(1)


def _known(what: str, name: str, known: Collection[str]) -> None:
    from dispatcher.model.hints import hint

    if name not in known:
        raise typer.BadParameter(f"unknown {what} {name!r}; {hint(name, known)}")


def _playbook_for(config: Config, vendor: str) -> str:
    """The one that names the vendor and the fewest others; else the generic one, else the first."""
    naming = [name for name, one in config.playbooks.items() if vendor in one.vendors]
    if naming:
        return min(naming, key=lambda name: (len(config.playbooks[name].vendors), name))
    return "generic" if "generic" in config.playbooks else min(config.playbooks)


def _sorts(here: Installation, audience: str) -> tuple[Sequence[Sort], str]:
    """The classes of an audience's people, and where they are from in words."""
    from dispatcher.faces.cli.drill.people import of_samples
    from dispatcher.faces.cli.sample import people as samples
    from dispatcher.ledger import drills, migrate, recipients

    to = here.config.audiences[audience]
    named = {tag for one in here.config.audiences.values() if isinstance(one.people, tuple) for tag in one.people}
    own = to.people if isinstance(to.people, tuple) else ()
    # The audience's own tags first: by them it is decided who belongs to it.
    tags = [*dict.fromkeys([*own, *sorted(named)])][: drills.MOST_TAGS]
    if migrate.current(here.ledger) is not None:
        with here.ledger.read() as tx:
            if recipients.count(tx):
                return drills.sorts(tx, to, tags), f"the ledger at {here.ledger.shown_url}"
    belong = [one for one in samples(1000) if to.people == "all" or one.tags & set(own)]
    return of_samples(belong), "invented people: the ledger has none"


def _request(playbook: Playbook, name: str, audience: str) -> dict[str, Any]:
    from dispatcher.faces.cli.drill.dress import MARK
    from dispatcher.model.incident import Reason
    from dispatcher.render import EXAMPLE_FACTS, REQUIRED_FACTS

    missing = [fact for fact in REQUIRED_FACTS[Reason.OPENED] if fact not in playbook.facts]
    return {
        "playbook": name,
        "title": f"{MARK}: {playbook.title}"[:300],
        "audience": audience,
        "facts": {fact: dict(EXAMPLE_FACTS[fact]) for fact in missing},
        "override": MARK,
    }


def _notes(cut: Cut, vendor: str) -> list[str]:
    notes = [f"{route} is left out: {why}" for route, why in cut.left_out.items()]
    if cut.unset:
        notes.append(f"played as if they were set up, which they are not in this shell: {', '.join(cut.unset)}")
    if cut.in_app:
        notes.append(
            f"{', '.join(cut.in_app)} rides on {vendor}, and so does this dispatcher: when that is really down, "
            "nothing leaves from here, and what is left is `dispatcher send --break-glass` on another machine. The "
            "drill shows what the other routes could do from there"
        )
    return notes
