"""What would be: the proof of reach, and a preview of what would be sent. Both keep nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from threading import BoundedSemaphore
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from channels.contract import Kind
from dispatcher.faces.api.access import Caller, Here, caller
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.faces.api.shapes import Known, NewIncident
from dispatcher.faces.forecasting import Forecast
from dispatcher.faces.preview import Preview, preview, today
from dispatcher.faces.reaching import Proof, proofs
from dispatcher.incidents.desk import Say, Told
from dispatcher.ledger import Tx, now
from dispatcher.plan.capping import Weighed
from dispatcher.plan.forecast import Outlook
from dispatcher.plan.reach import Loss, Plight, Reach
from dispatcher.render import fill

#: Each of these may read all people. More of them at once would take threads and connections from what is urgent.
_AT_ONCE = BoundedSemaphore(2)


def in_turn() -> Iterator[None]:
    """Let a few in; who comes beside them is asked to come again."""
    if not _AT_ONCE.acquire(blocking=False):
        raise Problem(429, "others are asking this just now; ask again in a few seconds", headers={"Retry-After": "2"})
    try:
        yield
    finally:
        _AT_ONCE.release()


router = APIRouter(
    prefix="/api/v1",
    tags=["ahead"],
    dependencies=[Depends(caller), Depends(in_turn)],
    responses=can_be(401, 422, 429, 503),
)


class LossOut(BaseModel):
    """How many people are how badly off without these vendors; without none, as all is well."""

    vendors: list[str]
    unreachable: Annotated[int, Field(description="No route reaches them.")]
    mail_alone: Annotated[int, Field(description="Reached, and by mail alone.")]
    single_route: Annotated[int, Field(description="Reached, and by one route alone.")]

    @classmethod
    def of(cls, one: Loss) -> LossOut:
        return cls.model_validate(asdict(one))


class ReachOut(BaseModel):
    """How well an audience is reached by the kinds of some playbooks, which are the same for all of these."""

    audience: str
    playbooks: list[str]
    kinds: list[Kind]
    people: int
    proven: Annotated[bool, Field(description="Nobody has mail alone, and the loss of one vendor silences nobody.")]
    whole: Annotated[LossOut, Field(description="While nothing is lost.")]
    lost_without: Annotated[dict[str, int], Field(description="Whom the loss of a vendor alone would silence.")]
    without_one: list[LossOut]
    without_two: Annotated[list[LossOut], Field(description="Every pair of vendors, when `pairs` was asked for.")]

    @classmethod
    def of(cls, proof: Proof) -> ReachOut:
        found: Reach = proof.reach
        return cls(
            audience=proof.audience,
            playbooks=list(proof.playbooks),
            kinds=[kind for kind in Kind if kind in proof.kinds],
            people=found.people,
            proven=found.is_proven,
            whole=LossOut.of(found.whole),
            lost_without=found.without,
            without_one=[LossOut.of(loss) for loss in found.singles],
            without_two=[LossOut.of(loss) for loss in found.pairs],
        )


class ReachPage(BaseModel):
    as_of: datetime
    proven: Annotated[bool, Field(description="All of them are.")]
    reach: list[ReachOut]


@router.get("/reach", responses=can_be(404))
def prove_reach(
    here: Here, audience: Known | None = None, playbook: Known | None = None, pairs: Annotated[bool, Query()] = False
) -> ReachPage:
    """Who would be told if a vendor died, for every audience and playbook or for one; with `pairs`, if any two died."""
    with here.ledger.read() as tx:
        found = proofs(here, tx, audience=audience, playbook=playbook, pairs=pairs)
    shown = [ReachOut.of(proof) for proof in found]
    return ReachPage(as_of=now(), proven=all(one.proven for one in shown), reach=shown)


class PersonOut(BaseModel):
    id: int
    ref: str
    name: str


class FirstOut(BaseModel):
    """How many hear it first by a route; kind and route are empty for those whom nothing reaches."""

    kind: str
    route: str
    people: int


class TodayOut(LossOut):
    """Who is how badly off while what is down now is down: by the incident, operators, or our own breakers."""

    named: Annotated[dict[Plight, list[PersonOut]], Field(description="Some of them.")]
    warnings: list[str]


class OutlookOut(BaseModel):
    """What is to be expected of one route. Times are seconds from now."""

    kind: Kind
    route: str
    messages: int
    parts: Annotated[int, Field(description="SMS segments, or whatever the provider counts, of all messages.")]
    cost: Annotated[Decimal | None, Field(description="Estimated, of all messages; null without a price.")]
    currency: str | None
    first: Annotated[float | None, Field(description="When the first leaves; null when it never does.")]
    last: Annotated[float | None, Field(description="When the last has left; null when it never does.")]
    in_time: Annotated[int, Field(description="How many leave while the update is useful.")]
    pace: str
    warning: Annotated[str, Field(description="What is too slow and what to do, or nothing.")]

    @classmethod
    def of(cls, one: Outlook) -> OutlookOut:
        return cls.model_validate({**asdict(one), "currency": one.currency or None})


class ForecastOut(BaseModel):
    """What is to be expected if nothing fails over and nothing else is sent meanwhile."""

    messages: int
    in_time: int
    useful_for: float
    last: float | None
    costs: Annotated[dict[str, Decimal], Field(description="By currency.")]
    without_price: list[str]
    routes: list[OutlookOut]

    @classmethod
    def of(cls, found: Forecast) -> ForecastOut:
        return cls(
            messages=found.messages,
            in_time=found.in_time,
            useful_for=found.useful_for,
            last=found.last,
            costs=found.costs,
            without_price=list(found.unpriced),
            routes=[OutlookOut.of(one) for one in found.routes],
        )


class WeighedOut(BaseModel):
    """What it costs against the playbook's cost cap. All amounts are in the currency."""

    currency: str
    message: Annotated[Decimal | None, Field(description="What one message to one person may cost.")]
    broadcast: Annotated[Decimal | None, Field(description="What the first messages may cost together.")]
    cost: Annotated[Decimal, Field(description="What they cost, estimated.")]
    at_worst: Annotated[Decimal, Field(description="The same if all go by the dearest route that is left to them.")]
    over: Annotated[bool, Field(description="They cost more than they may.")]
    cut_off: Annotated[int, Field(description="How many people the cap leaves with mail alone, or with nothing.")]
    left_out: Annotated[dict[str, int], Field(description="For how many people a route is left out as too dear.")]

    @classmethod
    def of(cls, one: Weighed) -> WeighedOut:
        cap = one.cap.model_dump()
        return cls(
            **cap,
            cost=one.cost,
            at_worst=one.at_worst,
            over=one.is_over,
            cut_off=one.cut_off,
            left_out=dict(one.left_out),
        )


class WordsOut(BaseModel):
    """Some words; [name] stands where each person reads their own."""

    kind: Kind
    locale: str
    used_locale: str
    subject: str
    text: str


class PreviewOut(BaseModel):
    """What would be said, to whom, by which route first. Nothing of it is kept or sent."""

    people: int
    first_by_route: list[FirstOut]
    mail_alone: Annotated[list[PersonOut], Field(description="Some of those who have mail alone on any day.")]
    problems: Annotated[list[str], Field(description="What a send would be refused for without an `override`.")]
    today: TodayOut
    forecast: ForecastOut
    cost_cap: Annotated[WeighedOut | None, Field(description="Null where no cap holds.")]
    words: list[WordsOut]

    @classmethod
    def of(cls, found: Preview) -> PreviewOut:
        said = [(one, fill(one.words, name="[name]")) for one in found.wording]
        firsts = sorted(found.first_by_route.items())
        named = {plight: [_person(one) for one in some] for plight, some in found.today_named.items()}
        return cls(
            people=found.audit.people,
            first_by_route=[FirstOut(kind=kind, route=route, people=people) for (kind, route), people in firsts],
            mail_alone=[_person(one) for one in found.mail_alone],
            problems=list(found.problems),
            today=TodayOut(
                **LossOut.of(found.today).model_dump(), named=named, warnings=[sentence for sentence, _ in today(found)]
            ),
            forecast=ForecastOut.of(found.forecast),
            cost_cap=None if found.weighed is None else WeighedOut.of(found.weighed),
            words=[
                WordsOut(
                    kind=one.kind,
                    locale=one.locale,
                    used_locale=one.used_locale,
                    subject=words.subject,
                    text=words.text,
                )
                for one, words in said
            ],
        )


def _person(one: Any) -> PersonOut:
    return PersonOut(id=one.id, ref=one.ref, name=one.name)


@router.post("/preview", responses=can_be(400, 413, 415))
def preview_incident(body: NewIncident, here: Here, author: Caller) -> PreviewOut:
    """What opening this incident would do: who would hear what, how long it takes, what it costs. Keeps nothing."""
    order = body.order(author)
    say = Say(author=author, next_update_in=body.next_update_in, override=body.override or "preview")

    def do(tx: Tx) -> Told:
        return here.desk.open(tx, order, say)

    return PreviewOut.of(preview(here, do))
