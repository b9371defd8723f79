"""What X's refusals mean to us.

API v2 answers with a problem document and no stable codes: a refusal is told by its status and by words in its `type`,
`title`, `detail` or `reason`. The first row that fits decides; when none does, the status does.

Sources: docs.x.com on response codes and errors; the wording of a duplicate as reported by its users.
"""

from __future__ import annotations

from channels.contract import Blame
from channels.social.refusals import Refusal, find

DUPLICATE = "duplicate content"

REFUSALS = (
    Refusal(429, "usage-capped", Blame.ACCOUNT, "usage-capped", "The account's spending limit at X is reached."),
    Refusal(429, "usagecapexceeded", Blame.ACCOUNT, "usage-capped", "The account's usage cap at X is reached."),
    Refusal(402, "", Blame.ACCOUNT, "no-credit", "The account has no credit left at X."),
    Refusal(401, "", Blame.ACCOUNT, "not-allowed", "X does not accept the account's credentials."),
    Refusal(403, "client-forbidden", Blame.ACCOUNT, "not-allowed", "The app may not use this part of X's API."),
    Refusal(403, "client-not-enrolled", Blame.ACCOUNT, "not-allowed", "The app is not enrolled for X's API v2."),
    Refusal(403, "oauth1-permissions", Blame.ACCOUNT, "not-allowed", "The app may read but not write."),
    Refusal(403, "usage-capped", Blame.ACCOUNT, "usage-capped", "The account's spending limit at X is reached."),
    Refusal(403, "suspended", Blame.ACCOUNT, "account-suspended", "The account is suspended."),
    Refusal(403, "too long", Blame.MESSAGE, "too-long", "The text is too long for X."),
    Refusal(403, "automated", Blame.ACCOUNT, "looks-automated", "X takes this for spam and refused it."),
    Refusal(403, "", Blame.ACCOUNT, "not-allowed", "X does not allow this account to post this."),
    Refusal(400, "", Blame.MESSAGE, "refused", "X does not accept the text."),
)


def refusal(status: int, document: str) -> Refusal | None:
    """The row for an answer; `document` is its body in lower case."""
    return find(REFUSALS, status, document)
