"""Logging in and out, and the files that pages need."""

from __future__ import annotations

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from dispatcher.faces.console.here import installation, remembered
from dispatcher.faces.console.pages import STATIC, page, shelf
from dispatcher.faces.console.session import Brake, LoggedIn, begin, current, end, whose_key
from dispatcher.faces.console.trouble import console_router
from dispatcher.faces.console.typed import Form, require_genuine

router = console_router()


def _inside(target: str) -> str:
    """Where to go after the log-in: only to pages of the console."""
    inside = target == "/console" or target.startswith(("/console/", "/console?"))
    return target if inside and "\\" not in target and target.isprintable() else "/console"


@router.get("/login")
def ask(request: Request, next: str = "/console") -> Response:
    if current(request) is not None:
        return RedirectResponse(_inside(next), 303)
    keys = bool(installation(request).settings.api_keys)
    return page(request, "login.html", target=_inside(next), problem="", keys=keys)


@router.post("/login")
def log_in(request: Request, typed: Form) -> Response:
    settings = installation(request).settings
    target = _inside(typed.raw("next"))
    who = request.client.host if request.client else ""
    brake = remembered(request, "brake", Brake)
    if wait := brake.wait(who):
        problem = f"Too many wrong keys came from your address. Please try again in {wait} seconds."
        answer = page(request, "login.html", status=429, target=target, problem=problem, keys=True)
        answer.headers["Retry-After"] = str(wait)
        return answer
    found = whose_key(settings, typed.raw("key").strip())
    if found is None:
        brake.note_wrong(who)
        problem = "This key is not known here. Check that it is complete."
        keys = bool(settings.api_keys)
        return page(request, "login.html", status=401, target=target, problem=problem, keys=keys)
    answer_in = RedirectResponse(target, 303)
    begin(answer_in, settings, *found)
    return answer_in


@router.post("/logout")
def log_out(request: Request, typed: Form, session: LoggedIn) -> Response:
    require_genuine(typed, session)
    answer = RedirectResponse("/console/login", 303)
    end(answer, installation(request).settings)
    return answer


@router.get("/static/{name}")
def static(request: Request, name: str, v: str = "") -> Response:
    if name not in STATIC:
        raise HTTPException(404, f"there is no file {name}")
    known = shelf(request)
    caching = "public, max-age=31536000, immutable" if v == known.marks[name] else "no-cache"
    return Response(known.files[name], media_type=STATIC[name], headers={"Cache-Control": caching})
