"""Prometheus Alertmanager's webhook, version 4, read leniently. Pure.

Source: the `webhook_config` section of Alertmanager's configuration manual. Each alert carries its own status; the
status of the group is not used, because a firing group may hold resolved alerts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dispatcher.intake.keepable import Keepable
from dispatcher.model.signal import Signal

#: Alertmanager's own have 16 characters.
_LONGEST = 200


def _texts(value: object) -> object:
    """Labels are texts; a number or a truth value by a hand-written client is read as one."""
    if not isinstance(value, Mapping):
        return value
    return {str(key): text if isinstance(text, str) else json.dumps(text) for key, text in value.items()}


Texts = Annotated[dict[str, str], BeforeValidator(_texts)]


class Alert(BaseModel):
    model_config = ConfigDict(extra="ignore")

    status: Literal["firing", "resolved"] = "firing"
    labels: Texts = {}
    annotations: Texts = {}
    startsAt: datetime | None = None  # noqa: N815 - Alertmanager's own name
    fingerprint: str = ""


class Webhook(Keepable):
    """What Alertmanager posts. Fields we do not use, and those it will add, are ignored."""

    model_config = ConfigDict(extra="ignore")

    version: str = "4"
    groupKey: str = ""  # noqa: N815 - Alertmanager's own name
    truncatedAlerts: Annotated[int, Field(ge=0)] = 0  # noqa: N815 - Alertmanager's own name
    commonLabels: Texts = Field(default_factory=dict)  # noqa: N815 - Alertmanager's own name
    commonAnnotations: Texts = Field(default_factory=dict)  # noqa: N815 - Alertmanager's own name
    alerts: Annotated[list[Alert], Field(max_length=10_000)]


def signals(webhook: Webhook) -> list[Signal]:
    """One signal for each alert of the call."""
    return [_signal(alert, webhook) for alert in webhook.alerts]


def _signal(alert: Alert, webhook: Webhook) -> Signal:
    labels = {**webhook.commonLabels, **alert.labels}
    annotations = {**webhook.commonAnnotations, **alert.annotations}
    titles = (annotations.get("summary"), annotations.get("title"), labels.get("alertname"))
    title = next((line for line in (" ".join((text or "").split()) for text in titles) if line), "Alert")
    return Signal(
        source="alertmanager",
        key=f"alertmanager:{_short(alert.fingerprint) or fingerprint(labels)}",
        firing=alert.status == "firing",
        title=title[:300],
        labels=labels,
        annotations=annotations,
        starts_at=alert.startsAt,
    )


def _short(given: str) -> str:
    """As given, or something as different where that is longer than a fingerprint can be."""
    return given if len(given) <= _LONGEST else hashlib.sha256(given.encode()).hexdigest()


def fingerprint(labels: Mapping[str, Any]) -> str:
    """Stands in where a sender gives none: equal labels are the same alert."""
    return hashlib.sha256(json.dumps(sorted(labels.items())).encode()).hexdigest()[:32]
