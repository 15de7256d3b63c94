"""Who else has a case open on the desk."""

from django.db.models import F, OuterRef, QuerySet
from django.utils import timezone

from cases.models import Case, Draft, Presence, User
from cases.models.draft import SILENCE
from cases.models.presence import EXPIRY


def readers_of(case: Case) -> QuerySet[User]:
    """The agents who have the case open, each with the kind of draft that they are `writing`, if any."""
    now = timezone.now()
    present = Presence.objects.filter(case=case, seen_at__gt=now - EXPIRY)
    drafts = Draft.objects.filter(agent=OuterRef("pk"), case=case, at__gt=now - SILENCE)
    writing = drafts.order_by("-at").values("kind")[:1]
    readers = User.objects.select_related(None).filter(pk__in=present.values("agent"))
    return readers.annotate(writing=writing).order_by(F("writing").asc(nulls_last=True), "name", "pk")
