"""What the desk reads of a customer or an organisation, as far as the viewer sees its cases: by indexes alone, and
counts from the ledger."""

from datetime import datetime
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.fields.tuple_lookups import TupleLessThan

from cases.models import Attachment, Case, CaseCount, Organisation, Promise, Rating, System, User
from cases.models.choices import ACTIVE, DONE

from .deliveries import trouble_of, with_trouble
from .people import lines_within, people_seen_by
from .queue import COLUMNS, BadCursor

PAGE = 25
LATEST = 100  # cases: of these are what is too much to look for in all
MOST_BROKEN, MOST_RATINGS, MOST_FILES, MOST_ADDRESSES = 10, 5, 10, 10
# The lists of cases, each with an index for either owner.
LISTS = {
    "open": Q(status__in=ACTIVE),
    "past": Q(status__in=DONE, spam=False),
    "spam": Q(spam=True),
}
Owner = User | Organisation
What = CaseCount.What


class Page(NamedTuple):
    rows: list[dict[str, Any]]
    after: str  # where the next page begins; empty where there is none


class Few(NamedTuple):
    """The first of what there is, and whether there is more."""

    rows: list[Any]
    more: bool


class Lately(NamedTuple):
    """What stands out in their latest cases."""

    broken: Few
    ratings: Few
    files: Few


def few(found: QuerySet[Any], most: int) -> Few:
    rows = list(found[: most + 1])
    return Few(rows[:most], len(rows) > most)


def whose(owner: Owner) -> str:
    """By which field cases are the owner's."""
    return "customer" if isinstance(owner, User) else "organisation"


def figures(viewer: User, owner: Owner) -> dict[str, int]:
    """How many open and past cases, promises and ratings there are of it: what is none is 0."""
    lines = lines_within(viewer, CaseCount.objects.filter(whose=whose(owner), owner=owner.pk))
    counted = dict(lines.order_by().values_list("what").annotate(sum=Sum("n")))
    return {what.value: int(counted.get(what, 0)) for what in What}


def systems_of(viewer: User, owner: Owner) -> list[tuple[System, int]]:
    """The systems that its cases are about, with how many are open or past, most first."""
    lines = CaseCount.objects.filter(whose=whose(owner), owner=owner.pk, what__in=[What.OPEN, What.PAST])
    counted = dict(lines_within(viewer, lines).order_by().values_list("system").annotate(sum=Sum("n")))
    systems = System.objects.filter(pk__in=[pk for pk, n in counted.items() if n])
    return sorted(((one, int(counted[one.pk])) for one in systems), key=lambda pair: -pair[1])


def cases_of(viewer: User, owner: Owner, *, which: str, before: str, count: int) -> Page:
    """A page of one of LISTS, the last touched first. `count` is how many there are: nobody looks for more."""
    cases = Case.objects.visible_to(viewer).filter(LISTS[which], **{whose(owner): owner})
    if before:
        cases = cases.filter(TupleLessThan((F("last_public_at"), F("number")), _place(before)))
    # First which they are, by the index alone: joined to what their rows show, PostgreSQL might read them all.
    numbers = list(
        cases.order_by("-last_public_at", "-number").values_list("number", flat=True)[: min(PAGE + 1, count)]
    )
    rows_by = {
        row["number"]: row for row in Case.objects.filter(pk__in=numbers).values("last_public_at", *COLUMNS)
    }
    rows = [rows_by[number] for number in numbers if number in rows_by]
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else {}
    return Page(rows[:PAGE], f"{last['last_public_at'].isoformat()}~{last['number']}" if more else "")


def running_promises(viewer: User, owner: Owner) -> Few:
    """What they are promised now, the next due first."""
    cases = _open(viewer, owner)
    found = Promise.objects.running().filter(case__in=cases, outcome="")
    return few(found.order_by("due_at", "pk"), PAGE)


def lately(viewer: User, owner: Owner) -> Lately:
    """Promises that were not kept, ratings and files of their LATEST cases, the newest first."""
    cases = Case.objects.visible_to(viewer).filter(**{whose(owner): owner}).order_by("-last_public_at")
    latest = list(cases.values_list("number", flat=True)[:LATEST])  # by the index alone, as above
    spam = set(Case.objects.filter(pk__in=latest, spam=True).values_list("number", flat=True))
    numbers = [number for number in latest if number not in spam]
    broken = Promise.objects.filter(case__in=numbers, outcome=Promise.Outcome.BROKEN)
    ratings = Rating.objects.filter(case__in=numbers)
    files = Attachment.objects.filter(case__in=numbers, event__public=True)
    return Lately(
        few(broken.order_by("-due_at"), MOST_BROKEN),
        few(ratings.order_by("-at"), MOST_RATINGS),
        few(files.order_by("-pk"), MOST_FILES),
    )


def addresses_of(person: User) -> Few:
    """Their addresses, the primary one first, each with why mail to it comes back, if it does."""
    addresses = with_trouble(EmailAddress.objects.filter(user=person)).order_by("-primary", "email")
    found = few(addresses, MOST_ADDRESSES)
    return Few([(address, trouble_of(address)) for address in found.rows], found.more)


def people_of(viewer: User, organisation: Organisation, *, without: User | None = None) -> Few:
    """Its people by name."""
    people = people_seen_by(viewer).filter(organisation=organisation, is_active=True)
    return few(people.exclude(pk=without.pk if without else 0).order_by("name", "pk"), PAGE)


def managers_of(viewer: User, organisation: Organisation) -> Few:
    managers = people_seen_by(viewer).filter(
        organisation=organisation, role=User.Role.MANAGER, is_active=True
    )
    return few(managers.order_by("name", "pk"), PAGE)


def _open(viewer: User, owner: Owner) -> QuerySet[Case]:
    return Case.objects.visible_to(viewer).filter(**{whose(owner): owner}, status__in=ACTIVE).values("pk")


def _place(text: str) -> tuple[datetime, int]:
    at, _, number = text.partition("~")
    try:
        place = datetime.fromisoformat(at), int(number)
    except ValueError:
        raise BadCursor from None
    if place[0].tzinfo is None or not 0 <= place[1] < 2**63:
        raise BadCursor
    return place
