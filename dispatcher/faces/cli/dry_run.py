"""What `--dry-run` shows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dispatcher.faces.cli.show import out, print_json, show_preview
from dispatcher.faces.forecasting import Forecast
from dispatcher.faces.preview import Person, Preview, today


def show_dry_run(found: Preview, *, as_json: bool) -> None:
    """Show a preview, and that it was one."""
    if not as_json:
        show_preview(found)
        out.print("\nDry run: nothing was kept or sent.", style="bold")
        return
    print_json({"dry_run": True, **plain(found)})


def plain(found: Preview) -> dict[str, Any]:
    """A preview as JSON says it."""
    from dispatcher.render import fill

    return {
        "people": found.audit.people,
        "first_by_route": [
            {"kind": kind, "route": route, "people": people}
            for (kind, route), people in sorted(found.first_by_route.items())
        ],
        "mail_alone": [_person(one) for one in found.mail_alone],
        "problems": found.audit.problems,
        "today": {
            **asdict(found.today),
            "named": {plight.value: [_person(one) for one in some] for plight, some in found.today_named.items()},
            "warnings": [sentence for sentence, _ in today(found)],
        },
        "forecast": forecast_of(found.forecast),
        "words": [
            {
                "kind": one.kind,
                "locale": one.locale,
                "used_locale": one.used_locale,
                "subject": said.subject,
                "text": said.text,
            }
            for one in found.wording
            for said in [fill(one.words, name="[name]")]
        ],
    }


def forecast_of(found: Forecast) -> dict[str, Any]:
    """A forecast as JSON says it; times in seconds, costs as text."""
    return {
        "messages": found.messages,
        "in_time": found.in_time,
        "useful_for": found.useful_for,
        "last": found.last,
        "costs": {currency: str(cost) for currency, cost in found.costs.items()},
        "without_price": list(found.unpriced),
        "routes": [
            {**asdict(one), "cost": None if one.cost is None else str(one.cost), "currency": one.currency or None}
            for one in found.routes
        ],
    }


def _person(one: Person) -> dict[str, Any]:
    return {"id": one.id, "ref": one.ref, "name": one.name}
