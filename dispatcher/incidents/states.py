"""Which state may follow which. Pure."""

from __future__ import annotations

from dispatcher.model.incident import Reason, State


class WrongState(ValueError):
    """What was asked does not fit the incident's state. The message says why and what can be done."""


def next_state(current: State, asked: State | None) -> State:
    """The state after an update: the asked one, or the current one when none was asked.

    A state may be skipped, and may go back while the incident is open: what was thought found can turn out not to be.

    Raises:
        WrongState: the incident is resolved.
    """
    if current is State.RESOLVED:
        raise WrongState("the incident is resolved already; open a new one if the trouble has come back")
    return asked or current


def reason_for(number: int, state: State, *, retracts: bool = False) -> Reason:
    """Why the `number`-th thing is said."""
    if retracts:
        return Reason.RETRACTED
    if state is State.RESOLVED:
        return Reason.RESOLVED
    return Reason.OPENED if number == 1 else Reason.UPDATE
