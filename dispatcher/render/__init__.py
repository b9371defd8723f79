"""From one update to the finished words of every kind and language. Pure, apart from reading the template files."""

from dispatcher.render.compose import Composer, Unfit, UnfitWords
from dispatcher.render.facts import STANDARD_FACTS, check_facts
from dispatcher.render.personal import fill

__all__ = ["STANDARD_FACTS", "Composer", "Unfit", "UnfitWords", "check_facts", "fill"]
