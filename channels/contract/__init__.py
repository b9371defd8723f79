"""The vocabulary between the engine and the channels. Standard library only; imports nothing of ours."""

from channels.contract.channel import Absent, CanBeAsked, CannotTell, Channel, Found, HearsReceipts, LookUp
from channels.contract.envelope import Envelope, Measure, Words
from channels.contract.kinds import Capabilities, Kind, Repeat
from channels.contract.outcome import Accepted, Blame, Deferred, Fault, Outcome, Rejected, Uncertain
from channels.contract.receipt import Callback, Forged, Receipt, Unreadable, Word

__all__ = [
    "Absent",
    "Accepted",
    "Blame",
    "Callback",
    "CanBeAsked",
    "CannotTell",
    "Capabilities",
    "Channel",
    "Deferred",
    "Envelope",
    "Fault",
    "Forged",
    "Found",
    "HearsReceipts",
    "Kind",
    "LookUp",
    "Measure",
    "Outcome",
    "Receipt",
    "Rejected",
    "Repeat",
    "Uncertain",
    "Unreadable",
    "Word",
    "Words",
]
