"""What a mail relay needs, and what the channel can do."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings

CAPABILITIES = Capabilities(
    kind=Kind.EMAIL,
    repeat=Repeat.BLIND,  # a relay neither recognises a Message-ID nor can be asked about one
    # Mail that came back. Not `hears_receipts`: nobody hears of mail that arrived, so silence must not be a doubt.
    hears_failures=True,
    probes=True,
)

_ADDRESS = r"^[^\s@<>\"(),:;\\\x00-\x1f\x7f]+@[A-Za-z0-9.-]+$"
_HOST = r"^[A-Za-z0-9.-]+$"
#: Our tokens have 24 characters. RFC 5321 lets the part before the @ have 64.
_ROOM_FOR_TOKEN = 40
_LONGEST_LOCAL = 64
_SHORTEST_SECRET = 16


class SmtpSettings(AccountSettings):
    """One mail relay and the sender that it accepts from us."""

    host: str = Field(min_length=1, pattern=r"^[A-Za-z0-9.:_-]+$", description="The relay's name or address.")
    port: int = Field(default=587, ge=1, le=65535, description="587 with starttls, 465 with tls, 25 inside a network.")
    security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How the connection is protected. With starttls and tls it must be."
    )
    username: str | None = Field(default=None, description="Log in under this name; leave out where none is needed.")
    password: SecretStr | None = Field(default=None, description="The password for it.")
    from_address: str = Field(
        pattern=_ADDRESS,
        description="The sender; mail that cannot be delivered comes back to it without a return_path.",
    )
    from_name: str = Field(default="", description="The sender's name as readers see it.")
    reply_to: str | None = Field(default=None, pattern=_ADDRESS, description="Where answers go, if elsewhere.")
    message_id_domain: str = Field(
        pattern=_HOST, description="A domain of ours: the right half of Message-IDs, and our name towards the relay."
    )
    return_path: str | None = Field(
        default=None,
        description="Where mail comes back to that cannot be delivered, as bounce+{token}@bounces.example.com.",
    )
    bounce_secret: SecretStr | None = Field(
        default=None, description="Whoever hands us mail that came back must name it; without it none is believed."
    )
    second_bounce_secret: SecretStr | None = Field(
        default=None, description="Also accepted: the other secret while rotating."
    )
    max_connections: int = Field(default=8, ge=1, le=100, description="Connections to the relay at the same time.")

    @field_validator("return_path")
    @classmethod
    def _one_token_before_the_at(cls, value: str | None) -> str | None:
        if value is None:
            return None
        local, _, _ = value.partition("@")
        if local.count("{token}") != 1 or value.count("{token}") != 1:
            raise ValueError("write {token} once, before the @: bounce+{token}@bounces.example.com")
        if re.fullmatch(_ADDRESS, value.replace("{token}", "t")) is None or not value.isascii():
            raise ValueError("must be a mail address with {token} in it, as bounce+{token}@bounces.example.com")
        if len(local) - len("{token}") > _LONGEST_LOCAL - _ROOM_FOR_TOKEN:
            raise ValueError(f"may have {_LONGEST_LOCAL - _ROOM_FOR_TOKEN} characters before the @, besides {{token}}")
        return value

    @field_validator("bounce_secret", "second_bounce_secret")
    @classmethod
    def _not_guessable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < _SHORTEST_SECRET:
            raise ValueError(f"is too short to be safe; use at least {_SHORTEST_SECRET} random characters")
        return value

    @model_validator(mode="after")
    def _login_complete_and_protected(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("give both username and password, or neither")
        if self.password is not None and self.security == "none" and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("a password is not sent over an unprotected connection; use starttls or tls")
        return self
