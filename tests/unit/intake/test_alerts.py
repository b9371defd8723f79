"""What monitors post, read leniently and made alike."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dispatcher.intake.alertmanager import Webhook, fingerprint, signals
from dispatcher.intake.generic import GenericAlert, signal
from dispatcher.model.signal import Signal


def one(alert: dict[str, Any], **around: Any) -> Signal:
    [found] = signals(Webhook.model_validate({"alerts": [alert], **around}))
    return found


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))

REAL = {
    "version": "4",
    "groupKey": '{}:{alertname="Down"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "dispatcher",
    "groupLabels": {"alertname": "Down"},
    "commonLabels": {"alertname": "Down", "severity": "critical"},
    "commonAnnotations": {"summary": "It is down"},
    "externalURL": "http://alertmanager.example",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "Down", "severity": "critical", "instance": "a"},
            "annotations": {"summary": "It is down"},
            "startsAt": "2026-03-01T10:00:00.123456789Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example/graph",
            "fingerprint": "c0ffee",
        },
        {"status": "resolved", "labels": {"alertname": "Down", "instance": "b"}, "fingerprint": "decade"},
    ],
}


def test_alertmanagers_own_form() -> None:
    first, second = signals(Webhook.model_validate(REAL))
    assert (first.key, first.firing, first.title) == ("alertmanager:c0ffee", True, "It is down")
    assert first.labels == {"alertname": "Down", "severity": "critical", "instance": "a"}
    assert first.starts_at is not None
    assert (second.key, second.firing) == ("alertmanager:decade", False)
    assert second.labels["severity"] == "critical", "what the group has in common holds for each alert"


@pytest.mark.parametrize(
    ("alert", "around", "title"),
    [
        ({}, {}, "Alert"),
        ({"labels": {"alertname": "Down"}}, {}, "Down"),
        ({"annotations": {"title": "T"}, "labels": {"alertname": "Down"}}, {}, "T"),
        ({"annotations": {"summary": "S", "title": "T"}}, {}, "S"),
        ({"annotations": {"summary": ""}, "labels": {"alertname": "Down"}}, {}, "Down"),
        ({"annotations": {"summary": "mine"}}, {"commonAnnotations": {"summary": "ours"}}, "mine"),
        ({}, {"commonAnnotations": {"summary": "ours"}}, "ours"),
        ({"annotations": {"summary": "x" * 999}}, {}, "x" * 300),
    ],
)
def test_titles(alert: dict[str, Any], around: dict[str, Any], title: str) -> None:
    assert one(alert, **around).title == title


def test_labels_that_are_no_texts_are_read_as_texts() -> None:
    labels = one({"labels": {"code": 500, "up": False, "none": None, "text": "t"}}).labels
    assert labels == {"code": "500", "up": "false", "none": "null", "text": "t"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"alerts": "none"},
        {"alerts": [{"status": "burning"}]},
        {"alerts": [{"labels": ["a"]}]},
        {"alerts": [{}], "truncatedAlerts": -1},
        {"alerts": [{}] * 10_001},
    ],
)
def test_what_is_no_webhook_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Webhook.model_validate(body)


@given(st.dictionaries(texts, texts))
def test_equal_labels_are_the_same_alert(labels: dict[str, str]) -> None:
    turned = dict(reversed(labels.items()))
    assert one({"labels": labels}).key == one({"labels": turned}).key
    assert fingerprint(labels) != fingerprint({**labels, "one": "more" + labels.get("one", "")})


def test_the_generic_form() -> None:
    found = signal(GenericAlert(title="It broke", key="k1", source="nagios", status="resolved"))
    assert (found.source, found.key, found.firing) == ("nagios", "nagios:k1", False)
    assert signal(GenericAlert(title="a")).key == signal(GenericAlert(title="a", annotations={"x": "y"})).key
    assert signal(GenericAlert(title="a")).key != signal(GenericAlert(title="b")).key


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": "x" * 301},
        {"title": "t", "key": "k" * 201},
        {"title": "t", "source": "two words"},
        {"title": "t", "sevrity": "critical"},
        {"title": "t", "status": "ok"},
    ],
)
def test_what_is_no_generic_alert_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GenericAlert.model_validate(body)
