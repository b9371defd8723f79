"""What a workflow of Microsoft Teams needs, and what it can do."""

from __future__ import annotations

from pydantic import Field

from channels.contract import Capabilities, Kind, Repeat
from channels.transport.account import AccountSettings, BaseUrl
from channels.transport.webhook import WebhookUrl

CAPABILITIES = Capabilities(
    kind=Kind.CHAT,
    repeat=Repeat.BLIND,  # it says 202 and names nothing, so nothing can be found again
    one_place=True,
)


class TeamsSettings(AccountSettings):
    """One workflow that posts to one channel or chat when its webhook is called."""

    webhook_url: WebhookUrl = Field(description="The workflow's whole address, query and signature included.")
    channel: str = Field(
        # Not to be taken for an id of Slack's, which stands in the same place in destinations.
        pattern=r"^teams:\S.*$",
        max_length=200,
        description="Your name for where it posts, teams:…: the `to` of the destination it serves.",
    )
    base_url: BaseUrl | None = Field(
        default=None, description="For tests and simulators: what is called in place of the workflow's own host."
    )
