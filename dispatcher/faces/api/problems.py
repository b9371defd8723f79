"""Errors as `application/problem+json` (RFC 9457): what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from dispatcher.faces.once import KeyReused
from dispatcher.incidents.desk import NotFound, Refused
from dispatcher.incidents.states import WrongState
from dispatcher.ledger import LedgerAway


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
        "detail": detail,
    }
    if problems:
        body["problems"] = list(problems)
    return JSONResponse(body, status, media_type="application/problem+json", headers=headers)


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
        problems = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
        return answer(422, "the request is not of the documented form; see the problems and /docs", problems)

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> JSONResponse:
        return answer(error.status_code, str(error.detail), headers=dict(error.headers or {}))
