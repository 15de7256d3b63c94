"""How the portal presents itself, for every page and mail: read from memory, and anew every few seconds."""

import math

from django.db import DatabaseError

from cases.models import Brand
from cases.status_page.cache import SharedCache
from cases.text.names import imitates

FRESH = 3  # seconds within which a change is seen by all processes; the one that made it sees it at once


def read() -> Brand:
    with_pictures = Brand.objects.select_related("logo", "dark_logo").defer(
        "logo__content", "dark_logo__content"
    )
    return with_pictures.first() or Brand()


kept = SharedCache(read, fresh=FRESH, old=2 * FRESH, without=math.inf)


def brand() -> Brand:
    """As it is, or as it was when the database last answered. Change nothing of it: it is everybody's."""
    try:
        return kept()
    except DatabaseError:
        return known()


def is_like_ours(name: str) -> bool:
    """Whether colleagues would take a customer of this name for one of us."""
    return imitates(name, brand().name)


def known() -> Brand:
    """As this process last saw it, without asking: for the pages that say that something is broken.

    A process that could not ask yet does not know whose portal it is.
    """
    return kept.held() or Brand(name="Support")
