"""Starting a broadcast: a playbook, the form, the preview, and off it goes."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request, Response

from dispatcher.faces.console import factfields
from dispatcher.faces.console.here import Session, installation
from dispatcher.faces.console.once import nonce, once
from dispatcher.faces.console.pages import page
from dispatcher.faces.console.sending import STALE, Ask, arrive, choices, look, minutes, overriding, send, show
from dispatcher.faces.console.session import LoggedIn
from dispatcher.faces.console.trouble import UNDONE, console_router, sentences
from dispatcher.faces.console.typed import Form, Typed, is_genuine
from dispatcher.incidents.desk import NotFound, Order, Refused, Say
from dispatcher.model.config import Playbook, Severity
from dispatcher.model.incident import Reason

router = console_router()

_LONGEST_TITLE = 200


@router.get("/new")
def begin(request: Request, session: LoggedIn, playbook: str = "") -> Response:
    if not playbook:
        return page(request, "pick.html", **choices(request))
    return _form(request, playbook, None)


@router.post("/new")
def go_on(request: Request, typed: Form, session: LoggedIn) -> Response:
    name, do = typed.line("playbook"), typed.raw("do")
    if not is_genuine(typed, session):
        return _form(request, name, typed, [STALE], 403)
    if do == "edit":
        return _form(request, name, typed)
    here = installation(request)
    try:
        order = _order(_playbook(request, name), typed, session)
        if do == "draft":
            return arrive(request, once(here.ledger, typed, lambda tx: here.desk.draft(tx, order)))
        ask = Ask(
            say=Say(author=session.name, next_update_in=minutes(typed), override=overriding(typed)),
            tell=lambda tx, say: here.desk.open(tx, order, say),
            action="/console/new",
            heading="Look before you send",
            can_be_draft=True,
        )
        return send(request, typed, ask) if do == "send" else show(request, typed, ask, look(request, ask))
    except UNDONE as error:
        status, problems = sentences(error)
        return _form(request, name, typed, problems, status)


def _playbook(request: Request, name: str) -> Playbook:
    found = installation(request).config.playbooks.get(name)
    if found is None:
        raise NotFound(f"there is no playbook {name!r}; choose one of those under Start a broadcast")
    return found


def _order(playbook: Playbook, typed: Typed, session: Session) -> Order:
    title = typed.line("title") or playbook.title
    problems = []
    if len(title) > _LONGEST_TITLE:
        problems.append(f"the title has {len(title)} characters; at most {_LONGEST_TITLE} are taken")
    try:
        severity = Severity(typed.line("severity") or playbook.severity)
    except ValueError:
        severity = playbook.severity
        problems.append("choose how bad it is: minor, major or critical")
    if problems:
        raise Refused(*problems)
    return Order(
        playbook=typed.line("playbook"),
        author=session.name,
        title=title,
        vendors=typed.every("vendors"),
        audience=typed.line("audience") or playbook.audience,
        severity=severity,
        facts=factfields.collect(typed, Reason.OPENED),
    )


def _form(
    request: Request, name: str, typed: Typed | None, problems: Sequence[str] = (), status: int = 200
) -> Response:
    playbook = _playbook(request, name)
    again = typed is not None and typed.has("title")
    back = typed if typed is not None and again else None
    return page(
        request,
        "open.html",
        status=status,
        name=name,
        playbook=playbook,
        title=back.line("title") if back else playbook.title,
        audience=back.line("audience") if back else playbook.audience,
        vendors=back.every("vendors") if back else playbook.vendors,
        severity=back.line("severity") if back else str(playbook.severity),
        next_update=back.line("next_update") if back else f"{playbook.next_update_in / 60:g}",
        facts=factfields.fields(playbook, playbook.facts, Reason.OPENED, back),
        nonce=(back.raw("nonce") if back else "") or nonce(),
        problems=tuple(problems),
        **choices(request),
    )
