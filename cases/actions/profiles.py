"""What people say of themselves, and how pages are to look to them."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cases.files.faces import face_of
from cases.models import AuditKind, Face, Refused, User

from . import audit, preferences

NO_PICTURE = "We can’t read this picture. Choose a PNG, JPEG, GIF or WebP file of up to 25 million pixels."


@transaction.atomic
def change(*, by: User, name: str, chosen_zone: str, clock: str, single_keys: bool) -> None:
    """Say what one is called, and how times and keys are to be. Mail says times in a zone that is chosen, too."""
    held = User.objects.select_related(None).select_for_update(no_key=True).get(pk=by.pk)
    if held.name != name:
        audit.record(AuditKind.PERSON, by=by, about=by, changes={"name": [held.name, name]})
    by.name, by.chosen_zone, by.clock, by.single_keys = name, chosen_zone, clock, single_keys
    by.save(update_fields=["name", "chosen_zone", "clock", "single_keys"])
    if chosen_zone:
        preferences.set_zone(chosen_zone, of=by)


@transaction.atomic
def set_keys(single_keys: bool, *, by: User) -> None:
    by.single_keys = single_keys
    by.save(update_fields=["single_keys"])


def show_face(file: UploadedFile, *, by: User) -> None:
    """Show this picture of them from now on. Raises Refused for what is none."""
    image = face_of(file, file.size or 0)
    if image is None:
        raise Refused(NO_PICTURE)
    with transaction.atomic():
        Face.objects.filter(person=by).delete()
        face = Face.objects.create(person=by, image=image)
        by.picture = face.key
        by.save(update_fields=["picture"])


@transaction.atomic
def remove_face(*, by: User) -> None:
    Face.objects.filter(person=by).delete()
    by.picture = None
    by.save(update_fields=["picture"])
