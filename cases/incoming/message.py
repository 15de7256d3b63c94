"""`read`: a message as it arrived, understood."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from .automatic import Automatic, automatic_of
from .headers import Headers, Person
from .html_lines import Rendered, lines_of_html
from .lines import Line, lines_of, unflowed
from .openings import begins_as_forward, begins_as_reply
from .parts import DEEPEST, Part, message_of
from .quoting import Kind, Piece, pieces_of

NOBODY = Person("", "")
LONGEST_TEXT = 2_000_000  # characters of a text that are looked at
PICTURE_TYPES = ("image/",)


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str  # as its sender says
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass
class _Body:
    """What is to be read, in one of its forms or both."""

    plain: Part | None = None
    html: Sequence[Part] = ()


@dataclass(frozen=True)
class Message:
    """What a message says. `pieces` is all its text, from top to end; `text` what is new in it."""

    headers: Headers
    sender: Person
    to: list[Person]
    cc: list[Person]
    reply_to: list[Person]
    subject: str
    sent_at: datetime | None
    message_id: str
    answers: list[str]  # the Message-IDs that it refers to, the nearest first
    pieces: list[Piece]
    attachments: list[Attachment]
    pictures: list[str]  # the names of attachments that stand in the text
    automatic: Automatic | None
    is_encrypted: bool = False

    @cached_property
    def text(self) -> str:
        return "\n\n".join(piece.text for piece in self.pieces if piece.kind is Kind.NEW)

    @property
    def quoted(self) -> bool:
        return any(piece.kind is Kind.QUOTED for piece in self.pieces)


def read(raw: bytes) -> Message:
    """Read any bytes at all: what is no message is one without headers."""
    whole = message_of(raw)
    headers = whole.headers
    bodies: list[_Body] = []
    attached: list[Attachment] = []
    _collect(whole, bodies, attached)
    sender = next(
        iter(headers.people("from") or headers.people("sender") or headers.people("return-path")), NOBODY
    )
    answers = list(dict.fromkeys([*headers.ids("in-reply-to"), *reversed(headers.ids("references"))]))
    subject = headers.get("subject")
    is_forward = begins_as_forward(subject)
    is_reply = not is_forward and (bool(answers) or begins_as_reply(subject))
    pieces, pictures = _best_pieces(bodies, attached, is_reply=is_reply, is_forward=is_forward)
    report = whole.parameter("report-type").lower() if whole.content_type == "multipart/report" else ""
    return Message(
        headers=headers,
        sender=sender,
        to=headers.people("to"),
        cc=headers.people("cc"),
        reply_to=headers.people("reply-to"),
        subject=subject,
        sent_at=headers.date(),
        message_id=next(iter(headers.ids("message-id")), ""),
        answers=answers,
        pieces=pieces,
        attachments=attached,
        pictures=pictures,
        automatic=automatic_of(headers, sender, whole.content_type, report),
        is_encrypted=whole.content_type == "multipart/encrypted" or "pkcs7-mime" in whole.content_type,
    )


def _collect(part: Part, bodies: list[_Body], attached: list[Attachment]) -> None:
    """Sort a part into what is read and what is attached."""
    kind = part.content_type
    if kind.startswith("multipart/") and part.depth < DEEPEST:
        children = list(part.children())
        if kind == "multipart/alternative":
            own: list[_Body] = []
            for child in children:
                _collect(child, own, attached)
            plain = next((body.plain for body in own if body.plain and body.plain.content.strip()), None)
            bodies.append(_Body(plain, [html for body in own for html in body.html]))
        else:
            for child in children:
                _collect(child, bodies, attached)
        if children:
            return
        kind = "text/plain"  # whatever it is, it has no parts
    is_text = kind in ("text/plain", "text/html", "text/enriched") or kind == "text/x-amp-html"
    if is_text and not part.is_attached and not (part.filename and _is_file(part, kind)):
        if kind != "text/x-amp-html":
            bodies.append(_Body(html=[part]) if kind == "text/html" else _Body(plain=part))
        return
    attached.append(_attachment(part, kind, len(attached)))


def _is_file(part: Part, kind: str) -> bool:
    """A text with a name is a file, but for those of programs that name the message itself."""
    return part.depth > 0 and part.filename.lower() not in (
        "message.txt",
        "message.html",
        "body.txt",
        "text.txt",
        "att00001.txt",
    )


def _attachment(part: Part, kind: str, count: int) -> Attachment:
    name = part.filename
    if not name and kind == "message/rfc822":
        inner = Headers(part.content[:100_000].partition(b"\n\n")[0] + b"\n\n")
        name = f"{inner.get('subject')[:80] or 'message'}.eml"
    if not name:
        ending = {"text/calendar": ".ics", "message/delivery-status": ".txt"}.get(
            kind
        ) or mimetypes.guess_extension(kind)
        stem = {"text/calendar": "invitation", "message/delivery-status": "delivery-status"}.get(
            kind, f"file-{count + 1}"
        )
        name = stem + (ending or ".bin")
    return Attachment(name, kind, part.content, part.content_id)


def _best_pieces(
    bodies: Sequence[_Body], attached: Sequence[Attachment], *, is_reply: bool, is_forward: bool
) -> tuple[list[Piece], list[str]]:
    """The pieces of the text, by the form of it that tells more, and the pictures that stand in it.

    Plain text is taken as its sender's program broke it. HTML is, where there is nothing else, where pictures stand in
    it, and where its markup knows better what is quoted.
    """
    names = {one.content_id: one.name for one in attached if one.content_id}
    told = {"is_reply": is_reply, "is_forward": is_forward}
    plain_lines = _plain_lines(bodies)
    rendered = _rendered(bodies, names)
    if plain_lines is None or rendered is None:
        lines = rendered.lines if plain_lines is None and rendered else plain_lines or []
        return pieces_of(lines, **told), [
            names[one] for one in rendered.pictures
        ] if rendered and plain_lines is None else []
    plain, rich = pieces_of(plain_lines, **told), pieces_of(rendered.lines, **told)
    said, richly = _squeezed(plain), _squeezed(rich)
    is_better = bool(rendered.pictures) or not said or (rendered.tells and bool(richly) and said != richly)
    return (rich, [names[one] for one in rendered.pictures]) if is_better and richly else (plain, [])


def _squeezed(pieces: Sequence[Piece]) -> str:
    text = "".join(piece.text for piece in pieces if piece.kind is Kind.NEW)
    return "".join(char for char in text if char.isalnum())


def _plain_lines(bodies: Sequence[_Body]) -> list[Line] | None:
    """None where a part of the message has no plain text."""
    lines: list[Line] = []
    for body in bodies:
        if body.plain is None:
            if body.html:
                return None
            continue
        text = body.plain.text[:LONGEST_TEXT]
        if body.plain.parameter("format").lower() == "flowed":
            text = unflowed(text, del_space=body.plain.parameter("delsp").lower() == "yes")
        lines += [*_apart(lines), *lines_of(text)]
    return lines


def _rendered(bodies: Sequence[_Body], names: dict[str, str]) -> Rendered | None:
    """None where nothing is HTML."""
    if not any(body.html for body in bodies):
        return None
    whole = Rendered()
    for body in bodies:
        for part in body.html:
            one = lines_of_html(part.text, names)
            whole.lines += [*_apart(whole.lines), *one.lines]
            whole.pictures += one.pictures
            whole.tells |= one.tells
        if not body.html and body.plain:
            whole.lines += [*_apart(whole.lines), *lines_of(body.plain.text[:LONGEST_TEXT])]
    return whole


def _apart(above: Sequence[Line]) -> list[Line]:
    """A blank line, where there is something above."""
    return [Line("", "")] if above else []
