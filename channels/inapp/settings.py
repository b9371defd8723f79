"""What the channel can do. There is no account."""

from __future__ import annotations

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings

CAPABILITIES = Capabilities(
    kind=Kind.INAPP,
    repeat=Repeat.KEYED,  # the inbox stores once per key
    hears_receipts=True,  # from the person, over the host's own HTTP face
)


class InboxSettings(AccountSettings):
    """Nothing to set: the inbox is our own."""
