"""What pages say of secrets that somebody pasted."""

from django import template
from django.conf import settings

from cases.models import Request
from cases.text.secrets import secrets_in

register = template.Library()

register.filter("secrets_in", secrets_in)


@register.filter
def kept_for(asked: Request) -> str:
    """How long what is given as a secret is kept: "7 days after", of the closing of its case."""
    days = settings.SECRET_DAYS
    return f"{days:g} {'day' if days == 1 else 'days'} after" if days else "within the hour in which"
