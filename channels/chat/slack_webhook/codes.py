"""What an incoming webhook says when it refuses: a word as plain text, with a 4xx status.

Sources: docs.slack.dev, "Sending messages using incoming webhooks", handling errors; Slack's changelog of 2016-05-17,
which introduced the statuses. A word that is missing here counts by its status.
"""

from __future__ import annotations

from channels.chat.refusals import rejected
from channels.contract import Blame, Deferred, Fault
from channels.transport.outcomes import Failure

CODES: dict[str, Failure] = {
    **rejected(
        Blame.MESSAGE,
        "refused",
        {
            "invalid_payload": "Slack cannot read the message.",
            "invalid_blocks": "Slack does not accept the blocks.",
            "invalid_blocks_format": "Slack cannot read the blocks.",
            "no_text": "The message has no text.",
            "too_many_attachments": "The message has too many attachments.",
        },
    ),
    **rejected(
        Blame.ACCOUNT,
        "no-such-service",
        {
            "no_service": "The webhook is disabled, removed or not of this address.",
            "no_service_id": "The webhook's address is not complete.",
            "no_team": "The workspace of the webhook is gone.",
            "team_disabled": "The workspace of the webhook is disabled.",
            "invalid_token": "Slack does not accept the webhook's address.",
            "no_active_hooks": "The webhook is disabled.",
        },
    ),
    **rejected(
        Blame.ACCOUNT,
        "not-allowed",
        {
            "action_prohibited": "A workspace preference keeps the webhook from posting there.",
            "posting_to_general_channel_denied": "Only some people may post in the general channel.",
        },
    ),
    **rejected(
        Blame.RECIPIENT,
        "unknown-destination",
        {
            "channel_not_found": "The channel of the webhook is gone.",
            "channel_is_archived": "The channel of the webhook is archived.",
            "user_not_found": "The person of the webhook is gone.",
        },
    ),
    "rate_limited": Deferred(Fault(Blame.PROVIDER, "rate-limited", "Slack asks for less.", "rate_limited"), None, True),
}
