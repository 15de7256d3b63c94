"""What was found, as it was said: some words around the hit, the hit marked."""

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cases.models import Case, Event, Viewer
from cases.models.event import sequence_for
from cases.models.rights import Right
from cases.models.search import LANGUAGE

from .search import Hit, folded

WINDOW = 50
MOST_READ = 20_000  # characters of a text
# What no text holds any more when PostgreSQL marks it with these.
BEGIN, END = "\x02", "\x03"


class Excerpt(NamedTuple):
    """An event with its `excerpt`, and the address at which it is shown, be it far back in its case."""

    event: Event
    address: str


class Match(NamedTuple):
    """A case that was found, with its `title`, `cause` and what its mail `quoted` as the query marks them, and what was said in it."""

    case: Case
    excerpts: Sequence[Excerpt] = ()


def of(viewer: Viewer, hits: list[Hit], text: str) -> list[Match]:
    """The cases of `hits`, in their order."""
    query = SearchQuery(text, config=LANGUAGE, search_type="websearch")
    numbers = [hit.number for hit in hits]
    cases: Any = Case.objects.visible_to(viewer).select_related(
        "system", "customer", "organisation", "assignee", "incident"
    )
    cases = cases.annotate(title=_headline("summary", query, highlight_all=True))
    if viewer.may(Right.READ_DESK):
        mails = folded(viewer, query).filter(case=OuterRef("pk")).order_by("-pk")
        quoted = Subquery(mails.values(headline=_headline("folded", query))[:1])
        cases = cases.annotate(cause=_headline("root_cause", query), quoted=quoted)
    found = cases.defer("root_cause", "resolution").in_bulk(numbers)
    said: Any = Event.objects.visible_to(viewer).select_related("author")
    said = said.annotate(excerpt=_headline("body", query)).defer("body")
    events = said.in_bulk([event for hit in hits for _, event in hit.said])
    matches = []
    for case, hit in ((found[hit.number], hit) for hit in hits if hit.number in found):
        excerpts = [events[pk] for _, pk in hit.said if pk in events]
        for event in excerpts:
            event.case = case
        matches.append(Match(case, [Excerpt(event, _address(event, viewer)) for event in excerpts]))
    return matches


def marked(excerpt: str) -> SafeString:
    """An excerpt for a page: escaped, the hits in <mark>."""
    return mark_safe(escape(excerpt).replace(BEGIN, "<mark>").replace(END, "</mark>"))  # noqa: S308 - escaped


def is_marked(excerpt: str | None) -> bool:
    return BEGIN in (excerpt or "")


def _address(event: Event, viewer: Viewer) -> str:
    field, page = sequence_for(viewer), "desk_case" if viewer.may(Right.READ_DESK) else "case"
    number = getattr(event, field)
    before = f"?before={number + 10}" if getattr(event.case, f"last_{field}") - number >= WINDOW else ""
    return f"{reverse(page, args=[event.case_id])}{before}#event-{number}"


def _headline(field: str, query: SearchQuery, **options: Any) -> SearchHeadline:
    text = Func(
        Left(field, MOST_READ),
        Value(BEGIN + END),
        Value("  "),
        function="translate",
        output_field=TextField(),
    )
    options = options or {"max_words": 36, "min_words": 20}
    return SearchHeadline(text, query, config=LANGUAGE, start_sel=BEGIN, stop_sel=END, **options)
