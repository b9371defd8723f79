"""What an account on Bluesky needs, and what the channel can do."""

from __future__ import annotations

from pydantic import Field, SecretStr

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.SOCIAL,
    repeat=Repeat.KEYED,  # the post's record key is made of ours, and a key is given once
    retracts=True,
)


class BlueskySettings(AccountSettings):
    """One account on Bluesky, or on another server that speaks AT Protocol."""

    identifier: str = Field(min_length=3, description="The account's handle, such as status.example.com, or its DID.")
    app_password: SecretStr = Field(
        description="An app password of the account (Settings, App passwords); never the account's own."
    )
    language: str | None = Field(
        default=None, pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="The language of the posts, such as en."
    )
    base_url: BaseUrl = Field(default="https://bsky.social", description="The server that keeps the account.")
