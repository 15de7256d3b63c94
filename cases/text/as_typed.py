"""The Markdown of conversations: line breaks, links, lists, quotes, code, and what the buttons of a composer write are
formatted. Whatever else people type or paste stays as it is: paths, names of code, comments, signatures, logs, tables.

Rules are those of CommonMark (https://spec.commonmark.org/0.31.2/), fewer of them, in the shape of markdown-it's own.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

# Between words, and around them: neither `2**3` nor `*.log` nor `a/*/b` is emphasis.
_STRONG = re.compile(r"(?<![\w*\\/])\*\*(?=[^\s*])([^*\n]{1,500})(?<!\s)\*\*(?![\w*\\/])")
_EMPHASIS = re.compile(r"(?<![\w*\\/.])\*(?=\w)([^*\n]{1,500})(?<=[\w.!?,:;)])\*(?![\w*\\/]|\.\w)")
_RULE = re.compile(r"[-*_=~#+ \t]{3,}")
_BEGINS = re.compile(r"(?:>|[-*+]\s|\d{1,9}[.)]\s|```|~~~)")  # a quote, a list or code
_ITEM = re.compile(r"(?P<once>[-*+]|1[.)])\s+\S|\d{1,9}[.)]\s+\S")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_GAP = re.compile(r"[^\s.!?:;,](?: {2,}|\t)\S|^[|+│║┌╔├╠└╚]|[─═]{3}")  # a column, or the frame of a table
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


class _Typed(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - as markdown-it calls it
        return bool(_LINK.match(url))


def parser() -> MarkdownIt:
    markdown = (
        _Typed("zero", {"html": False, "breaks": True, "linkify": True})
        .enable(["fence", "blockquote", "hr", "list", "table", "linkify", "newline", "backticks", "link"])
        .enable(["strikethrough", "balance_pairs", "fragments_join"])
    )
    assert markdown.linkify  # noqa: S101 - it is enabled above
    markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    markdown.block.ruler.at("hr", _rule, {"alt": ["paragraph", "blockquote", "list"]})
    markdown.block.ruler.before("hr", "drawn", _drawn)
    markdown.inline.ruler.at("newline", _newline)
    markdown.inline.ruler.before("link", "starred", _starred)
    markdown.add_render_rule("softbreak", lambda *_: "<br>")
    return markdown


def with_ends(text: str) -> str:
    """The text with a blank line after each quote and list: what follows is no part of it, as CommonMark has it."""
    return "\n".join(_with_ends(text.split("\n")))


def _with_ends(lines: list[str]) -> Iterator[str]:
    fence = before = ""
    listed = False
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        else:
            item = _ITEM.match(line)
            begins = bool(item and (listed or item["once"] or not before.strip()))
            quote_ends = before.startswith(">") and not line.startswith(">")
            list_ends = listed and not begins and not line.startswith((" ", "\t", ">"))
            if line.strip() and before.strip() and (quote_ends or list_ends):
                yield ""
            listed = begins or (listed and not (line.strip() and list_ends))
            fence = mark[1] if mark else ""
        yield line
        before = line


def _text_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _paragraph(state: StateBlock, line: int, end: int, kind: str | None = None) -> None:
    opening = state.push("paragraph_open", "p", 1)
    if kind:
        opening.attrSet("class", kind)
    words = state.getLines(line, end, state.blkIndent, False).rstrip()
    state.tokens.append(Token("inline", "", 0, content=words, children=[], level=state.level, block=True))
    state.push("paragraph_close", "p", -1)
    state.line = end


def _rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A line such as "* * *", which is no list."""
    text = _text_of(state, line).strip()
    if not _RULE.fullmatch(text) or not _BEGINS.match(text):
        return False
    if not silent:
        _paragraph(state, line, line + 1)
    return True


def _drawn(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Lines that hold together by their columns: tables drawn by hand, cells of a spreadsheet, logs, code."""
    if silent or _BEGINS.match(_text_of(state, line)):
        return False
    last = line
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        last += 1
    drawn = sum(
        state.sCount[at] - state.blkIndent > 1 or bool(_GAP.search(_text_of(state, at)))
        for at in range(line, last)
    )
    if drawn < 2 or drawn * 2 < last - line:
        return False
    _paragraph(state, line, last, kind="drawn")
    return True


def _newline(state: StateInline, silent: bool) -> bool:
    """A line break, with the blanks around it."""
    if state.src[state.pos] != "\n":
        return False
    if not silent:
        state.push("softbreak", "br", 0)
    state.pos += 1
    return True


def _starred(state: StateInline, silent: bool) -> bool:
    """`**strong**` and `*emphasis*`."""
    if state.src[state.pos] != "*":
        return False
    strong = _STRONG.match(state.src, state.pos, state.posMax)
    found = strong or _EMPHASIS.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        tag, end = ("strong" if strong else "em"), state.posMax
        state.push(f"{tag}_open", tag, 1)
        state.pos, state.posMax = found.start(1), found.end(1)
        state.md.inline.tokenize(state)
        state.push(f"{tag}_close", tag, -1)
        state.posMax = end
    state.pos = found.end()
    return True
