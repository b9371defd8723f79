"""What an account with Telnyx needs, and what the channel can do."""

from __future__ import annotations

import base64
import binascii
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.SMS,
    repeat=Repeat.KEYED,  # `Idempotency-Key`, for 24 hours
    hears_receipts=True,
    expires_at_provider=False,  # a message has no validity period: what is late there, arrives late
)

#: What one text may cost unless the route says otherwise.
MAX_SEGMENTS = 4
#: An Ed25519 public key, as bytes.
KEY_LENGTH = 32


class TelnyxSettings(AccountSettings):
    """One Telnyx account with one sender or one messaging profile."""

    api_key: SecretStr = Field(description="The API key, version 2, KEY….")
    # Not secret, but it decides what is believed: whoever could change it could forge receipts.
    public_key: SecretStr = Field(description="The account's public key, in base64. Webhooks are signed for it.")
    second_public_key: SecretStr | None = Field(
        default=None, description="Also accepted on webhooks: the other public key while one replaces the other."
    )
    messaging_profile_id: str | None = Field(
        default=None, min_length=8, description="Send through this messaging profile; it chooses the number."
    )
    from_number: str | None = Field(
        default=None, min_length=3, description="Send from this number, short code or sender id."
    )
    base_url: BaseUrl = Field(default="https://api.telnyx.com/v2", description="Where Telnyx's API is reached.")
    max_segments: int = Field(
        default=MAX_SEGMENTS, ge=1, le=10, description="Longer texts are refused before they cost anything."
    )

    @field_validator("public_key", "second_public_key")
    @classmethod
    def _a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(decoded_key(value)) != KEY_LENGTH:
            raise ValueError("must be an Ed25519 public key: 32 bytes in base64, as the Telnyx portal shows it")
        return value

    @model_validator(mode="after")
    def _a_sender(self) -> Self:
        if self.messaging_profile_id is None and self.from_number is None:
            raise ValueError("give messaging_profile_id or from_number, or both for a sender id of letters")
        return self


def decoded_key(value: SecretStr) -> bytes:
    """A public key's bytes; none when it is not base64."""
    try:
        return base64.b64decode(value.get_secret_value(), validate=True)
    except (binascii.Error, ValueError):
        return b""
