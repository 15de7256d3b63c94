"""JSON and YAML as trees of text that remember their lines. Lenient, safe, and never recursive.

Scalars stay text: `null`, dates and numbers mean what the field they stand in makes of them.
"""

import re
from dataclasses import dataclass, field
from typing import Union

import yaml

from .document import Refused
from .values import quoted

Tree = Union["Scalar", list["Tree"], dict["Scalar", "Tree"]]

# Only the loader's parser is used: nothing is ever constructed.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_KINDS = "str int float bool null timestamp seq map".split()
_PLAIN_TAGS = {"!", *(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)}
_YAML_PAIR = re.compile(r"(\s*(?:- +)?[\w ]{1,40}: +)([^|>\s].*)")
_DEEPEST = 50
_MOST_REPAIRS = 50
_LARGEST_REPAIRED = 1_000_000

_JSON_TOKEN = re.compile(r"(?P<sign>[{}\[\],:])|(?P<quote>\")|//[^\n]*|(?P<word>[^\s{}\[\],:\"]+)")
_JSON_STRING_PART = re.compile(r"\\.|\"(?=\s*(?:[,:}\]]|\Z)|[ \t]*\n\s*\")", re.DOTALL)
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_JSON_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class Scalar(str):
    """A piece of text and the line it begins on."""

    line = 0

    @classmethod
    def on(cls, line: int, text: str) -> "Scalar":
        scalar = cls(text)
        scalar.line = line
        return scalar


@dataclass
class Grove:
    """The trees of a file, as far as they could be read; `broken` tells where and why no further."""

    trees: list[Tree] = field(default_factory=list)
    broken: tuple[int, str] | None = None
    end: int = 0
    _open: list[tuple[Tree, list[Scalar]]] = field(default_factory=list)

    def add(self, node: Tree) -> None:
        if not self._open:
            self.trees.append(node)
            return
        parent, key = self._open[-1]
        if isinstance(parent, list):
            parent.append(node)
        elif key and isinstance(parent, dict):
            parent[key.pop()] = node
        else:
            key.append(node if isinstance(node, Scalar) else Scalar(""))

    def open(self, node: Tree) -> None:
        self.add(node)
        self._open.append((node, []))

    def close(self) -> None:
        if self._open:
            self._open.pop()

    def comma(self) -> None:
        """A key that got no value by now gets none."""
        if self._open:
            self._open[-1][1].clear()

    @property
    def depth(self) -> int:
        return len(self._open)


def read_json(text: str, line: int = 1) -> Grove:
    """The trees of a JSON text, forgiving stray commas, comments, inner quotes and a missing end."""
    grove = Grove()
    at = 0
    while token := _JSON_TOKEN.search(text, at):
        line += text.count("\n", at, token.start())
        at = token.end()
        if token["sign"] in ("{", "["):
            if grove.depth > _DEEPEST:
                grove.broken = line, "The JSON is nested too deeply; what is before it was read."
                return grove
            grove.open({} if token["sign"] == "{" else [])
        elif token["sign"] in ("}", "]"):
            grove.close()
            grove.end = grove.end if grove.depth else at
        elif token["sign"] == ",":
            grove.comma()
        elif token["quote"]:
            start = at
            while (part := _JSON_STRING_PART.search(text, at)) and part[0] != '"':
                at = part.end()
            if not part:
                cut = quoted(text[start:])
                grove.broken = line, f"The file ends within {cut}; what is whole before it was read."
                return grove
            grove.add(Scalar.on(line, _unescaped(text[start : part.start()])))
            line += text.count("\n", start, part.start())
            at = part.end()
        elif token["word"] and grove.depth:
            grove.add(Scalar.on(line, token["word"]))
        elif (token["word"] or "").strip("-") and not grove.depth:
            break
    if grove.depth:
        grove.broken = line, "The file ends before the JSON does; what is whole was read."
    return grove


def _unescaped(raw: str) -> str:
    if "\\" not in raw:
        return raw
    text = _JSON_ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _JSON_CONTROL.get(m[2], m[2]), raw)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_yaml(text: str, line: int = 1) -> Grove:
    """The trees of a YAML text. A line that breaks the syntax is taken as plain text where that helps."""
    rows = text.split("\n")
    for _ in range(_MOST_REPAIRS):
        grove, wrong = _parsed("\n".join(rows), line)
        pair = _YAML_PAIR.fullmatch(rows[wrong]) if 0 <= wrong < len(rows) else None
        if not pair or pair[2][0] == "'" or len(text) > _LARGEST_REPAIRED:
            break
        rows[wrong] = pair[1] + "'" + pair[2].strip('"').replace("'", "''") + "'"
    return grove


def _parsed(text: str, first: int) -> tuple[Grove, int]:
    """What was parsed, and the index of the line at which it broke, or -1."""
    grove, anchors = Grove(), dict[str | None, Tree]()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            line = first + (event.start_mark.line if event.start_mark else 0)
            tag = getattr(event, "tag", None)
            if tag and tag not in _PLAIN_TAGS:
                raise Refused(line, f"The YAML asks for an object ({tag}), which is never made from a file.")
            if isinstance(event, yaml.AliasEvent):
                node = anchors.get(event.anchor)
                if not isinstance(node, Scalar):
                    raise Refused(
                        line, f"The YAML repeats a whole block (*{event.anchor}); this is not read."
                    )
                grove.add(node)
            elif isinstance(event, yaml.CollectionEndEvent):
                grove.close()
            elif grove.depth > _DEEPEST:
                raise Refused(line, "The YAML is nested too deeply.")
            elif isinstance(event, yaml.NodeEvent):
                node = _node(event, line)
                if event.anchor:
                    anchors[event.anchor] = node
                (grove.add if isinstance(node, Scalar) else grove.open)(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        wrong = mark.line if mark else 0
        reason = getattr(error, "problem", None) or "it cannot be read"
        grove.broken = first + wrong, f"The YAML is broken here ({reason}); what is whole before it was read."
        return grove, wrong
    return grove, -1


def _node(event: yaml.NodeEvent, line: int) -> Tree:
    if isinstance(event, yaml.ScalarEvent):
        return Scalar.on(line, event.value)
    return {} if isinstance(event, yaml.MappingStartEvent) else []
