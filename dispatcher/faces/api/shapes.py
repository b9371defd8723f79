"""The bodies of requests and answers, as `/docs` shows them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from dispatcher.faces.confirming import Closing
from dispatcher.incidents.desk import Order, Told
from dispatcher.intake.keepable import Keepable
from dispatcher.model.account import Account
from dispatcher.model.config import FactValue, Severity
from dispatcher.model.delivery import Hop
from dispatcher.model.durations import Seconds
from dispatcher.model.incident import Broadcast, Incident, State, Update
from dispatcher.model.story import DeliveryLine, Event, RouteLine, Story, events

_LONGEST_WAIT = 30 * 86400

#: A name from `config/`. Longer ones cannot exist, so nothing similar is looked for.
Known = Annotated[str, StringConstraints(max_length=64)]
Wait = Annotated[
    Seconds,
    Field(le=_LONGEST_WAIT),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": _LONGEST_WAIT},
                {"type": "string", "pattern": r"^\d+(\.\d+)?\s*[smhd]?$"},
            ],
            "description": "Seconds, or a text such as 90s, 30m or 2h; at most 30 days.",
            "examples": ["30m"],
        }
    ),
]
Facts = Annotated[
    dict[Known, FactValue],
    Field(description="What the texts speak about; what is left out comes from the playbook.", max_length=50),
]
Override = Annotated[
    str,
    Field(max_length=500, description="Why it shall go out although some people have mail alone. It is recorded."),
]


class In(Keepable):
    model_config = ConfigDict(extra="forbid")


class NewIncident(In):
    """Opens an incident and, unless `draft`, tells its audience."""

    playbook: Annotated[Known, Field(examples=["microsoft-365"])]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] | None = None
    vendors: Annotated[list[Known], Field(max_length=50)] | None = None
    audience: Known | None = None
    severity: Severity | None = None
    facts: Facts = Field(default_factory=dict)
    next_update_in: Wait | None = None
    override: Override = ""
    draft: Annotated[bool, Field(description="Open it and say nothing yet.")] = False

    def order(self, author: str) -> Order:
        """What the desk is asked for."""
        return Order(
            playbook=self.playbook,
            author=author,
            title=self.title,
            vendors=None if self.vendors is None else tuple(self.vendors),
            audience=self.audience,
            severity=self.severity,
            facts=self.facts,
        )


class NewUpdate(In):
    """Says the next thing about an incident. The first one of a draft is its opening message.

    With `retracts` it takes back what was said: the fact `correction` says what is true, `state` is left out.
    """

    state: State | None = None
    retracts: bool = False
    facts: Facts = Field(default_factory=dict)
    next_update_in: Wait | None = None
    override: Override = ""


class IncidentOut(BaseModel):
    id: int
    label: str
    title: str
    playbook: str
    state: State
    severity: Severity
    vendors: list[str]
    audience: str
    facts: dict[str, FactValue]
    source: str
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    resolve_offered_at: datetime | None

    @classmethod
    def of(cls, one: Incident) -> IncidentOut:
        return cls.model_validate({**asdict(one), "label": one.label})


class UpdateOut(BaseModel):
    id: int
    number: int
    reason: str
    state: State
    author: str
    created_at: datetime
    next_update_at: datetime | None

    @classmethod
    def of(cls, one: Update) -> UpdateOut:
        return cls.model_validate(asdict(one))


class BroadcastOut(BaseModel):
    id: int
    update_id: int
    audience: str
    status: str
    valid_until: datetime
    created_at: datetime
    planned_at: datetime | None
    author: str
    override: str
    severity: str
    archived_at: datetime | None
    stopped_at: datetime | None = None
    stopped_by: str = ""
    stopped_why: str = ""

    @classmethod
    def of(cls, one: Broadcast) -> BroadcastOut:
        return cls.model_validate(asdict(one))


class Stop(BaseModel):
    """Why what is being sent about an incident is halted."""

    model_config = ConfigDict(extra="forbid")

    why: Annotated[str, Field(min_length=1, max_length=500)]


class ToldOut(BaseModel):
    """What is kept now. `broadcast` and `update` are empty for a draft. `rung` is false when the broker could not be
    reached: the message is kept all the same and leaves as soon as the workers look."""

    incident: IncidentOut
    update: UpdateOut | None = None
    broadcast: BroadcastOut | None = None
    rung: bool = True

    @classmethod
    def of(cls, told: Told) -> ToldOut:
        return cls(
            incident=IncidentOut.of(told.incident),
            update=UpdateOut.of(told.update),
            broadcast=BroadcastOut.of(told.broadcast),
        )


class RouteOut(BaseModel):
    """What one route did for one broadcast; `unknown` is taken without a receipt where receipts come, or uncertain.

    `silent`: the receipt did not come in time; `late`: of those, it came later and says that it arrived.
    """

    kind: str
    route: str
    planned: int
    accepted: int
    delivered: int
    failed_over: int
    unknown: int
    failed: int
    waiting: int
    superseded: int
    silent: int
    late: int

    @classmethod
    def of(cls, one: RouteLine) -> RouteOut:
        return cls.model_validate(asdict(one))


class AccountOut(BaseModel):
    """What became of everything that was promised; `planned` is the sum of the other numbers.

    `lost` is 0 when all is well. `named` has the ids of the deliveries that are `possibly_twice`, `two_routes`,
    `unproven`, `in_doubt` or `lost`, the first 1,000 of each. `in_doubt`: nobody can say whether they were told.
    """

    planned: int
    once: int
    possibly_twice: int
    two_routes: int
    unproven: int
    in_doubt: int
    not_reached: int
    superseded: int
    under_way: int
    lost: int
    named: dict[str, list[int]]

    @classmethod
    def of(cls, one: Account) -> AccountOut:
        return cls.model_validate(asdict(one))


class ProgressOut(BaseModel):
    broadcast: BroadcastOut
    as_of: datetime
    under_way: int
    first_accepted_at: datetime | None
    last_accepted_at: datetime | None
    routes: list[RouteOut]
    account: AccountOut


class IncidentStory(BaseModel):
    incident: IncidentOut
    updates: list[UpdateOut]
    broadcasts: list[ProgressOut]
    account: Annotated[AccountOut, Field(description="All broadcasts together.")]
    maybe_twice: Annotated[list[int], Field(description="Deliveries that a route may have been given twice.")]


class DeliveryOut(BaseModel):
    """One delivery; `to` is masked. `first_tried_at`: when its first attempt began, by whatever route."""

    id: int
    incident_id: int
    update_number: int
    leg: str
    who: str
    kind: str
    route: str
    to: str
    status: str
    reason: str
    failovers: int
    maybe_twice: bool
    first_tried_at: datetime | None
    updated_at: datetime

    @classmethod
    def of(cls, one: DeliveryLine) -> DeliveryOut:
        return cls.model_validate(asdict(one))


class AskedOut(BaseModel):
    """How far the provider of one route has been asked about one broadcast. `told`: how many answers said what became
    of the message; `problem`: why it ended before all were asked about."""

    broadcast_id: int
    route: str
    requested_at: datetime
    asked: int
    told: int
    finished_at: datetime | None
    problem: str


class UnknownOut(BaseModel):
    """Deliveries of which nobody knows whether they arrived; `why_not` says why their provider is not asked."""

    kind: str
    route: str
    deliveries: int
    why_not: str


class ClosingOut(BaseModel):
    """`pending`: providers are still being asked, or answers wait to be folded. `still_unknown`: what the report counts
    as unknown. `rung` is false when the broker could not be reached: the workers ask as soon as they look."""

    as_of: datetime
    pending: bool
    still_unknown: int
    asked: list[AskedOut]
    unknown: list[UnknownOut]
    rung: bool = True

    @classmethod
    def of(cls, one: Closing, as_of: datetime) -> ClosingOut:
        return cls(
            as_of=as_of,
            pending=one.pending,
            still_unknown=one.still_unknown,
            asked=[AskedOut.model_validate(asdict(done)) for done in one.confirmations],
            unknown=[UnknownOut.model_validate(asdict(left)) for left in one.unknown],
        )


class Page(BaseModel):
    """`next` is the `after` of the next page, empty on the last."""

    next: int | None
    as_of: datetime


class IncidentPage(Page):
    incidents: list[IncidentOut]


class DeliveryPage(Page):
    """`standing` says how many of all that fit have which status; only when `totals` is asked for."""

    deliveries: list[DeliveryOut]
    standing: dict[str, int] | None = None


class HopOut(BaseModel):
    """A route's place in a chain, or its absence. `because` is the reason as one word, "" where none was kept;
    `vendors` are all whose failure silences it."""

    route: str
    kind: str
    reason: str
    because: str
    vendors: list[str]

    @classmethod
    def of(cls, hop: Hop) -> HopOut:
        return cls.model_validate(asdict(hop))


class EventOut(BaseModel):
    """Something that happened to a delivery: `skipped`, `tried`, `answered`, `silent` or `receipt`. `raw` is what the
    provider really said, addresses masked; `late`: heard when another attempt had begun."""

    at: datetime
    what: str
    route: str
    words: str
    raw: dict[str, Any]
    late: bool

    @classmethod
    def of(cls, one: Event) -> EventOut:
        return cls.model_validate(asdict(one))


class StoryOut(BaseModel):
    """Everything the ledger knows about one delivery."""

    as_of: datetime
    delivery: DeliveryOut
    incident: str
    audience: str
    locale: str
    words: str
    chain: list[HopOut]
    left_out: list[HopOut]
    created_at: datetime
    deadline: datetime
    next_attempt_at: datetime | None
    attempts: list[dict[str, Any]]
    events: Annotated[list[EventOut], Field(description="All that happened, in the order in which it did.")]

    @classmethod
    def of(cls, one: Story, as_of: datetime) -> StoryOut:
        return cls(
            as_of=as_of,
            delivery=DeliveryOut.of(one.line),
            incident=one.incident_title,
            audience=one.audience,
            locale=one.locale,
            words=one.words,
            chain=[HopOut.of(hop) for hop in one.chain.hops],
            left_out=[HopOut.of(hop) for hop in one.chain.left_out],
            created_at=one.created_at,
            deadline=one.deadline,
            next_attempt_at=one.next_attempt_at,
            attempts=[asdict(attempt) for attempt in one.attempts],
            events=[EventOut.of(event) for event in events(one)],
        )


class ReactedOut(BaseModel):
    """What one alert led to."""

    key: str
    lead: Literal["nothing", "draft", "broadcast", "repeat", "still-firing", "offer-resolve", "resolve"]
    rule: str
    incident_id: int | None
    broadcast_id: int | None
    why: str
