"""What an account with Twilio needs, and what the channel can do."""

from __future__ import annotations

from typing import Self

from pydantic import Field, SecretStr, model_validator

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.SMS,
    repeat=Repeat.LOOKUP,  # creating a message knows no idempotency key, but messages can be listed
    hears_receipts=True,
    expires_at_provider=True,
    probes=True,
)

#: What one text may cost unless the route says otherwise.
MAX_SEGMENTS = 4


class TwilioSettings(AccountSettings):
    """One Twilio account with one sender or one Messaging Service."""

    account_sid: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$", description="The account's SID: AC and 32 of 0-9 and a-f.")
    auth_token: SecretStr = Field(description="The account's primary auth token. Callbacks are signed with it.")
    second_auth_token: SecretStr | None = Field(
        default=None, description="Also accepted on callbacks: the other token while rotating, or a webhook shared key."
    )
    messaging_service_sid: str | None = Field(
        default=None,
        pattern=r"^MG[0-9a-fA-F]{32}$",
        description="The SID of the Messaging Service to send through: MG and 32 of 0-9 and a-f.",
    )
    from_number: str | None = Field(
        default=None, min_length=3, description="Send from this number, short code or sender id."
    )
    base_url: BaseUrl = Field(default="https://api.twilio.com", description="Where Twilio's API is reached.")
    max_segments: int = Field(
        default=MAX_SEGMENTS, ge=1, le=10, description="Longer texts are refused before they cost anything."
    )
    smart_encoded: bool = Field(default=True, description="Let Twilio replace typographic quotes and dashes.")
    stop_reply: str = Field(
        default="You get no more messages from us by text. Reply START to get them again.",
        max_length=320,
        description="The one answer to a text that says no; empty for none.",
    )
    start_reply: str = Field(
        default="You will get our messages by text again. Reply STOP to end them.",
        max_length=320,
        description="The answer to START; empty for none.",
    )
    help_reply: str = Field(
        default="We send messages about outages of services that you use. Reply STOP to end them.",
        max_length=320,
        description="The answer to HELP; empty for none.",
    )
    own_replies: bool = Field(
        default=False,
        description="Answer bare keywords too: only where Twilio's own answers to STOP, START and HELP are off.",
    )

    @model_validator(mode="after")
    def _one_sender(self) -> Self:
        if (self.messaging_service_sid is None) == (self.from_number is None):
            raise ValueError("give exactly one of messaging_service_sid and from_number")
        return self
