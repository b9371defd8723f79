"""Celery as most would write it: one task for each message, which calls Twilio's SDK and waits for the answer.

Its session keeps as many connections as it has calls under way, so that it does not open one for each message. Results
are ignored, and nothing is kept anywhere.
"""

from __future__ import annotations

import os
from functools import cache

from celery import Celery
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

app = Celery("bench", broker=os.environ.get("BENCH_BROKER"))
app.conf.update(
    task_ignore_result=True, task_serializer="json", accept_content=["json"], worker_hijack_root_logger=False
)


@cache
def client() -> Client:
    """One for each process, made on first use, after any fork."""
    http = TwilioHttpClient(timeout=10)
    http.session.mount("http://", HTTPAdapter(pool_maxsize=256))
    made = Client("AC" + "0" * 32, "token", http_client=http)
    made.api.base_url = os.environ["BENCH_PROVIDER"]
    return made


@app.task(name="bench.send")
def send(to: str, body: str) -> None:
    """One message."""
    client().messages.create(to=to, body=body, messaging_service_sid="MG" + "0" * 32)
