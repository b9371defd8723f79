"""The header `Idempotency-Key`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Any text of your own. The same key with the same body answers as before and starts nothing new; "
        "with another body it is refused with 409.",
    ),
]
