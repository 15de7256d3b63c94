"""Administration of what is audited: what is changed goes into the log, in the transaction of the change."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import PasswordInput
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.utils.text import Truncator

from cases.actions import audit
from cases.actions.audit import LONGEST
from cases.models import AuditKind, User
from cases.text.lists import listed

from .lookups import LookupAdmin

Changes = dict[str, list[str]]  # by the name of the field: what it was, and what it is

HIDDEN = "•••"


class AuditedAdmin(LookupAdmin):
    """Settings: who added, changed or deleted which."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            self.note(request, AuditKind.SETTING_ADDED, form.instance)
        elif changes := _changes(form) | _changes_of_lists(formsets):
            self.note(request, AuditKind.SETTING_CHANGED, form.instance, changes=changes)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.note(request, AuditKind.SETTING_DELETED, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for thing in queryset:
            self.note(request, AuditKind.SETTING_DELETED, thing)
        super().delete_queryset(request, queryset)

    def note(self, request: HttpRequest, kind: AuditKind, thing: Any, **details: Any) -> None:
        what = str(self.opts.verbose_name)
        audit.record(kind, by=request.user, what=what, name=str(thing), **details)  # type: ignore[arg-type]


class AuditedPeopleAdmin(LookupAdmin):
    """People: what of them was changed, their role and their leaving as kinds of their own."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        by: User = request.user  # type: ignore[assignment]
        changes = _changes(form)
        if role := changes.pop(_label("role"), None):
            audit.record(AuditKind.ROLE, by=by, about=form.instance, old=role[0], new=role[1])
        if limit := changes.pop(_label("limit"), None):
            old, new = ([one] if one else [] for one in limit)
            audit.record(AuditKind.LIMITS, by=by, about=form.instance, old=old, new=new)
        if changes.pop(_label("is_active"), None):
            kind = AuditKind.ACTIVATED if form.instance.is_active else AuditKind.DEACTIVATED
            audit.record(kind, by=by, about=form.instance)
        if changes:
            audit.record(AuditKind.PERSON, by=by, about=form.instance, changes=changes)


def _changes(form: Any) -> Changes:
    return {
        _label(name): [
            _words(form.fields[name], form.get_initial_for_field(form.fields[name], name)),
            _words(form.fields[name], form.cleaned_data[name]),
        ]
        for name in form.changed_data
    }


def _changes_of_lists(formsets: Iterable[Any]) -> Changes:
    """Of each list below the form, the lines that were changed or deleted as they were, and those that it has now."""
    changes = {}
    for formset in formsets:
        touched = [form for form in formset.forms if form.has_changed()]
        before = [_line(form, form.initial) for form in touched if form in formset.initial_forms]
        after = [_line(form, form.cleaned_data) for form in touched if form not in formset.deleted_forms]
        if before or after:
            changes[str(formset.model._meta.verbose_name_plural)] = [listed(before), listed(after)]
    return changes


def _line(form: Any, values: Mapping[str, Any]) -> str:
    shown = [field.name for field in form.visible_fields() if field.name != DELETION_FIELD_NAME]
    return " ".join(_words(form.fields[name], values[name]) for name in shown if values.get(name))


def _label(name: str) -> str:
    return name.replace("_", " ")


def _words(field: Any, value: Any) -> str:
    """A value of a form's field as people read it, or the beginning of it. What is typed hidden is read by nobody."""
    if isinstance(getattr(field, "widget", None), PasswordInput):
        return HIDDEN if value else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(field, "queryset"):
        things = value if isinstance(value, (list, QuerySet)) else [value] if value else []
        return _short(listed(str(one if isinstance(one, Model) else _named(field, one)) for one in things))
    shown = "" if value is None else str(field.prepare_value(value))
    return _short({str(key): name for key, name in getattr(field, "choices", ())}.get(shown, shown))


def _named(field: Any, key: Any) -> Model | None:
    return field.queryset.filter(pk=key).first()


def _short(words: str) -> str:
    return Truncator(words).chars(LONGEST)


class KeptAdmin(LookupAdmin):
    """Of what cases refer to nothing is deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
