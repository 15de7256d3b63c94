"""What somebody typed into a form, be it one that asks before it acts or one that could not be taken."""

from typing import TypedDict

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError

NOT_TYPED = ("csrfmiddlewaretoken", "unsent")  # fields of the pages themselves


class Field(TypedDict):
    name: str
    value: str
    long: bool  # something that a person wrote, rather than a choice


def asked(request: HttpRequest, field: str) -> QueryDict | None:
    """What a form holds that is looked at first, by its address, and sent then. None where it is still to be filled in."""
    if request.method == "POST":
        return request.POST
    return request.GET if field in request.GET else None


def typed(request: HttpRequest) -> tuple[list[Field], bool]:
    """The fields to be shown and sent once more, unless a password is among them, and whether there were files."""
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
