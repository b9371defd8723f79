"""The inbox as the conformance kit tries it."""

from __future__ import annotations

from channels.testkit.samples import Inboxed

SAMPLES = Inboxed()
