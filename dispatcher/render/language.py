"""What a message template may do: say text, fill in values, choose with `if`. Nothing else.

Without loops, assignments and calls a template cannot run long or grow without bound, whoever wrote it. Everything that
is wrong with a template is found before it is rendered, with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dispatcher.render.clean import without_steering

#: More than any kind can carry; a template that yields more is wrong.
LONGEST_OUTPUT = 50_000
LONGEST_TEMPLATE = 16_384
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Filter,
    nodes.Keyword,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
)
_NAMES: Mapping[type[nodes.Node], str] = {nodes.Assign: "set", nodes.AssignBlock: "set", nodes.CallBlock: "call"}
_PERSON = ("greeting", "name")
_FILTERS = ("capital", "clock", "default", "lower", "moment", "trim", "upper")
_TESTS = ("defined", "undefined")
_TOO_DEEP = "it is nested too deeply"
#: Nobody tells a larger one, and Python cannot write one with thousands of digits.
_LARGEST_NUMBER = 10**18
_TOO_MANY_DIGITS = "a number in it has too many digits"

#: Turns a moment into words: (the moment, now) -> text.
Clock = Callable[[datetime, datetime], str]


class BadTemplate(Exception):
    """The template cannot be used. Holds a sentence for everything that is wrong with it."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class _Environment(ImmutableSandboxedEnvironment):
    def __init__(self, finalize: Callable[[Any], str] | None, *, autoescape: bool = False) -> None:
        super().__init__(
            autoescape=autoescape,
            undefined=StrictUndefined,
            finalize=finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=0,
        )
        self.globals.clear()
        kept = {name: self.filters[name] for name in _FILTERS if name in self.filters}
        self.filters = {**kept, "capital": _capital, "clock": _clock, "moment": _moment}
        self.tests = {name: self.tests[name] for name in _TESTS}


def _said(value: Any) -> str:
    """What `{{ }}` puts into the text."""
    if value is None or isinstance(value, datetime):
        raise TypeError(
            "a time must be written with a filter, {{ next_update|clock }}, and may be unknown: ask with if"
        )
    return str(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@pass_context
def _clock(context: Context, moment: datetime | None) -> str:
    return _told(context, moment, "_clock")


@pass_context
def _moment(context: Context, moment: datetime | None) -> str:
    return _told(context, moment, "_moment")


def _told(context: Context, moment: datetime | None, clock: str) -> str:
    if not isinstance(moment, datetime):
        raise TypeError("this time is not known; put the sentence into {% if next_update %} ... {% endif %}")
    tell: Clock = context[clock]
    return tell(moment, context["now"])


@cache
def environment(escape: Callable[[str], str] | None = None) -> _Environment:
    """For texts; `escape` is applied to every value that is filled in. All who ask share what it has compiled."""
    return _Environment(_said if escape is None else lambda value: escape(_said(value)))


@cache
def html_environment() -> _Environment:
    """For HTML, where values are escaped unless they are `Markup`. Shared as well."""
    return _Environment(None, autoescape=True)


def render(environment: _Environment, source: str, variables: Mapping[str, Any]) -> str:
    """The text of a template.

    Raises:
        BadTemplate: with everything that is wrong, not only the first.
    """
    names = tuple(sorted(name for name in variables if not name.startswith("_")))
    if problems := _check(environment, source, names):
        raise BadTemplate(*problems)
    pieces, length = [], 0
    try:
        for piece in _compiled(environment, source).generate(variables):
            pieces.append(piece)
            if (length := length + len(piece)) > LONGEST_OUTPUT:
                raise BadTemplate(f"it yields more than {LONGEST_OUTPUT} characters")
    except (RecursionError, MemoryError, SyntaxError):  # what Python says of the code made from such a template
        raise BadTemplate(_TOO_DEEP) from None
    except (TemplateError, TypeError, ValueError, AttributeError) as error:
        raise BadTemplate(str(error)) from None
    return "".join(pieces)


@lru_cache(maxsize=512)
def names_in(environment: _Environment, source: str) -> frozenset[str]:
    """The variables a template speaks of; none when it cannot be parsed."""
    try:
        return frozenset(node.name for node in environment.parse(source).find_all(nodes.Name))
    except (TemplateSyntaxError, RecursionError, ValueError):
        return frozenset()


@lru_cache(maxsize=512)
def _compiled(environment: _Environment, source: str) -> Template:
    return environment.from_string(source)


@lru_cache(maxsize=512)
def _check(environment: _Environment, source: str, names: tuple[str, ...]) -> tuple[str, ...]:
    if len(source) > LONGEST_TEMPLATE:
        return (f"it has {len(source)} characters; at most {LONGEST_TEMPLATE} are read",)
    try:
        found = sorted(_faults(environment.parse(source), names))
    except TemplateSyntaxError as error:
        return (f"line {error.lineno}: {error.message}",)
    except RecursionError:
        return (_TOO_DEEP,)
    except ValueError:  # what Python says of a number in it
        return (_TOO_MANY_DIGITS,)
    return tuple(dict.fromkeys(f"line {line}: {said}" for line, said in found))


def _faults(tree: nodes.Template, names: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    asked = [node.node for node in tree.find_all((nodes.Filter, nodes.Test)) if node.name in {"default", *_TESTS}]
    names = (*names, *(node.name for node in asked if isinstance(node, nodes.Name)))
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED):
            word = _NAMES.get(type(node), type(node).__name__.lower())
            yield node.lineno or 1, f"{word!r} is not part of message templates; they know {{{{ }}}} and {{% if %}}"
        elif isinstance(node, nodes.Const):
            if isinstance(node.value, int) and abs(node.value) >= _LARGEST_NUMBER:
                yield node.lineno, _TOO_MANY_DIGITS
            # Written as an escape (\u202e), it was not seen when the file was read.
            if isinstance(node.value, str) and node.value != without_steering(node.value):
                yield node.lineno, f"the text {node.value!a} holds a character that cannot be sent or that steers"
        elif isinstance(node, nodes.Name) and node.name not in names:
            yield node.lineno, f"there is no {node.name!r}; {_hint(node.name, names)}"
        elif isinstance(node, nodes.Getattr):
            if not (isinstance(node.node, nodes.Name) and node.node.name == "person"):
                yield node.lineno, f"'.{node.attr}' cannot be asked for here; only person has parts"
            elif node.attr not in _PERSON:
                yield node.lineno, f"there is no 'person.{node.attr}'; {_hint(node.attr, _PERSON, 'person.')}"
        elif isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            yield node.lineno, f"there is no filter {node.name!r}; {_hint(node.name, _FILTERS)}"
        elif isinstance(node, nodes.Test) and node.name not in _TESTS:
            yield node.lineno, f"there is no test {node.name!r}; {_hint(node.name, _TESTS)}"


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """All nodes, without what lies in a refused one: one sentence for it is enough."""
    yield node
    if isinstance(node, _ALLOWED):
        for child in node.iter_child_nodes():
            yield from _walk(child)


def _hint(given: str, known: tuple[str, ...], prefix: str = "") -> str:
    close = get_close_matches(given, known, 1)
    return f"did you mean {prefix + close[0]!r}?" if close else f"known are: {', '.join(known)}"
