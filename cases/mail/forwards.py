"""Mail to somebody outside, with what an agent chose of a case."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from procrastinate.contrib.django import app

from cases.files.store import store
from cases.models import Attachment, Event, Kind, User
from cases.text.secrets import without_secrets
from cases.wording.events import who
from cases.wording.times import exact

from . import threads
from .letter import Letter, letter, one_line


def ask_for_mail_of_forward(event: Event) -> None:
    if event.kind == Kind.FORWARDED:
        app.configure_task("cases.tasks.mail_beside").defer(event=event.pk)


def message_to_outsider(event: Event) -> Letter | None:
    """What they read. Nothing of it leads to our pages, and who answers it answers agents alone."""
    case, details = event.case, event.details
    try:
        validate_email(details["address"])
    except ValidationError:  # they were erased
        return None
    clean = without_secrets if details.get("without_secrets") else str
    chosen = (
        case.events.filter(sequence__in=details["messages"]).select_related("author").order_by("sequence")
    )
    said = []
    for one in chosen:
        one.case = case
        said.append((f"{one_line(who(one))}, {exact(one.at)}", clean(one.body)))
    message = letter(
        "mail/forward.txt",
        {"words": event.body, "said": said, "agent": one_line(who(event))},
        subject=threads.subject_of(case, "A case"),
        to=details["address"],
        headers=threads.headers_of(
            case, User(email=details["address"]), f"{event.sequence}", kind=threads.OUTSIDE
        ),
    )
    for file in Attachment.objects.filter(case=case, key__in=details["files"]).order_by("pk"):
        content = b"".join(store().read_range(file.stored, 0, file.size))
        message.attach(file.name, content, file.content_type)
    return message
