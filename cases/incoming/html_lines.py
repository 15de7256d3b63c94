"""HTML as lines of text: what its markup says of quotations and signatures goes with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .lines import Line, Mark, cited, line_of
from .markup import Tag, tokens

LONGEST = 3_000_000  # characters of HTML that are read
LONGEST_LINK = 500  # what is longer follows whoever clicks it
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "tr", "ul", "caption", "thead", "tfoot", "details", "summary",
}  # fmt: skip
SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"}
# What programs call the box around what they quote …
CITED = re.compile(
    r"\b(?:yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|freshdesk_quote|front-blockquote|alimail-quote"
    r"|ymail_android_signature_quote|mail_quote|email_quote|quoted_message|quotedtext|wordsection1_quote|spark_quote"
    r"|messagereplysection|replycontent|isreplycontent|hs_reply|bloop_original_html|cryptshare_quote|history_container"
    r"|mailrucite|mail-quote-collapse|ms-outlook-mobile-reference-message|elided-text|gmail_quote_container_only)\b"
)
# … the mark from which on all is an earlier message …
EARLIER = re.compile(
    r"\b(?:x_)*(?:divrplyfwdmsg|appendonsend|stopspelling|zwchr|olk_src_body_section|mail-editor-reference-message-container"
    r"|replyforwardmessage|lenovomailquote|oriMsgHtmlSeperator|mailcontainerquote|reply-intro|__headers__|reply_header)\b",
    re.IGNORECASE,
)
# … the line above what is quoted …
OPENING = re.compile(
    r"\b(?:gmail_attr|moz-cite-prefix|airmail_on|spark_attr|protonmail_attr|mailspring-attr)\b"
)
# … and what stands below what is said.
SIGNATURE = re.compile(
    r"\b(?:gmail_signature|moz-signature|protonmail_signature_block|yahoo-signature|applemailsignature|ms-outlook-mobile-signature"
    r"|signature_marker|tutanota_signature|bloop_sign|zm-signature|divtagdefaultwrapper_signature|x_signature|signature"
    r"|ydp\w*yahoo-style-wrap-signature|mobile-signature|spark-signature|airmailsignature|kmail_signature)\b"
)
FORWARD = re.compile(r"\b(?:moz-forward-container|gmail_forward)\b")
# The line that Outlook and Windows draw over the message that is answered.
RULED = re.compile(
    r"border:\s*none;\s*border-top:\s*solid\s+#?(?:b5c4df|e1e1e1|[a-f0-9]{6}|windowtext)\s+1(?:\.0)?pt"
    r"|border-top-color:\s*rgb\(\s*229,\s*229,\s*229\s*\)[^\"]{0,60}border-top-width:\s*1px"
    r"|border-width:\s*1pt\s+(?:medium|0px)\s+(?:medium|0px)[^\"]{0,40}border-style:\s*solid\s+none\s+none"
)
HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all|visibility:\s*hidden|font-size:\s*0(?:px)?\s*(?:;|$)")
BARS = re.compile(r"border-left(?:-\w+)?:\s*[^;]*(?:solid|\d)|border-width:\s*0[^;]*0[^;]*0[^;]*[1-9]")
INDENTED = re.compile(r"border\s*:\s*(?:none|0)|border-left\s*:\s*(?:none|0)")


@dataclass
class Rendered:
    lines: list[Line] = field(default_factory=list)
    tells: bool = False  # whether the markup says what is quoted
    pictures: list[str] = field(default_factory=list)  # the Content-IDs of those that stand in it


@dataclass(slots=True)
class _Open:
    name: str
    quotes: bool = False
    mark: Mark | None = None
    hides: bool = False
    keeps_space: bool = False
    link: str = ""
    at: int = 0  # of the pieces of the line, where it began


class _Page:
    """Puts the lines together, tag by tag."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.out = Rendered()
        self.names = names
        self.open: list[_Open] = []
        self.depth = self.hidden = self.preformatted = 0
        self.marks: list[Mark] = []
        self.once: Mark | None = None
        self.line: list[str] = []
        self.cells = self.items = 0

    def read(self, html: str) -> Rendered:
        for token in tokens(html[:LONGEST]):
            if isinstance(token, str):
                self._text(token)
            elif token.closes:
                self._closed(token.name)
            else:
                self._opened(token)
        self._break()
        return self.out

    def _text(self, text: str) -> None:
        if self.hidden:
            return
        if self.preformatted:
            first, *more = text.split("\n")
            self.line.append(first)
            for piece in more:
                self._break(always=True)
                self.line.append(piece)
        else:
            text = re.sub(r"[ \t\r\n\f]+", " ", text)
            if self.line or text != " ":
                self.line.append(text if self.line and not self.line[-1].endswith(" ") else text.lstrip(" "))

    def _break(self, *, always: bool = False) -> None:
        text = "".join(self.line).rstrip(" ")
        if text.strip() or always:
            mark = self.once or (self.marks[-1] if self.marks else None)
            if not text.strip() and mark in (Mark.EARLIER, Mark.FORWARD):
                mark = None
            elif mark is not None and mark is self.once:
                self.once = None
            self.out.lines.append(line_of(text, self.depth, mark))
        self.line = []

    def _space(self) -> None:
        """A blank line, unless there is one."""
        if self.out.lines and not self.out.lines[-1].is_blank:
            self.out.lines.append(Line(cited("", self.depth).rstrip(), "", self.depth))

    def _opened(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self._break(always=True)
            return
        if name == "img":
            self._picture(tag)
            return
        if name in ("td", "th"):
            if self.line and not self.line[-1].endswith(" "):
                self.line.append(" ")
        elif name in BLOCKS:
            self._break()
            if name in SPACED:
                self._space()
        opened = _Open(name)
        self._weigh(tag, opened)
        if name == "hr" or tag.is_void:
            return
        if name == "a":
            opened.link, opened.at = tag.attributes.get("href", "").strip(), len(self.line)
        if name == "li":
            self.line.append("- ")
        if name == "pre":
            opened.keeps_space = True
            self.preformatted += 1
        if opened.quotes:
            self.depth += 1
        if opened.mark:
            self.marks.append(opened.mark)
        if opened.hides:
            self.hidden += 1
        if (
            opened.quotes
            or opened.mark
            or opened.hides
            or opened.keeps_space
            or name in BLOCKS
            or name in ("span", "a")
        ):
            self.open.append(opened)

    def _weigh(self, tag: Tag, opened: _Open) -> None:
        """What this tag says of what is in it."""
        given = tag.attributes
        if not given and tag.name != "blockquote":
            return
        names = f"{given.get('class', '')} {given.get('id', '')} {given.get('name', '')} {given.get('data-marker', '')}".lower()
        style = given.get("style", "").lower()
        if tag.name == "blockquote":
            opened.quotes = (
                "gmail_quote" in names
                or "cite" in given
                or given.get("type", "").lower() == "cite"
                or (bool(BARS.search(style)) and not INDENTED.search(style))
                or bool(CITED.search(names))
                or (not INDENTED.search(style) and self._introduced())
            )
        elif names.strip():
            if CITED.search(names) or (tag.name == "div" and given.get("name", "").lower() == "quote"):
                opened.quotes = True
            elif OPENING.search(names):
                opened.mark = Mark.OPENING
            elif FORWARD.search(names):
                self.once = Mark.FORWARD
            elif EARLIER.search(names):
                self.once = Mark.EARLIER
            elif tag.name in ("div", "pre", "span", "p", "table", "td") and SIGNATURE.search(names):
                opened.mark = Mark.SIGNATURE
        if tag.name == "div" and style and RULED.search(style):
            self.once = Mark.EARLIER
        if style and HIDDEN.search(style) and tag.name not in ("body", "html", "table", "td", "tr"):
            opened.hides = True
        self.out.tells |= opened.quotes or opened.mark is Mark.OPENING or self.once is not None

    def _introduced(self) -> bool:
        """Whether the line above says who wrote what comes, and when."""
        above = next((line.text for line in self.out.lines[-1:-4:-1] if line.text), "")
        return above.endswith((":", "：")) and bool(re.search(r"\d|@", above))

    def _closed(self, name: str) -> None:
        if name in ("td", "th"):
            return
        at = next(
            (
                at
                for at in range(len(self.open) - 1, max(len(self.open) - 60, -1), -1)
                if self.open[at].name == name
            ),
            -1,
        )
        if name in BLOCKS:
            self._break()
            if name in SPACED:
                self._space()
        if at < 0:
            return
        if name == "a" and not self.hidden:
            self._tell_link(self.open[at])
        for closed in self.open[at:]:
            self.depth -= closed.quotes
            self.hidden -= closed.hides
            self.preformatted -= closed.keeps_space
            if closed.mark:
                self.marks.pop()
        del self.open[at:]

    def _tell_link(self, opened: _Open) -> None:
        """Write where a link leads, unless its words do."""
        words = "".join(self.line[opened.at :]).strip()
        if (
            not opened.link.lower().startswith(("http://", "https://"))
            or not words
            or len(opened.link) > LONGEST_LINK
        ):
            return
        place = opened.link.partition("//")[2].rstrip("/")
        if not words.startswith("[") and words.rstrip("/").rpartition("//")[2] not in (
            place,
            place.removeprefix("www."),
        ):
            self.line.append(f" <{opened.link}>")

    def _picture(self, tag: Tag) -> None:
        source = tag.attributes.get("src", "")
        if self.hidden or not source.lower().startswith("cid:"):
            return  # what lies elsewhere tells its owner who reads
        content_id = source[4:].strip("<> ")
        if name := self.names.get(content_id):
            self.out.pictures.append(content_id)
            self.line.append(f"[{name}]")


def lines_of_html(html: str, names: Mapping[str, str]) -> Rendered:
    """`names` are those of the pictures that came with it, by their Content-IDs."""
    return _Page(names).read(html)
