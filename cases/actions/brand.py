"""How the portal presents itself."""

from typing import Any

from django.db import transaction
from django.utils.text import Truncator

from cases.files.logos import Logo
from cases.models import AuditKind, Brand, BrandPicture, Refused, User
from cases.queries import brand as brands
from cases.status_page import pages
from cases.text.lists import listed

from . import audit

FIELDS = ("name", "colour", "logo", "dark_logo", "home_text", "links", "contact")
CHANGED_MEANWHILE = "Someone saved this after you opened it. Now different from yours: {}. Your changes are still here: save again to keep yours."


@transaction.atomic
def keep_picture(logo: Logo) -> BrandPicture:
    """Keep a logo, so that it can be looked at before it is everybody's."""
    return BrandPicture.objects.get_or_create(key=logo.key, defaults=logo._asdict())[0]


@transaction.atomic
def change(*, by: User, seen: int, **fields: Any) -> Brand:
    """Present the portal like this from now on. `seen` is the version that they changed. Raises Refused."""
    Brand.objects.get_or_create(pk=1)
    brand = Brand.objects.select_for_update(of=("self",)).select_related("logo", "dark_logo").get(pk=1)
    changed = [name for name in FIELDS if getattr(brand, name) != fields[name]]
    if not changed:
        return brand
    if seen != brand.version:
        theirs = (f"{_label(name)} “{_words(getattr(brand, name))}”" for name in changed)
        raise Refused(CHANGED_MEANWHILE.format(listed(theirs)))
    changes = {_label(name): [_words(getattr(brand, name)), _words(fields[name])] for name in changed}
    for name in changed:
        setattr(brand, name, fields[name])
    brand.version += 1
    brand.save()
    audit.record(AuditKind.SETTING_CHANGED, by=by, what="brand", name=brand.name, changes=changes)
    transaction.on_commit(_forget)
    return brand


def _forget() -> None:
    brands.kept.forget()
    pages.forget()


def _label(name: str) -> str:
    return {"links": "links of the footer", "home_text": "text of the home page"}.get(
        name, name.replace("_", " ")
    )


def _words(value: Any) -> str:
    if isinstance(value, list):
        value = listed(f"{label} ({address})" for label, address in value)
    return Truncator("" if value is None else str(value)).chars(audit.LONGEST)
