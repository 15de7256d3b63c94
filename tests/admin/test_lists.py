"""The front page of administration, and lists of any length."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from cases.models import User
from cases.views.administration import SECTIONS
from tests.factories import CaseFactory, OrganisationFactory, UserFactory
from tests.reads import rows_read

pytestmark = pytest.mark.django_db
PEOPLE = reverse("admin:cases_user_changelist")


@pytest.fixture
def office(browser_of, adam):
    return browser_of(adam, proven=True)


def test_the_front_page_names_things_in_the_order_of_setting_up(office):
    page = office.get(reverse("admin:index")).text
    headings = [heading.strip() for heading in re.findall(r'<h2 id="section-\d+"[^>]*>([^<]+)', page)]
    assert headings == [*SECTIONS]
    assert "Procrastinate" not in page


def test_everything_there_is_to_administer_has_its_place():
    placed = {name for entries in SECTIONS.values() for name in entries}
    registered = {model._meta.model_name for model in apps.get_models() if admin.site.is_registered(model)}
    assert "tag" in registered
    assert registered - placed == set()


def test_the_page_of_an_app_leads_to_the_front_page(office):
    assert office.get("/admin/cases/").url == reverse("admin:index")


def test_people_are_read_page_by_page_the_newest_first(office, django_assert_max_num_queries):
    new = [User(email=f"p{number}@example.com") for number in range(900)]
    people = User.objects.bulk_create(new)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_user")
    with django_assert_max_num_queries(12), rows_read() as read:
        page = office.get(PEOPLE)
    assert read["cases_user"] < 400
    assert "p899@example.com" in page.text
    assert "p849@example.com" not in page.text
    older = office.get(PEOPLE, {"p": people[850].pk})
    assert "p849@example.com" in older.text
    assert "p850@example.com" not in older.text
    assert "Newest" in older.text


@pytest.mark.parametrize(
    "model", ["user", "case", "organisation", "invitation", "receivedmail", "maildomain"]
)
@pytest.mark.parametrize(
    "query", ["p=0", "p=x", "p=99999999999999999999999", "q=%00", "q=x", "q=some+words", "o=1"]
)
def test_a_list_answers_whatever_is_asked(office, model, query):
    answer = office.get(reverse(f"admin:cases_{model}_changelist") + f"?{query}", follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("typed", ["margaret@example.com", "Margaret", "marg", "hamil"])
def test_a_person_is_found_by_an_address_or_the_beginnings_of_words(office, typed):
    UserFactory(email="margaret@example.com", name="Margaret Hamilton")
    UserFactory(email="grace@example.com", name="Grace Hopper")
    page = office.get(PEOPLE, {"q": typed}).text
    assert "margaret@example.com" in page
    assert "grace@example.com" not in page


def test_what_is_not_found_is_said_with_the_way_back(office):
    assert "Nothing found." in office.get(PEOPLE, {"q": "nobody at all"}).text


def test_a_filter_by_role_finds_the_few_without_reading_the_many(office, ada):
    User.objects.bulk_create(User(email=f"c{number}@example.com") for number in range(300))
    with rows_read() as read:
        page = office.get(PEOPLE, {"role__exact": "agent"}).text
    assert ada.email in page
    assert "c299@example.com" not in page
    assert read["cases_user"] < 100


def test_organisations_and_cases_are_found_by_words(office, ada):
    OrganisationFactory(name="Northquay Freight")
    case = CaseFactory(summary="The scanner beeps")
    assert "Northquay" in office.get(reverse("admin:cases_organisation_changelist"), {"q": "northq"}).text
    assert case.summary in office.get(reverse("admin:cases_case_changelist"), {"q": "scanner"}).text
