"""Tags of the pages on which people sign in."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """For an attribute that a script reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.simple_tag
def provider_name() -> str:
    """The provider of identities, if there is one."""
    return settings.OIDC_NAME if settings.OIDC_URL else ""
