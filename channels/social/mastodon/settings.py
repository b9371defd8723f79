"""What an account on a Mastodon server needs, and what the channel can do."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

#: What a server that changes nothing allows; its own limit stands at /api/v2/instance.
MAX_CHARACTERS = 500

CAPABILITIES = Capabilities(
    kind=Kind.SOCIAL,
    repeat=Repeat.KEYED,  # by Idempotency-Key
    key_lifetime=55 * 60.0,  # which a server knows for an hour
    retracts=True,
    probes=True,
)


class MastodonSettings(AccountSettings):
    """One account on one Mastodon server, by an app with the scope `write:statuses`."""

    access_token: SecretStr = Field(description="The access token of the account that posts.")
    base_url: BaseUrl = Field(description="The account's server, such as https://mastodon.social.")
    visibility: Literal["public", "unlisted", "private"] = Field(
        default="public",
        description="Who sees the posts: public, unlisted (not in the public timelines) or private (followers only).",
    )
    language: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2,3}$",
        description="The language of the posts, such as en; left out, what the account has set.",
    )
    max_characters: int = Field(
        default=MAX_CHARACTERS, ge=1, le=100_000, description="How long a post may be on this server."
    )
