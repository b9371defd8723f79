"""What is peculiar to a workflow of Microsoft Teams, over a real socket."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.chat.teams import wire
from channels.chat.teams.codes import CODES
from channels.chat.teams.samples import TEAMS_CHANNEL, teams_accepts, teams_settings
from channels.chat.teams.settings import TeamsSettings
from channels.contract import Accepted, Blame, Deferred, Outcome, Rejected, Uncertain, Words
from channels.testkit.bench import built
from channels.testkit.loopback import Reply, http_server
from channels.testkit.samples import envelope

NAME = "chat/teams"


def says(status: int, headers: dict[str, str] | None = None, /, **body: Any) -> Any:
    return lambda _: Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})


async def sent(answer: Any, to: str = TEAMS_CHANNEL, **changes: Any) -> tuple[Outcome, int]:
    async with http_server(answer) as far, built(NAME, teams_settings(far.url)) as channel:
        return await channel.send(envelope(to=to, **changes), timeout=5), len(far.requests)


async def test_the_request_is_exactly_this() -> None:
    words = Words("We know about it.\n\n**Do** [this](https://evil.example)\nNow.", subject="Mail <down>")
    async with http_server(teams_accepts) as far, built(NAME, teams_settings(far.url)) as channel:
        assert await channel.send(envelope(to=TEAMS_CHANNEL, words=words), timeout=5) == Accepted("")
        (request,) = far.requests
    assert request.target.endswith("sig=s1gnatureSecretSecretSecret")
    assert "sp=%2Ftriggers" in request.target  # the signature is over the address as it was given
    assert request.headers["content-type"] == "application/json; charset=utf-8"

    def line(text: str, spacing: str) -> dict[str, Any]:
        return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}], "spacing": spacing}

    headline = {"type": "TextRun", "text": "Mail <down>", "size": "Large", "weight": "Bolder"}
    small = {"type": "TextRun", "text": "mail-2026-02 · #1", "size": "Small", "isSubtle": True}
    assert json.loads(request.body) == {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": {
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "type": "AdaptiveCard",
                    "version": "1.4",
                    "msteams": {"width": "Full"},
                    "body": [
                        {"type": "RichTextBlock", "inlines": [headline]},
                        line("We know about it.", "Medium"),
                        line("**Do** [this](https://evil.example)", "Medium"),
                        line("Now.", "None"),
                        {"type": "RichTextBlock", "inlines": [small], "spacing": "Medium"},
                    ],
                },
            }
        ],
    }


@pytest.mark.parametrize("code", sorted(CODES))
async def test_every_known_code(code: str) -> None:
    outcome, requests = await sent(says(400, error={"code": code, "message": "The workflow …"}))
    assert (outcome, requests) == (CODES[code], 1)


@pytest.mark.parametrize(
    ("status", "code", "kind", "blame"),
    [
        (400, "SomethingNew", Rejected, Blame.MESSAGE),
        (401, "SomethingNew", Rejected, Blame.ACCOUNT),
        (404, "SomethingNew", Rejected, Blame.ACCOUNT),
        (413, "RequestEntityTooLarge", Rejected, Blame.MESSAGE),
        (429, "WorkflowNotFound", Deferred, Blame.PROVIDER),
        (500, "WorkflowNotFound", Uncertain, Blame.PROVIDER),
        (502, "NoResponse", Uncertain, Blame.PROVIDER),
        # Only a workflow that was changed to answer by itself says 200, and what it means by that nobody knows.
        (200, "", Uncertain, Blame.PROVIDER),
    ],
)
async def test_what_other_answers_mean(status: int, code: str, kind: type, blame: Blame) -> None:
    outcome, _ = await sent(says(status, error={"code": code}))
    assert isinstance(outcome, kind)
    assert not isinstance(outcome, Accepted)
    assert outcome.fault.blame is blame


@pytest.mark.parametrize("to", ["teams:other", "C0STATUS", ""])
async def test_it_answers_for_its_own_channel_only(to: str) -> None:
    outcome, requests = await sent(teams_accepts, to=to)
    assert isinstance(outcome, Rejected)
    assert (outcome.fault.blame, outcome.fault.code, requests) == (Blame.RECIPIENT, "wrong-address", 0)


@given(st.text(max_size=300), st.text(max_size=80))
def test_the_whole_request_stays_below_what_teams_takes(text: str, subject: str) -> None:
    words = Words((text * 400)[:20_000], subject=subject)
    if wire.measure(words).over:
        return
    made = wire.body(envelope(to=TEAMS_CHANNEL, words=words, thread="t" * 200))
    assert len(made) < 28 * 1000
    json.loads(made)


@pytest.mark.parametrize("given", ["customers", "C0STATUS", "teams:", "teams: x", ""])
def test_its_place_has_a_name_that_is_no_id_of_slacks(given: str) -> None:
    with pytest.raises(ValidationError):
        TeamsSettings.model_validate({"webhook_url": "https://example.com/x?sig=1", "channel": given})
