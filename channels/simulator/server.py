"""One process that is Twilio, Telnyx, Slack, Teams, X, Mastodon, Bluesky and a mail server: for tests and drills."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from channels.simulator.accounts import Accounts
from channels.simulator.bluesky import Bluesky
from channels.simulator.bounces import Postman
from channels.simulator.callbacks import Caller
from channels.simulator.control import Control
from channels.simulator.faults import Provider, Rule, read_rules
from channels.simulator.gate import Core
from channels.simulator.journey import Journey, Pace
from channels.simulator.mastodon import Mastodon
from channels.simulator.push import Push
from channels.simulator.slack import Slack
from channels.simulator.slack_press import Presses
from channels.simulator.smtp import MailServer
from channels.simulator.store import Store
from channels.simulator.teams import Teams
from channels.simulator.telnyx import Telnyx
from channels.simulator.texts import Text, Texts
from channels.simulator.twilio import Twilio
from channels.simulator.voices import TelnyxVoice, TwilioVoice
from channels.simulator.x import X


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a running simulator listens. The base addresses go where the official SDKs take theirs."""

    http: str
    twilio_base: str
    telnyx_base: str
    slack_base: str
    slack_webhook_base: str
    teams_base: str
    x_base: str
    mastodon_base: str
    bluesky_base: str
    push_base: str
    control: str
    smtp_host: str
    smtp_port: int

    @classmethod
    def at(cls, host: str, http_port: int, smtp_port: int) -> Addresses:
        """The addresses of a simulator that listens on this host and these ports."""
        http = f"http://[{host}]:{http_port}" if ":" in host else f"http://{host}:{http_port}"
        return cls(
            http=http,
            twilio_base=f"{http}/twilio",
            telnyx_base=f"{http}/telnyx/v2",
            slack_base=f"{http}/slack/api/",
            slack_webhook_base=f"{http}/slack",
            teams_base=f"{http}/teams",
            x_base=f"{http}/x",
            mastodon_base=f"{http}/mastodon",
            bluesky_base=f"{http}/bluesky",
            push_base=f"{http}/push",
            control=f"{http}/sim",
            smtp_host=host,
            smtp_port=smtp_port,
        )


class Simulator:
    """Start it, point the SDKs at its addresses, ask it what it received.

    Args:
        accounts: The credentials it accepts.
        host: Where to listen; this machine only, unless told otherwise.
        http_port: 0 chooses a free one.
        smtp_port: 0 chooses a free one.
        speed: Divides the time between the stages of an SMS and the length of X's rate limit window.
        seed: Makes those times repeat from run to run.
        pace: How long the stages of an SMS take at speed 1.
        cap: How many messages are held; the oldest are dropped beyond that, and counted.
        x_posts_per_window: How many posts X takes in 15 minutes.
        callback_concurrency: How many status callbacks are under way at once.
    """

    def __init__(
        self,
        accounts: Accounts,
        *,
        host: str = "127.0.0.1",
        http_port: int = 0,
        smtp_port: int = 0,
        speed: float = 1.0,
        seed: int | str = 0,
        pace: Pace | None = None,
        cap: int = 2_000_000,
        x_posts_per_window: int = 100,
        callback_concurrency: int = 32,
    ) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self.accounts = accounts
        self._host = host
        self._http_port = http_port
        self._smtp_port = smtp_port
        self._core = Core(accounts, Store(cap), speed, seed)
        self._caller = Caller(concurrency=callback_concurrency)
        twilio, telnyx = TwilioVoice(accounts), TelnyxVoice(accounts)
        self._journey = Journey(self._core, self._caller, pace or Pace(), {"twilio": twilio, "telnyx": telnyx})
        self._texts = Texts(self._core, self._caller, {"twilio": twilio, "telnyx": telnyx})
        self._telnyx = Telnyx(self._core, self._journey)
        self._x = X(self._core, posts_per_window=x_posts_per_window)
        self._mastodon = Mastodon(self._core)
        self._bluesky = Bluesky(self._core)
        self._control = Control(self._core, self._caller, self._texts, self.reset)
        self._postman = Postman(self._core)
        self._mail = MailServer(self._core, self._postman)
        self._runner: web.AppRunner | None = None
        self._addresses: Addresses | None = None

    @property
    def addresses(self) -> Addresses:
        if self._addresses is None:
            raise RuntimeError("the simulator is not running")
        return self._addresses

    async def start(self) -> Addresses:
        if self._runner is not None:
            raise RuntimeError("a simulator starts once; make a new one")
        app = web.Application()
        app.add_routes(Twilio(self._core, self._journey).routes())
        app.add_routes(self._telnyx.routes())
        app.add_routes(Slack(self._core).routes())
        app.add_routes(Presses(self._core).routes())
        app.add_routes(Teams(self._core).routes())
        app.add_routes(self._x.routes())
        app.add_routes(self._mastodon.routes())
        app.add_routes(self._bluesky.routes())
        app.add_routes(Push(self._core).routes())
        app.add_routes(self._control.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._caller.start()
        try:
            await self._runner.setup()
            await web.TCPSite(self._runner, self._host, self._http_port, backlog=2048).start()
            smtp_port = await self._mail.start(self._host, self._smtp_port)
        except BaseException:
            await self.stop()
            raise
        self._addresses = Addresses.at(self._host, self._runner.addresses[0][1], smtp_port)
        return self._addresses

    async def stop(self) -> None:
        """Safe to call twice. What hangs is let go, timers end silently."""
        self._addresses = None
        self._journey.forget()
        await self._mail.stop()
        self._core.stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
        await self._caller.stop()
        await self._postman.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # The same as under /sim, for a test in the same process.

    def add_faults(self, rules: Iterable[Rule] | list[dict[str, Any]]) -> None:
        """Rules, or the same as plain data.

        Raises:
            pydantic.ValidationError: when a rule makes no sense.
        """
        read = [rule if isinstance(rule, Rule) else read_rules([rule])[0] for rule in rules]
        self._core.plan.add(read, now=self._core.now())

    def clear_faults(self) -> None:
        self._core.plan.clear()

    def faults(self) -> list[dict[str, Any]]:
        return self._core.plan.as_data()

    def set_latency(self, provider: Provider, milliseconds: float) -> None:
        self._core.latency[provider] = milliseconds

    def received(
        self, *, provider: Provider | None = None, to: str | None = None, since: float | None = None
    ) -> list[dict[str, Any]]:
        return self._core.store.received(provider=provider, to=to, since=since)

    def recipients(self, *, provider: Provider | None = None, to: str | None = None) -> dict[str, dict[str, Any]]:
        return self._core.store.recipients(provider=provider, to=to)

    def summary(self) -> dict[str, Any]:
        return self._control.as_summary()

    def reset(self) -> None:
        """Forget all that was received, all counts, and everything under way. Faults and latencies stay."""
        self._core.store.clear()
        self._journey.forget()
        self._caller.forget()
        self._postman.forget()
        self._x.forget()
        self._mastodon.forget()
        self._bluesky.forget()
        self._telnyx.forget()
        self._core.stopped.clear()

    def end_sessions(self, *, altogether: bool = False) -> None:
        """Bluesky's tokens for calls are over before their time; with `altogether`, those that renew them as well."""
        self._bluesky.end_sessions(altogether=altogether)

    async def write_text(self, text: Text) -> dict[str, Any]:
        """Somebody texts to our number; see `Texts.write`."""
        return await self._texts.write(text)

    async def callbacks_idle(self) -> None:
        """Until every callback that is due by now, and every mail that comes back, was answered or has failed."""
        await self._caller.idle()
        await self._postman.idle()


async def serve(
    simulator: Simulator,
    *,
    ready: Callable[[Addresses], None] | None = None,
) -> None:
    """Run until SIGTERM or SIGINT; `ready` hears the addresses once it listens."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, ended.set)
    try:
        async with simulator:
            if ready is not None:
                ready(simulator.addresses)
            await ended.wait()
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
