"""What a Slack app needs, and what the channel can do."""

from __future__ import annotations

from pydantic import Field, SecretStr

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.CHAT,
    repeat=Repeat.LOOKUP,  # by the metadata that goes with each message
)


class SlackSettings(AccountSettings):
    """One Slack app installed in one workspace.

    The bot needs `chat:write`, to be in the channel or `chat:write.public`, and for looking up what it has posted
    `channels:history`, `groups:history`, `im:history` and `im:write`.
    """

    bot_token: SecretStr = Field(description="The bot user's OAuth token, xoxb-….")
    base_url: BaseUrl = Field(default="https://slack.com/api", description="Where Slack's Web API is reached.")
