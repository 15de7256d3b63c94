"""What the viewer may do, for templates: `{% if request.user|may:"read_desk" %}`."""

from django import template

from cases.access import Right
from cases.models import Viewer

register = template.Library()


@register.filter
def may(viewer: Viewer, right: str) -> bool:
    return viewer.may(Right(right))
