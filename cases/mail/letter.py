"""A mail as text and as HTML, both of one source.

The source is the text itself. An empty line ends a paragraph, a line of four spaces and more is a code, an address of
ours after a line of words makes these a link, and what follows "-- " is the footer. What somebody wrote is marked by
`said`: the text has it as typed, the HTML as the page of the case has it.
"""

import email.policy
import re
from collections.abc import Iterator, Mapping
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.models.profile import ClockFormat
from cases.queries.brand import brand
from cases.text.colours import shades
from cases.text.markdown import to_html
from cases.text.times_of_day import reading

from .senders import from_header
from .threads import AUTOMATIC


class _Ids(BaseHeader):
    """Message-IDs or links, one a line. Python would encode those that are longer than a line, and no program know them."""

    max_count = 1
    parse = UnstructuredHeader.parse

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {f'{policy.linesep} '.join(self.split())}{policy.linesep}"


_headers = HeaderRegistry()
for _name in ("In-Reply-To", "References", "List-Unsubscribe"):
    _headers.map_to_type(_name, _Ids)


class Letter(EmailMultiAlternatives):
    def message(self, *, policy: Any = email.policy.default) -> EmailMessage:
        return super().message(policy=policy.clone(header_factory=_headers))


_BEGIN, _END = "\x02", "\x03"
_MARKS = re.compile(f"[{_BEGIN}{_END}]")
_SAID = re.compile(f"{_BEGIN}([^{_BEGIN}{_END}]*){_END}")
_INDENT = " " * 4
FOOTER = "-- "


def said(words: str) -> str:
    """Words that somebody wrote, for a source."""
    return _BEGIN + _MARKS.sub("", words).strip("\r\n") + _END


def letter(
    template: str,
    context: Mapping[str, Any],
    *,
    subject: str,
    to: str,
    headers: Mapping[str, str] | None = None,
    zone: ZoneInfo | None = None,
    clock: str = ClockFormat.FULL_DAY,
) -> Letter:
    """A mail made of a template of text. Its times stand in the reader's zone, or in ours where we do not know it, and
    by their clock."""
    with timezone.override(zone), reading(clock):
        source = render_to_string(template, {"brand": brand(), **context})
    return letter_of(source, subject=subject, to=to, headers=headers)


def letter_of(source: str, *, subject: str, to: str, headers: Mapping[str, str] | None = None) -> Letter:
    subject = one_line(subject)
    body = _MARKS.sub("", source).strip() + "\n"
    headers = AUTOMATIC | dict(headers or {})
    message = Letter(subject=subject, body=body, from_email=from_header(None), to=[to], headers=headers)
    ours = brand()
    links = shades(ours.colour).link if ours.colour else ()
    page = {
        "subject": subject,
        "blocks": paragraphs(source),
        "brand": ours,
        "links": links,
        "site": settings.URL,
    }
    message.attach_alternative(render_to_string("mail/letter.html", page), "text/html")
    return message


def one_line(text: object) -> str:
    """The text without line breaks, of which a header would be made, or a paragraph that nobody wrote."""
    return " ".join(_MARKS.sub("", str(text)).split())


def paragraphs(source: str) -> Iterator[SafeString]:
    """The paragraphs of a source as HTML, in their order."""
    for number, piece in enumerate(_SAID.split(source.replace("\r\n", "\n"))):
        if number % 2:
            yield format_html('<div class="said" dir="auto">{}</div>', to_html(piece))
        else:
            blocks = re.split(r"\n\s*\n", _MARKS.sub("", piece))
            yield from (_paragraph(block) for block in blocks if block.strip())


def _paragraph(block: str) -> SafeString:
    lines = block.strip("\n").split("\n")
    if all(line.startswith(_INDENT) for line in lines):
        return format_html('<p class="code">{}</p>', _broken([line.strip() for line in lines]))
    if lines[0] == FOOTER:
        return format_html('<div class="footer">{}</div>', _with_link(lines[1:]))
    return format_html("<p>{}</p>", _with_link(lines))


def _with_link(lines: list[str]) -> SafeString:
    """Lines of which the last may be an address of ours: those before it say where it leads."""
    *before, last = lines
    if not (last == settings.URL or last.startswith(f"{settings.URL}/")) or " " in last:
        return _broken(lines)
    words = _broken([*before[:-1], before[-1].removesuffix(":")]) if before else last
    return format_html('<a href="{}">{}</a>', last, words)


def _broken(lines: list[str]) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines))
