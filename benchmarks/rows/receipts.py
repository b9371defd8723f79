"""Receipts verified and stored by the real web process, against an endpoint that only verifies."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from benchmarks import calls
from benchmarks.ground import Ground
from benchmarks.measure import Line, in_turn, ratio
from benchmarks.site import ROUTE, Shape, describe, environment, folder, phone, until
from dispatcher.faces.cli.broker import Broker, free_port
from dispatcher.faces.cli.supervise import module
from dispatcher.ledger.migrate import upgrade
from dispatcher.ledger.tables import receipt
from dispatcher.wiring import Installation, install

RECEIPTS = 6_000
#: Calls under way at once.
CONNECTIONS = 64
_REAL = "dispatcher.faces.api.app:create_app"
_ONLY = "benchmarks.verify_only:create_app"


def run(ground: Ground) -> Iterator[Line]:
    """One web process each, on SQLite; nobody folds meanwhile what was stored."""
    count = ground.size(RECEIPTS, least=200)
    with folder() as home, environment(describe(home, Shape("http://127.0.0.1:1"))), _broker(home):
        ports = {_REAL: free_port(), _ONLY: free_port()}
        # Both verify by the same public address; who calls knows the port.
        os.environ["DISPATCHER_PUBLIC_URL"] = "https://outage.example.com"
        here = install()
        upgrade(here.ledger)
        with _web(_REAL, ports[_REAL]), _web(_ONLY, ports[_ONLY]):
            taken = in_turn(
                ground.rounds(),
                stored=lambda: _rate(here, ports[_REAL], count),
                verified=lambda: _rate(here, ports[_ONLY], count),
            )
        with here.ledger.read() as tx:
            kept = tx.execute(select(func.count()).select_from(receipt)).scalar_one()
        here.ledger.close()
    if kept != count * len(taken["stored"]):
        raise RuntimeError(f"{kept:,} of {count * len(taken['stored']):,} receipts are in the ledger")
    yield Line(
        key="receipts",
        what=f"{count:,} signed receipts of Twilio's form in, verified and stored, {CONNECTIONS} at once, SQLite",
        baseline="an endpoint that only verifies",
        reached=ratio(taken, "stored", "verified"),
        goal=0.6,
        runs=taken,
        note="receipts/s of one web process; every single one was in the ledger afterwards",
    )


def _rate(here: Installation, port: int, count: int) -> float:
    took, statuses = asyncio.run(calls.make(port, _signed(here, count), connections=CONNECTIONS))
    if statuses != {204: count}:
        raise RuntimeError(f"{count} receipts were answered with {dict(statuses)}; all should be 204")
    return count / took


def _signed(here: Installation, count: int) -> list[bytes]:
    """As many different receipts, each of another message, signed as Twilio signs."""
    validator = RequestValidator(here.settings.environ["TWILIO_AUTH_TOKEN"])
    account = here.settings.environ["TWILIO_ACCOUNT_SID"]
    requests = []
    for number in range(count):
        path = f"/receipts/{ROUTE}/{secrets.token_urlsafe(18)}"
        sid = f"SM{secrets.token_hex(16)}"
        told = {
            "AccountSid": account,
            "ApiVersion": "2010-04-01",
            "From": "+14155550100",
            "MessageSid": sid,
            "MessageStatus": "delivered",
            "RawDlrDoneDate": "2611251012",
            "SmsSid": sid,
            "SmsStatus": "delivered",
            "To": phone(number),
        }
        body = urlencode(told)
        requests.append(
            (
                f"POST {path} HTTP/1.1\r\nHost: outage.example.com\r\nUser-Agent: TwilioProxy/1.1\r\n"
                "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
                f"X-Twilio-Signature: {validator.compute_signature(here.settings.public_url + path, told)}\r\n"
                f"I-Twilio-Idempotency-Token: {secrets.token_hex(16)}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )
    return requests


@contextmanager
def _broker(home: Path) -> Iterator[None]:
    """A real broker, so that the bells are rung."""
    broker = Broker(home)
    os.environ["DISPATCHER_BROKER_URL"] = broker.url
    process = subprocess.Popen(broker.part().command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        if not broker.wait():
            raise RuntimeError("the broker did not start")
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def _web(factory: str, port: int) -> Iterator[None]:
    """A web process as `dispatcher up` starts it."""
    options = ("--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning")
    process = subprocess.Popen(
        module("uvicorn", "--factory", factory, *options), cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL
    )
    try:
        until(lambda: _answers(port), within=30, what=f"{factory} to answer")
        yield
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/nothing", timeout=2):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False
