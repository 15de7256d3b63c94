"""The few tags that Caseline's pages share."""

from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from cases.models import Case, Event, Stage, Status, User, Viewer
from cases.models.event import sequence_for
from cases.models.rights import Right
from cases.queries import deliveries, excerpts
from cases.status_page import pages
from cases.text import markdown
from cases.text.spans import duration, span
from cases.text.times_of_day import hours, time_of_day
from cases.wording import absences, checklists, events, incidents, notices, splits, standing, times
from cases.wording import deliveries as mails

register = template.Library()

register.simple_tag(hours, name="hours_of_clock")
register.simple_tag(cache(lucide), name="lucide")  # an icon is the same every time

for _read in (
    events.deed, events.who, events.is_visitors, events.links_to, events.explanation, events.for_agents, notices.news,
    events.next_word, standing.happening, standing.turn, standing.is_theirs, standing.is_back, standing.requested, standing.closing,
    standing.asks_secret, mails.undelivered, mails.trouble, mails.unreachable, deliveries.trouble_with, times.exact, absences.away, absences.back, excerpts.marked, excerpts.is_marked,
):  # fmt: skip
    register.filter(_read.__name__, _read)
register.filter("incident_deed", incidents.deed)
register.filter("incident_who", incidents.who)
register.filter("minutes", span)
register.filter("said_at", splits.said_at)
register.filter("done_of", checklists.done_of)
register.filter("message", markdown.to_html)
register.filter("note", markdown.note_to_html)

DAY = 86_400  # seconds
_STEPS = [
    (3600, 60, "min"), (DAY, 3600, "h"), (60 * DAY, DAY, "d"), (730 * DAY, 30.44 * DAY, "months"),
    (float("inf"), 365.25 * DAY, "years"),
]  # fmt: skip
LONG_AGO = 30 * DAY


@register.filter
def number_for(event: Event, viewer: Viewer) -> int:
    """The number that this viewer knows the event by."""
    return getattr(event, sequence_for(viewer))


@register.filter
def age(seconds: float) -> str:
    """A length of time as one rounded number: "12 min", "3 h", "5 d", "3 years". Live pages repeat this rule."""
    if seconds < 60:
        return "less than a minute"
    unit, name = next((unit, name) for limit, unit, name in _STEPS if seconds < limit)
    return f"{int(seconds // unit)} {name}"


def _since(words: str, seconds: float) -> str:
    return (
        words.replace("{} ago", "just now")
        if seconds < 60 and "{} ago" in words
        else words.format(age(seconds))
    )


@register.simple_tag
def when(at: datetime, words: str = "{} ago") -> SafeString:
    """A time for reading ("12 min ago"), with the exact one in the viewer's zone at hand.

    What is long ago is read by its date. `words` is ours and no one's input.
    """
    seconds = (timezone.now() - at).total_seconds()
    local = timezone.localtime(at)
    if seconds > LONG_AGO and words == "{} ago":
        words = f"{local:%-d %b %Y}"
    return mark_safe(  # noqa: S308 - nothing in it was typed
        f'<time datetime="{at.isoformat(timespec="seconds")}" title="{times.exact(at)}"'
        f' data-words="{words}">{_since(words, seconds)}</time>'
    )


@register.simple_tag
def moment(at: datetime, exact: bool = False) -> SafeString:
    """A time for a page that is the same for everybody: in full and in our zone, until a script says how long ago,
    or when in the visitor's zone if that is to stay `exact`.
    """
    local = timezone.localtime(at)
    return mark_safe(  # noqa: S308 - nothing in it was typed
        f'<time datetime="{at.isoformat(timespec="seconds")}"{" data-exact" if exact else ""}>{local:%-d %b %Y}, {time_of_day(local)} {local.tzname()}</time>'
    )


@register.simple_tag
def known_problems() -> list[pages.Problem]:
    """The open incidents that are public. Pages that only mention them do without when the database is away."""
    try:
        return pages.problems()
    except DatabaseError:
        return []


@register.simple_tag
def until(at: datetime) -> SafeString:
    """A time to come ("14:30", "Mon 09:00"), with the exact one at hand."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        times.exact(at),
        times.short(at),
    )


@register.simple_tag
def spoken(at: datetime) -> SafeString:
    """A time to come within a sentence ("on Friday at 14:00"), with the exact one at hand."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        times.exact(at),
        times.spoken(at),
    )


@register.simple_tag
def next_update(at: datetime) -> SafeString:
    """What a customer was promised, and how long that is to come; when it has passed, that we are late."""
    seconds = (at - timezone.now()).total_seconds()
    late = seconds < 0
    return format_html(
        '<span class="{}"{}><span data-early{}>Next update by {}, <span data-left>{}</span>.</span>'
        "<span data-late{}>We promised an update by {} and we’re late.</span></span>",
        "overdue" if late else "needs",
        SafeString("" if late else " data-due"),
        SafeString(" hidden" if late else ""),
        until(at),
        times.ahead(seconds),
        SafeString("" if late else " hidden"),
        until(at),
    )


@register.filter
def field_time(at: datetime | None) -> str:
    """A time as a field for a day and a time holds it."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" if at else ""


register.filter("span", duration)


@register.filter
def joined(start: str, end: Any) -> str:
    return f"{start}{end}"


@register.simple_tag(takes_context=True)
def page_of(context: template.Context, number: Any) -> str:
    """The page of another case, on the side on which this one is shown."""
    desk = context["request"].path.startswith(reverse("queue"))
    return reverse("desk_case" if desk else "case", args=[int(number)])


@register.simple_tag
def unproven(case: Case) -> SafeString:
    """The mark of a case whose visitor is not known to have the address that they typed."""
    return UNPROVEN if case.unproven else SafeString()


UNPROVEN = mark_safe('<span class="unproven">address not confirmed</span>')
_ICONS = {
    Status.OPEN: "circle",
    Status.INVESTIGATING: "circle-dot",
    Status.RESOLVED: "circle-check",
    Status.CLOSED: "circle-slash",
}


@register.filter
def label(status: str) -> str:
    return Status(status).label


@register.filter
def stage(status: str) -> str:
    """How far we are with an incident, as people read it."""
    return Stage(status).label


@register.filter
def initials(agent: User) -> str:
    """Two letters for somebody's name: Ada Lovelace is AL."""
    parts = str(agent).split("@")[0].split()
    return (parts[0][:1] + parts[-1][:1]) if len(parts) > 1 else parts[0][:2]


@register.simple_tag(takes_context=True)
def face(context: template.Context, person: User, size: int = 24) -> SafeString:
    """Somebody's picture as this viewer may see it, or their initials. Their name stands beside it."""
    viewer = context["request"].user
    shown = person.may(Right.WORK_ON_CASES) or viewer.may(Right.READ_DESK) or viewer == person
    if not (person.picture and shown):
        return format_html('<i class="face s{}" aria-hidden="true">{}</i>', size, initials(person))
    return format_html(
        '<img class="face s{0}" src="{1}" alt="" width="{0}" height="{0}" loading="lazy">',
        size,
        reverse("face", args=[person.picture]),
    )


@register.simple_tag(takes_context=True)
def keys_are_off(context: template.Context) -> bool:
    """Whether keys of one letter do nothing: as a person chose, or for this browser where nobody is signed in."""
    request = context["request"]
    viewer = getattr(request, "user", None)  # which a page about a wrong address of ours does without
    if isinstance(viewer, User):
        return not viewer.single_keys
    return bool(request.COOKIES.get("keys") == "off")


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


@register.filter
@cache
def status_icon(value: str, size: int = 14) -> SafeString:
    """A status as a picture, drawn once: rows show thirty."""
    return mark_safe(lucide(_ICONS[Status(value)], size=size, aria_hidden="true"))  # noqa: S308 - a library's SVG


_STAGE_ICONS = {
    Stage.INVESTIGATING: "search",
    Stage.IDENTIFIED: "crosshair",
    Stage.MONITORING: "activity",
    Stage.RESOLVED: "circle-check",
}


@register.filter
@cache
def stage_icon(value: str, size: int = 14) -> SafeString:
    """How far an incident is, as a picture."""
    return mark_safe(lucide(_STAGE_ICONS[Stage(value)], size=size, aria_hidden="true"))  # noqa: S308 - a library's SVG


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
def kept_mail_is_shown() -> bool:
    """Whether mail is kept on a page instead of being sent."""
    return settings.SHOW_KEPT_MAIL


@register.simple_tag
def mail_goes() -> bool:
    """Whether mail is sent at all, or kept where whoever tries this out reads it."""
    return settings.MAIL_GOES
