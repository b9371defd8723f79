"""Saying the next thing about an incident: a draft's first message, an update, its end, or that there was none."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from fastapi import Path, Request, Response
from fastapi.responses import RedirectResponse

from dispatcher.faces.console import factfields
from dispatcher.faces.console.here import Session, installation
from dispatcher.faces.console.once import nonce
from dispatcher.faces.console.pages import page
from dispatcher.faces.console.sending import STALE, Ask, look, minutes, overriding, send, show
from dispatcher.faces.console.session import LoggedIn
from dispatcher.faces.console.trouble import UNDONE, console_router, sentences
from dispatcher.faces.console.typed import Form, Typed, is_genuine, require_genuine
from dispatcher.incidents.desk import NotFound, Refused, Say
from dispatcher.incidents.states import next_state, reason_for
from dispatcher.ledger import Tx, incidents
from dispatcher.model.config import Playbook
from dispatcher.model.incident import Incident, State

router = console_router()

#: As large as the ledger's own numbers can be.
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class What(StrEnum):
    """Which of the forms, as its address says it."""

    UPDATE = "update"
    RESOLVE = "resolve"
    RETRACT = "retract"

    @property
    def over(self) -> bool:
        """Whether nothing more can be said after it."""
        return self is not What.UPDATE


_HEADINGS = {
    What.UPDATE: "Look before you send",
    What.RESOLVE: "Look before you tell that it is over",
    What.RETRACT: "Look before you take it back",
}
_OPEN_STATES = tuple(state for state in State if state is not State.RESOLVED)


@router.get("/incidents/{incident_id}/update")
def begin_update(request: Request, incident_id: Number, session: LoggedIn) -> Response:
    return _form(request, incident_id, What.UPDATE)


@router.get("/incidents/{incident_id}/resolve")
def begin_resolve(request: Request, incident_id: Number, session: LoggedIn) -> Response:
    return _form(request, incident_id, What.RESOLVE)


@router.get("/incidents/{incident_id}/retract")
def begin_retract(request: Request, incident_id: Number, session: LoggedIn) -> Response:
    return _form(request, incident_id, What.RETRACT)


@router.post("/incidents/{incident_id}/update")
def go_on_with_update(request: Request, incident_id: Number, typed: Form, session: LoggedIn) -> Response:
    return _go_on(request, incident_id, What.UPDATE, typed, session)


@router.post("/incidents/{incident_id}/resolve")
def go_on_with_resolve(request: Request, incident_id: Number, typed: Form, session: LoggedIn) -> Response:
    return _go_on(request, incident_id, What.RESOLVE, typed, session)


@router.post("/incidents/{incident_id}/retract")
def go_on_with_retract(request: Request, incident_id: Number, typed: Form, session: LoggedIn) -> Response:
    return _go_on(request, incident_id, What.RETRACT, typed, session)


@router.post("/incidents/{incident_id}/not-over")
def not_over(request: Request, incident_id: Number, typed: Form, session: LoggedIn) -> Response:
    require_genuine(typed, session)
    here = installation(request)
    with here.ledger.write() as tx:
        here.desk.find(tx, incident_id, lock=True)
        incidents.withdraw_offer(tx, incident_id)
    return RedirectResponse(f"/console/incidents/{incident_id}?note=open", 303)


@router.post("/incidents/{incident_id}/dismiss")
def dismiss(request: Request, incident_id: Number, typed: Form, session: LoggedIn) -> Response:
    """Close a draft without telling anybody."""
    require_genuine(typed, session)
    here = installation(request)
    with here.ledger.write() as tx:
        here.desk.dismiss(tx, here.desk.find(tx, incident_id, lock=True))
    return RedirectResponse(f"/console/incidents/{incident_id}?note=dismissed", 303)


def _go_on(request: Request, incident_id: int, what: What, typed: Typed, session: Session) -> Response:
    do = typed.raw("do")
    if not is_genuine(typed, session):
        return _form(request, incident_id, what, typed, [STALE], 403)
    if do == "edit":
        return _form(request, incident_id, what, typed)
    here = installation(request)
    try:
        with here.ledger.read() as tx:
            number = len(incidents.updates(tx, incident_id)) + 1
        state = State.RESOLVED if what.over else _state(typed)
        say = Say(
            author=session.name,
            state=state,
            facts=factfields.collect(typed, reason_for(number, state, retracts=what is What.RETRACT)),
            next_update_in=None if what.over else minutes(typed),
            override=overriding(typed),
            retracts=what is What.RETRACT,
        )
        ask = Ask(
            say=say,
            tell=lambda tx, one: here.desk.tell(tx, _unchanged(request, tx, incident_id, typed), one),
            action=request.url.path,
            heading=_HEADINGS[what],
        )
        return send(request, typed, ask) if do == "send" else show(request, typed, ask, look(request, ask))
    except UNDONE as error:
        status, problems = sentences(error)
        return _form(request, incident_id, what, typed, problems, status)


def _state(typed: Typed) -> State:
    try:
        state = State(typed.line("state"))
    except ValueError:
        raise Refused("choose where things stand: investigating, identified or monitoring") from None
    if state is State.RESOLVED:
        raise Refused("that it is over is told with the other form: go back to the incident and choose It is over")
    return state


def _unchanged(request: Request, tx: Tx, incident_id: int, typed: Typed) -> Incident:
    """The incident, held, when nobody said anything since the form was opened."""
    about = installation(request).desk.find(tx, incident_id, lock=True)
    said = incidents.updates(tx, incident_id)
    if said and typed.line("seen") != str(len(said)):
        last = said[-1]
        raise Refused(
            f"meanwhile {last.author} sent update {last.number} ({last.state}); it is shown above this form. "
            "Change your words if need be, then go on"
        )
    return about


def _form(
    request: Request,
    incident_id: int,
    what: What,
    typed: Typed | None = None,
    problems: Sequence[str] = (),
    status: int = 200,
) -> Response:
    here = installation(request)
    with here.ledger.read() as tx:
        about = here.desk.find(tx, incident_id)
        said = incidents.updates(tx, incident_id)
    state = next_state(about.state, State.RESOLVED if what.over else None)
    if what.over and not said:
        raise Refused("nobody was told about this incident, so there is nobody to tell that it is over")
    playbook = _playbook(request, about)
    reason = reason_for(len(said) + 1, state, retracts=what is What.RETRACT)
    wait = typed.line("next_update") if typed is not None else f"{playbook.next_update_in / 60:g}"
    return page(
        request,
        "say.html",
        status=status,
        incident=about,
        last=said[-1] if said else None,
        what=what,
        reason=reason,
        states=_OPEN_STATES,
        state=(typed.line("state") if typed is not None else "") or str(state),
        next_update=wait,
        facts=factfields.fields(playbook, about.facts, reason, typed),
        seen=len(said),
        nonce=(typed.raw("nonce") if typed is not None else "") or nonce(),
        problems=tuple(problems),
    )


def _playbook(request: Request, about: Incident) -> Playbook:
    found = installation(request).config.playbooks.get(about.playbook)
    if found is None:
        raise NotFound(f"{about.label} was opened with the playbook {about.playbook!r}, which config/ no longer has")
    return found
