"""What a Slack app needs, and what the channel can do."""

from __future__ import annotations

from pydantic import Field, SecretStr

from channels.chat.mrkdwn import LONGEST_LABEL
from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl

CAPABILITIES = Capabilities(
    kind=Kind.CHAT,
    repeat=Repeat.LOOKUP,  # by the metadata that goes with each message
    hears_receipts=True,  # from people who press the button; without a signing secret there is none
    threads=True,
    amends=True,
    retracts=True,
    limits_destinations=True,  # about one message a second into a channel, beside a limit for the workspace
    probes=True,
)


class SlackSettings(AccountSettings):
    """One Slack app installed in one workspace.

    The bot needs `chat:write`, to be in the channel or `chat:write.public`, and for looking up what it has posted
    `channels:history`, `groups:history`, `im:history` and `im:write`.
    """

    bot_token: SecretStr = Field(description="The bot user's OAuth token, xoxb-….")
    signing_secret: SecretStr | None = Field(
        default=None,
        description="The app's signing secret. With it, messages carry a button by which people acknowledge them.",
    )
    second_signing_secret: SecretStr | None = Field(
        default=None, description="Also accepted on what Slack calls: the other one while rotating."
    )
    button: str = Field(
        default="Got it", min_length=1, max_length=LONGEST_LABEL, description="What the button says, in one language."
    )
    base_url: BaseUrl = Field(default="https://slack.com/api", description="Where Slack's Web API is reached.")
