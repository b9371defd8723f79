"""`/docs`: the OpenAPI description as a page for people, with a call to copy for everything."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import nh3
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markdown_it import MarkdownIt
from markupsafe import Markup

from dispatcher.faces.api.access import Here
from dispatcher.faces.api.pages import render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    about: str
    required: bool
    type: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    id: str
    method: str
    path: str
    about: str
    guarded: bool
    parameters: list[Field]
    fields: list[Field]
    example: str
    answers: list[tuple[str, str]]


@router.get("/docs", include_in_schema=False, response_class=HTMLResponse)
def reference(request: Request, here: Here) -> HTMLResponse:
    """The page."""
    api: dict[str, Any] = request.app.openapi()
    groups: dict[str, list[Call]] = {}
    for path, methods in api["paths"].items():
        for method, one in methods.items():
            call = _call(api, here.settings.public_url, path, method.upper(), one)
            groups.setdefault((one.get("tags") or ["other"])[0], []).append(call)
    about = Markup(nh3.clean(MarkdownIt().render(api["info"]["description"])))  # noqa: S704 - cleaned
    return render(
        here, "reference.html", api=api, about=about, groups=list(groups.items()), base=here.settings.public_url
    )


def _call(api: dict[str, Any], base: str, path: str, method: str, one: dict[str, Any]) -> Call:
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    schema = _resolved(api, body) if body else {}
    needed = set(schema.get("required", []))
    fields = [
        Field(name, _about(api, part), name in needed, _type(api, part))
        for name, part in schema.get("properties", {}).items()
    ]
    guarded = bool(one.get("security"))
    parameters = [
        Field(
            given["name"],
            given.get("description") or _type(api, given.get("schema", {})),
            bool(given.get("required")),
            place=given["in"],
        )
        for given in one.get("parameters", [])
    ]
    return Call(
        id=one["operationId"],
        method=method,
        path=path,
        about=one.get("description") or one.get("summary", ""),
        guarded=guarded,
        parameters=parameters,
        fields=fields,
        example=_example(
            base, path, method, {name: _sample(api, name, schema) for name in needed} if body else None, guarded=guarded
        ),
        answers=[(code, answer["description"].rstrip(".")) for code, answer in one["responses"].items()],
    )


def _example(base: str, path: str, method: str, body: dict[str, Any] | None, *, guarded: bool) -> str:
    lines = [f"curl -X {method} {base}{path}"]
    if guarded:
        lines.append("  -H 'Authorization: Bearer YOUR-KEY'")
    if body is not None:
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{json.dumps(body)}'"]
    return " \\\n".join(lines)


def _sample(api: dict[str, Any], name: str, schema: dict[str, Any]) -> Any:
    part = _resolved(api, schema["properties"][name])
    if part.get("examples"):
        return part["examples"][0]
    return [] if part.get("type") == "array" else f"{name} ..."


def _resolved(api: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = api["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _type(api: dict[str, Any], schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(api, one) for one in schema["anyOf"] if one.get("type") != "null"))
    found = _resolved(api, schema)
    if "enum" in found:
        return ", ".join(map(str, found["enum"]))
    if found.get("type") == "array":
        return f"list of {_type(api, found.get('items', {}))}"
    return str(found.get("type", "any"))


def _about(api: dict[str, Any], schema: dict[str, Any]) -> str:
    return str(schema.get("description") or _resolved(api, schema).get("description") or "")
