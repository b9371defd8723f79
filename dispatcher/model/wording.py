"""The words of one update for one kind and one language."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import Kind, Measure, Words


@dataclass(frozen=True, slots=True)
class Composed:
    """Rendered once for everybody; what is personal is still a marker in `words`.

    `used_locale` differs from `locale` where there is no text in that language, so that the fallback is visible.
    `template` is the file it came from, relative to the templates folder. `borrowed` are the facts that had to be said
    in English within a text of another language.
    """

    kind: Kind
    locale: str
    used_locale: str
    template: str
    words: Words
    measure: Measure
    borrowed: tuple[str, ...] = ()

    @property
    def fell_back(self) -> bool:
        """Whether readers get another language than theirs, in whole or in part."""
        return bool(self.borrowed) or self.locale.split("-")[0] != self.used_locale.split("-")[0]
