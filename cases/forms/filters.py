"""What the address of a list asks for and the list does not know."""

from collections.abc import Collection
from typing import Any

from django import forms

TOO_MUCH = "Search for up to 200 characters, without invisible ones."


def left_out(form: forms.Form, place: str, *, beside: Collection[str] = ()) -> list[str]:
    """A sentence for each filter that `place` cannot follow. `beside` names what else its address may hold."""
    data: Any = form.data
    values = [
        TOO_MUCH
        if name == "q"
        else f"“{data.get(name, '')[:60]}” is not a known {form[name].label.lower()}, so it was ignored."
        for name in form.errors
    ]
    return values + no_filters(form, place, beside=beside)


def no_filters(form: forms.Form, place: str, *, beside: Collection[str] = ()) -> list[str]:
    """A sentence for each name in the address that is none of the filters."""
    return [
        f"{place} has no filter “{name[:60]}”, so it was ignored."
        for name in form.data
        if name not in form.fields and name not in beside
    ]
