"""What somebody typed into a form that could not be taken, to be shown and sent once more."""

from typing import TypedDict

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

NOT_TYPED = ("csrfmiddlewaretoken", "unsent")  # fields of the pages themselves


class Field(TypedDict):
    name: str
    value: str
    long: bool  # something that a person wrote, rather than a choice


def typed(request: HttpRequest) -> tuple[list[Field], bool]:
    """The fields of the form that was sent, unless a password is among them, and whether there were files."""
    try:
        found = [(name, value) for name, values in request.POST.lists() for value in values]
        files = bool(request.FILES)
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return [], False
    if any("password" in name for name, _ in found):
        return [], files
    return [
        Field(name=name, value=value, long=" " in value or "\n" in value)
        for name, value in found
        if name not in NOT_TYPED
    ], files
