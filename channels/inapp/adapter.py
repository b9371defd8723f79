"""Puts messages into the host's inbox."""

from __future__ import annotations

import asyncio

from channels.contract import (
    Accepted,
    Blame,
    Deferred,
    Envelope,
    Fault,
    Measure,
    Outcome,
    Rejected,
    Uncertain,
    Words,
)
from channels.inapp import wire
from channels.inapp.settings import CAPABILITIES
from channels.registry import Inbox


class InboxChannel:
    """The inbox that the host provides."""

    capabilities = CAPABILITIES

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def measure(self, words: Words) -> Measure:
        return wire.measure(words)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        size = self.measure(envelope.words)
        if size.over:
            detail = f"The text has {size.length} characters of at most {size.limit}."
            return Rejected(Fault(Blame.MESSAGE, "too-long", detail))
        try:
            async with asyncio.timeout(timeout):
                number = await self._inbox.put(
                    user=envelope.to,
                    key=envelope.key,
                    token=envelope.token,
                    subject=envelope.words.subject,
                    text=envelope.words.text,
                    useful_for=envelope.useful_for,
                    thread=envelope.thread,
                    notable=envelope.notable,
                )
        except TimeoutError:
            # It may be stored all the same; putting it again by the same key is harmless.
            return Uncertain(Fault(Blame.PATH, "timeout", "The inbox did not answer in time."))
        except Exception as error:  # noqa: BLE001 - the host's store may fail in any way, and nothing is kept then
            return Deferred(Fault(Blame.PATH, "inbox-failed", f"The inbox failed ({type(error).__name__})."))
        return Accepted(str(number))

    async def aclose(self) -> None:
        """Nothing is held open: the inbox is the host's."""
