"""What a relay's replies mean to us, by the step at which they came (RFC 5321, enhanced codes of RFC 3463)."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from channels.contract import Blame, Deferred, Fault, Rejected, Uncertain
from channels.transport.outcomes import Failure

Hide = Callable[[str], str]

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


class Step(Enum):
    """Where a send stands. Until the body is on its way nothing can have been sent."""

    CONNECT = "connecting"
    SENDER = "naming the sender"
    RECIPIENT = "naming the recipient"
    DATA = "asking to send the body"
    BODY = "sending the body"


_BLAME = {
    Step.CONNECT: (Blame.ACCOUNT, "not-allowed"),
    Step.SENDER: (Blame.ACCOUNT, "bad-sender"),
    Step.RECIPIENT: (Blame.RECIPIENT, "unknown-address"),
    Step.DATA: (Blame.MESSAGE, "refused"),
    Step.BODY: (Blame.MESSAGE, "refused"),
}


def of_reply(step: Step, code: int, text: str, *, hide: Hide) -> Failure:
    """What a reply other than the hoped-for one means. `hide` takes out of it what nobody shall read."""
    said = hide(text)
    enhanced = _ENHANCED.search(text)
    shown = f"{code} {enhanced.group()}" if enhanced else str(code)

    def fault(blame: Blame, word: str) -> Fault:
        return Fault(blame, word, f"While {step.value} the relay answered {code} {said}".strip(), shown)

    if 400 <= code < 500:
        about_mailbox = step is Step.RECIPIENT and code != 421
        return Deferred(fault(Blame.RECIPIENT if about_mailbox else Blame.PROVIDER, "not-now"))
    if 500 <= code < 600:
        blame, word = _BLAME[step]
        # 530 wants a login; x.7.x before the body is about what we may do, not about who it is for.
        policy = enhanced is not None and enhanced.group(2) == "7" and step is not Step.BODY
        if code in (530, 535) or policy:
            blame, word = Blame.ACCOUNT, "not-allowed"
        return Rejected(fault(blame, word))
    if step is Step.BODY:
        return Uncertain(fault(Blame.PROVIDER, "garbled"))
    return Deferred(fault(Blame.PROVIDER, "garbled"))


def of_break(step: Step, *, timed_out: bool) -> Failure:
    """What a broken or silent connection means."""
    how = "did not answer in time" if timed_out else "broke the connection"
    code = "timeout" if timed_out else "disconnected"
    if step is Step.BODY:
        return Uncertain(Fault(Blame.PATH, code, f"The relay {how} after the mail was on its way."))
    if step is Step.CONNECT:
        code = "connect-timeout" if timed_out else "no-connection"
    return Deferred(Fault(Blame.PATH, code, f"While {step.value} the relay {how}."))
