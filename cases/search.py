"""Finding cases by what was said, by whom, or by number."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from cases.models import Case, Event, Viewer


def matching(viewer: Viewer, text: str) -> Q:
    """The cases that this viewer may see and that hold `text`, for use in a filter.

    A number ("42" or "#42"), a reference or an email address finds exactly; everything else is a
    full-text search in summaries, names and messages. Internal notes count for agents alone.
    """
    if number := re.fullmatch(r"#?(\d{1,18})", text):
        return Q(number=int(number[1])) | Q(reference=text)
    query = SearchQuery(text, config="english", search_type="websearch")
    cases = Case.objects.visible_to(viewer)
    found = cases.filter(search=query).order_by().values("number")
    found = found.union(
        Event.objects.visible_to(viewer).filter(search=query).order_by().values("case_id"),
        cases.filter(Q(reference__iexact=text) | Q(customer__email__iexact=text)).order_by().values("number"),
    )
    return Q(number__in=found)
