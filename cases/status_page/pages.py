"""What everybody may know of incidents: the public pages and the feed, the same for all who ask.

They are made once every few seconds in each process, whoever asks and however many.
"""

import re
from collections.abc import Container, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString

from cases.models import BulkItem, Case, Guest, Incident, IncidentEvent, Stage
from cases.models.incident import OPEN_STAGES, is_told
from cases.queries.brand import brand
from cases.queries.deadlines import soonest
from cases.queries.promises import promised_in_update
from cases.text import markdown, times_of_day
from cases.text.placeholders import fill, values_for_all

from . import days
from .cache import SharedCache

SHOWN = timedelta(days=90)  # of what was resolved
MOST = 200  # incidents on the page
MOST_ENTRIES = 50  # of the feed
MAX_AGE = 5  # seconds that a browser or a cache on the way may keep a page
WORST_FIRST = ("severity", "-number")
EVERYBODY = Guest()

_WORDS_OF = {
    IncidentEvent.Kind.OPENED: "We have begun to look into it.",
    IncidentEvent.Kind.REOPENED: "It is back. We look into it again.",
}
_SHOWN_KINDS = [IncidentEvent.Kind.OPENED, *IncidentEvent.SAID]
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot hold


class Page(NamedTuple):
    body: bytes
    etag: str
    content_type: str


class Problem(NamedTuple):
    """An open incident, in a line."""

    number: int
    title: str
    system: str
    opened_at: datetime


class Update(NamedTuple):
    """What was said publicly, and how far we were with the incident then."""

    key: str
    status: str
    at: datetime
    words: SafeString


def _page(text: str, content_type: str = "text/html; charset=utf-8") -> Page:
    body = text.encode()
    return Page(body, f'"{sha256(body).hexdigest()[:32]}"', content_type)


def _rendered(template: str, **context: Any) -> Page:
    """A template in our time zone and with our clock, whoever asks for it first."""
    with timezone.override(None), times_of_day.reading():
        return _page(render_to_string(template, context | {"brand": brand()}))


def key_of(event: IncidentEvent) -> str:
    """By what everybody knows the event: a number in its incident would tell of the notes between two updates."""
    return salted_hmac(
        "incident event", f"{event.incident_id}.{event.sequence}", algorithm="sha256"
    ).hexdigest()[:12]


def said(event: IncidentEvent, incident: Incident) -> str:
    """The words of a public event for everybody, in whose letter a placeholder has nobody to stand for."""
    words = event.body or _WORDS_OF.get(IncidentEvent.Kind(event.kind), "")
    return fill(words, values_for_all(incident.system))


def updates_of(
    incident: Incident, events: Iterable[IncidentEvent], told: Container[IncidentEvent]
) -> list[Update]:
    """What of these events was told, in their order, each with the status that it left the incident in."""
    shown, status = [], str(Stage.INVESTIGATING)
    for event in events:
        status = event.changes.get("status", [None, status])[1]
        if event in told and (words := said(event, incident)):
            shown.append(Update(key_of(event), status, event.at, markdown.to_html(words)))
    return shown


def next_update(incident: Incident, events: Iterable[IncidentEvent]) -> datetime | None:
    """By when the updates of an open incident promise the next one. What is repeated goes on with each."""
    due_at, every = None, None
    for event in events:
        if event.kind == IncidentEvent.Kind.UPDATE:
            words = promised_in_update(event)
            every = next((word.every for word in words if word.every), every)
            due_at = soonest(words) or (event.at + every if every else None)
    return due_at if incident.is_open else None


def updates_beside(case: Case, incident: Incident, most: int = 3) -> list[Update]:
    """What was said publicly of late and not in the case itself, the newest first.

    Of an incident that is not public a case reads only what it was told.
    """
    if not incident.public:
        return []
    told_there = BulkItem.objects.filter(bulk=OuterRef("bulk"), case=case, refused="")
    return [
        Update(key_of(event), "", event.at, markdown.to_html(said(event, incident)))
        for event in incident.updates().exclude(Exists(told_there))[:most]
    ]


def _listed() -> tuple[list[Incident], list[Incident]]:
    """The open incidents, the worst first, and those resolved of late."""
    public = Incident.objects.visible_to(EVERYBODY).select_related("system")
    resolved = public.filter(status=Stage.RESOLVED, resolved_at__gte=timezone.now() - SHOWN)
    worst, newest = public.open().order_by(*WORST_FIRST), resolved.order_by("-resolved_at")
    return list(worst[: MOST + 1]), list(newest[: MOST + 1])


def _make_list() -> Page:
    unresolved, resolved = _listed()
    more, more_resolved = len(unresolved) > MOST, len(resolved) > MOST
    unresolved, resolved = unresolved[:MOST], resolved[:MOST]
    newest = IncidentEvent.objects.filter(incident__in=unresolved).told().exclude(body="")
    words = {
        event.incident_id: event
        for event in newest.order_by("incident_id", "-sequence").distinct("incident_id")
    }
    rows = [
        (incident, event and Update(key_of(event), "", event.at, markdown.to_html(said(event, incident))))
        for incident in unresolved
        for event in [words.get(incident.pk)]
    ]
    with timezone.override(None), times_of_day.reading():
        systems = days.systems(timezone.now())
    return _rendered(
        "status_page/list.html",
        rows=rows,
        more=more,
        resolved=resolved,
        more_resolved=more_resolved,
        systems=systems,
        address=reverse("incidents"),
    )


def _make_incident(number: int) -> Page | None:
    found = Incident.objects.visible_to(EVERYBODY).select_related("system").filter(pk=number).first()
    if found is None:
        return None
    said_of_it = found.events.filter(kind__in=_SHOWN_KINDS).annotate(told=is_told())
    events = list(said_of_it.order_by("sequence"))
    told = [event for event in events if event.told]
    return _rendered(
        "status_page/incident.html",
        incident=found,
        updates=updates_of(found, events, told),
        next_update=next_update(found, told),
        now=timezone.now(),
        address=reverse("incident", args=[number]),
    )


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """A feed without entries has not changed."""
        return super().latest_post_date() if self.items else datetime(2000, 1, 1, tzinfo=UTC)


def _make_feed() -> Page:
    incidents = {incident.pk: incident for group in _listed() for incident in group}
    home = settings.URL + reverse("incidents")
    feed = _Feed(
        title=f"{brand().name}: Status",
        link=home,
        description="What does not work, and how far we are with it.",
        language="en",
        author_name=brand().name,
        feed_url=settings.URL + reverse("incident_feed"),
    )
    events = IncidentEvent.objects.filter(incident__in=list(incidents)).told().exclude(body="")
    for event in events.order_by("-at", "-pk")[:MOST_ENTRIES]:
        incident = incidents[event.incident_id]
        name = incident.system.public_name
        feed.add_item(
            title=_UNSEEN.sub("", f"{incident.title} ({name})" if name else incident.title),
            link=f"{settings.URL}{reverse('incident', args=[incident.pk])}#update-{key_of(event)}",
            description=_UNSEEN.sub("", markdown.to_html(said(event, incident))),
            unique_id=f"tag:{urlsplit(settings.URL).hostname},2026:incident-{key_of(event)}",
            pubdate=event.at,
            updateddate=event.at,
        )
    return _page(feed.writeString("utf-8"), "application/atom+xml; charset=utf-8")


def _find_problems() -> list[Problem]:
    public = Incident.objects.visible_to(EVERYBODY).filter(status__in=OPEN_STAGES)
    found = public.select_related("system").order_by(*WORST_FIRST)[:MOST]
    return [Problem(one.number, one.title, one.system.public_name, one.opened_at) for one in found]


def _find_numbers() -> frozenset[int]:
    """Of all public incidents, so that guessing at others costs nothing."""
    return frozenset(Incident.objects.visible_to(EVERYBODY).values_list("number", flat=True))


list_page = SharedCache(_make_list)
incident_page = SharedCache(_make_incident)
feed_page = SharedCache(_make_feed)
problems = SharedCache(_find_problems)
numbers = SharedCache(_find_numbers)


def forget() -> None:
    """Something public has changed. The other processes notice within seconds by themselves."""
    for kept in (list_page, incident_page, feed_page, problems, numbers):
        kept.forget()
