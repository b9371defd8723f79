"""The plain form of an alert, for any monitor that can post JSON, and for other Celery applications. Pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from dispatcher.intake.alertmanager import Texts, fingerprint
from dispatcher.intake.keepable import Keepable
from dispatcher.model.signal import Signal


class GenericAlert(Keepable):
    """One alert. `key` makes repeats recognisable; without it, equal labels are the same alert."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["firing", "resolved"] = "firing"
    title: Annotated[str, Field(min_length=1, max_length=300)]
    key: Annotated[str, Field(max_length=200)] = ""
    source: Annotated[str, Field(pattern=r"^[\w.:-]{1,40}$")] = "generic"
    labels: Texts = Field(default_factory=dict)
    annotations: Texts = Field(default_factory=dict)


def signal(alert: GenericAlert) -> Signal:
    """The alert as a signal."""
    return Signal(
        source=alert.source,
        key=f"{alert.source}:{alert.key or fingerprint({**alert.labels, 'title': alert.title})}",
        firing=alert.status == "firing",
        title=alert.title,
        labels=alert.labels,
        annotations=alert.annotations,
    )
