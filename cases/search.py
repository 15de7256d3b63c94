"""Finding cases by what was said, by whom, or by number."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from cases.models import Case, Event, User, Viewer

# A word that is everywhere is looked for no further back than this many of its newest hits.
MOST_HITS = 2000


def matching(viewer: Viewer, text: str) -> Q:
    """The cases that this viewer may see and that hold `text`, for use in a filter.

    A number ("42" or "#42"), a Case ID or an email address finds exactly; everything else is a
    full-text search in summaries, names and messages. Internal notes count for agents alone.
    """
    if number := re.fullmatch(r"#?(\d{1,18})", text):
        return Q(number=int(number[1])) | Q(reference=text)
    cases = Case.objects.visible_to(viewer)
    if "@" in text and (person := User.objects.filter(email__iexact=text).first()):
        return Q(customer=person)
    query = SearchQuery(text, config="english", search_type="websearch")
    events = Event.objects.visible_to(viewer).filter(search=query)
    found = cases.filter(search=query).order_by("-number").values("number")[:MOST_HITS]
    found = found.union(
        events.order_by("-pk").values("case_id")[:MOST_HITS],
        cases.filter(reference=text).order_by().values("number"),
    )
    return Q(number__in=found)
