"""One JSON request on the shared session, for a provider that is spoken to without an SDK."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from channels.transport.http import SharedSession


async def ask(
    session: SharedSession,
    method: str,
    url: str,
    *,
    bearer: str = "",
    headers: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
) -> Exception | None:
    """Makes one request within the current exchange, which then holds the answer.

    Returns what broke the request, None when an answer came, whatever its status.
    """
    sent = dict(headers or {})
    if bearer:
        sent["Authorization"] = f"Bearer {bearer}"
    data = None
    if body is not None:
        sent["Content-Type"] = "application/json"
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        async with session.request(method, url, headers=sent, data=data):
            return None
    except Exception as error:  # noqa: BLE001 - whatever breaks a request, the exchange knows what it means
        return error
