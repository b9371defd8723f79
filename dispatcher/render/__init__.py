"""From one update to the finished words of every kind and language. Pure, apart from reading the template files."""

from dispatcher.render.compose import Composer, Unfit, UnfitWords, does_not_fit
from dispatcher.render.facts import EXAMPLE_FACTS, REQUIRED_FACTS, STANDARD_FACTS, check_facts
from dispatcher.render.personal import fill, longest

__all__ = [
    "EXAMPLE_FACTS",
    "REQUIRED_FACTS",
    "STANDARD_FACTS",
    "Composer",
    "Unfit",
    "UnfitWords",
    "check_facts",
    "does_not_fit",
    "fill",
    "longest",
]
