"""When somebody does not want to be woken, and from which severity on they agreed to be woken all the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from channels.contract import Kind
from dispatcher.model.config import Severity

#: Kinds that make a noise where the person is. In-app messages and mail wait to be looked at.
LOUD = frozenset({Kind.SMS, Kind.PUSH, Kind.CHAT})

_FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)")
_WORST = list(Severity)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Every day from `begins` to `ends` by their own clock, over midnight where that is later.

    `timezone` "" is the company's. Without `override` nothing is worth waking them.
    """

    begins: time
    ends: time
    timezone: str = ""
    override: Severity | None = None

    @classmethod
    def parse(cls, hours: str, timezone: str = "", override: str = "") -> Quiet:
        """`22:00-07:00`, `Europe/Berlin`, `critical`.

        Raises:
            ValueError: one of them is of another form; says which, and what to write.
        """
        match = _FORM.fullmatch(hours.strip())
        if match is None or match[1] + match[2] == match[3] + match[4]:
            raise ValueError(f"quiet {hours!r} is no span of the day; write it like 22:00-07:00")
        if timezone:
            try:
                ZoneInfo(timezone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(f"timezone {timezone!r} is not known; write one such as Europe/Berlin") from None
        if override and override not in {one.value for one in Severity}:
            raise ValueError(f"quiet override {override!r} is none of {', '.join(Severity)}")
        begins, ends = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
        return cls(begins, ends, timezone, Severity(override) if override else None)

    def __str__(self) -> str:
        """In the one form in which the ledger keeps it."""
        override = self.override.value if self.override else ""
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}|{self.timezone}|{override}"

    def until(self, moment: datetime, severity: Severity, company: str) -> datetime | None:
        """When they may be woken again; None when they may now.

        Args:
            moment: Now.
            severity: How bad it is.
            company: The company's time zone.
        """
        if self.override is not None and _WORST.index(severity) >= _WORST.index(self.override):
            return None
        try:
            zone = ZoneInfo(self.timezone or company)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # one that this machine does not know
            zone = ZoneInfo("UTC")
        local = moment.astimezone(zone)
        clock = local.time().replace(tzinfo=None)
        over_midnight = self.ends < self.begins
        inside = clock >= self.begins or clock < self.ends if over_midnight else self.begins <= clock < self.ends
        if not inside:
            return None
        day = local.date() + timedelta(days=1) if over_midnight and clock >= self.begins else local.date()
        return datetime.combine(day, self.ends, zone).astimezone(UTC)


def read(kept: str) -> Quiet | None:
    """As `str` wrote it; None for none, or for what a later release wrote."""
    hours, _, rest = kept.partition("|")
    timezone, _, override = rest.partition("|")
    try:
        return Quiet.parse(hours, timezone, override) if hours else None
    except ValueError:
        return None
