"""What an account with Acme needs, and what the channel can do."""

from pydantic import Field, SecretStr

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.SMS,
    repeat=Repeat.KEYED,  # Acme answers a second POST with the same Idempotency-Key as it answered the first
    hears_receipts=True,
)


class AcmeSettings(AccountSettings):
    """One Acme account with one sender."""

    api_token: SecretStr = Field(description="The account's API token.")
    signing_secret: SecretStr = Field(description="What Acme signs its callbacks with.")
    next_signing_secret: SecretStr | None = Field(
        default=None, description="A second one that is good as well, while the first is being replaced."
    )
    sender: str = Field(default="Status", min_length=1, max_length=11, description="What phones show as the sender.")
    base_url: BaseUrl = Field(default="https://api.acme.example", description="Where Acme's API is reached.")
