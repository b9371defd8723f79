"""The account of an incident in words, for every face alike."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher.model.account import Account, Line

_WORDS = {
    Line.ONCE: "told once",
    Line.POSSIBLY_TWICE: "told, possibly twice",
    Line.TWO_ROUTES: "told by two routes",
    Line.UNPROVEN: "taken as sent, unproven",
    Line.IN_DOUBT: "in doubt: nobody can say whether they were told",
    Line.NOT_REACHED: "not reached",
    Line.SUPERSEDED: "replaced by a newer update, or stopped, before they were sent",
    Line.UNDER_WAY: "still under way",
    Line.LOST: "lost",
}
#: These are told although they are 0.
_ALWAYS = frozenset({Line.ONCE, Line.POSSIBLY_TWICE, Line.LOST})


@dataclass(frozen=True, slots=True)
class Said:
    """One line of an account. `ids` are the deliveries it names, as far as they are known."""

    name: str
    number: int
    words: str
    ids: tuple[int, ...]


def account_lines(account: Account) -> list[Said]:
    """The lines that there are, in the order in which they matter."""
    return [
        Said(line.value, number, words, tuple(account.named.get(line.value, ())))
        for line, words in _WORDS.items()
        if (number := getattr(account, line.value)) or line in _ALWAYS
    ]
