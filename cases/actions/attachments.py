"""Files: received before their message is sent, given to it, or let go."""

import hashlib
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from typing import IO, Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, Func, OuterRef, Q, Sum, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.files import kinds, names, pictures
from cases.files.store import StoreUnavailable, store
from cases.models import Attachment, Draft, Event, Outgoing, Refused, User, Viewer
from cases.models.attachment import MOST_IN_A_MESSAGE, PENDING
from cases.text.lists import listed

log = logging.getLogger(__name__)

MOST_PENDING = {True: 100, False: MOST_IN_A_MESSAGE}  # of one who is signed in, and of a visitor's session
MOST_OF_VISITORS = 2 * 1024**3  # bytes that all visitors together have waiting here
SWEPT_AT_ONCE = 500
MOST_KEPT = 20  # files that the store does not give up before a sweep takes it to be away
NO_ROOM = "We could not keep “{}” just now. Try again in a moment, or send your message without it."


def receive(file: UploadedFile, *, by: Viewer) -> Attachment:
    """Keep a file for the message that its uploader is writing. Raises Refused for what cannot be kept."""
    name, size = names.clean_name(file.name or ""), file.size or 0
    if not size:
        raise Refused(f"“{name}” is empty: it has 0 bytes.")
    _check_room(by, name, size)
    content = cast(IO[bytes], file.file)
    picture = pictures.picture_of(content, size)
    attachment = Attachment(
        uploader=by if isinstance(by, User) else None,
        session="" if isinstance(by, User) else by.uploads,
        name=name,
        size=size,
        sha256=_digest(content),
        content_type=picture.content_type if picture else kinds.type_of(content),
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        thumbnail_size=len(picture.thumbnail) if picture else 0,
    )
    attachment.save()  # first, so that nothing is ever in the store that no row tells of
    try:
        store().put(attachment.stored, content)
        if picture:
            store().put(attachment.thumbnail, BytesIO(picture.thumbnail))
    except StoreUnavailable:
        let_go(attachment)
        raise Refused(NO_ROOM.format(name)) from None
    return attachment


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _check_room(by: Viewer, name: str, size: int) -> None:
    """Raise Refused where so much waits that nobody will send it all."""
    waiting = Attachment.objects.pending()
    if waiting.given_by(by).count() >= MOST_PENDING[by.is_authenticated]:
        raise Refused(f"“{name}” was left out: too many of your files wait to be sent. Send some first.")
    if not by.is_authenticated:
        kept = waiting.exclude(session="").aggregate(sum=Sum("size"))["sum"] or 0
        if kept + size > MOST_OF_VISITORS:
            raise Refused(f"“{name}” was left out: we have no room for it now. Sign in to send it.")


def check_not_sent(attachments: Sequence[Attachment]) -> None:
    """Raise Refused for a file that went with another message, as when a form is sent again after the Back button."""
    if sent := [one.name for one in attachments if one.event_id]:
        names = listed([f"“{name}”" for name in sent])
        them = "it" if len(sent) == 1 else "them"
        raise Refused(
            f"{names} went with an earlier message. Send this without {them}, or choose {them} once more."
        )


def bind(attachments: Sequence[Attachment], event: Event) -> None:
    """Give pending files to the event that tells of them, in its transaction. Raises Refused if one is gone."""
    if not attachments:
        return
    theirs = Attachment.objects.pending().exclude(
        uploader=None, session=""
    )  # of nobody is what is thrown away
    bound = theirs.filter(pk__in=[one.pk for one in attachments])
    if bound.update(event=event, case=event.case_id) != len(attachments):
        raise Refused("One of your files is not here any more. Choose your files again.")


def let_go(attachment: Attachment) -> bool:
    """Throw a pending file away. Returns whether it was pending.

    It is nobody's first, so that no message can take it; what the store does not give up now is swept later.
    """
    if not _disown(attachment):
        return False
    with suppress(StoreUnavailable):
        _drop(attachment)
    return True


def _disown(attachment: Attachment) -> bool:
    waiting = Attachment.objects.pending().filter(pk=attachment.pk)
    return bool(waiting.update(uploader=None, session=""))


def _drop(attachment: Attachment) -> None:
    for stored in (attachment.stored, attachment.thumbnail):
        store().remove(stored)
    Attachment.objects.pending().filter(pk=attachment.pk).delete()


def claim(session: str, *, by: User) -> None:
    """What a visitor chose is theirs when they have signed in."""
    if session:
        Attachment.objects.pending().filter(session=session).update(uploader=by, session="")


def sweep(older_than: timedelta = PENDING) -> int:
    """Throw away what was not sent within a day, unless a draft holds it, or what is to leave later. Returns how many it was."""
    key: Any = Func(Cast(OuterRef("key"), TextField()), function="to_jsonb")
    drafted = Exists(Draft.objects.filter(agent=OuterRef("uploader"), fields__attachments__contains=key))
    waits = Exists(Outgoing.objects.filter(author=OuterRef("uploader"), fields__attachments__contains=key))
    ended = Q(created_at__lt=timezone.now() - older_than) | Q(uploader=None, session="")
    waiting = (
        Attachment.objects.pending()
        .filter(ended)
        .exclude(drafted)
        .exclude(waits)
        .order_by("created_at", "pk")
    )
    swept = kept = 0
    for one in waiting[:SWEPT_AT_ONCE]:
        if not _disown(one):
            continue
        try:
            _drop(one)
            swept += 1
        except StoreUnavailable:
            Attachment.objects.pending().filter(pk=one.pk).update(
                created_at=timezone.now()
            )  # others go first
            kept += 1
            if kept == MOST_KEPT:
                log.warning("The store of attachments gives up no files.")
                break
    return swept


def take_away(files: Sequence[Attachment]) -> None:
    """Take sent files away from their messages, for good. They are nobody's then, and a job deletes their bytes."""
    taken = [file.pk for file in files]
    Attachment.objects.filter(pk__in=taken).update(event=None, case=None, uploader=None, session="", name="")
    for file in taken:
        app.configure_task("cases.tasks.drop_file").defer(file=file)


def drop(file: int) -> None:
    """Delete a file that is nobody's, and its bytes. Raises StoreUnavailable."""
    for attachment in Attachment.objects.pending().filter(pk=file, uploader=None, session=""):
        _drop(attachment)
