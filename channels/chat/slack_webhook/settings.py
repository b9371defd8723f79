"""What an incoming webhook of Slack needs, and what it can do."""

from __future__ import annotations

from pydantic import Field

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl
from channels.transport.webhook import WebhookUrl

CAPABILITIES = Capabilities(
    kind=Kind.CHAT,
    repeat=Repeat.BLIND,  # it answers "ok" and names nothing, so nothing can be found again
    one_place=True,
)


class SlackWebhookSettings(AccountSettings):
    """One incoming webhook: it writes to the one channel for which it was made."""

    webhook_url: WebhookUrl = Field(description="The webhook's whole address, https://hooks.slack.com/services/….")
    channel: str = Field(
        pattern=r"^[CG][A-Z0-9]+$",
        description="The id of the channel that it writes to, C…: the `to` of the destination it serves.",
    )
    base_url: BaseUrl | None = Field(
        default=None, description="For tests and simulators: what is called in place of the webhook's own host."
    )
