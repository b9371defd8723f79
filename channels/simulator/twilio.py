"""Twilio's Messages resource of the 2010-04-01 API: create, list, fetch.

Not modelled: media, content templates, scheduling, smart encoding (bodies are kept as given), channels other than SMS,
and the carriers' own filters.
"""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, date, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from channels.simulator import gate
from channels.simulator.faults import Provider
from channels.simulator.gate import Core, Reply
from channels.simulator.journey import Journey, Sms
from channels.simulator.segments import segments
from channels.simulator.twilio_rules import MAX_VALIDITY, STOPPED, check, error
from channels.simulator.voices import API_VERSION

_FAILURES = {
    400: (20001, "Bad request"),
    401: (20003, "Authenticate"),
    403: (20403, "Forbidden"),
    404: (20404, "The requested resource was not found"),
    429: (20429, "Too Many Requests"),
    500: (20500, "An internal server error has occurred"),
    503: (20503, "Service is temporarily unavailable"),
    504: (20504, "Request timed out"),
}


@lru_cache(maxsize=4096)
def _moment(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC))


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Twilio:
    provider: Provider = "twilio"

    def __init__(self, core: Core, journey: Journey) -> None:
        self._core = core
        self._journey = journey
        accounts = core.accounts
        self._account = accounts.twilio_account_sid
        self._keys = {
            _basic(self._account, accounts.twilio_auth_token),
            _basic(accounts.twilio_api_key_sid, accounts.twilio_api_key_secret),
        }

    def routes(self) -> list[web.RouteDef]:
        messages = f"/twilio/{API_VERSION}/Accounts/{{account}}/Messages"
        return [
            web.get(f"/twilio/{API_VERSION}/Accounts/{{account}}.json", self.account, allow_head=False),
            web.post(messages + ".json", self.create),
            web.get(messages + ".json", self.index, allow_head=False),
            web.get(messages + "/{sid}.json", self.fetch, allow_head=False),
            web.route("*", "/twilio/{rest:.*}", self.unknown),
        ]

    def failure(self, status: int, code: int | str | None, retry_after: int | None) -> Reply:
        usual, message = _FAILURES.get(status, (20500 if status >= 500 else 20001, f"HTTP {status}"))
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        if isinstance(code, str):
            code = int(code) if code.isdecimal() else None
        return error(status, usual if code is None else code, message, headers)

    async def create(self, request: web.Request) -> web.Response:
        body = (await request.read()).decode("utf-8", "replace")
        form = dict(parse_qsl(body, keep_blank_values=True))
        return await gate.serve(
            self._core,
            self,
            request,
            lambda number: self._guarded(request) or self._create(form, number),
            to=form.get("To", ""),
            sending=True,
        )

    async def index(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        return await gate.serve(
            self._core,
            self,
            request,
            lambda _: self._guarded(request) or self._index(query),
            to=query.get("To", ""),
            sending=False,
        )

    async def fetch(self, request: web.Request) -> web.Response:
        sms = self._core.store.find("twilio", request.match_info["sid"])
        return await gate.serve(
            self._core,
            self,
            request,
            lambda _: self._guarded(request) or self._fetch(sms),
            to=sms.to if sms is not None else "",
            sending=False,
        )

    async def account(self, request: web.Request) -> web.Response:
        about = {"sid": self._account, "friendly_name": "Simulated account", "status": "active", "type": "Full"}
        return await gate.serve(
            self._core,
            self,
            request,
            lambda _: self._guarded(request) or Reply(200, about),
            to="",
            sending=False,
        )

    async def unknown(self, request: web.Request) -> web.Response:
        missing = f"The requested resource {request.path.removeprefix('/twilio')} was not found"
        return await gate.serve(
            self._core,
            self,
            request,
            lambda _: self._guarded(request, account=False) or error(404, 20404, missing),
            to="",
            sending=False,
        )

    def _guarded(self, request: web.Request, *, account: bool = True) -> Reply | None:
        known = request.headers.get("Authorization", "") in self._keys
        if known and (not account or request.match_info["account"] == self._account):
            return None
        return error(401, 20003, "Authenticate", {"WWW-Authenticate": 'Basic realm="Twilio API"'})

    def _create(self, form: dict[str, str], number: int) -> Reply:
        if (refusal := check(form)) is not None:
            return refusal
        core = self._core
        if ("twilio", form["To"]) in core.stopped:
            return error(400, *STOPPED)
        now = core.now()
        service = form.get("MessagingServiceSid", "")
        sms = Sms(
            provider="twilio",
            kind="sms",
            to=form["To"],
            body=form["Body"],
            ref="SM" + secrets.token_hex(16),
            at=now,
            updated=now,
            status="accepted" if service else "queued",
            request=number,
            sender=form.get("From", ""),
            service=service,
            callback=form.get("StatusCallback", ""),
            validity=float(form.get("ValidityPeriod") or MAX_VALIDITY),
            # A Messaging Service has not looked at the message yet and says 0.
            segments=0 if service else segments(form["Body"]),
        )
        sms.metadata = {"from": sms.sender, "messaging_service_sid": service, "status_callback": sms.callback}
        core.store.hold(sms)
        self._journey.begin(sms)
        headers = {
            "Twilio-Request-Id": "RQ" + secrets.token_hex(16),
            "Twilio-Concurrent-Requests": str(core.in_flight["twilio"]),
        }
        return Reply(201, self._resource(sms), headers=headers)

    def _fetch(self, sms: object) -> Reply:
        if not isinstance(sms, Sms):
            return error(404, 20404, "The requested resource was not found")
        return Reply(200, self._resource(sms))

    def _index(self, query: dict[str, str]) -> Reply:
        try:
            size = min(1000, max(1, int(query.get("PageSize", "50"))))
            page = max(0, int(query.get("Page", "0")))
            days = {
                sign: date.fromisoformat(query[name][:10])
                for sign, name in (("=", "DateSent"), ("<", "DateSent<"), (">", "DateSent>"))
                if name in query
            }
        except ValueError:
            return error(400, 20001, "A parameter of the list is not of the documented form")
        below = None
        if token := query.get("PageToken"):
            last = self._core.store.find("twilio", token.removeprefix("PA"))
            if last is None:
                return error(400, 20001, "The PageToken is not known")
            below = last.seq

        chosen: list[Sms] = []
        more = False
        for sms in self._core.store.newest("twilio", query.get("To"), below):
            if isinstance(sms, Sms) and query.get("From") in (None, sms.sender) and _within(sms, days):
                if len(chosen) == size:
                    more = True
                    break
                chosen.append(sms)
        return Reply(200, self._page(query, chosen, page, size, more=more))

    def _page(self, query: dict[str, str], chosen: list[Sms], page: int, size: int, *, more: bool) -> dict[str, Any]:
        base = f"/{API_VERSION}/Accounts/{self._account}/Messages.json"
        kept = {name: value for name, value in query.items() if name not in {"Page", "PageSize", "PageToken"}}

        def address(number: int, **extra: str) -> str:
            return f"{base}?{urlencode({**kept, 'PageSize': size, 'Page': number, **extra})}"

        following = address(page + 1, PageToken="PA" + chosen[-1].ref) if more else None
        start = page * size
        return {
            "first_page_uri": address(0),
            "next_page_uri": following,
            # Pages lead forward only; a page does not know the token of the one before it.
            "previous_page_uri": None,
            "uri": address(page, **({"PageToken": query["PageToken"]} if "PageToken" in query else {})),
            "page": page,
            "page_size": size,
            "start": start,
            "end": start + max(0, len(chosen) - 1),
            "messages": [self._resource(sms) for sms in chosen],
        }

    def _resource(self, sms: Sms) -> dict[str, Any]:
        uri = f"/{API_VERSION}/Accounts/{self._account}/Messages/{sms.ref}"
        return {
            "account_sid": self._account,
            "api_version": API_VERSION,
            "body": sms.body,
            "date_created": _moment(int(sms.at)),
            "date_sent": _moment(int(sms.sent_at)) if sms.sent_at is not None else None,
            "date_updated": _moment(int(sms.updated)),
            "direction": "outbound-api",
            "error_code": int(sms.code) if sms.code else None,
            "error_message": None,
            "from": sms.sender or None,
            "messaging_service_sid": sms.service or None,
            "num_media": "0",
            "num_segments": str(sms.segments),
            "price": None,
            "price_unit": None,
            "sid": sms.ref,
            "status": sms.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": sms.to,
            "uri": f"{uri}.json",
        }


def _within(sms: Sms, days: dict[str, date]) -> bool:
    """DateSent counts in whole days of UTC, both ends included, and what was not sent yet has none."""
    if not days:
        return True
    if sms.sent_at is None:
        return False
    sent = datetime.fromtimestamp(sms.sent_at, UTC).date()
    return days.get("=", sent) == sent and days.get(">", sent) <= sent <= days.get("<", sent)
