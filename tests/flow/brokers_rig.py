"""Brokers of a test's own: with TLS, behind sentinels, RabbitMQ. On loopback, in a folder of their own."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import redis

from dispatcher.faces.cli.broker import free_port

PASSWORD = "a-pass/word:of@tests"
#: The same in an address.
QUOTED = "a-pass%2Fword%3Aof%40tests"


def server() -> str | None:
    """A Redis or Valkey server of the machine; the wheel's knows neither TLS nor being a sentinel by another name."""
    return shutil.which("valkey-server") or shutil.which("redis-server")


@contextlib.contextmanager
def running(folder: Path, *command: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A server of ours for as long as it is needed."""
    log = folder / "log"
    with log.open("ab") as sink:
        process = subprocess.Popen(command, cwd=folder, stdout=sink, stderr=sink, env=env)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(what: Callable[[], object], within: float, why: str) -> None:
    end = time.monotonic() + within
    while not what():
        assert time.monotonic() < end, why
        time.sleep(0.1)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@dataclass(frozen=True)
class Certificates:
    """An authority of ours, and certificates of it for 127.0.0.1 and for a client."""

    ca: Path
    cert: Path
    key: Path
    client_cert: Path
    client_key: Path


def certificates(folder: Path) -> Certificates:
    """Made with openssl, as a person would."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    (folder / "san").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test authority",
            "-keyout", "ca.key", "-out", "ca.pem")  # fmt: skip
    for name in ("server", "client"):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key",
                "-out", f"{name}.csr")  # fmt: skip
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-days", "2", "-extfile", "san", "-out", f"{name}.pem")  # fmt: skip
    return Certificates(*(folder / name for name in ("ca.pem", "server.pem", "server.key", "client.pem", "client.key")))


@contextlib.contextmanager
def with_tls(folder: Path, found: Certificates) -> Iterator[int]:
    """A server that takes TLS alone, and wants the client's certificate too; answers its port."""
    port, binary = free_port(), server()
    assert binary
    settings = folder / "tls.conf"
    settings.write_text(
        f"bind 127.0.0.1\nport 0\ntls-port {port}\ntls-cert-file {found.cert}\ntls-key-file {found.key}\n"
        f'tls-ca-cert-file {found.ca}\ntls-auth-clients yes\nrequirepass "{PASSWORD}"\nsave ""\nappendonly no\n'
        f'dir "{folder}"\n'
    )
    with running(folder, binary, str(settings)):
        until(lambda: listens(port), 20, "the server listens")
        yield port


def _tls(found: Certificates, port: int) -> str:
    return (
        f"port 0\ntls-port {port}\ntls-replication yes\ntls-cert-file {found.cert}\ntls-key-file {found.key}\n"
        f"tls-ca-cert-file {found.ca}\n"
    )


@dataclass
class Watched:
    """Two servers, of which one follows the other, and three sentinels that watch them."""

    ports: tuple[int, int]
    sentinels: tuple[int, int, int]
    processes: list[subprocess.Popen[bytes]]
    certificates: Certificates | None

    def ask(self, port: int, *words: str) -> Any:
        mine = self.certificates
        tls = (
            {"ssl": True, "ssl_ca_certs": mine.ca, "ssl_certfile": mine.client_cert, "ssl_keyfile": mine.client_key}
            if mine
            else {}
        )
        with redis.Redis("127.0.0.1", port, password=PASSWORD, decode_responses=True, **tls) as asked:
            return asked.execute_command("SENTINEL", *words)

    def master(self) -> int:
        """The port of the one that the sentinels call the master."""
        return int(self.ask(self.sentinels[0], "GET-MASTER-ADDR-BY-NAME", "bells")[1])

    def know_each_other(self) -> bool:
        for port in self.sentinels:
            said = self.ask(port, "MASTER", "bells")
            told = said if isinstance(said, dict) else dict(zip(said[::2], said[1::2], strict=True))
            if (int(told["num-other-sentinels"]), int(told["num-slaves"])) != (2, 1):
                return False
        return True


@contextlib.contextmanager
def with_sentinels(folder: Path, found: Certificates | None = None) -> Iterator[Watched]:
    """With certificates all of them speak TLS alone."""
    binary = server()
    assert binary
    ports, sentinels = (free_port(), free_port()), (free_port(), free_port(), free_port())
    watched = Watched(ports, sentinels, [], found)
    with contextlib.ExitStack() as stack:

        def start(name: str, port: int, settings: str, *options: str) -> subprocess.Popen[bytes]:
            home = folder / name
            home.mkdir()
            listening = _tls(found, port) if found else f"port {port}\n"
            common = f'bind 127.0.0.1\n{listening}dir "{home}"\nrequirepass "{PASSWORD}"\n'
            (home / "own.conf").write_text(common + settings)
            process = stack.enter_context(running(home, binary, str(home / "own.conf"), *options))
            until(lambda: listens(port), 20, f"{name} listens; see {home / 'log'}")
            return process

        for number, port in enumerate(ports):
            follows = f"replicaof 127.0.0.1 {ports[0]}\n" if number else ""
            settings = f'masterauth "{PASSWORD}"\nsave ""\nrepl-diskless-sync-delay 0\n{follows}'
            watched.processes.append(start(f"server-{number}", port, settings))
        watching = (
            f'sentinel sentinel-pass "{PASSWORD}"\nsentinel monitor bells 127.0.0.1 {ports[0]} 2\n'
            f'sentinel auth-pass bells "{PASSWORD}"\n'
            "sentinel down-after-milliseconds bells 1000\nsentinel failover-timeout bells 5000\n"
        )
        for number, port in enumerate(sentinels):
            start(f"sentinel-{number}", port, watching, "--sentinel")
        until(watched.know_each_other, 30, "the sentinels know each other and the replica")
        yield watched


class Rabbit:
    """A RabbitMQ node of our own with a plain and a TLS port. Without its port mapper it cannot run."""

    def __init__(self, folder: Path, found: Certificates) -> None:
        self._folder = folder
        self.mapper, self.port, self.tls_port, between = (free_port() for _ in range(4))
        (folder / "home").mkdir()
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\nlisteners.ssl.1 = 127.0.0.1:{self.tls_port}\n"
            f"ssl_options.cacertfile = {found.ca}\nssl_options.certfile = {found.cert}\n"
            f"ssl_options.keyfile = {found.key}\n"
            "ssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = true\n"
            f"default_user = bells\ndefault_pass = {PASSWORD}\nlog.file = false\nlog.console = true\n"
        )
        (folder / "plugins").write_text("[].\n")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self.mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"bells{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(between),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
        }

    def start_again(self) -> None:
        binary = rabbit_server()
        assert binary
        with (self._folder / "log").open("ab") as sink:
            self.process = subprocess.Popen(
                [binary], cwd=self._folder, stdout=sink, stderr=sink, env=self.environment, start_new_session=True
            )
        until(lambda: listens(self.port), 90, f"RabbitMQ listens; see {self._folder / 'log'}")

    def kill(self) -> None:
        """The node at once, with the script around it and what it has started."""
        everything = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        for one in everything:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()
        psutil.wait_procs(everything, 20)


@contextlib.contextmanager
def rabbit(folder: Path, found: Certificates) -> Iterator[Rabbit]:
    """A node for as long as it is needed; what it keeps is kept while it is started again."""
    node = Rabbit(folder, found)
    # Else the node would start one by itself that outlives it.
    with running(folder, "epmd", "-port", str(node.mapper), "-address", "127.0.0.1", env=node.environment):
        until(lambda: listens(node.mapper), 20, "the port mapper listens")
        node.start_again()
        try:
            yield node
        finally:
            node.kill()


def rabbit_server() -> str | None:
    """The start script of RabbitMQ, not the wrapper that changes the user."""
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    if found:
        return str(found[-1])
    return shutil.which("rabbitmq-server")
