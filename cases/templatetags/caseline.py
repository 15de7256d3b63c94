"""The few tags that Caseline's pages share."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from cases import markup, moments, wording
from cases.models import Priority, Severity, Status
from cases.models.case import contradiction

register = template.Library()

register.filter("deed", wording.deed)
register.filter("who", wording.who)
register.filter("standing", wording.standing)
register.filter("message", markup.to_html)

_STEPS = [(60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h"), (float("inf"), 86_400, "d")]


LONG_AGO = 30 * 86_400


def age(seconds: float) -> str:
    """A length of time as one rounded number: "12 min", "3 h", "5 d". Live pages repeat this rule."""
    unit, name = next((unit, name) for limit, unit, name in _STEPS if seconds < limit)
    return f"{max(int(seconds // unit), 0)} {name}"


@register.simple_tag
def when(at: datetime, words: str = "{} ago") -> SafeString:
    """A time for reading ("12 min ago"), with the exact one in the viewer's zone at hand.

    What is long ago is read by its date.
    """
    seconds = (timezone.now() - at).total_seconds()
    local = timezone.localtime(at)
    if seconds > LONG_AGO and words == "{} ago":
        words = f"{local:%-d %b %Y}"
    return format_html(
        '<time datetime="{}" title="{}" data-words="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        f"{local:%a %-d %b %Y, %H:%M} {local.tzname()}",
        words,
        words.format(age(seconds)),
    )


@register.simple_tag
def until(at: datetime) -> SafeString:
    """A time to come ("14:30", "Mon 09:00"), with the exact one at hand."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        moments.exact(at),
        moments.short(at),
    )


@register.simple_tag(takes_context=True)
def page_of(context: template.Context, number: Any) -> str:
    """The page of another case, on the side on which this one is shown."""
    desk = context["request"].path.startswith(reverse("queue"))
    return reverse("desk_case" if desk else "case", args=[int(number)])


_LABELS: dict[str, dict[Any, str]] = {
    "severity": dict(Severity.choices),
    "priority": dict(Priority.choices),
    "status": dict(Status.choices),
}
_ICONS = {
    Status.OPEN: "circle",
    Status.INVESTIGATING: "circle-dot",
    Status.RESOLVED: "circle-check",
    Status.CLOSED: "circle-slash",
}


@register.filter
def label(value: Any, noun: str) -> str:
    return _LABELS[noun].get(value, "")


@register.filter
def contradicts(row: dict[str, Any]) -> bool:
    """Whether a row's severity and priority contradict each other."""
    return contradiction(row["severity"], row["priority"])


@register.filter
@cache
def status_icon(value: str, size: int = 14) -> SafeString:
    """A status as a picture, drawn once: rows show thirty."""
    return mark_safe(lucide(_ICONS[Status(value)], size=size, aria_hidden="true"))  # noqa: S308 - a library's SVG


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The theme that the visitor chose: light, dark or auto."""
    chosen = context["request"].COOKIES.get("theme")
    return chosen if chosen in ("light", "dark") else "auto"


@register.inclusion_tag("field.html")
def field(bound: Any) -> dict[str, Any]:
    """One labelled field with its help and its error beside it."""
    return {"field": bound}


@register.inclusion_tag("complaints.html")
def complaints(form: Any) -> dict[str, Any]:
    """What is wrong with a form as a whole."""
    return {"form": form}


@register.simple_tag(takes_context=True)
def queue_address(context: template.Context) -> str:
    """The queue as this agent left it: filters, order and place."""
    state = context["request"].COOKIES.get("queue")
    return reverse("queue") + (f"?{state}" if state else "")


@register.simple_tag
def options(choices: Iterable[tuple[Any, str]], chosen: Any) -> SafeString:
    """The options of a menu: Django's widgets take a template for each, which a busy page notices."""
    chosen = "" if chosen is None else str(chosen)
    pairs = ((str("" if key is None else key), text) for key, text in choices)
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, mark_safe(" selected") if key == chosen else "", text) for key, text in pairs),
    )


@register.inclusion_tag("desk/choice.html", takes_context=True)
def choice(context: template.Context, name: str, url: str, choices: Any, value: Any) -> dict[str, Any]:
    """One detail of a case as a menu that saves when it is changed."""
    return {"csrf_token": context["csrf_token"], "name": name, "url": url, "choices": choices, "value": value}


@register.simple_tag
def kept_mail_is_shown() -> bool:
    """Whether mail is kept on a page instead of being sent."""
    return settings.SHOW_KEPT_MAIL
