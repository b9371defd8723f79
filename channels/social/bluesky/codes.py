"""What Bluesky's refusals mean to us.

An error is `{"error": "Name", "message": "a sentence"}`; a row is found by the name or by words of the sentence. Where
no row fits, the status decides. Sources: the lexicons' own lists of errors; the reference server's source.
"""

from __future__ import annotations

from channels.contract import Blame
from channels.social.refusals import Refusal, find

#: Something has that record key already.
KEY_TAKEN = "InvalidSwap"
#: The session's access token is over; it can be renewed.
EXPIRED = "ExpiredToken"
#: The session is not known (any more); a new one is needed.
UNKNOWN_SESSION = frozenset({"InvalidToken", "AuthMissing", "AuthenticationRequired"})

_GONE = "account-suspended"

REFUSALS = (
    Refusal(401, "accounttakedown", Blame.ACCOUNT, _GONE, "Bluesky has taken the account down."),
    Refusal(400, "accounttakedown", Blame.ACCOUNT, _GONE, "Bluesky has taken the account down."),
    Refusal(400, "repotakendown", Blame.ACCOUNT, _GONE, "Bluesky has taken the account down."),
    Refusal(400, "reposuspended", Blame.ACCOUNT, _GONE, "Bluesky has suspended the account."),
    Refusal(401, "accountdeactivated", Blame.ACCOUNT, _GONE, "The account is deactivated."),
    Refusal(400, "deactivated", Blame.ACCOUNT, _GONE, "The account is deactivated."),
    Refusal(400, "could not find", Blame.ACCOUNT, "not-allowed", "The server does not keep this account."),
    Refusal(413, "", Blame.MESSAGE, "too-long", "The text is too long for the server."),
    Refusal(400, "invalidrequest", Blame.MESSAGE, "refused", "Bluesky does not accept the post."),
    Refusal(501, "methodnotimplemented", Blame.ACCOUNT, "no-such-service", "The server cannot do this."),
)

SIGN_IN = (
    Refusal(
        401,
        "authfactortokenrequired",
        Blame.ACCOUNT,
        "second-factor",
        "The account asks for a second factor: give the route an app password, which needs none.",
    ),
    *(row for row in REFUSALS if row.code == _GONE),
    Refusal(401, "", Blame.ACCOUNT, "not-allowed", "Bluesky does not accept the identifier and app password."),
    Refusal(400, "", Blame.ACCOUNT, "not-allowed", "Bluesky does not accept the identifier and app password."),
)


def refusal(status: int, document: str) -> Refusal | None:
    """What is wrong with a post or a deletion; `document` is the answer in lower case."""
    return find(REFUSALS, status, document)


def sign_in_refusal(status: int, document: str) -> Refusal | None:
    """What is wrong with signing in."""
    return find(SIGN_IN, status, document)
