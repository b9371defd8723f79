"""A person in the simulated Slack presses a button of a message; the app is called as Slack calls it, signed.

    POST /sim/slack/press  {"ts": "1700000000.000100", "user": "U0ANNA", "url": "http://127.0.0.1:8080/receipts/slack"}

The answer is what the app answered. It is only ever called on this machine, and within Slack's three seconds.
"""

from __future__ import annotations

from typing import Any

import aiohttp
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yarl import URL

from channels.simulator.callbacks import is_local
from channels.simulator.control import complaint
from channels.simulator.gate import Core
from channels.simulator.slack_wire import PERSON, Post, interaction

#: How long Slack waits for an answer before it tells the person that the app did not react.
TIMEOUT = 3.0


class Press(BaseModel):
    """What is pressed, by whom, and where the app hears of it."""

    model_config = ConfigDict(extra="forbid")

    #: The message's `ts`.
    ts: str
    user: str = Field(pattern=f"^{PERSON.pattern}$")
    #: The app's interactivity URL.
    url: str
    #: Which button; left out, the first.
    action_id: str | None = None
    #: Slack tells it so often, as it does when an answer comes late.
    times: int = Field(default=1, ge=1, le=10)


class Presses:
    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/sim/slack/press", self.press)]

    async def press(self, request: web.Request) -> web.Response:
        try:
            wanted = Press.model_validate_json(await request.read())
        except ValidationError as error:
            return web.json_response({"errors": complaint(error)}, status=422)
        post = self._core.store.find("slack", wanted.ts)
        button = _button(post, wanted.action_id) if isinstance(post, Post) and not post.deleted else None
        if not isinstance(post, Post) or button is None:
            return web.json_response({"errors": [{"where": "ts", "why": "no such message with a button"}]}, status=404)
        url = URL(wanted.url)
        if not is_local(url):
            return web.json_response({"errors": [{"where": "url", "why": "is not on this machine"}]}, status=422)
        payload = self._payload(post, button, wanted.user)
        answers = [await _call(self._core, url, payload) for _ in range(wanted.times)]
        return web.json_response({"answers": answers})

    def _payload(self, post: Post, button: dict[str, Any], user: str) -> dict[str, Any]:
        accounts = self._core.accounts
        message = {"type": "message", "ts": post.ref, "bot_id": accounts.slack_bot_id, **post.now}
        return {
            "type": "block_actions",
            "team": {"id": accounts.slack_team_id, "domain": "simulated"},
            "user": {"id": user, "username": user.lower(), "team_id": accounts.slack_team_id},
            "api_app_id": accounts.slack_app_id,
            "container": {
                "type": "message",
                "message_ts": post.ref,
                "channel_id": post.channel,
                "is_ephemeral": False,
            },
            "channel": {"id": post.channel, "name": "simulated"},
            "message": message,
            "actions": [{**button, "block_id": "simulated", "action_ts": f"{self._core.now():.6f}"}],
        }


def _button(post: Post, action_id: str | None) -> dict[str, Any] | None:
    for block in post.now.get("blocks") or []:
        if isinstance(block, dict) and block.get("type") == "actions":
            for element in block.get("elements") or []:
                if element.get("type") == "button" and action_id in (None, element.get("action_id")):
                    return {name: element[name] for name in ("type", "action_id", "text", "value") if name in element}
    return None


async def _call(core: Core, url: URL, payload: dict[str, Any]) -> dict[str, Any]:
    headers, body = interaction(core.accounts, payload)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as response,
        ):
            return {"status": response.status, "body": (await response.read()).decode("utf-8", "replace")}
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return {"status": 0, "body": type(error).__name__}
