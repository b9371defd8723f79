"""Apprise without its network: it makes the request of a message and reads the answer, and we carry both.

An apprise plugin makes its own requests: on connections of its own, blocking, with redirects, with waits between them,
and in some services once more when the first was refused; and all that it tells is True or False. None of that fits a
message that must not be sent twice. So a plugin is run twice, each time in a moment and without a wait:

- `Writer.request_of`: up to its first request, which is taken from it;
- `Writer.accepted`: through to its end, with the answer that has come meanwhile in the place of that request.

For this the plugin's module sees our `_Carrier` where it imported `requests`. Whoever else uses apprise in this process
gets the real thing from it.
"""

from __future__ import annotations

import html
import importlib
import io
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, cast

import requests
from apprise.asset import AppriseAsset
from apprise.common import NotifyFormat, NotifyType
from apprise.plugins.base import NotifyBase

from channels.chat.apprise.services import SERVICES, Service

_LOG = logging.getLogger(f"{__name__}.plugin")
# Its plugins log whole addresses, which are the secrets, and the messages.
_LOG.setLevel(logging.CRITICAL + 1)


class Unusable(ValueError):
    """An address by which nothing can be sent. The message says why, and shows no part of it."""


class _Held(BaseException):
    """Ends a plugin at a request. It derives from what plugins do not catch."""


@dataclass(slots=True)
class _Turn:
    """One run of a plugin: the answer to its first request, if there is one, and what it asked for."""

    answer: requests.Response | None = None
    asked: list[requests.PreparedRequest] = field(default_factory=list)


_turn: ContextVar[_Turn | None] = ContextVar("turn", default=None)


class _Carrier:
    """Stands for the module `requests`. During a turn of ours it holds, besides the calls below, no way to connect."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(requests, name)
        is_error = isinstance(found, type) and issubclass(found, Exception)
        if _turn.get() is not None and not (is_error or name in {"codes", "exceptions"}):
            raise AttributeError("plugins get no connection of their own here")
        return found

    def request(self, method: str, url: str, **wishes: Any) -> requests.Response:
        turn = _turn.get()
        if turn is None:
            return requests.request(method, url, **wishes)  # noqa: S113 - somebody else's call, as they make it
        known = {name: wishes[name] for name in ("params", "data", "headers", "auth", "json") if name in wishes}
        turn.asked.append(requests.Request(method, url, **known).prepare())
        if turn.answer is None or len(turn.asked) > 1:
            raise _Held
        return turn.answer

    def post(self, url: str, **wishes: Any) -> requests.Response:
        return self.request("POST", url, **wishes)

    def get(self, url: str, **wishes: Any) -> requests.Response:
        return self.request("GET", url, **wishes)

    def put(self, url: str, **wishes: Any) -> requests.Response:
        return self.request("PUT", url, **wishes)

    def delete(self, url: str, **wishes: Any) -> requests.Response:
        return self.request("DELETE", url, **wishes)


_CARRIER = cast("ModuleType", _Carrier())


def _never_wait(*_: object, **__: object) -> None:
    """In place of the pause that plugins make between requests."""


def _asset() -> AppriseAsset:
    """Nothing of apprise's own in the messages, nothing on disk, no plugins from elsewhere."""
    return AppriseAsset(
        app_id="Outage Dispatcher", app_desc="Updates", app_url="", image_url_mask="", image_url_logo="", theme=""
    )


class Writer:
    """Makes the requests for one address of one of our services, and reads their answers.

    Raises:
        Unusable: the address is wrong, or a message by it would take anything but one POST.
    """

    def __init__(self, address: str) -> None:
        self._service = SERVICES[address.partition("://")[0].lower()]
        self._plugin = _plugin(address, self._service)
        request = self.request_of("x")
        if request is None or request.method != "POST" or not self.accepted("x", status=200, headers={}, body=b"{}"):
            raise Unusable("must lead to one place: a message by it would take several requests, or none")

    def request_of(self, text: str) -> requests.PreparedRequest | None:
        """The request by which this text is sent; None when the plugin makes none. It may raise anything."""
        turn = _Turn()
        self._run(turn, text)
        return turn.asked[0] if turn.asked else None

    def accepted(self, text: str, *, status: int, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the plugin takes this answer to that request for success. It may raise anything.

        Not when it then wants to ask for more.
        """
        answer = requests.Response()
        answer.status_code = status
        answer.headers.update(headers)
        answer.raw = io.BytesIO(body)
        return self._run(_Turn(answer), text)

    def _run(self, turn: _Turn, text: str) -> bool:
        token = _turn.set(turn)
        try:
            return self._plugin.notify(
                body=html.escape(text, quote=False) if self._service.html else text,
                notify_type=NotifyType.WARNING,
                body_format=NotifyFormat.HTML if self._service.html else NotifyFormat.TEXT,
            )
        except _Held:
            return False
        finally:
            _turn.reset(token)


def _plugin(address: str, service: Service) -> NotifyBase:
    module = importlib.import_module(f"apprise.plugins.{service.module}")
    vars(module)["requests"] = _CARRIER
    kind: type[NotifyBase] = getattr(module, service.plugin)
    quiet = type(kind.__name__, (kind,), {"logger": _LOG, "throttle": _never_wait})
    try:
        return cast("NotifyBase", quiet(**{**(kind.parse_url(address) or {}), "asset": _asset()}))
    except Exception as error:  # noqa: BLE001 - whatever it is, it may show parts of the address
        raise Unusable(f"is not an address of {service.title} in apprise's form ({type(error).__name__})") from None
