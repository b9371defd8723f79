"""What `config/` says, as frozen models. Reading the files is `dispatcher.settings`' business.

Every model refuses unknown keys, so that a misspelt key is an error and not a silent default.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, model_validator
from pydantic import Tag as Shape

from channels.contract import Kind, Measure, Repeat
from dispatcher.model.durations import Seconds
from dispatcher.model.pace import Pace

#: Names in configuration: what one can type without quoting, in an address and in a label.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
Tag = Annotated[str, StringConstraints(pattern=r"^[\w][\w.:-]{0,62}$")]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
#: The right half of a mail address, or the end of a host's name.
Domain = Annotated[str, StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$", max_length=253)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
#: A fact is said in one language for everybody, or per locale.
FactValue = str | dict[Locale, str]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Severity(StrEnum):
    """How bad it is for the customers, worst last."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Reference(Frozen):
    """A value that is not written into `config/`, but named there: in the environment or in a file."""

    env: str | None = None
    file: str | None = None
    default: str | int | bool | None = None


class FeedKind(StrEnum):
    """Of what form a vendor's status feed is."""

    STATUSPAGE = "statuspage"
    SLACK = "slack"
    MICROSOFT_GRAPH = "microsoft-graph"
    RSS = "rss"


class Feed(Frozen):
    """Where a vendor says how it is. `components` are the parts of it that matter; none: all of it."""

    kind: FeedKind
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=500)]
    components: tuple[str, ...] = ()
    every: Annotated[Seconds, Field(ge=10)] = 60.0
    token: Reference | None = None


class Vendor(Frozen):
    """A party whose failure can silence a route. What `rides_on` names takes it down with it.

    `hosts_mail_of` are domains whose mailboxes are there; `mx` are ends of the names of its mail exchangers, by which
    `dispatcher recipients mx` finds the other domains that it hosts.
    """

    title: str
    rides_on: tuple[Name, ...] = ()
    hosts_mail_of: tuple[Domain, ...] = ()
    mx: tuple[Domain, ...] = ()
    feed: Feed | None = None


class Price(Frozen):
    """What a message by a route costs, for estimates before it is sent. The bill is the provider's.

    `each` is for what the provider counts (`Measure.parts`): an SMS segment, a post, a mail. `surcharge` is what others
    add to each. `with_link` takes the place of `each` for words in which the provider sees a link.
    """

    currency: Currency = "USD"
    each: Annotated[Decimal, Field(ge=0, le=1000)]
    surcharge: Annotated[Decimal, Field(ge=0, le=1000)] = Decimal(0)
    with_link: Annotated[Decimal, Field(ge=0, le=1000)] | None = None

    def of(self, size: Measure) -> Decimal:
        """What words of this size cost once."""
        each = self.with_link if size.links and self.with_link is not None else self.each
        return size.parts * (each + self.surcharge)


class BreakerRule(Frozen):
    """When a route that fails is left alone for a while. The defaults suit most.

    Of the answers of the last `within` seconds (the last 50 at most), at least `at_least`, a share of `errors` must be
    faults of the provider, the network or the account, or have taken `slow` seconds; then the route is left alone for
    `open_for` seconds, and for twice as long each time that the probe after that fails.
    """

    errors: Annotated[float, Field(gt=0, le=1)] = 0.5
    at_least: Annotated[int, Field(ge=2, le=1000)] = 5
    within: Seconds = 30.0
    #: Left out, four fifths of the route's time-out.
    slow: Seconds | None = None
    open_for: Seconds = 1.0

    def slow_at(self, timeout: float) -> float:
        """Seconds after which an answer is as bad as none, on a route with this time-out."""
        return 0.8 * timeout if self.slow is None else self.slow


class Route(Frozen):
    """One configured account of a channel."""

    channel: str
    depends_on: tuple[Name, ...] = Field(min_length=1)
    max_in_flight: Annotated[int, Field(ge=1, le=1000)] = 32
    timeout: Seconds = 10.0
    enabled: bool = True
    price: Price | None = None
    breaker: BreakerRule = BreakerRule()
    pace: Pace | None = None
    settings: dict[str, Any] = {}


class Destination(Frozen):
    """A shared place: a Slack channel, an X account."""

    kind: Kind
    to: str = Field(min_length=1)
    locale: Locale = "en"


class Audience(Frozen):
    """A named set of recipients and destinations. `people` is "all", "none" or a list of tags (any of them)."""

    title: str
    people: Literal["all", "none"] | tuple[Tag, ...] = "all"
    destinations: tuple[Name, ...] = ()


class WhenUncertain(StrEnum):
    """What to do with a message that a provider may have and that cannot be looked up."""

    #: Leave it, name it in the report, and let a late receipt settle it.
    HOLD = "hold"
    #: Send it again on the same route, knowing that it may arrive twice; the report counts it.
    RESEND = "resend"
    #: Tell the person by the next route of the chain.
    FAILOVER = "failover"
    #: Take it as sent, and count it apart: nothing proves that the person was told.
    ACCEPT = "accept"


class WhenUnconfirmed(StrEnum):
    """What to do when a provider took a message and its receipt does not come in time."""

    #: Count it as unknown.
    STAY = "stay"
    #: Tell the person by the next route as well.
    FAILOVER = "failover"


#: One for every provider, or by what they can do. Told apart by its form, so that what is wrong in it is named.
InDoubt = Annotated[
    Annotated[WhenUncertain, Shape("one")] | Annotated[dict[Repeat, WhenUncertain], Shape("by ability")],
    Discriminator(lambda value: "by ability" if isinstance(value, dict) else "one"),
]


class Policy(Frozen):
    """How hard to try. One for all kinds, with exceptions per kind, and per severity.

    `confirm_within` is how long a receipt is waited for where receipts come; None for as long as it takes. `contacts`
    is how many providers may take one update for one person because of receipts that are bad or missing.

    `when_uncertain` holds for every provider, or says it by what they can do; then `hold` is what holds for the others.
    """

    tries: Annotated[int, Field(ge=1, le=20)] = 4
    first_wait: Seconds = 1.0
    longest_wait: Seconds = 60.0
    leave_route_after: Seconds = 180.0
    lookups: Annotated[int, Field(ge=1, le=10)] = 2
    lookup_after: Seconds = 5.0
    when_uncertain: InDoubt = WhenUncertain.HOLD
    confirm_within: Seconds | None = None
    when_unconfirmed: WhenUnconfirmed = WhenUnconfirmed.STAY
    contacts: Annotated[int, Field(ge=1, le=10)] = 2

    def in_doubt(self, repeat: Repeat) -> WhenUncertain:
        """What becomes of a doubtful message at a provider that treats repeats like this."""
        if isinstance(self.when_uncertain, WhenUncertain):
            return self.when_uncertain
        return self.when_uncertain.get(repeat, WhenUncertain.HOLD)

    def changed_by(self, other: Policy) -> Policy:
        """This one, with what `other` says in so many words; what it leaves to the defaults changes nothing."""
        said = {name: getattr(other, name) for name in other.model_fields_set}
        if isinstance(differs := said.get("when_uncertain"), dict):
            said["when_uncertain"] = {repeat: self.in_doubt(repeat) for repeat in Repeat} | differs
        return self.model_copy(update=said)


class Policies(Frozen):
    """`severities` say only what differs from the policy of the kind."""

    default: Policy = Policy()
    kinds: dict[Kind, Policy] = {}
    severities: dict[Severity, Policy] = {}

    def of(self, kind: Kind | None) -> Policy:
        """The policy of a kind; of none, when it is not known any more."""
        return self.kinds.get(kind, self.default) if kind else self.default

    def by_severity(self, kind: Kind | None) -> dict[Severity, Policy]:
        """The policy of a kind for each severity that is treated apart."""
        usual = self.of(kind)
        return {severity: usual.changed_by(policy) for severity, policy in self.severities.items()}


class Leg(Frozen):
    """One promise to one recipient: reach them by the first of these kinds that works."""

    name: Name
    kinds: tuple[Kind, ...] = Field(min_length=1)


class CostCap(Frozen):
    """What a playbook may spend, by the prices of the routes and in their currency. None is no limit.

    `message` is the most that one message to one person may cost: a route by which it costs more is left out of that
    person's chain. `broadcast` is the most that the first messages of one broadcast may cost together: what costs more
    is sent only for a reason.
    """

    currency: Currency = "USD"
    message: Annotated[Decimal, Field(ge=0, le=1000)] | None = None
    broadcast: Annotated[Decimal, Field(ge=0, le=100_000_000)] | None = None

    @model_validator(mode="after")
    def _caps_something(self) -> Self:
        if self.message is None and self.broadcast is None:
            raise ValueError("caps nothing")
        return self


class Playbook(Frozen):
    """What to say to whom by which kinds for an outage of X.

    `facts` are what the texts speak about; a CX lead may change each of them before sending. `messages` names the
    folder under `templates/messages/` whose texts are preferred over those of `default`.
    """

    title: str
    vendors: tuple[Name, ...] = ()
    audience: Name
    severity: Severity = Severity.MAJOR
    messages: Name = "default"
    locales: tuple[Locale, ...] = Field(default=("en",), min_length=1)
    legs: tuple[Leg, ...] = Field(min_length=1)
    next_update_in: Seconds = 1800.0
    useful_for: Seconds = 3600.0
    facts: dict[str, FactValue] = {}
    cost_cap: CostCap | None = None

    def cap_at(self, severity: Severity) -> CostCap | None:
        """What may be spent on an incident of this severity; a critical one is told whatever it costs."""
        return None if severity is Severity.CRITICAL else self.cost_cap


class Reaction(StrEnum):
    """What happens by itself when a rule matches an alert."""

    #: The incident is opened with its words ready; a person sends it.
    DRAFT = "draft"
    #: The first message leaves at once.
    BROADCAST = "broadcast"


class Rule(Frozen):
    """Maps alerts to an incident. The first rule whose labels all match decides; a value may end in `*`."""

    name: Name
    match: dict[str, str]
    playbook: Name
    vendors: tuple[Name, ...] = ()
    audience: Name | None = None
    severity: Severity | None = None
    then: Reaction = Reaction.DRAFT
    when_resolved: Literal["offer", "resolve"] = "offer"
    #: Labels whose values make alerts one incident, besides the rule itself.
    group_by: tuple[str, ...] = ()


class Company(Frozen):
    """Who speaks. Shown in messages."""

    name: str
    timezone: str = "UTC"
    phone_region: str = "US"


class Config(Frozen):
    """All of `config/`, checked as a whole: every name that is used is defined."""

    company: Company
    vendors: dict[Name, Vendor]
    routes: dict[Name, Route]
    audiences: dict[Name, Audience]
    destinations: dict[Name, Destination]
    policies: Policies
    rules: tuple[Rule, ...]
    playbooks: dict[Name, Playbook]

    @property
    def feeds(self) -> dict[str, Feed]:
        """The status feeds, by their vendors."""
        return {name: vendor.feed for name, vendor in self.vendors.items() if vendor.feed is not None}

    @property
    def mail_hosted_by(self) -> dict[str, str]:
        """Domain of mail addresses -> the vendor that is said to host them."""
        return {domain: name for name, vendor in self.vendors.items() for domain in vendor.hosts_mail_of}

    def mail_rides_on(self, vendor: str) -> frozenset[str]:
        """All whose failure silences a mailbox at this vendor; nobody when it is "" or not configured any more."""
        return frozenset(self.all_under([vendor]) if vendor in self.vendors else ())

    def all_under(self, vendors: Iterable[str]) -> tuple[str, ...]:
        """These vendors and all that they ride on, nearest first: the failure of any of them is felt."""
        found = list(dict.fromkeys(vendors))
        for name in found:
            found += [under for under in self.vendors[name].rides_on if under not in found]
        return tuple(found)
