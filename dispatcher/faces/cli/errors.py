"""What went wrong, in sentences on standard error."""

from __future__ import annotations

import contextlib
import errno
import sys

from channels.registry import UnknownChannel
from dispatcher.faces.cli.show import errors
from dispatcher.faces.once import KeyReused
from dispatcher.incidents.desk import NotFound, Refused
from dispatcher.incidents.states import WrongState
from dispatcher.intake.recipients_csv import NotATable
from dispatcher.ledger import LedgerAway
from dispatcher.ledger.breakglass import Unfit
from dispatcher.settings import ConfigError, MissingSecret, SettingsError, WrongSetting


class Stop(Exception):
    """Ends the command with this sentence and exit status 1."""


#: What users can bring about and mend. The message of each says how.
_EXPECTED = (
    Stop,
    Unfit,
    KeyReused,
    NotFound,
    WrongState,
    NotATable,
    LedgerAway,
    SettingsError,
    ConfigError,
    MissingSecret,
    WrongSetting,
    UnknownChannel,
)

#: What a disk says that takes no more. Files that we write ourselves have sentences of their own.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def explain(error: Exception) -> int:
    """Print the error for people and answer the exit status; an error nobody expected is raised again."""
    if isinstance(error, Refused):
        errors.print("[bold red]Nothing was kept or sent.[/]")
        for problem in error.problems:
            errors.print(f"  • {problem}", markup=False)
        return 1
    if isinstance(error, _EXPECTED):
        # Not broken into lines: a path in it must stay one that can be copied.
        errors.print(f"dispatcher: {error}", markup=False, style="red", soft_wrap=True)
        return 1
    if isinstance(error, BrokenPipeError):
        # The reader of a pipe has had enough; that is no fault.
        sys.stderr.close()
        return 0
    if isinstance(error, OSError) and error.errno in _FULL:
        _give_up_output()
        told = f"the output could not be written to its end: {error.strerror}; what is there is incomplete"
        errors.print(f"dispatcher: {told}", style="red", soft_wrap=True, markup=False)
        return 1
    raise error


def _give_up_output() -> None:
    """Forget what could not be written; the interpreter would try it again at its end, and complain."""
    with contextlib.suppress(OSError):
        sys.stdout.close()
