"""What the viewer may do, for templates: `{% if request.user|may:"read_desk" %}`."""

from django import template

from cases.access import Right
from cases.models import Viewer

register = template.Library()


@register.filter
def may(viewer: Viewer | None, right: str) -> bool:
    """Nobody is known where a page says that the request itself was wrong."""
    return viewer is not None and viewer.may(Right(right))
