"""Messages as people type them: Markdown in, safe HTML out."""

import re
from collections.abc import Iterator
from functools import lru_cache

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from .as_typed import parser, with_ends

_markdown = parser()
_markdown.render("x")  # which compiles its rules: threads that did so at once would see some of them only

# A name after an @ that is no part of an address, be it of mail or of a page.
_HANDLE = re.compile(r"(?<![\w@/.+-])@(\w(?:[\w.+-]*\w)?)")

# Formatting is most of what a conversation costs, so it is remembered. What is longer than this many characters is a
# log rather than a letter, and is shown as it came: text made to be slow takes Markdown 14 µs a character.
FORMATTED = 10_000

_TAGS = {
    "a", "b", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip


def to_html(text: str) -> SafeString:
    """Return a message as HTML that runs no script, loads no image and cannot pose as the site."""
    return _html(text) if len(text) <= FORMATTED else _plain(text)


def note_to_html(text: str) -> SafeString:
    """Return an internal note as such HTML, with the agents whom it mentions emphasised."""
    return _note(text) if len(text) <= FORMATTED else _plain(text)


def _plain(text: str) -> SafeString:
    return format_html("<pre>{}</pre>", text)


@lru_cache(1000)
def _html(text: str) -> SafeString:
    return _rendered(text, _parsed(text))


@lru_cache(500)
def _note(text: str) -> SafeString:
    tokens = _parsed(text)
    for token in _texts(tokens):
        token.type = "html_inline"
        token.content = _HANDLE.sub(r'<b class="mention">@\1</b>', escapeHtml(token.content))
    return _rendered(text, tokens)


def handles(text: str) -> list[str]:
    """Return the names that stand after an @, as typed. Code mentions nobody."""
    if "@" not in text:
        return []
    return [name for token in _texts(_parsed(text)) for name in _HANDLE.findall(token.content)]


def _parsed(text: str) -> list[Token]:
    return _markdown.parse(with_ends(text))


def _rendered(text: str, tokens: list[Token]) -> SafeString:
    """As HTML. Quotes and lists that are nested deeper than the parser goes would lose what is in them."""
    if any(token.level >= _markdown.options.maxNesting - 2 for token in tokens):
        return _plain(text)
    return _clean(_markdown.renderer.render(tokens, _markdown.options, {}))


def _texts(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from (child for child in token.children or () if child.type == "text")


def _clean(html: str) -> SafeString:
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        allowed_classes={"b": {"mention"}, "p": {"drawn"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(safe)  # noqa: S308 - nh3 has cleaned it
