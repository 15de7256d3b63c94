"""The tags of HTML, one after the other. Broken markup, of any kind and length, takes time in proportion to it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

NAME = re.compile(r"/?[a-zA-Z][^\s/>]{0,60}")
ATTRIBUTE = re.compile(r"""([^\s=>"'/]{1,60})\s{0,20}(?:=\s{0,20}("[^"]*"|'[^']*'|[^\s>]+))?""")
VALUE = re.compile(r"=\s{0,9}([\"'])")
KEPT = {"class", "id", "style", "type", "cite", "src", "alt", "href", "title", "name", "data-marker"}
LONGEST_TAG = 5_000  # characters of a tag that are read; a picture may be written out in one
# What is no text, with everything in it.
UNSEEN = {
    "script",
    "style",
    "title",
    "head",
    "template",
    "noframes",
    "object",
    "svg",
    "math",
    "textarea",
    "xml",
}
ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in UNSEEN}


@dataclass(slots=True)
class Tag:
    name: str
    closes: bool
    attributes: dict[str, str]

    @property
    def is_void(self) -> bool:
        return self.name in (
            "br",
            "hr",
            "img",
            "input",
            "meta",
            "link",
            "col",
            "wbr",
            "area",
            "base",
            "embed",
            "source",
        )


def tokens(html: str) -> Iterator[Tag | str]:
    """Tags and the text between them, of which character references are resolved."""
    at, missing = 0, set[str]()

    def find(what: str, start: int) -> int:
        """Where it stands next, or -1. What is once not found is looked for no more."""
        found = -1 if what in missing else html.find(what, start)
        if found < 0:
            missing.add(what)
        return found

    while at < len(html):
        start = find("<", at)
        if start < 0:
            yield unescape(html[at:])
            return
        if start > at:
            yield unescape(html[at:start])
        if html.startswith("<!--", start):
            end = find("-->", start + 4)
            at = end + 3 if end >= 0 else (find(">", start) + 1 or len(html))
        elif html.startswith(("<!", "<?"), start):
            at = find(">", start) + 1 or len(html)
        elif not (name := NAME.match(html, start + 1)):
            yield "<"
            at = start + 1
        else:
            end = _end_of_tag(html, name.end(), find)
            tag = _tag(name[0].lower(), html[name.end() : min(end, name.end() + LONGEST_TAG)])
            at = end + 1
            if tag.name in UNSEEN and not tag.closes and not html.startswith("/>", end - 1):
                at = _end_of_unseen(html, tag.name, at, missing)
            else:
                yield tag


def _end_of_tag(html: str, at: int, find: Callable[[str, int], int]) -> int:
    """Where the > is that ends it, which is not one in a quoted value."""
    while True:
        end = find(">", at)
        if end < 0:
            return len(html)
        quote = VALUE.search(html, at, end)
        if not quote:
            return end
        closing = find(quote[1], quote.end())
        if closing < 0:
            return end
        at = closing + 1


def _end_of_unseen(html: str, name: str, at: int, missing: set[str]) -> int:
    end = None if name in missing else ENDS[name].search(html, at)
    if end is None:
        missing.add(name)
        return at
    return end.end()


def _tag(name: str, rest: str) -> Tag:
    closes = name.startswith("/")
    attributes: dict[str, str] = {}
    if not closes and rest.strip(" /"):
        for key, value in ATTRIBUTE.findall(rest):
            if key.lower() in KEPT:
                attributes.setdefault(key.lower(), unescape(value.strip("\"'")))
    return Tag(name.removeprefix("/").partition(":")[0] or name, closes, attributes)
