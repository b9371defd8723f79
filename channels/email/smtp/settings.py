"""What a mail relay needs, and what the channel can do."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings

CAPABILITIES = Capabilities(
    kind=Kind.EMAIL,
    repeat=Repeat.BLIND,  # a relay neither recognises a Message-ID nor can be asked about one
)

_ADDRESS = r"^[^\s@<>\"(),:;\\\x00-\x1f\x7f]+@[A-Za-z0-9.-]+$"
_HOST = r"^[A-Za-z0-9.-]+$"


class SmtpSettings(AccountSettings):
    """One mail relay and the sender that it accepts from us."""

    host: str = Field(min_length=1, pattern=r"^[A-Za-z0-9.:_-]+$", description="The relay's name or address.")
    port: int = Field(default=587, ge=1, le=65535, description="587 with starttls, 465 with tls, 25 inside a network.")
    security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How the connection is protected. With starttls and tls it must be."
    )
    username: str | None = Field(default=None, description="Log in under this name; leave out where none is needed.")
    password: SecretStr | None = Field(default=None, description="The password for it.")
    from_address: str = Field(pattern=_ADDRESS, description="The sender, also where bounces go.")
    from_name: str = Field(default="", description="The sender's name as readers see it.")
    reply_to: str | None = Field(default=None, pattern=_ADDRESS, description="Where answers go, if elsewhere.")
    message_id_domain: str = Field(
        pattern=_HOST, description="A domain of ours: the right half of Message-IDs, and our name towards the relay."
    )
    max_connections: int = Field(default=8, ge=1, le=100, description="Connections to the relay at the same time.")

    @model_validator(mode="after")
    def _login_complete_and_protected(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("give both username and password, or neither")
        if self.password is not None and self.security == "none" and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("a password is not sent over an unprotected connection; use starttls or tls")
        return self
