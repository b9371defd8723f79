"""What an account with X needs, and what the channel can do."""

from __future__ import annotations

from pydantic import Field, SecretStr

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.SOCIAL,
    repeat=Repeat.NATURAL,  # X refuses the same text a second time
    retracts=True,
    probes=True,
)


class XSettings(AccountSettings):
    """One account on X, by an app that may write for it (OAuth 1.0a user context)."""

    consumer_key: SecretStr = Field(description="The app's API key.")
    consumer_secret: SecretStr = Field(description="The app's API key secret.")
    access_token: SecretStr = Field(description="The access token of the account that posts.")
    access_token_secret: SecretStr = Field(description="The secret of that access token.")
    allow_urls: bool = Field(
        default=False,
        description="Post texts with links. X charges many times more for them, and takes a bare domain for one.",
    )
    base_url: BaseUrl = Field(
        default="https://api.twitter.com",
        description="Where X's API is reached. Requests stay signed for the default, so other hosts are for tests.",
    )
