"""One reply to many cases."""

from .base import Once
from .incidents import PublicText
from .secrets import Asking


class ManyRepliesForm(Asking, Once):
    body = PublicText(
        "Reply",
        "Write a reply before sending it.",
        rows=8,
        help_text="{customer}, {agent}, {case}, {system} and {summary} are filled in for each case.",
    )
