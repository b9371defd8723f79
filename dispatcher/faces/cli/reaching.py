"""Reach at the command line: what `check` shows of it, and `reach`, which names people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from channels.contract import Kind
from dispatcher.faces.cli.sending import Json
from dispatcher.faces.cli.show import grid, out, print_json
from dispatcher.plan.reach import Plight

if TYPE_CHECKING:
    from dispatcher.faces.reaching import Proof
    from dispatcher.ledger.who import Somebody
    from dispatcher.plan.reach import Loss
    from dispatcher.wiring import Installation

#: How many pairs of vendors are shown of each audience when not all are asked for.
WORST = 3


def add_to(app: typer.Typer) -> None:
    app.command()(reach)


def reach(
    playbook: Annotated[str, typer.Argument(help="The name of a playbook; its kinds of route count.")],
    plight: Annotated[Plight, typer.Argument(help="How they are off.")] = Plight.UNREACHABLE,
    audience: Annotated[str | None, typer.Option(help="Of whom. Default: the playbook's audience.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="A vendor that is lost; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many people to list.")] = 100,
    as_json: Json = False,
) -> None:
    """List the people whom nothing would reach without some vendors, or mail alone, or a single route.

    Addresses are masked. Without --without it is about a day on which all is well.
    """
    from dispatcher.faces.reaching import known, named, proofs
    from dispatcher.plan import reach as proof_of
    from dispatcher.wiring import install

    here = install()
    lost = tuple(dict.fromkeys(without or ()))
    known(here, playbook=playbook, vendors=lost)
    with here.ledger.read() as tx:
        (proof,) = proofs(here, tx, playbook=playbook, audience=audience or here.config.playbooks[playbook].audience)
        loss = proof_of.without(proof.classes, here.ways, proof.kinds, lost, proof.too_dear)
        total = {
            Plight.UNREACHABLE: loss.unreachable,
            Plight.MAIL_ALONE: loss.mail_alone,
            Plight.SINGLE_ROUTE: loss.single_route,
        }[plight]
        people = named(here, tx, proof, lost, plight, limit)
        if as_json:
            print_json(
                {
                    "audience": proof.audience,
                    "playbook": playbook,
                    "people": proof.reach.people,
                    **asdict(loss),
                    "plight": plight,
                    "named": [_plain(one) for one in people],
                }
            )
            return
        when = f" without {' and '.join(lost)}" if lost else ""
        out.print(f"{proof.audience} by {playbook}{when}: {total} of {proof.reach.people} {plight.value}", markup=False)
        for one in people:
            addresses = ", ".join(f"{kind.value} {address}" for kind, address in one.addresses.items())
            out.print(f"  {one.ref}  {one.name}  {addresses or 'no address'}".rstrip(), markup=False, soft_wrap=True)
        if total > limit:
            out.print(f"and {total - limit} more: --limit {total} lists them all", style="dim")


def _plain(one: Somebody) -> dict[str, Any]:
    return {"ref": one.ref, "name": one.name, "addresses": {kind.value: to for kind, to in one.addresses.items()}}


def losses(proof: Proof, *, all_pairs: bool) -> dict[str, Any]:
    """What `check --json` says of one audience and playbook beyond what it always said."""
    found = proof.reach
    return {
        "single_route": found.whole.single_route,
        "without_one": [asdict(loss) for loss in found.singles],
        "without_two": [asdict(loss) for loss in (found.pairs if all_pairs else found.worst_pairs(WORST))],
    }


def because_of_cost(here: Installation, playbook: str, proof: Proof) -> list[str]:
    """Whom a playbook's cost cap leaves with mail alone, or with nothing, in a sentence; none without such people."""
    from dispatcher.plan.reach import cut_off

    people = cut_off(proof.classes, here.ways, proof.kinds, proof.too_dear)
    if not people:
        return []
    about, where = f"playbook {playbook}, audience {proof.audience}", f"config/playbooks/{playbook}.yaml"
    return [
        f"{about}: {people} of {proof.reach.people} have mail alone, or nothing, because of the cost cap; "
        f"shorten the texts, or raise `message` of cost_cap in {where}"
    ]


def without_price(here: Installation) -> list[str]:
    """Routes for texts on which no cost cap can hold, because nobody has said what they cost."""
    capped = [name for name, playbook in here.config.playbooks.items() if playbook.cost_cap is not None]
    if not capped:
        return []
    return [
        f"no cost cap holds for {way.route}, which has no price; set `price` in config/routes.yaml"
        for way in here.ways
        if way.kind is Kind.SMS and not way.problem and here.config.routes[way.route].price is None
    ]


def show(proofs: Sequence[Proof], *, all_pairs: bool) -> None:
    """What the loss of each vendor does, and of two at once: the worst of these, or all."""
    ones, pairs = _table("\nWithout one vendor", "vendor"), _table("\nWithout two vendors", "vendors")
    left_out = 0
    for proof in proofs:
        found = proof.reach
        if not found.people:
            continue
        about = (proof.audience, ", ".join(proof.playbooks))
        ones.add_row(*about, "(nothing lost)", *_numbers(found.whole))
        for loss in found.singles:
            ones.add_row("", "", loss.vendors[0], *_numbers(loss))
        worst = found.worst_pairs(len(found.pairs))
        shown: Sequence[Loss] = found.pairs if all_pairs else worst[:WORST]
        for number, loss in enumerate(shown):
            pairs.add_row(*(("", "") if number else about), " + ".join(loss.vendors), *_numbers(loss))
        left_out += 0 if all_pairs else len(worst) - len(shown)
    if ones.row_count:
        out.print(ones)
    if pairs.row_count:
        out.print(pairs)
    elif ones.row_count:
        out.print("\nNo two vendors silence anybody together whom neither silences alone.")
    if left_out:
        out.print(f"and {left_out} more pairs that silence somebody; --pairs shows all pairs", style="dim")


def _table(title: str, what: str) -> Any:
    table = grid("audience", "playbooks", title=title)
    table.add_column(what, no_wrap=True)
    for name in ("unreachable", "mail alone", "single route"):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _numbers(loss: Loss) -> tuple[str, str, str]:
    bad = f"[red]{loss.unreachable}[/red]" if loss.unreachable else "·"
    return bad, str(loss.mail_alone or "·"), str(loss.single_route or "·")
