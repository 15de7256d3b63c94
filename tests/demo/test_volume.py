from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.demo.volume import (
    FREQUENCY,
    VOCABULARY,
    Cast,
    Person,
    Story,
    opening_times,
    still_active,
    text,
    whole_story,
)
from cases.demo.words import COMMON
from cases.models import Case, Event, User
from cases.models.choices import ACTIVE
from cases.status_page import pages
from tests.actions.replay import replay
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db

MOST_QUERIES = 17


def fill(cases, **options):
    call_command("fill", cases=cases, verbosity=0, **options)


def test_each_filled_case_equals_the_replay_of_its_events():
    with connection.cursor() as cursor:  # so that the seed is the same every time, and every kind comes up
        cursor.execute("SELECT setval(pg_get_serial_sequence('cases_case', 'number'), 1, false)")
    fill(400)
    connection.check_constraints()
    cases = Case.objects.prefetch_related("events")
    for case in cases:
        for field, value in replay(case.events.all()).items():
            stored = getattr(case, field)
            if field in ("resolved_at", "promised_at", "snoozed_until"):
                stored = stored and stored.isoformat()
            assert stored == value, f"{field} of {case}"
    kinds = (
        "opened reply note severity assignee team priority status tags promised snoozed "
        "resolved confirmed closed declined"
    )
    assert set(Event.objects.values_list("kind", flat=True)) == set(kinds.split())


def test_what_a_case_says_is_true():
    """Fields that no event changes follow from the customer and the first event."""
    fill(100)
    for case in Case.objects.select_related("customer__organisation"):
        assert (case.customer_name, case.organisation) == (case.customer.name, case.customer.organisation)
        times = list(case.events.values_list("at", flat=True))
        assert case.opened_at == times[0]
        assert times == sorted(times)
        assert times[-1] <= timezone.now()


def test_cases_have_about_ten_events():
    fill(500)
    assert 8 <= Event.objects.count() / 500 <= 12


@pytest.mark.parametrize(("cases", "active"), [(20, 20), (500, 30), (8000, 40)])
def test_a_two_hundredth_and_at_least_thirty_are_to_be_active(cases, active):
    assert len(still_active(cases, Random(1))) == active


def test_as_many_cases_as_that_are_active():
    fill(200)
    assert Case.objects.filter(status__in=ACTIVE).count() == 30


def test_numbers_continue_after_filling(ada):
    before = CaseFactory(by=ada)
    fill(50)
    after = CaseFactory(by=ada)
    assert after.number == before.number + 51
    assert after.events.first().pk > Event.objects.exclude(case=after).latest("pk").pk


def test_filling_twice_adds():
    fill(60)
    people = User.objects.filter(role=User.Role.AGENT).count()
    fill(40)
    assert Case.objects.count() == 100
    assert User.objects.filter(role=User.Role.CUSTOMER).count() == 40
    assert User.objects.filter(role=User.Role.AGENT).count() == people


@pytest.mark.parametrize("cases", [0, -3])
def test_no_cases_are_refused_with_a_sentence(cases):
    with pytest.raises(CommandError, match=r"^--cases is the number of cases to add, 1 or more\.$"):
        fill(cases)


def test_recent_time_holds_more_cases():
    until = timezone.now()
    times = opening_times(1000, until)
    year = [sum(1 for at in times if (until - at).days // 365 == age) for age in range(3)]
    assert year[0] > year[1] > year[2] > 0
    assert times == sorted(times)


def test_the_same_seed_tells_the_same_case():
    cast, at = Cast([Person(1, "Cleo")], [Person(2, "Ada")], [3], [(4, "Engineering")]), timezone.now()
    first, second = (whole_story(Story(Random("1/1"), cast, 1, at, at), active=False) for _ in range(2))
    assert (first.case, first.events) == (second.case, second.events)


def test_words_follow_a_natural_distribution():
    rng = Random(1)
    said = " ".join(text(rng, 5) for _ in range(400)).lower().replace(".", "").split()
    common = sum(word in COMMON for word in said) / len(said)
    assert 0.35 < common < 0.5
    assert len(set(said)) > 1500
    assert len(VOCABULARY) == len(set(VOCABULARY)) == len(FREQUENCY) == 4000


def test_pages_cost_the_same_few_queries_at_any_size(ada, browser_of):
    fill(300)
    case = Case.objects.filter(status="investigating", events__kind="note").latest("number")
    few = queries_of_pages(case, ada, browser_of)
    fill(2700, seed=2)
    assert queries_of_pages(case, ada, browser_of) == few
    assert max(few.values()) <= MOST_QUERIES, few


def queries_of_pages(case, agent, browser_of):
    """How many SQL queries each page takes."""
    pages.forget()
    desk, customer = browser_of(agent), browser_of(case.customer)
    addresses = {
        "queue": (desk, reverse("queue")),
        "filtered queue": (desk, reverse("queue") + "?status=closed&severity=3&area=backend"),
        "case at the desk": (desk, reverse("desk_case", args=[case.number])),
        "case of the customer": (customer, reverse("case", args=[case.number])),
        "nothing new": (desk, reverse("desk_live", args=[case.number]) + f"?after={case.last_sequence}"),
        "one event": (desk, reverse("desk_live", args=[case.number]) + f"?after={case.last_sequence - 1}"),
    }
    counts = {}
    for name, (browser, address) in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(address)
        assert response.status_code == (204 if name == "nothing new" else 200), name
        counts[name] = len(queries)
    return counts
