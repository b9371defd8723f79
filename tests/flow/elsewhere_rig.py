"""A running system whose ledger, broker or number of senders is chosen by the test."""

from __future__ import annotations

import os
from pathlib import Path

from flow_rig import Rig

from dispatcher.faces.cli.system import Plan, System
from tests.nursery import begin


class RigElsewhere(Rig):
    """As `Rig`, with some variables of its own: its processes and the commands of the test see them too.

    The variables stand in this process' environment from `start` to `stop`: a supervised part inherits them.
    """

    def __init__(self, home: Path, *, senders: int = 1, **variables: str) -> None:
        self.home = home
        self._variables = variables
        plan = Plan(home, port=0, senders=senders, simulate=True, speed=4.0)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DISPATCHER_")}
        self._before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        self.system = System(plan, clean | variables, begin)

    def stop(self) -> None:
        try:
            super().stop()
        finally:
            for name, value in self._before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | self._variables
