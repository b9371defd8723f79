"""From a filled form to a preview, and on to something sent: the same steps for a new incident and an update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from dispatcher.faces.console.here import bells, installation
from dispatcher.faces.console.once import Done, once
from dispatcher.faces.console.pages import page
from dispatcher.faces.console.showing import View, view
from dispatcher.faces.console.typed import Typed
from dispatcher.faces.preview import preview
from dispatcher.incidents.desk import Refused, Say, Told
from dispatcher.ledger import Tx

STALE = "This page was opened in an earlier session. Nothing was done; look at it once more and press the button again."
_LONGEST_REASON = 1000
_LONGEST_WAIT = 7 * 24 * 60
_OVERRIDE = frozenset({"override_ok", "override_reason"})

#: Tells something within a transaction.
Tell = Callable[[Tx, Say], Told]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a form asks for: the words to say, how to say them, and how its pages are headed."""

    say: Say
    tell: Tell
    #: Where the form is sent.
    action: str
    heading: str
    can_be_draft: bool = False


def minutes(typed: Typed) -> float | None:
    """The promised time until the next word in seconds; None for what the playbook says.

    Raises:
        Refused: it is no sensible number.
    """
    given = typed.line("next_update")
    if not given:
        return None
    try:
        value = float(given)
    except ValueError:
        value = 0.0
    if not 1 <= value <= _LONGEST_WAIT:
        raise Refused(f"the next update must be promised in minutes, from 1 to {_LONGEST_WAIT}, not {given[:20]!r}")
    return value * 60


def overriding(typed: Typed) -> str:
    """The reason for sending past a failed check, when it was both ticked and given."""
    return typed.text("override_reason") if typed.raw("override_ok") == "yes" else ""


def look(request: Request, ask: Ask) -> View:
    """What would happen. Nothing is kept.

    Raises:
        Refused, NotFound, WrongState, LedgerAway: as sending it would.
    """
    here = installation(request)
    say = replace(ask.say, override=ask.say.override or "shown in a preview")
    return view(here, preview(here, lambda tx: ask.tell(tx, say)))


def show(
    request: Request, typed: Typed, ask: Ask, seen: View, problems: Sequence[str] = (), status: int = 200
) -> Response:
    """The page of a preview. What was typed goes along."""
    return page(
        request,
        "preview.html",
        status=status,
        ask=ask,
        view=seen,
        told=seen.preview.told,
        audience=installation(request).config.audiences[seen.preview.told.incident.audience],
        vendors=installation(request).config.vendors,
        typed=tuple(typed.kept(without=_OVERRIDE)),
        override_ok=typed.raw("override_ok") == "yes",
        override_reason=typed.text("override_reason"),
        problems=tuple(problems),
    )


def send(request: Request, typed: Typed, ask: Ask) -> Response:
    """Send what was previewed, once.

    Raises:
        Refused, NotFound, WrongState, LedgerAway: nothing was kept.
    """
    reason = ask.say.override
    if len(reason) > _LONGEST_REASON:
        raise Refused(f"the reason for sending it anyway has {len(reason)} characters; at most {_LONGEST_REASON}")
    if not reason:
        seen = look(request, ask)
        if seen.needs_reason:
            what = "it costs more than its playbook allows" if seen.is_only_dear else "some people would not hear it"
            problem = f"Not sent yet: {what}. Tick the box and say why it goes out all the same."
            return show(request, typed, ask, seen, [problem], 422)
    done = once(installation(request).ledger, typed, lambda tx: ask.tell(tx, ask.say))
    return arrive(request, done)


def arrive(request: Request, done: Done) -> Response:
    """To the incident's page, with a word on what happened."""
    if done.again:
        note = "changed" if done.changed else "again"
    elif done.broadcast_id is None:
        note = "draft"
    else:
        note = "sent" if bells(request).plan(done.broadcast_id) else "kept"
    return RedirectResponse(f"/console/incidents/{done.incident_id}?note={note}", 303)


def choices(request: Request) -> dict[str, Any]:
    """What forms offer."""
    config = installation(request).config
    return {"audiences": config.audiences, "all_vendors": config.vendors, "playbooks": config.playbooks}
