"""Every bell has a task that hears it, every queue a worker, and nothing waits inside the broker."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from dispatcher.faces.worker.app import app
from dispatcher.faces.worker.bells import Bells
from dispatcher.faces.worker.making import QUEUES
from dispatcher.settings import load, read_config

ROOT = Path(__file__).resolve().parents[2]
TASKS = {
    "dispatcher.plan": ["broadcast_id"],
    "dispatcher.deliver": ["route"],
    "dispatcher.confirm": ["route"],
    "dispatcher.fold": [],
    "dispatcher.poll": [],
    "dispatcher.sweep": [],
    "dispatcher.canary": [],
    "dispatcher.alert": ["payload"],
}


def registered() -> dict[str, Any]:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


class Recorder:
    """Stands for the Celery application."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, tuple[object, ...], str]] = []

    def send_task(self, name: str, *, args: tuple[object, ...], queue: str, **options: object) -> None:
        assert not options, "a bell carries no time: what is due is written in the ledger"
        self.sent.append((name, args, queue))


def consumed(text: str) -> set[str]:
    """The queues named after `--queues` in some text."""
    return {name for found in re.findall(r"--queues[ =]+([\w,]+)", text) for name in found.split(",")}


def test_every_task_has_the_name_and_the_arguments_that_are_promised() -> None:
    tasks = registered()
    assert {name: list(inspect.signature(task.run).parameters) for name, task in tasks.items()} == TASKS
    assert all(task.ignore_result for task in tasks.values())


def test_every_bell_fits_the_task_that_hears_it() -> None:
    recorder = Recorder()
    bells = Bells(recorder, {"twilio-main": "sms", "inapp": "inapp"})  # type: ignore[arg-type]
    rings = {
        "plan": lambda: bells.plan(7),
        "deliver": lambda: bells.deliver(["twilio-main", "inapp"]),
        "confirm": lambda: bells.confirm(["twilio-main", "gone"]),
        "fold": bells.fold,
        "poll": bells.poll,
        "canary": lambda: bells.canary("sender@here"),
    }
    public = {name for name, _ in inspect.getmembers(Bells, inspect.isfunction) if not name.startswith("_")}
    assert public == set(rings), "a new bell needs a line here"
    for ring in rings.values():
        assert ring()
    tasks = registered()
    for name, args, queue in recorder.sent:
        inspect.signature(tasks[name].run).bind(*args)
        assert queue in QUEUES or queue.name == "sender@here.dq2", "a canary goes to the worker's own queue"
    assert {name for name, _, _ in recorder.sent} == TASKS.keys() - {"dispatcher.sweep", "dispatcher.alert"}


def test_what_beat_sends_is_a_task_without_arguments_on_a_queue() -> None:
    assert app.conf.beat_schedule
    for entry in app.conf.beat_schedule.values():
        inspect.signature(registered()[entry["task"]].run).bind()
        assert entry["options"]["queue"] in QUEUES


def test_every_kind_of_route_has_a_queue() -> None:
    from channels.registry import channel_type

    routes = read_config(load({"DISPATCHER_HOME": "/nonexistent", "DISPATCHER_LEDGER_URL": "sqlite://"}).config_dir)
    for route in routes.routes.values():
        assert channel_type(route.channel).capabilities.kind.value in QUEUES


def test_the_procfile_consumes_every_queue() -> None:
    text = (ROOT / "Procfile").read_text(encoding="utf-8")
    assert consumed(text) == set(QUEUES)
    started = {line.partition(":")[0] for line in text.splitlines() if line and not line.startswith("#")}
    assert {"web", "beat", "release"} <= started
    assert sum(" beat " in line for line in text.splitlines()) == 1


def test_the_whole_system_on_one_machine_consumes_every_queue(tmp_path: Path) -> None:
    from dispatcher.faces.cli.system import Plan, System

    system = System(Plan(home=tmp_path, port=0, senders=2, set_aside=True), {})
    text = "\n".join(" ".join(part.command) for part in system._parts())
    assert consumed(text) == set(QUEUES)
    assert text.count(" beat ") == 1
    system.here.ledger.close()


@pytest.mark.parametrize("word", ["countdown", "eta", "apply_async", "delay"])
def test_nothing_waits_inside_the_broker(word: str) -> None:
    """Celery repeats tasks whose waiting outlives the broker's visibility timeout."""
    for path in sorted((ROOT / "dispatcher").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                assert word not in {keyword.arg for keyword in node.keywords}, (path, node.lineno)
                assert not (isinstance(node.func, ast.Attribute) and node.func.attr == word), (path, node.lineno)


def test_no_wait_of_a_task_comes_near_the_visibility_timeout() -> None:
    for name, task in registered().items():
        assert getattr(task, "retry_backoff_max", 0) <= 60 or not getattr(task, "autoretry_for", ()), name
        assert task.default_retry_delay <= 180, name
