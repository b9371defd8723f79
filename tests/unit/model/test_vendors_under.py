"""What a vendor rides on, however long the way, and however it comes back to where it began."""

from __future__ import annotations

import pytest

from dispatcher.model.config import Company, Config, Policies, Vendor

CONFIG = Config(
    company=Company(name="x"),
    vendors={
        "slack": Vendor(title="Slack", rides_on=("aws",)),
        "aws": Vendor(title="AWS", rides_on=("power",)),
        "power": Vendor(title="Power"),
        "x": Vendor(title="X", rides_on=("cdn", "power")),
        "cdn": Vendor(title="CDN", rides_on=("x",)),
    },
    routes={},
    audiences={},
    destinations={},
    policies=Policies(),
    rules=(),
    playbooks={},
)


@pytest.mark.parametrize(
    ("named", "under"),
    [
        ([], ()),
        (["power"], ("power",)),
        (["slack"], ("slack", "aws", "power")),
        (["slack", "x"], ("slack", "x", "aws", "cdn", "power")),
        (["cdn"], ("cdn", "x", "power")),
    ],
)
def test_all_that_a_vendor_rides_on(named: list[str], under: tuple[str, ...]) -> None:
    assert CONFIG.all_under(named) == under
