"""The files that a site embeds. They hold nothing secret and are the same for everybody."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Response

from dispatcher.faces.api.access import Here
from dispatcher.settings import shipped

router = APIRouter(prefix="/inapp")

_TYPES = {
    "widget.js": "text/javascript; charset=utf-8",
    "widget.css": "text/css; charset=utf-8",
    "push.js": "text/javascript; charset=utf-8",
    "sw.js": "text/javascript; charset=utf-8",
}
_HEADERS = {
    # During an outage of ours, what a browser has is good enough.
    "Cache-Control": "public, max-age=600, stale-while-revalidate=86400, stale-if-error=604800",
    "X-Content-Type-Options": "nosniff",
    # Any site may load them, also one that isolates itself or checks the content's hash.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
#: In `sw.js`: a service worker is a file of the site, and would not know where we are.
_HOME = b'"__HOME__"'


@cache
def _read(folder: Path, name: str, public_url: str) -> tuple[bytes, str]:
    path = folder / "inapp" / name
    if not path.is_file():  # a folder of templates from before there was a widget
        path = shipped("templates") / "inapp" / name
    content = path.read_bytes().replace(_HOME, json.dumps(public_url).encode())
    return content, f'"{sha256(content).hexdigest()[:16]}"'


@router.get("/{name}.{kind}", include_in_schema=False)
def file(name: str, kind: str, here: Here, if_none_match: Annotated[str, Header()] = "") -> Response:
    full = f"{name}.{kind}"
    if full not in _TYPES:
        raise HTTPException(404, f"there is no file {full[:80]}; there are {', '.join(_TYPES)}")
    content, mark = _read(here.settings.templates_dir, full, here.settings.public_url)
    headers = {**_HEADERS, "ETag": mark}
    if mark in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_TYPES[full], headers=headers)
