"""The vocabulary between the engine and the channels. Standard library only; imports nothing of ours."""

from channels.contract.channel import (
    Absent,
    CanAmend,
    CanBeAsked,
    CanEnrol,
    CannotTell,
    CanProbe,
    CanRetract,
    CanWarm,
    Channel,
    Found,
    HearsReceipts,
    LookUp,
    Probed,
)
from channels.contract.envelope import Envelope, Measure, Words
from channels.contract.kinds import Capabilities, Kind, Repeat
from channels.contract.outcome import Accepted, Blame, Deferred, Fault, Outcome, Rejected, Uncertain
from channels.contract.receipt import Answer, Callback, Forged, Heard, Receipt, Said, Unreadable, Wish, Word

__all__ = [
    "Absent",
    "Accepted",
    "Answer",
    "Blame",
    "Callback",
    "CanAmend",
    "CanBeAsked",
    "CanEnrol",
    "CanProbe",
    "CanRetract",
    "CanWarm",
    "CannotTell",
    "Capabilities",
    "Channel",
    "Deferred",
    "Envelope",
    "Fault",
    "Forged",
    "Found",
    "Heard",
    "HearsReceipts",
    "Kind",
    "LookUp",
    "Measure",
    "Outcome",
    "Probed",
    "Receipt",
    "Rejected",
    "Repeat",
    "Said",
    "Uncertain",
    "Unreadable",
    "Wish",
    "Word",
    "Words",
]
