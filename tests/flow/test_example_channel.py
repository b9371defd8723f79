"""Somebody else's channel: a package that is installed, found, tried by the kit and sent by, with no change here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from alone_rig import AWAY, clean

from tests.example_channel.example_rig import ROOT, SOURCE, run_kit

ROUTE = """
acme-main:
  channel: sms/acme
  depends_on: [acme]
  settings:
    api_token: {env: ACME_API_TOKEN}
    signing_secret: {env: ACME_SIGNING_SECRET}
    sender: Northwind
    base_url: {env: ACME_BASE_URL, default: null}
"""
PEOPLE = "name,phone,email,tags\nAda,+14155550101,ada@example.com,enterprise\nBen,+14155550102,,enterprise\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip has installed the package, built by its own build backend."""
    folder = tmp_path_factory.mktemp("site")
    source = shutil.copytree(SOURCE, tmp_path_factory.mktemp("source") / "acme-sms")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"]
    # Where the backend is installed nothing is fetched for it.
    isolation = ["--no-build-isolation"] if find_spec("hatchling") else []
    subprocess.run([*pip, *isolation, "--target", folder, source], check=True, timeout=110)
    shutil.copy(source / "tests" / "test_acme.py", folder)
    return folder


class Acme(BaseHTTPRequestHandler):
    """The provider: takes everything, and remembers it in the order in which it came."""

    got: list[tuple[dict[str, Any], str]]

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.got.append((sent, self.headers["Idempotency-Key"]))
        body = json.dumps({"id": f"m{len(self.got)}"}).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def acme() -> Iterator[ThreadingHTTPServer]:
    Acme.got = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Acme)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(installed: Path, acme: ThreadingHTTPServer, tmp_path: Path) -> Any:
    """The command of somebody who has installed the package and configured one route of it."""
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    with (config / "routes.yaml").open("a", encoding="utf-8") as routes:
        routes.write(ROUTE)
    with (config / "vendors.yaml").open("a", encoding="utf-8") as vendors:
        vendors.write("\nacme:\n  title: Acme\n")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    environment = {
        **clean(),
        "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)]),
        "DISPATCHER_HOME": str(tmp_path),
        "DISPATCHER_CONFIG": str(config),
        "ACME_API_TOKEN": "acme-token-of-the-day",
        "ACME_SIGNING_SECRET": "acme-signing-secret",
        "ACME_BASE_URL": f"http://127.0.0.1:{acme.server_port}",
    }

    def call(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dispatcher.faces.cli.main", *arguments],
            env=environment | more,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    return call


def test_the_kit_tries_it_where_it_is_installed(installed: Path) -> None:
    done = run_kit(installed, str(installed / "test_acme.py"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "failed" not in done.stdout
    assert " passed" in done.stdout


def test_it_is_listed_and_its_route_lacks_what_is_not_set(run: Any) -> None:
    assert run("db", "upgrade").returncode == 0
    ready = json.loads(run("check", "--json").stdout)
    assert [one["problem"] for one in ready["routes"] if one["route"] == "acme-main"] == [""]
    unset = json.loads(run("check", "--json", ACME_API_TOKEN="").stdout)
    [problem] = [one["problem"] for one in unset["routes"] if one["route"] == "acme-main"]
    assert "ACME_API_TOKEN" in problem


def test_people_are_reached_by_it_and_by_no_other_sms_route(run: Any, tmp_path: Path) -> None:
    people = ("--audience", "enterprise", "--break-glass", "--people", str(tmp_path / "people.csv"))
    done = run("send", "generic", *people, "--json", **AWAY)
    told = json.loads(done.stdout)
    assert (told["reached"], told["of"]) == (2, 2), done.stdout + done.stderr
    assert {sent["to"] for sent, _ in Acme.got} == {"+14155550101", "+14155550102"}
    assert {sent["from"] for sent, _ in Acme.got} == {"Northwind"}
    assert len({key for _, key in Acme.got}) == len(Acme.got) == 2
    again = json.loads(run("send", "generic", *people, "--json", **AWAY).stdout)
    assert again["continued"]
    assert len(Acme.got) == 2, "nobody is told twice"
