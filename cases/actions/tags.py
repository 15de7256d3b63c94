"""Renaming a tag everywhere, or making one tag of two: asked for at once, done by a job, case by case."""

from itertools import batched

from django.db import transaction
from procrastinate.contrib.django import app

from cases.models import AuditKind, Bulk, BulkItem, Case, Macro, Refused, SavedView, Tag, User

from . import audit, bulk
from .triage import tidy

LISTED = 2000  # cases at once


@transaction.atomic
def rename(tag: Tag, *, by: User, name: str, merge: bool = False) -> Bulk | None:
    """Call it otherwise in cases, macros and views. Returns None when it is called so already.

    With `merge` it becomes one with the tag of that name, if there is one. Raises Refused where that is so and nobody
    wants it, and for what is no single tag.
    """
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    names = tidy([name])
    if len(names) != 1:
        raise Refused("Type one tag, without commas.")
    old, new = tag.name, names[0]
    if new == old:
        return None
    if Tag.objects.filter(name=new).exists() and not merge:
        raise Refused(f"There is a tag “{new}” already. Tick “Merge” to make one tag of the two.")
    Tag.objects.get_or_create(name=new)
    audit.record(AuditKind.SETTING_CHANGED, by=by, what="tag", name=old, changes={"name": [old, new]})
    for macro in Macro.objects.select_for_update().filter(tags__contains=[old]):
        macro.tags = list(dict.fromkeys(new if one == old else one for one in macro.tags))
        macro.save(update_fields=["tags"])
    for view in SavedView.objects.filter(tag=old):
        SavedView.objects.filter(pk=view.pk).update(tag=new)
        app.configure_task("cases.tasks.count_view").defer(view=view.pk)
    change = {"name": bulk.RETAG, "value": [old, new], "label": f"Tag {old} becomes {new}", "listed": False}
    begun = Bulk.objects.create(by=by, change=change)
    app.configure_task("cases.tasks.retag").defer(bulk=begun.pk)
    return begun


def run(begun: Bulk) -> None:
    """Do what is left of it, and forget the old name once nothing has it. May be begun again after a crash."""
    old = begun.change["value"][0]
    if not begun.is_listed:
        _list(begun, old)
    bulk.run(begun)
    with transaction.atomic():
        for tag in Tag.objects.select_for_update().filter(name=old):
            if not is_used(tag):
                tag.delete()


def is_used(tag: Tag) -> bool:
    """Whether a case, a macro or a view has it."""
    return any(
        found.exists()
        for found in (
            Case.objects.filter(tags__contains=[tag.name]),
            Macro.objects.filter(tags__contains=[tag.name]),
            SavedView.objects.filter(tag=tag.name),
        )
    )


@transaction.atomic
def _list(begun: Bulk, old: str) -> None:
    numbers = Case.objects.filter(tags__contains=[old]).values_list("pk", flat=True)
    for batch in batched(numbers.iterator(), LISTED):
        items = [BulkItem(bulk=begun, case_id=number) for number in batch]
        BulkItem.objects.bulk_create(items, ignore_conflicts=True)
    begun.change["listed"] = True
    begun.save(update_fields=["change"])
