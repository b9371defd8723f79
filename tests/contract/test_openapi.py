"""What `/docs` promises is what happens, whatever is sent."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
import structlog
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from channels.contract import Kind
from dispatcher.faces.worker.making import QUEUES
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import guard, now, queue, recipients
from dispatcher.ledger.tables import pulse
from dispatcher.model.recipient import Recipient
from dispatcher.wiring import Installation, install
from tests.migrated import make_ready

KEY = "a-key-that-nobody-can-guess-0123456789"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

load_all_checks()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One with an incident under way, so that there is something to find."""
    here = install(
        {
            "DISPATCHER_HOME": str(tmp_path_factory.mktemp("home")),
            "DISPATCHER_API_KEY": f"Ada:{KEY}",
            "DISPATCHER_BROKER_URL": "redis://127.0.0.1:1/0",
            "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "TWILIO_AUTH_TOKEN": "2" * 32,
            "TWILIO_MESSAGING_SERVICE_SID": "MG" + "3" * 32,
        }
    )
    make_ready(here.ledger)
    with here.ledger.write() as tx:
        recipients.upsert(tx, [Recipient("ann", "Ann", "en", {Kind.SMS: "+15551234567"})])
        told = here.desk.open(tx, Order("microsoft-365", "a test"), Say("a test"))
    here.planner.plan(told.broadcast.id)
    with here.ledger.write() as tx:
        assert queue.claim(tx, "twilio-main", owner="a test", lease=timedelta(hours=1), limit=1)
        # All is well for as long as the test takes, so that `/readyz` has its good answer.
        guard.beat(tx, guard.SWEEP)
        guard.beat(tx, "worker@a", QUEUES)
        tx.execute(pulse.update().values(at=now() + timedelta(hours=1)))
    yield here
    here.ledger.close()


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[str]:
    """The application behind a real server on loopback."""
    from dispatcher.faces.api.app import create_app

    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    app = create_app(installation)
    root.handlers[:], root.level = [logging.NullHandler()], logging.CRITICAL
    app.state.bells._app.conf.task_publish_retry_policy = {"max_retries": 1, "interval_start": 0, "interval_max": 0}
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    app.state.bells._app.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def documented(served: str) -> Any:
    return schemathesis.openapi.from_url(f"{served}/openapi.json")


def test_every_answer_is_one_that_was_promised(documented: Any) -> None:
    """All calls, each with examples that fit its description and examples that nearly do."""
    wrong: list[str] = []
    tried = 0
    for result in documented.get_all_operations():
        operation = result.ok()
        try:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                _try(operation.as_strategy(generation_mode=mode))
        except Unsatisfiable:
            pass  # nothing about it can be wrong
        except (FailureGroup, Failure) as failed:
            wrong.append(f"{operation.label}: {failed}")
        tried += 1
    assert not wrong, "\n\n".join(wrong)
    assert tried == sum(len(methods) for methods in documented.raw_schema["paths"].values())


def _try(cases: SearchStrategy[schemathesis.Case]) -> None:
    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def run(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {KEY}"}, checks=CHECKS, timeout=10)

    run()


def test_every_call_that_needs_a_key_says_what_happens_without(documented: Any) -> None:
    for path, methods in documented.raw_schema["paths"].items():
        for method, described in methods.items():
            told = set(described["responses"])
            if path.startswith("/api/"):
                assert {"401", "422", "503"} <= told, (method, path)
                assert described["security"], (method, path)
            if "requestBody" in described:
                assert {"400", "413", "415"} <= told, (method, path)
            for status, answer in described["responses"].items():
                if status >= "400" and "text/html" not in answer["content"]:
                    assert set(answer["content"]) == {"application/problem+json"}, (method, path, status)
