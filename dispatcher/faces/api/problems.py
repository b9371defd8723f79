"""Errors as `application/problem+json` (RFC 9457): what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dispatcher.faces.once import KeyReused
from dispatcher.incidents.desk import NotFound, Refused
from dispatcher.incidents.states import WrongState
from dispatcher.ledger import LedgerAway

#: The largest body that is read. Ten thousand alerts with ordinary labels fit.
LARGEST_BODY = 4 * 1024 * 1024
_TOO_LARGE = f"a request holds at most {LARGEST_BODY} bytes"
_MEDIA_TYPE = "application/problem+json"
_MOST_PROBLEMS = 100
_LONGEST_PROBLEM = 300


class ProblemOut(BaseModel):
    """What is wrong, and what to do (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    problems: Annotated[list[str], Field(description="Everything that must change, a sentence each.")] = []


def can_be(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These errors, for the documentation of a route."""
    content = {_MEDIA_TYPE: {"schema": ProblemOut.model_json_schema()}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


class BodyLimit:
    """Stops reading what is larger than anything we take, whether its length is told or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and (len(told) > len(str(LARGEST_BODY)) or int(told) > LARGEST_BODY):
            await answer(413, _TOO_LARGE)(scope, receive, send)
            return
        length = 0

        async def counted() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            if length > LARGEST_BODY:
                raise HTTPException(413, _TOO_LARGE)
            return message

        await self._app(scope, counted, send)


class Problem(Exception):
    """Ends a request with this problem."""

    def __init__(self, status: int, detail: str, problems: Sequence[str] = (), headers: dict[str, str] | None = None):
        self.status = status
        self.detail = detail
        self.problems = list(problems)
        self.headers = headers
        super().__init__(detail)


def answer(
    status: int, detail: str, problems: Sequence[str] = (), headers: dict[str, str] | None = None
) -> JSONResponse:
    """The problem as a response."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _shown(detail),
    }
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        told = [_shown(one) for one in problems[:_MOST_PROBLEMS]]
        body["problems"] = [*told, f"and {more} more"] if more > 0 else told
    return JSONResponse(body, status, media_type=_MEDIA_TYPE, headers=headers)


def _shown(text: str) -> str:
    """A sentence that may quote what came in, which may be anything."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _LONGEST_PROBLEM else f"{text[:_LONGEST_PROBLEM]}…"


def install_handlers(app: FastAPI) -> None:
    """Turn everything that can go wrong into a problem."""

    @app.exception_handler(Problem)
    def _problem(_: Request, error: Problem) -> JSONResponse:
        return answer(error.status, error.detail, error.problems, error.headers)

    @app.exception_handler(Refused)
    def _refused(_: Request, error: Refused) -> JSONResponse:
        return answer(422, "nothing was kept or sent; see the problems", error.problems)

    @app.exception_handler(NotFound)
    def _not_found(_: Request, error: NotFound) -> JSONResponse:
        return answer(404, str(error))

    @app.exception_handler(WrongState)
    def _wrong_state(_: Request, error: WrongState) -> JSONResponse:
        return answer(409, str(error))

    @app.exception_handler(KeyReused)
    def _key_reused(_: Request, error: KeyReused) -> JSONResponse:
        return answer(409, str(error))

    @app.exception_handler(LedgerAway)
    def _ledger_away(_: Request, error: LedgerAway) -> JSONResponse:
        return answer(503, f"nothing was kept: {error}", headers={"Retry-After": "5"})

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        problems = [
            f"{'.'.join(str(part) for part in one['loc'])}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        ]
        if isinstance(error.body, bytes):  # what is not announced as JSON is not read as such
            return answer(415, "send JSON with the header Content-Type: application/json")
        return answer(422, "the request is not of the documented form; see the problems and /docs", problems)

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> JSONResponse:
        return answer(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(Exception)
    def _unexpected(_: Request, __: Exception) -> JSONResponse:
        # The server logs what it was.
        return answer(500, "something is wrong on our side; it is in the log of this server")
