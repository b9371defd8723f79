"""What the settings of every account have in common."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("must be an address such as https://api.example.com")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must hold neither credentials nor a query nor a fragment")
    return value.rstrip("/")


#: Where a provider's API is reached; kept without a trailing slash.
BaseUrl = Annotated[str, AfterValidator(_base_url)]


class AccountSettings(BaseModel):
    """Settings of one account: frozen, complete, and silent about their values when they are wrong.

    Pydantic repeats the offending input in its errors; for an account that input would hold the secrets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
