"""The life of an SMS after it was accepted: its stages in real time, and what is said about them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from channels.simulator.callbacks import Call, Caller, prepare
from channels.simulator.faults import Queued, Receipts, Undelivered, fraction
from channels.simulator.gate import Core
from channels.simulator.segments import segments
from channels.simulator.store import LOST, Held

API_VERSION = "2010-04-01"
EXPIRED = "30036"
FINAL = LOST | {"delivered"}


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds after acceptance, as ranges; all are divided by the simulator's speed."""

    sent: tuple[float, float] = (0.05, 0.2)
    delivered: tuple[float, float] = (0.2, 0.9)

    def __post_init__(self) -> None:
        for low, high in (self.sent, self.delivered):
            if not 0 <= low <= high:
                raise ValueError("a pace is a range of seconds from low to high")


@dataclass(slots=True, kw_only=True)
class Sms(Held):
    """A held message with what only Twilio knows about it."""

    sender: str
    service: str
    callback: str
    validity: float
    segments: int
    updated: float
    sent_at: float | None = None
    receipts: Receipts | None = None
    unsaid: list[Call] = field(default_factory=list)


class Journey:
    """Moves messages through their stages. One timer per message, none of them in the way of a request."""

    def __init__(self, core: Core, caller: Caller, pace: Pace) -> None:
        self._core = core
        self._caller = caller
        self._pace = pace
        self._life = 0

    def forget(self) -> None:
        """Let everything that is under way end silently."""
        self._life += 1

    def begin(self, sms: Sms) -> None:
        core = self._core
        fate = core.plan.fire("fate", "twilio", to=sms.to, sending=True, number=sms.request, now=sms.at)
        sms.receipts = core.plan.fire("receipts", "twilio", to=sms.to, sending=True, number=sms.request, now=sms.at)
        held_up = fate.seconds if isinstance(fate, Queued) else 0.0
        sent = held_up + self._draw(sms, "sent", self._pace.sent)
        last = max(sent, held_up + self._draw(sms, "delivered", self._pace.delivered))

        steps = []
        if sms.status == "accepted":
            steps.append((min(sent, sms.validity) / 4, "queued", ""))
        if sent > sms.validity:
            steps.append((sms.validity, "failed", EXPIRED))
        elif isinstance(fate, Undelivered):
            if fate.status == "undelivered":
                steps.append((sent, "sent", ""))
            steps.append((last, fate.status, str(fate.code)))
        else:
            steps += [(sent, "sent", ""), (last, "delivered", "")]
        self._wait(sms, steps, self._life, 0.0)

    def _draw(self, sms: Sms, stage: str, between: tuple[float, float]) -> float:
        low, high = between
        return (low + (high - low) * fraction(self._core.seed, f"{stage}:{sms.request}")) / self._core.speed

    def _wait(self, sms: Sms, steps: list[tuple[float, str, str]], life: int, so_far: float) -> None:
        delay = max(0.0, steps[0][0] - so_far)
        asyncio.get_running_loop().call_later(delay, self._step, sms, steps, life)

    def _step(self, sms: Sms, steps: list[tuple[float, str, str]], life: int) -> None:
        if life != self._life:
            return
        at, status, code = steps[0]
        core = self._core
        core.store.settle(sms, status, code)
        sms.updated = core.now()
        if not sms.sender:
            # A Messaging Service chooses the sender when it queues the message.
            sms.sender = core.accounts.twilio_from
            sms.segments = segments(sms.body)
        if status == "sent":
            sms.sent_at = sms.updated
        if sms.callback:
            self._tell(sms, status, code, life)
        if len(steps) > 1:
            self._wait(sms, steps[1:], life, at)

    def _tell(self, sms: Sms, status: str, code: str, life: int) -> None:
        bend, delay = ("", 0.0) if sms.receipts is None else (sms.receipts.how, sms.receipts.delay)
        token = self._core.accounts.twilio_auth_token
        call = prepare(token[::-1] if bend == "forged" else token, sms.callback, self._params(sms, status, code))
        match bend:
            case "never":
                return
            case "doubled":
                self._caller.call(call, call)
            case "late":
                asyncio.get_running_loop().call_later(delay, self._later, call, life)
            case "reordered":
                sms.unsaid.insert(0, call)
                if status in FINAL:
                    self._caller.call(*sms.unsaid)
                    sms.unsaid.clear()
            case _:
                self._caller.call(call)

    def _later(self, call: Call, life: int) -> None:
        if life == self._life:
            self._caller.call(call)

    def _params(self, sms: Sms, status: str, code: str) -> dict[str, str]:
        params = {
            "SmsSid": sms.ref,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": sms.to,
            "MessageSid": sms.ref,
            "AccountSid": self._core.accounts.twilio_account_sid,
            "From": sms.sender,
            "ApiVersion": API_VERSION,
        }
        if sms.service:
            params["MessagingServiceSid"] = sms.service
        if code:
            params["ErrorCode"] = code
        if status in {"delivered", "undelivered"}:
            params["RawDlrDoneDate"] = time.strftime("%y%m%d%H%M", time.gmtime(sms.updated))
        return params
