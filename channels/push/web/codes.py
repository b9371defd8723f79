"""What the answers of push services mean to us.

A push service answers by its status (RFC 8030); the bodies differ from service to service and are for people. Where no
row fits, the status means what it means everywhere.

Sources: RFC 8030 sections 5 and 7, RFC 8292 section 4.2; Mozilla's autopush on its error codes; the pages of Google
(FCM), Apple and Microsoft (WNS) on the statuses of web push.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from channels.contract import Blame

#: Of them 201 is the standard's. Others have been seen to answer 200 and 202.
TAKEN = (200, 201, 202)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a status means. `gone` says that the person's browser has taken the subscription back."""

    blame: Blame
    code: str
    reason: str
    gone: bool = False


_GONE = Refusal(Blame.RECIPIENT, "unsubscribed", "The subscription is gone.", gone=True)
_KEYS = "The push service does not accept our VAPID key for this subscription."

REFUSALS: Mapping[int, Refusal] = {
    400: Refusal(Blame.MESSAGE, "refused", "The push service does not understand the request."),
    401: Refusal(Blame.ACCOUNT, "not-allowed", _KEYS),
    403: Refusal(Blame.ACCOUNT, "not-allowed", _KEYS),
    404: _GONE,
    410: _GONE,
    413: Refusal(Blame.MESSAGE, "too-long", "The push service finds the message too large."),
}
