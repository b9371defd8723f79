"""What is peculiar to apprise: what it may do, what it does with each service, and what it must not."""

from __future__ import annotations

import importlib
import json
import logging
import subprocess
import sys
import time
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from channels.chat.apprise.library import Unusable, Writer
from channels.chat.apprise.samples import DISCORD_CHANNEL, discord_accepts, discord_settings
from channels.chat.apprise.services import LONGEST, SERVICES
from channels.chat.apprise.settings import AppriseSettings
from channels.contract import Accepted, Blame, Deferred, Outcome, Rejected, Uncertain, Words
from channels.testkit.bench import built
from channels.testkit.loopback import Reply, Request, http_server
from channels.testkit.samples import envelope

NAME = "chat/apprise"
SECRET = "a1b2c3d4e5f6a7b8c9d0"

#: One address of every service, and where its message goes.
ADDRESSES = {
    "discord": (f"discord://4242/{SECRET}", f"/api/webhooks/4242/{SECRET}"),
    "gchat": (f"gchat://space1/key1/{SECRET}", f"/v1/spaces/space1/messages?token={SECRET}&key=key1"),
    "mmosts": (f"mmosts://chat.example.com/{SECRET}", f"/hooks/{SECRET}"),
    "mmost": (f"mmost://127.0.0.1/{SECRET}?channel=town", f"/hooks/{SECRET}"),
    "tgram": (
        f"tgram://123456789:{SECRET}_{SECRET[:14]}/-1001234",
        f"/bot123456789:{SECRET}_{SECRET[:14]}/sendMessage",
    ),
    "wxteams": (f"wxteams://{SECRET * 4}", f"/v1/webhooks/incoming//{SECRET * 4}"),
    "zulip": (f"zulip://botname@org/{SECRET}a1b2c3d4e5f6/stream", "/api/v1/messages"),
    "jsons": (f"jsons://hooks.example.com/in?+X-Token={SECRET}", "/in"),
    "json": (f"json://127.0.0.1/{SECRET}", f"/{SECRET}"),
}


async def sent(answer: Any, scheme: str = "discord", **changes: Any) -> tuple[Outcome, list[Request]]:
    async with http_server(answer) as far:
        given = {"service_url": ADDRESSES[scheme][0], "channel": "x:customers", "base_url": far.url}
        async with built(NAME, given) as channel:
            return await channel.send(envelope(to="x:customers", **changes), timeout=5), far.requests


def test_every_service_has_an_address_here() -> None:
    assert set(ADDRESSES) == set(SERVICES)


@pytest.mark.parametrize("scheme", sorted(SERVICES))
async def test_every_service_sends_a_message_with_one_post_over_our_connection(scheme: str) -> None:
    outcome, requests = await sent(lambda _: Reply(200, b"{}"), scheme)
    assert outcome == Accepted("")
    assert [(request.method, request.target) for request in requests] == [("POST", ADDRESSES[scheme][1])]
    said = requests[0].body.decode()
    said = str(parse_qs(said)) if "=" in said[:9] else json.dumps(json.loads(said), ensure_ascii=False)
    assert "mail is down, we are on it" in said.replace("\\\\", "")
    assert "apprise" not in said.lower()


@pytest.mark.parametrize("scheme", sorted(SERVICES))
def test_the_limits_are_those_that_apprise_says(scheme: str) -> None:
    service = SERVICES[scheme]
    module = importlib.import_module(f"apprise.plugins.{service.module}")
    kind = getattr(module, service.plugin)
    made = kind(**kind.parse_url(ADDRESSES[scheme][0]))
    assert service.longest == made.body_maxlen
    assert scheme in (kind.protocol, *_several(kind.secure_protocol))
    assert SERVICES["discord"].longest >= LONGEST


def _several(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


@pytest.mark.parametrize("scheme", sorted(SERVICES))
@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_no_service_tries_again_or_waits(scheme: str, status: int) -> None:
    """Apprise's Discord sends once more after a 429, and waits before that for as long as it was told."""
    headers = {"Retry-After": "2", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 3)}
    begun = time.monotonic()
    outcome, requests = await sent(lambda _: Reply(status, b'{"ok": false}', headers), scheme)
    assert time.monotonic() - begun < 1.5
    assert len(requests) == 1
    if status == 429:
        assert isinstance(outcome, Deferred)
        assert (outcome.wait, outcome.route_wide) == (2.0, True)
    elif status >= 500:
        assert isinstance(outcome, Uncertain)
    else:
        assert isinstance(outcome, Rejected)


async def test_many_in_a_row_do_not_wait_for_one_another() -> None:
    """Most plugins pause for seconds between two requests."""
    async with http_server(lambda _: Reply(200, b"{}")) as far:
        given = {"service_url": ADDRESSES["gchat"][0], "channel": "x:y", "base_url": far.url}
        async with built(NAME, given) as channel:
            begun = time.monotonic()
            for number in range(5):
                assert await channel.send(envelope(number, to="x:y"), timeout=5) == Accepted("")
        assert time.monotonic() - begun < 2
        assert far.connections == 1


async def test_an_answer_that_the_service_does_not_give_is_uncertain() -> None:
    for status in (201, 202, 203, 206):
        outcome, _ = await sent(lambda _, status=status: Reply(status, b"{}"))
        assert isinstance(outcome, Uncertain), status
    assert (await sent(discord_accepts))[0] == Accepted("")


@pytest.mark.parametrize(
    "text",
    ["@everyone look", "@here", "a @Channel b", "<@123456> hi", "<@&99>", "<#5>", "<users/all> x", "@all!", "@**all**"],
)
async def test_nobody_is_woken_by_what_a_text_says(text: str) -> None:
    _, requests = await sent(discord_accepts, words=Words(text))
    said = json.loads(requests[0].body)["content"]
    assert said != text
    assert said.replace("\u200b", "") == text
    for mention in ("@everyone", "@here", "@channel", "<@", "<#", "<users/", "@all", "@**"):
        assert mention not in said.lower()


@pytest.mark.parametrize("text", ["mail ann@example.com", "a < b", "we are @ work", "1 <2"])
async def test_other_texts_stay_as_they_are(text: str) -> None:
    _, requests = await sent(discord_accepts, words=Words(text))
    assert json.loads(requests[0].body)["content"] == text


async def test_telegram_loses_nothing_that_looks_like_a_tag() -> None:
    _, requests = await sent(lambda _: Reply(200, b"{}"), "tgram", words=Words("error <500> & <b>more</b>"))
    assert json.loads(requests[0].body)["text"] == "error &lt;500&gt; &amp; &lt;b&gt;more&lt;/b&gt;"


@pytest.mark.parametrize("to", ["discord:other", "C0STATUS", ""])
async def test_it_answers_for_its_own_place_only(to: str) -> None:
    async with http_server(discord_accepts) as far, built(NAME, discord_settings(far.url)) as channel:
        outcome = await channel.send(envelope(to=to), timeout=5)
        assert far.requests == []
    assert isinstance(outcome, Rejected)
    assert (outcome.fault.blame, outcome.fault.code) == (Blame.RECIPIENT, "wrong-address")
    assert to != DISCORD_CHANNEL


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://discord.com/api/webhooks/1/a1b2c3d4e5f6a7b8c9d0",
        "file:///etc/passwd",
        "syslog://",
        "dbus://",
        "windows://",
        "macosx://",
        "slack://a/b/c",
        "mailto://me:a1b2c3d4e5f6a7b8c9d0@example.com",
        "json://hooks.example.com/a1b2c3d4e5f6a7b8c9d0",
        "mmost://chat.example.com/a1b2c3d4e5f6a7b8c9d0",
        "discord://4242",
        "discord://4242/a1b2c3d4e5f6a7b8c9d0?retry=3",
        "discord://4242/a1b2c3d4e5f6a7b8c9d0?template=/etc/passwd",
        "discord://4242/a1b2c3d4e5f6a7b8c9d0?verify=no",
        "discord://4242/a1b2c3d4e5f6a7b8c9d0?%6fverflow=split",
        "discord://4242/a1b2c3d4e5f6a7b8c9d0?ping=@everyone",
        "gchat://space/key/a1b2c3d4e5f6a7b8c9d0?redirect=yes",
        "jsons://hooks.example.com/?:message=x",
        "jsons://hooks.example.com/?method=get",
        "tgram://123456789:a1b2c3d4e5f6a7b8c9d0_a1b2c3d4e5f6a7/",
        "tgram://123456789:a1b2c3d4e5f6a7b8c9d0_a1b2c3d4e5f6a7/1/2",
        "mmosts://chat.example.com/a1b2c3d4e5f6a7b8c9d0?channel=a,b",
        "mmosts://team@chat.example.com/a1b2c3d4e5f6a7b8c9d0?mode=bot&channel=a",
        "zulip://botname@org/a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6/one/two",
    ],
)
def test_what_could_do_anything_but_one_post_is_refused_without_showing_it(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ValidationError) as refused:
        AppriseSettings.model_validate({"service_url": url, "channel": "x:y"})
    for told in (str(refused.value), caplog.text):
        assert "a1b2c3d4e5f6" not in told
    assert "service_url" in str(refused.value)


async def test_apprise_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for scheme in SERVICES:
        await sent(lambda _: Reply(200, b"{}"), scheme)
        await sent(lambda _: Reply(400, b"{}"), scheme)
    assert SECRET not in caplog.text
    assert "mail is down" not in caplog.text


def test_only_the_services_in_use_are_imported() -> None:
    """Apprise itself looks through all of its plugins, and whatever is in its folders, on the first address."""
    program = (
        "import sys; from channels.chat.apprise.library import Writer; Writer('discord://1/abc');"
        "print(sorted(n for n in sys.modules if n.startswith('apprise.plugins.')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "['apprise.plugins.base', 'apprise.plugins.discord']"


def test_whoever_else_uses_apprise_gets_its_real_requests() -> None:
    import requests
    from apprise.plugins import discord

    Writer(ADDRESSES["discord"][0])
    assert discord.requests.RequestException is requests.RequestException
    assert discord.requests.Session is requests.Session
    with pytest.raises(requests.ConnectionError):
        discord.requests.post("http://127.0.0.1:9/", timeout=1)


@pytest.mark.parametrize("way", ["Session", "session", "sessions", "api", "adapters", "head", "patch", "options"])
def test_a_plugin_has_no_other_way_to_connect(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins import discord

    def sneak(*_: object, **__: object) -> bool:
        getattr(discord.requests, way)
        return True

    made = Writer(ADDRESSES["discord"][0])
    monkeypatch.setattr(discord.NotifyDiscord, "send", sneak)
    with pytest.raises(AttributeError, match="no connection of their own"):
        made.request_of("x")


def test_an_address_that_needs_more_than_one_request_says_so() -> None:
    with pytest.raises(Unusable, match="one place"):
        Writer("tgram://123456789:a1b2c3d4e5f6a7b8c9d0_a1b2c3d4e5f6a7/1/2")
