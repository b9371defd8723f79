"""What a Mastodon server's refusals mean to us.

A refusal is `{"error": "a sentence"}` without a code, and the sentence may be translated: so the status decides where
no row fits. Sources: docs.joinmastodon.org; the error handling of Mastodon's own API controllers, their English texts.
"""

from __future__ import annotations

from channels.contract import Blame
from channels.social.refusals import Refusal, find

#: With 404: what was asked for is not there. Any other 404 comes from something that is no Mastodon.
NO_RECORD = "record not found"
#: With 403: the token is good, and not for this.
OUT_OF_SCOPE = "outside the authorized scopes"

REFUSALS = (
    Refusal(401, "", Blame.ACCOUNT, "not-allowed", "The server does not accept the access token."),
    Refusal(403, OUT_OF_SCOPE, Blame.ACCOUNT, "not-allowed", "The app lacks write:statuses."),
    Refusal(403, "disabled", Blame.ACCOUNT, "account-suspended", "The account's login is disabled."),
    Refusal(403, "suspended", Blame.ACCOUNT, "account-suspended", "The account is suspended."),
    Refusal(403, "pending approval", Blame.ACCOUNT, "not-allowed", "The account waits for the server's approval."),
    Refusal(403, "confirmed e-mail", Blame.ACCOUNT, "not-allowed", "The account's mail address is not confirmed."),
    Refusal(403, "", Blame.ACCOUNT, "not-allowed", "The server does not allow this account to do this."),
    Refusal(422, "character limit", Blame.MESSAGE, "too-long", "The text is too long for this server."),
    Refusal(422, "can't be blank", Blame.MESSAGE, "empty", "The server takes the text for empty."),
    Refusal(422, "", Blame.MESSAGE, "refused", "The server does not accept the text."),
    Refusal(400, "", Blame.MESSAGE, "refused", "The server does not accept the request."),
)


def refusal(status: int, document: str) -> Refusal | None:
    """The row for an answer; `document` is its body in lower case."""
    return find(REFUSALS, status, document)
