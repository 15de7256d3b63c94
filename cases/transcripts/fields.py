"""The fields of a free-text document: everything in it that is not conversation."""

import re

from . import values
from .draft import GUESS, Draft, Found
from .lines import BARS, HEADING, Key, Line, cells, indented, is_title, keys
from .turns import is_handler
from .values import quoted
from .vocabulary import CHOICES, FIELD_OF, LONG, normal

# What authors of documents add below a field: not a part of the case.
_ASIDE = re.compile(
    r"[\W_]*(?:end of|case closed|conversation (?:ends|closed)|let me know if|would you like|feel free"
    r"|if you (?:need|want)|this (?:document|case|transcript|record)\b.{0,30}\b(?:generated|fictional|sample)|note:)",
    re.IGNORECASE,
)
_END = re.compile(
    r"[\W_]*(?:end(?: of)?\b|no further|(?:the |this )?(?:case|ticket|conversation|transcript|document|record|chat)\b)"
    r"[^.!?]{0,60}[\W_]*",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"([*_]{1,3})[^*_]+\1|\([^()]+\)|\[[^\[\]]+\]")
_LABEL = re.compile(
    r"\s*(?P<bullet>[-*+•]\s+)?(?P<mark>[*_#\s]*)(?P<label>[A-Z][\w /&'’().-]{1,40}?|[a-z]\w{2,40})[*_]*\s?:(?:[*_]+|\s|$)"
)
_BULLET = re.compile(r"\s*[-*+•]\s")
_TITLE_ID = re.compile(
    r"\b(?:case|ticket|incident)\b[\s*_`]*(?:id|number|no\.?|ref(?:erence)?)?[\s*_`:–—-]*(?P<id>#?[\w-]*\d[\w-]*)"
    r"|(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
    re.IGNORECASE,
)


def unknown_label(line: Line) -> str:
    """The label, if the line begins with `Some Words:` as a field does."""
    match = _LABEL.match(line.raw[:80])
    return match["label"] if match else ""


def aside(line: Line, after_blank: bool) -> bool:
    """Whether the line is a remark about the document: `*End of transcript*`."""
    return bool(after_blank and (_WRAPPED.fullmatch(line.text[:300]) or _ASIDE.match(line.text[:200])))


def ends_conversation(line: Line) -> bool:
    """Whether the line closes a conversation: `*End of transcript*`, `[Conversation ongoing]`, `--- END ---`."""
    return bool(line.text[0] in "*_([-=<" and _END.fullmatch(line.text[:100]))


def collect(lines: list[Line], draft: Draft, after_talk: bool = False) -> None:
    """Claim every field that stands in these lines; note each line that is neither field nor layout."""
    _Collector(lines, draft, after_talk).run()


class _Collector:
    def __init__(self, lines: list[Line], draft: Draft, started: bool) -> None:
        self.lines = lines
        self.draft = draft
        self.key: Key | None = None
        self.line = Line(0, "")
        self.rows: list[str] = []
        self.section = Line(0, "")  # the last label or heading without a value
        self.started = started  # a title stands above all fields

    def run(self) -> None:
        skip = 0
        for at, line in enumerate(self.lines):
            after_blank = at == 0 or not self.lines[at - 1].raw
            below = self.lines[at + 1] if at + 1 < len(self.lines) else None
            if skip:
                skip -= 1
            elif line.kind == "literal" and self.key and self.key.field != "messages":
                self.rows.append(line.raw)
            elif line.kind in ("rule", "fence"):
                if any(self.rows):
                    self.close()
            elif not line.raw:
                self.rows.append("")
            elif line.text.startswith("|") and below and below.kind == "rule" and "|" in below.raw:
                skip = self.table(at)
            elif (found := keys(line)) and not self.is_bare_value(line, found[0]):
                self.started = True
                for key in found:
                    self.close()
                    self.key, self.line, self.rows = self.within_section(key, line), line, [key.value]
            elif self.continues(line, below, after_blank):
                self.rows.append(line.raw)
            elif is_title(line, below):
                self.close()
                self.title(line)
            elif unknown_label(line):
                self.close()
                if not (is_handler(unknown_label(line)) or line.raw.rstrip("*_ ").endswith(":")):
                    self.draft.problem(line.number, f"{quoted(line.text)} is not a field we know.")
            elif self.started or not self.title(line):
                self.draft.problem(line.number, f"{quoted(line.text)} was not understood.")
        self.close()

    def continues(self, line: Line, below: Line | None, after_blank: bool) -> bool:
        """Whether the line carries on the value above it."""
        if self.key is None or HEADING.match(line.raw):
            return False
        if self.key.field == "messages":
            return values.unsettled(line.text)
        if not any(self.rows):
            return not unknown_label(line) or self.key.field in LONG
        ended = is_title(line, below) or aside(line, after_blank) or self.is_like_the_key(line, after_blank)
        return self.key.field in LONG and not ended

    def is_like_the_key(self, line: Line, after_blank: bool) -> bool:
        """Whether the line is written as the key is, so that it must be another field, if an unknown one."""
        here, there = _LABEL.match(line.raw[:80]), _LABEL.match(self.line.raw[:80])
        if not here or self.rows[0].endswith(":"):
            return False
        alike = there and all(bool(here[part]) == bool(there[part]) for part in ("bullet", "mark"))
        return bool(alike and (self.rows[0] or (after_blank and here["mark"])))

    def is_bare_value(self, line: Line, key: Key) -> bool:
        """Whether what looks like a label is the value of the label above it: `Resolved` below `Status`."""
        waits = self.key is not None and self.key.field in CHOICES and not any(self.rows)
        return waits and not (key.marked or key.value or ":" in line.raw)

    def within_section(self, key: Key, line: Line) -> Key:
        """The key, as the section above gives it its meaning: `Summary` below `Resolution` is not the issue's."""
        heading = HEADING.match(self.section.raw)
        if not key.rank or not (heading or line.indent > self.section.indent or _BULLET.match(line.raw)):
            return key
        place = FIELD_OF.get(f"{normal(self.section.text[:60])} {normal(key.label)}")
        return key._replace(field=place[0], rank=place[1]) if place else key

    def close(self) -> None:
        """Claim the value collected so far."""
        if self.key and not any(self.rows):
            self.section = self.line
        if self.key and self.key.field == "messages":
            if not values.unsettled(text := self.rows[0]):
                self.draft.problem(self.line.number, f"{quoted(text)} was not understood.")
        elif self.key:
            head, *rest = self.rows
            if head in BARS:
                text = values.tidy(indented(rest))
            else:
                text = values.plain("\n".join([head, indented(rest)]))
            if text:
                self.draft.claim(self.key.field, Found(text, self.key.rank, self.line.number, self.key.label))
        self.key, self.rows = None, []

    def table(self, at: int) -> int:
        """Read a table whose head names the fields; return how many further rows that took."""
        head = [FIELD_OF.get(normal(cell[:80])) for cell in cells(self.lines[at])]
        below = self.lines[at + 2] if at + 2 < len(self.lines) else None
        if below is None or len(head) < 2 or not all(head):
            return 1
        self.close()
        for place, label, value in zip(head, cells(self.lines[at]), cells(below), strict=False):
            if place:
                self.draft.claim(place[0], Found(values.plain(value), place[1], below.number, label))
        return 2

    def title(self, line: Line) -> bool:
        """Whether the line is a title; one may name the case: `# Ticket #1042: No receipts`."""
        self.section = line
        if found := _TITLE_ID.search(line.text[:200]):
            self.draft.claim("case_id", Found(found["id"] or found["uuid"], GUESS, line.number, line.text))
        return found is not None or (len(line.text) < 80 and line.text[-1] not in ".!?")
