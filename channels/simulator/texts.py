"""Somebody writes to our number: the provider calls the address that is set there for it, signed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Literal, Protocol
from xml.etree import ElementTree as ET

import aiohttp
from pydantic import BaseModel, ConfigDict, Field

from channels.simulator.callbacks import Call, Caller
from channels.simulator.faults import Provider
from channels.simulator.gate import Core
from channels.simulator.store import Held

_KEYWORDS = {
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"), "STOP"),
    **dict.fromkeys(("START", "UNSTOP"), "START"),
    **dict.fromkeys(("HELP", "INFO"), "HELP"),
}


class Text(BaseModel):
    """What somebody writes.

    Attributes:
        provider: Whose number they write to.
        sender: Their own number.
        body: What they write.
        url: The address that is set at the provider for texts to the number.
        managed: The provider says what it took a keyword for (Twilio's Advanced Opt-Out; Telnyx does so always).
        forged: Sign it with a key that is not the provider's.
        twice: Call twice with the same event, as after a lost answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    provider: Literal["twilio", "telnyx"] = "twilio"
    sender: str = Field(alias="from", pattern=r"^\+?[0-9A-Za-z:+]{3,30}$")
    body: str = Field(max_length=1600)
    url: str
    managed: bool = False
    forged: bool = False
    twice: bool = False


class Texter(Protocol):
    """How a provider tells of a text."""

    def text(self, url: str, sender: str, body: str, *, keyword: str, forged: bool) -> Call: ...


class Texts:
    """Texts in. A keyword also makes or lifts the provider's own block, as it does there."""

    def __init__(self, core: Core, caller: Caller, texters: Mapping[Provider, Texter]) -> None:
        self._core = core
        self._caller = caller
        self._texters = texters

    async def write(self, text: Text) -> dict[str, Any]:
        """Tell our side; answers what it answered, and what the person is sent because of it.

        Raises:
            ValueError: the address does not lead to this machine.
        """
        keyword = _KEYWORDS.get(text.body.strip().upper(), "")
        if keyword == "STOP":
            self._core.stopped.add((text.provider, text.sender))
        elif keyword == "START":
            self._core.stopped.discard((text.provider, text.sender))
        told = keyword if text.managed or text.provider == "telnyx" else ""
        call = self._texters[text.provider].text(text.url, text.sender, text.body, keyword=told, forged=text.forged)
        status, answer = 0, b""
        try:
            for _ in range(2 if text.twice else 1):
                status, answer = await self._caller.ask(call)
        except (aiohttp.ClientError, TimeoutError) as error:
            return {"status": 0, "answer": "", "reply": "", "error": type(error).__name__}
        said = answer.decode("utf-8", "replace")
        reply = _reply(said) if text.provider == "twilio" and status == 200 else ""
        if reply:
            self._send(text, reply)
        return {"status": status, "answer": said, "reply": reply}

    def _send(self, text: Text, reply: str) -> None:
        ref = "SM" + secrets.token_hex(16)
        self._core.store.hold(
            Held(
                provider=text.provider,
                kind="reply",
                to=text.sender,
                body=reply,
                ref=ref,
                at=self._core.now(),
                status="sent",
                request=0,
            )
        )


def _reply(answer: str) -> str:
    """The text that a TwiML document asks to be sent."""
    try:
        root = ET.fromstring(answer)  # noqa: S314 - the only side that answers here is our own
    except ET.ParseError:
        return ""
    return " ".join((message.text or "").strip() for message in root.iter("Message")).strip()
