"""Who is calling: bearer keys, compared in constant time."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from dispatcher.faces.api.problems import Problem
from dispatcher.faces.worker.bells import Bells
from dispatcher.wiring import Installation

_bearer = HTTPBearer(auto_error=False, description="A key from DISPATCHER_API_KEY.")


def installation(request: Request) -> Installation:
    here: Installation = request.app.state.installation
    return here


def bells(request: Request) -> Bells:
    found: Bells = request.app.state.bells
    return found


Here = Annotated[Installation, Depends(installation)]
Ring = Annotated[Bells, Depends(bells)]


def name_of(key: str, keys: Mapping[str, str]) -> str | None:
    """Whose key it is. Compares with every key, so that the time taken tells nothing."""
    found = None
    for known, name in keys.items():
        if hmac.compare_digest(known.encode(), key.encode()):
            found = name
    return found


def caller(here: Here, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    """The name of the caller's key; it is recorded as the author of what they do."""
    if not here.settings.api_keys:
        raise Problem(503, "no key is set up: set DISPATCHER_API_KEY to name:key and start again")
    name = name_of(given.credentials, here.settings.api_keys) if given else None
    if name is None:
        raise Problem(
            401,
            "send a key: Authorization: Bearer <key>; keys are set by DISPATCHER_API_KEY",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return name


Caller = Annotated[str, Depends(caller)]
