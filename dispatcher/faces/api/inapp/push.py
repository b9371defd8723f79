"""A person's browser says that it may be told by push, and takes that back."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from channels.contract import CanEnrol, Kind, Receipt, Unreadable, Word
from dispatcher.faces.api.access import Here
from dispatcher.faces.api.inapp.tickets import Holder
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.faces.api.receipts import Ear
from dispatcher.faces.api.shapes import In
from dispatcher.ledger import devices, now, optouts
from dispatcher.model.recipient import Consent
from dispatcher.wiring import Installation

router = APIRouter(prefix="/inapp/push", tags=["in-app"])

_SOURCE = "the widget on our site"

Token = Annotated[str, Path(max_length=40, pattern=r"^[\w-]+$")]


class Invitation(BaseModel):
    key: Annotated[str, Field(description="For `applicationServerKey`, in base64url.")]


class Subscription(In):
    """As `PushSubscription.toJSON()` makes it."""

    endpoint: Annotated[str, Field(min_length=1, max_length=1200)]
    expirationTime: float | None = None  # noqa: N815 - the browser's own word
    keys: Annotated[dict[str, Annotated[str, Field(max_length=200)]], Field(max_length=4)]


class _Way(NamedTuple):
    route: str
    channel: CanEnrol


def enrolling(request: Request, here: Here) -> _Way:
    """The first usable route by which people are told on devices of their own."""
    known: dict[str, _Way] = request.app.state.enrolling
    for way in here.ways:
        if way.kind is Kind.PUSH and not way.problem and here.capabilities(way.route).enrols:
            if way.route not in known:
                known[way.route] = _made(here, way.route, request)
            return known[way.route]
    raise Problem(404, "no route of the kind push is set up; see docs/channels/webpush.md")


def _made(here: Installation, route: str, request: Request) -> _Way:
    channel = here.channel(route, request.app.state.ear.resources)
    if not isinstance(channel, CanEnrol):  # the conformance tests see to it that who declares it can
        raise Problem(404, f"the route {route!r} cannot enrol devices")
    return _Way(route, channel)


Way = Annotated[_Way, Depends(enrolling)]


@router.get("", responses=can_be(401, 404, 422))
async def invite(who: Holder, way: Way) -> Invitation:
    """What a browser needs before it can subscribe."""
    return Invitation(key=way.channel.invitation()["key"])


@router.post("", status_code=204, responses=can_be(400, 401, 404, 409, 413, 415, 422, 503))
async def subscribe(body: Subscription, who: Holder, here: Here, way: Way) -> Response:
    """From now on the person is told on this device as well; it takes the place of the one before."""
    address = _address(way.channel, body)

    def keep() -> bool:
        with here.ledger.write() as tx:
            if optouts.among(tx, [(Kind.PUSH, address)]):
                raise Problem(409, "this subscription was taken back; unsubscribe in the browser and subscribe anew")
            return devices.enrol(tx, who.user, Kind.PUSH, address, agreed=Consent(_SOURCE, now()))

    if not await asyncio.to_thread(keep):
        raise Problem(404, "nobody among the recipients has this app user; import them first")
    return Response(status_code=204)


@router.delete("", status_code=204, responses=can_be(400, 401, 404, 413, 415, 422, 503))
async def take_back(body: Subscription, who: Holder, here: Here, way: Way) -> Response:
    """Nothing more goes to this device. Saying it twice changes nothing."""
    address = _address(way.channel, body)

    def note() -> None:
        with here.ledger.write() as tx:
            optouts.note(tx, Kind.PUSH, address, source=f"{way.route}: taken back in {_SOURCE}")

    await asyncio.to_thread(note)
    return Response(status_code=204)


@router.post("/{token}/shown", status_code=204, responses=can_be(404, 422, 503))
async def shown(token: Token, request: Request) -> Response:
    """The browser shows the notification. Only the device was told this token, encrypted."""
    return await _keep(Word.DELIVERED, "shown", token, request)


@router.post("/{token}/opened", status_code=204, responses=can_be(404, 422, 503))
async def opened(token: Token, request: Request) -> Response:
    """The person has opened the notification. This is their receipt."""
    return await _keep(Word.READ, "opened", token, request)


async def _keep(word: Word, said: str, token: str, request: Request) -> Response:
    here: Installation = request.app.state.installation
    ear: Ear = request.app.state.ear

    def find() -> str | None:
        with here.ledger.read() as tx:
            return devices.route_of(tx, Kind.PUSH, token)

    route = await asyncio.to_thread(find)
    if route is None:
        raise Problem(404, "no notification was sent with this token")
    await ear.keep(route, [Receipt(word, f"{said}:{token}", token=token)])
    return Response(status_code=204)


def _address(channel: CanEnrol, body: Subscription) -> str:
    told: dict[str, Any] = body.model_dump()
    try:
        return channel.enrol(told)
    except Unreadable as problem:
        raise Problem(422, str(problem)) from None
