"""Mail bodies: written as Markdown, sent as plain text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

# `code` is off: an indented line in a fact is not program text.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("code")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h1", "h2", "h3", "blockquote", "hr", "code"}


def escape_markdown(text: str) -> str:
    """The text as it is, for insertion into Markdown."""
    return _PUNCTUATION.sub(r"\\\1", text)


def to_html(markdown: str) -> str:
    """A fragment that holds nothing but a few harmless tags."""
    return nh3.clean(
        _MARKDOWN.render(markdown),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
    )


def to_text(markdown: str) -> str:
    """The same for readers without HTML: paragraphs, dashes before list entries, addresses after links."""
    out: list[str] = []
    lists: list[int | None] = []
    entry = ""
    for token in _MARKDOWN.parse(markdown):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
            out.append("" if not lists else "\x00")
        elif token.type == "list_item_open":
            number = lists[-1]
            entry = "- " if number is None else f"{number}. "
            lists[-1] = None if number is None else number + 1
        elif token.type == "hr":
            out += ["---", ""]
        elif token.type in {"inline", "fence"}:
            text = _inline(token.children or ()) if token.type == "inline" else token.content.rstrip()
            indent = "  " * (len(lists) - 1)
            rest = indent + " " * len(entry)
            out.append(indent + entry + text.replace("\n", f"\n{rest}"))
            if not lists:
                out.append("")
            entry = ""
    return "\n".join(line for line in out if line != "\x00").strip()


def _inline(tokens: Sequence[Token]) -> str:
    said: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            said.append(token.content)
        elif token.type == "softbreak":
            said.append(" ")
        elif token.type == "hardbreak":
            said.append("\n")
        elif token.type == "image":
            said.append(token.content)
        elif token.type == "link_open":
            links.append((str(token.attrGet("href") or ""), len(said)))
        elif token.type == "link_close":
            address, start = links.pop()
            if "".join(said[start:]) != address:
                said.append(f" ({address.removeprefix('mailto:')})")
    return "".join(said)
