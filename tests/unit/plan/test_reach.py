"""The proof of reach, against trying it out: kill the vendors, walk every person, try every route."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Kind
from dispatcher.model.config import Company, Config, Leg, Playbook, Policies, Route, Vendor
from dispatcher.model.recipient import PeopleClass
from dispatcher.plan.chains import Way
from dispatcher.plan.planner import kinds_of
from dispatcher.plan.reach import Loss, Plight, Reach, reach, who, without

KINDS = [Kind.SMS, Kind.CHAT, Kind.EMAIL]
NAMES = [f"v{number}" for number in range(5)]


@dataclass(frozen=True)
class Site:
    """A configuration and people, as random ones are drawn."""

    config: Config
    ways: tuple[Way, ...]
    playbook: Playbook
    people: tuple[PeopleClass, ...]

    def found(self, *, pairs: bool = False) -> Reach:
        return reach(self.people, self.ways, kinds_of(self.playbook.legs), pairs=pairs)

    def tried(self, dead: Collection[str]) -> Loss:
        """By asking everybody, without sets and sums: what is left to tell you by?"""
        unreachable = mail_alone = single = 0
        for one in self.people:
            for _ in range(one.people):
                left = [name for name in self.config.routes if self._carries(name, one, dead)]
                kinds = [way.kind for way in self.ways if way.route in left]
                unreachable += not left
                mail_alone += bool(left) and set(kinds) == {Kind.EMAIL}
                single += len(left) == 1
        return Loss(tuple(dead), unreachable, mail_alone, single)

    def _carries(self, name: str, one: PeopleClass, dead: Collection[str]) -> bool:
        (way,) = (way for way in self.ways if way.route == name)
        if way.problem or way.one_place or way.kind not in one.kinds:
            return False
        if not any(way.kind in leg.kinds for leg in self.playbook.legs):
            return False
        if way.kind is Kind.EMAIL and any(self._dies(vendor, dead) for vendor in one.mail_rides_on):
            return False
        return not any(self._dies(vendor, dead) for vendor in self.config.routes[name].depends_on)

    def _dies(self, vendor: str, dead: Collection[str]) -> bool:
        return vendor in dead or any(self._dies(under, dead) for under in self.config.vendors[vendor].rides_on)


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """Vendors ride only on those after them, so that there are no circles."""
    vendors = {
        name: Vendor(title=name, rides_on=tuple(draw(st.sets(st.sampled_from(NAMES[at + 1 :]), max_size=2))))
        if NAMES[at + 1 :]
        else Vendor(title=name)
        for at, name in enumerate(NAMES)
    }
    some = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True).map(tuple)
    routes: dict[str, Route] = {}
    kinds: dict[str, Kind] = {}
    for number in range(draw(st.integers(0, 6))):
        kinds[f"r{number}"] = draw(st.sampled_from(KINDS))
        routes[f"r{number}"] = Route(channel="any/any", depends_on=draw(some))
    legs = draw(st.lists(st.lists(st.sampled_from(KINDS), min_size=1, unique=True), min_size=1, max_size=2))
    playbook = Playbook(
        title="t",
        audience="everyone",
        legs=tuple(Leg(name=f"leg{at}", kinds=tuple(names)) for at, names in enumerate(legs)),
    )
    config = Config(
        company=Company(name="c"),
        vendors=vendors,
        routes=routes,
        audiences={},
        destinations={},
        policies=Policies(),
        rules=(),
        playbooks={},
    )
    odd = st.sampled_from([("", False), ("", False), ("", False), ("switched off", False), ("", True)])
    ways = []
    for name, route in routes.items():
        problem, one_place = draw(odd)
        ways.append(Way(name, kinds[name], config.all_under(route.depends_on), problem, one_place))
    has = st.frozensets(st.sampled_from(KINDS))
    hosts = st.lists(st.sampled_from(NAMES), max_size=2).map(lambda names: frozenset(config.all_under(names)))
    people = draw(
        st.lists(st.builds(PeopleClass, st.sampled_from(["en", "de"]), has, st.integers(1, 4), hosts), max_size=6)
    )
    return Site(config, tuple(ways), playbook, tuple(people))


@given(sites())
def test_invariant_1_reach_is_proven_if_and_only_if_trying_it_out_finds_no_one_silenced(site: Site) -> None:
    found = site.found()
    good_day = site.tried(())
    silenced = {name: site.tried((name,)).unreachable - good_day.unreachable for name in NAMES}
    assert found.is_proven == (not good_day.unreachable and not good_day.mail_alone and not any(silenced.values()))
    assert found.without == {name: people for name, people in silenced.items() if people}
    assert (found.people, found.whole) == (sum(one.people for one in site.people), good_day)
    assert list(found.singles) == [site.tried(loss.vendors) for loss in found.singles]
    # A vendor that is not told of carries nothing.
    told = {loss.vendors[0] for loss in found.singles}
    for name in set(NAMES) - told:
        assert _numbers(site.tried((name,))) == _numbers(good_day)


@given(sites())
def test_every_pair_of_vendors_is_counted_as_trying_it_out_counts_it(site: Site) -> None:
    found = site.found(pairs=True)
    vendors = [loss.vendors[0] for loss in found.singles]
    assert [loss.vendors for loss in found.pairs] == list(combinations(vendors, 2))
    assert list(found.pairs) == [site.tried(loss.vendors) for loss in found.pairs]
    alone = {loss.vendors[0]: loss.unreachable for loss in found.singles}
    worst = found.worst_pairs(3)
    assert all(loss.unreachable > max(alone[vendor] for vendor in loss.vendors) for loss in worst)
    beyond = [loss for loss in found.pairs if loss.unreachable > max(alone[vendor] for vendor in loss.vendors)]
    assert [loss.unreachable for loss in worst] == sorted((loss.unreachable for loss in beyond), reverse=True)[:3]


@given(sites(), st.sets(st.sampled_from(NAMES)))
def test_any_loss_is_counted_and_those_it_concerns_are_named(site: Site, dead: set[str]) -> None:
    kinds = kinds_of(site.playbook.legs)
    found = without(site.people, site.ways, kinds, dead)
    assert found == site.tried(tuple(sorted(dead)))
    for plight, count in zip(Plight, _numbers(found), strict=True):
        named = who(site.people, site.ways, kinds, dead, plight)
        assert sum(one.people for one in named) == count
        for one in named:
            alone = Site(site.config, site.ways, site.playbook, (one,))
            assert _numbers(alone.tried(dead))[list(Plight).index(plight)] == one.people


def _numbers(loss: Loss) -> tuple[int, int, int]:
    return loss.unreachable, loss.mail_alone, loss.single_route


def test_invariant_1_two_routes_of_one_vendor_are_not_two_ways() -> None:
    everyone = [PeopleClass("en", frozenset({Kind.SMS, Kind.EMAIL}), 7)]
    same = [Way("sms", Kind.SMS, ("v1",)), Way("mail", Kind.EMAIL, ("v1", "v2"))]
    assert reach(everyone, same, [Kind.SMS, Kind.EMAIL]).without == {"v1": 7}
    other = [Way("sms", Kind.SMS, ("v1",)), Way("mail", Kind.EMAIL, ("v2",))]
    assert reach(everyone, other, [Kind.SMS, Kind.EMAIL]).is_proven


def test_invariant_1_a_mailbox_takes_its_mail_with_it_whatever_route_the_mail_leaves_by() -> None:
    """Our own mail server does not help who reads mail at the vendor that is down; their chat is at the same vendor."""
    ways = [Way("chat", Kind.CHAT, ("microsoft-365",)), Way("mail", Kind.EMAIL, ("own-host",))]
    kinds = frozenset({Kind.CHAT, Kind.EMAIL})
    there, elsewhere = PeopleClass("en", kinds, 3, frozenset({"microsoft-365"})), PeopleClass("en", kinds, 4)
    found = reach([there, elsewhere], ways, [Kind.CHAT, Kind.EMAIL], pairs=True)
    assert found.without == {"microsoft-365": 3}
    by_loss = {loss.vendors: _numbers(loss) for loss in (*found.singles, *found.pairs)}
    assert by_loss == {
        ("microsoft-365",): (3, 4, 4),
        ("own-host",): (0, 0, 7),
        ("microsoft-365", "own-host"): (7, 0, 0),
    }
    assert [loss.vendors for loss in found.worst_pairs(5)] == [("microsoft-365", "own-host")]
