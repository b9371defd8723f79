"""The composition root: puts the stages together from what `settings` says; they are handed what they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from channels.contract import Capabilities, Channel, Kind, Measure, Outcome, Repeat, Words
from channels.registry import Resources, channel_type
from dispatcher.deliver.line import Line, Rules
from dispatcher.deliver.settle import settle
from dispatcher.incidents.desk import Audit, Desk, Refused
from dispatcher.ledger import Ledger, Tx, mailboxes, recipients
from dispatcher.ledger.outcomes import Finding
from dispatcher.model.config import Config, Feed, Playbook
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import Claimed
from dispatcher.model.incident import Incident, Telling
from dispatcher.model.wording import Composed
from dispatcher.plan.capping import weigh
from dispatcher.plan.chains import Way
from dispatcher.plan.costs import Costs, Estimate, estimate, too_dear
from dispatcher.plan.health import look
from dispatcher.plan.planner import Planner, branches, kinds_of
from dispatcher.plan.reach import Reach, reach
from dispatcher.receipts.folder import Folder
from dispatcher.render import Composer, UnfitWords, check_facts, longest
from dispatcher.settings import MissingSecret, Settings, WrongSetting, load, read_config, resolve_route_settings


@dataclass(frozen=True)
class Installation:
    """Everything a face needs, made on first use."""

    settings: Settings

    @cached_property
    def config(self) -> Config:
        return read_config(self.settings.config_dir)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.settings.ledger_url)

    @cached_property
    def composer(self) -> Composer:
        return Composer(self.settings.templates_dir, self.config.company)

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.config, compose=self._compose, inspect=self.audit, check_facts=check_facts, weigh=self._weigh)

    @cached_property
    def planner(self) -> Planner:
        return Planner(self.ledger, self.config, lambda: self.ways, self.estimate)

    @cached_property
    def folder(self) -> Folder:
        return Folder(self.ledger, self._settle)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """The routes in the order of `config/routes.yaml`, each with why it cannot be used, if so."""
        return tuple(
            Way(name, can.kind, self.config.all_under(route.depends_on), self._problem(name), can.one_place)
            for name, route in self.config.routes.items()
            for can in [self.capabilities(name)]
        )

    @property
    def feeds(self) -> Mapping[str, Feed]:
        """The status feeds that are read here, by their vendors; none unless somebody wants them."""
        return self.config.feeds if self.settings.feeds else {}

    @cached_property
    def hearing(self) -> frozenset[str]:
        """The routes of which something is heard after a message was taken."""
        return frozenset(name for name in self.config.routes if self._hears(name))

    def _hears(self, name: str) -> bool:
        route = self.config.routes[name]
        kind = channel_type(route.channel)
        if not kind.capabilities.hears_receipts or kind.hears is None:
            return kind.capabilities.hears_receipts
        try:
            return kind.hears(resolve_route_settings(name, route, self.settings.environ))
        except (MissingSecret, WrongSetting):
            # What other processes sent by it may still be heard of: unknown, not "no receipt expected".
            return True

    def capabilities(self, route: str) -> Capabilities:
        return channel_type(self.config.routes[route].channel).capabilities

    def rules(self, route: str) -> Rules:
        """What decisions about a route depend on."""
        known = self.config.routes.get(route)
        if known is None:  # taken out of the configuration while deliveries still stand on it
            policies = self.config.policies
            return Rules(route, Repeat.BLIND, policies.default, 1, 10.0, policies.by_severity(None))
        can = self.capabilities(route)
        return Rules(
            route=route,
            repeat=can.repeat,
            key_lifetime=can.key_lifetime,
            policy=self.config.policies.of(can.kind),
            max_in_flight=known.max_in_flight,
            timeout=known.timeout,
            by_severity=self.config.policies.by_severity(can.kind),
            breaker=known.breaker,
            hears=route in self.hearing,
            pace=known.pace,
        )

    def line(self, route: str, resources: Resources) -> Line:
        """A route ready to speak, on the running event loop.

        Raises:
            MissingSecret: a variable that it needs is not set.
            WrongSetting: a value cannot be right.
        """
        return Line(self.rules(route), self.channel(route, resources))

    def channel(self, route: str, resources: Resources) -> Channel:
        """The route's channel, on the running event loop. Raises as `line`."""
        known = self.config.routes[route]
        values = resolve_route_settings(route, known, self.settings.environ)
        return channel_type(known.channel).build(values, resources)

    def receipt_url(self, route: str, token: str) -> str | None:
        """Where a provider calls back about an attempt."""
        return f"{self.settings.public_url}/receipts/{route}/{token}" if route in self.hearing else None

    def unsubscribe_url(self, token: str) -> str:
        """Where a reader says that they want no more messages at this address."""
        return f"{self.settings.public_url}/unsubscribe/{token}"

    def reach(self, tx: Tx, playbook: Playbook, audience: str) -> Reach:
        """The proof of reach of a playbook for an audience, as the routes are now."""
        classes = recipients.classes(tx, self.config.audiences[audience], self.config.mail_rides_on)
        return reach(classes, self.ways, kinds_of(playbook.legs))

    def know_mailboxes(self) -> int:
        """See that the ledger knows the mail domains of vendors.yaml; answers how many people are told apart anew.

        Cheap when it knows them already.
        """
        with self.ledger.write() as tx:
            if not mailboxes.set_listed(tx, self.config.mail_hosted_by):
                return 0
        return mailboxes.tell_apart(self.ledger)

    def measure(self, kind: Kind, words: Words) -> Measure:
        """How long some words are by the strictest route of their kind, set up or not, that is not switched off."""
        routes = {name: route for name, route in self.config.routes.items() if self.capabilities(name).kind is kind}
        used = [name for name, route in routes.items() if route.enabled] or list(routes)
        sizes = {name: self.measure_by(name, words) for name in used}
        strictest = max(used, key=lambda name: (bool(sizes[name].refusal), sizes[name].over))
        size = sizes[strictest]
        return replace(size, refusal=f"by {strictest}: {size.refusal}") if size.refusal else size

    def measure_by(self, name: str, words: Words) -> Measure:
        """By a route's own limits; one that is not set up yet measures by its channel's defaults."""
        route = self.config.routes[name]
        try:
            settings = resolve_route_settings(name, route, self.settings.environ)
        except (MissingSecret, WrongSetting):
            settings = None
        return channel_type(route.channel).measure(words, settings)

    def estimate(self, name: str, words: Words) -> Estimate:
        """What a message by a route comes to, for somebody with the longest name there can be."""
        return estimate(self.config.routes[name].price, self.measure_by(name, longest(words)))

    def costs(self, words: Mapping[tuple[Kind, str], Words]) -> Costs:
        """What a message of an update with these words, by kind and language, comes to."""
        return Costs(lambda kind, locale: words.get((kind, locale)), self.estimate)

    def _problem(self, name: str) -> str:
        route = self.config.routes[name]
        if not route.enabled:
            return "switched off in config/routes.yaml"
        try:
            resolve_route_settings(name, route, self.settings.environ)
        except (MissingSecret, WrongSetting) as problem:
            return str(problem)
        return ""

    def _compose(self, tx: Tx, telling: Telling, playbook: Playbook, audience: str) -> Sequence[Composed]:
        to = self.config.audiences[audience]
        places = [self.config.destinations[name] for name in to.destinations]
        configured = {self.capabilities(name).kind for name in self.config.routes}
        kinds = [kind for kind in kinds_of(playbook.legs) if kind in configured]
        kinds += [place.kind for place in places if place.kind in configured]
        locales = [one.locale for one in recipients.classes(tx, to)] + [place.locale for place in places]
        try:
            return self.composer.compose(
                telling, dict.fromkeys(kinds), dict.fromkeys([*playbook.locales, *locales]), self.measure
            )
        except UnfitWords as unfit:
            raise Refused(*(str(problem) for problem in unfit.problems)) from None

    def audit(self, tx: Tx, playbook: Playbook, audience: str) -> Audit:
        """What stands against telling this audience now, and how many people it has."""
        found = self.reach(tx, playbook, audience)
        problems = []
        if found.mail_alone:
            problems.append(
                f"{found.mail_alone} of {found.people} people could be reached by mail alone; "
                "`dispatcher check` lists them; give them another address, or send past this with a reason (override)"
            )
        return Audit(found.people, tuple(problems))

    def _weigh(self, tx: Tx, about: Incident, playbook: Playbook, composed: Sequence[Composed]) -> Sequence[str]:
        cap = playbook.cap_at(about.severity)
        if cap is None:
            return ()
        costs = self.costs({(one.kind, one.locale): one.words for one in composed})
        seen = look(tx, self.config, self.ways, about)
        planned = branches(
            tx,
            self.config,
            self.ways,
            audience=about.audience,
            legs=playbook.legs,
            seen=seen,
            dear=too_dear(cap, self.ways, costs),
        )
        found = weigh(cap, planned, self.ways, kinds_of(playbook.legs), costs)
        return tuple(found.problems(about.playbook))

    def _settle(
        self, claimed: Claimed, outcome: Outcome, moment: datetime, superseded: bool, elsewhere: int
    ) -> tuple[Finding, Standing]:
        rules = self.rules(claimed.route)
        return settle(claimed, outcome, rules, moment, superseded=superseded, elsewhere=elsewhere)


def install(environ: Mapping[str, str] | None = None) -> Installation:
    """Read the environment and put the parts together.

    Raises:
        SettingsError: the environment says something that cannot be used.
    """
    return Installation(load(environ))
