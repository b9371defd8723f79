"""What an account on Bluesky needs, and what the channel can do."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.SOCIAL,
    repeat=Repeat.KEYED,  # the post's record key is made of ours, and a key is given once
    retracts=True,
    probes=True,
)


def _identifier(value: str) -> str:
    if value.startswith("@") or any(letter.isspace() for letter in value) or not {".", ":"} & set(value):
        raise ValueError("must be a handle such as status.example.com, without @ before it, or a DID")
    return value


class BlueskySettings(AccountSettings):
    """One account on Bluesky, or on another server that speaks AT Protocol."""

    identifier: Annotated[str, AfterValidator(_identifier)] = Field(
        description="The account's handle, such as status.example.com, or its DID."
    )
    app_password: SecretStr = Field(
        description="An app password of the account (Settings, App passwords); never the account's own."
    )
    language: str | None = Field(
        default=None, pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="The language of the posts, such as en."
    )
    base_url: BaseUrl = Field(default="https://bsky.social", description="The server that keeps the account.")
