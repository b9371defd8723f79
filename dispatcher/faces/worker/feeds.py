"""Looks at the vendors' status feeds that are due: one request each, bounded in time and length, nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
import structlog

from channels.transport.http import timeouts
from dispatcher.intake.feeds import Reading, Unreadable, read
from dispatcher.ledger import feeds, now
from dispatcher.ledger.feeds import Kept
from dispatcher.model.config import Feed
from dispatcher.settings import look_up
from dispatcher.wiring import Installation

log = structlog.get_logger(__name__)

_PATIENCE = 8.0
_LONGEST = 1024 * 1024
_AGENT = "outage-dispatcher (status feed)"


class Unread(Exception):
    """A feed could not be read. The message says why, without its address or token."""


async def poll(here: Installation, session: aiohttp.ClientSession) -> int:
    """Look at everything that is due and keep what was read; answers how many feeds that were."""
    configured = here.feeds
    taken = await asyncio.to_thread(_take, here, configured)
    await asyncio.gather(*(_look(here, session, one, configured[one.vendor]) for one in taken))
    return len(taken)


def _take(here: Installation, configured: Mapping[str, Feed]) -> list[Kept]:
    with here.ledger.write() as tx:
        return feeds.take_due(tx, configured)


async def _look(here: Installation, session: aiohttp.ClientSession, kept: Kept, feed: Feed) -> None:
    problem = ""
    try:
        answer = await _fetch(here, session, kept, feed)
        if answer is None:
            await asyncio.to_thread(_keep_unchanged, here, kept.vendor)
        else:
            body, etag, modified = answer
            # Off the loop: a large document takes a while to take apart.
            await asyncio.to_thread(_keep, here, kept, feed, body, etag, modified)
    except (Unread, Unreadable) as why:
        problem = str(why)
        await asyncio.to_thread(_keep_failure, here, kept.vendor, problem)
    if problem != kept.problem:  # once a change, not once a poll
        if problem:
            log.warning("status feed not read", vendor=kept.vendor, why=problem)
        else:
            log.info("status feed read again", vendor=kept.vendor)


async def _fetch(
    here: Installation, session: aiohttp.ClientSession, kept: Kept, feed: Feed
) -> tuple[bytes, str, str] | None:
    """The document with what its server knows it by; None when it is as it was."""
    headers = {"User-Agent": _AGENT, "Accept": "application/json, application/xml;q=0.9, */*;q=0.5"}
    if kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept.modified:
        headers["If-Modified-Since"] = kept.modified
    if feed.token is not None:
        token = look_up(feed.token, here.settings.environ)
        if not token:
            raise Unread(f"set {feed.token.env or feed.token.file}: the feed needs a token")
        headers["Authorization"] = f"Bearer {token}"
    try:
        async with session.get(feed.url, headers=headers, allow_redirects=False, timeout=timeouts(_PATIENCE)) as answer:
            if answer.status == 304:
                return None
            if answer.status != 200:
                raise Unread(f"it answered {answer.status}")
            # No more than is looked at, whatever it says about its length, and however well it was packed.
            body = await answer.content.read(_LONGEST + 1)
            while len(body) <= _LONGEST and (more := await answer.content.read(_LONGEST + 1 - len(body))):
                body += more
            if len(body) > _LONGEST:
                raise Unread(f"it is longer than {_LONGEST // 1024} KiB")
            return body, answer.headers.get("ETag", "")[:200], answer.headers.get("Last-Modified", "")[:200]
    except TimeoutError:
        raise Unread(f"no answer within {_PATIENCE:g} s") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # Its words may hold the address, and that may hold a key.
        raise Unread(f"it cannot be reached ({type(error).__name__})") from None


def _keep(here: Installation, kept: Kept, feed: Feed, body: bytes, etag: str, modified: str) -> Reading:
    found = read(feed.kind, body, feed.components, now())
    with here.ledger.write() as tx:
        feeds.heard(tx, kept, found.state, found.why, etag=etag, modified=modified)
    return found


def _keep_unchanged(here: Installation, vendor: str) -> None:
    with here.ledger.write() as tx:
        feeds.unchanged(tx, vendor)


def _keep_failure(here: Installation, vendor: str, problem: str) -> None:
    with here.ledger.write() as tx:
        feeds.failed(tx, vendor, problem)
