"""Facts from several places, put together."""

from __future__ import annotations

from collections.abc import Mapping

from dispatcher.model.config import FactValue


def merge_facts(*layers: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """Later layers win. A fact given per locale replaces only those locales; a plain text replaces them all."""
    merged: dict[str, FactValue] = {}
    for layer in layers:
        for name, value in layer.items():
            before = merged.get(name)
            merged[name] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
    return merged
