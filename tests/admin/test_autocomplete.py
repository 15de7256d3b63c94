"""What a browser asks for while somebody types in the administration is refused or answered, whatever it asks."""

from itertools import product

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db
URL = reverse("admin:autocomplete")
GOOD = {"app_label": "cases", "model_name": "user", "field_name": "organisation", "term": "x", "page": "1"}
BAD = [
    "",
    "\0",
    "x" * 5000,
    "cases",
    "user",
    "pk",
    "id",
    "__",
    "organisation__name",
    "-1",
    "0",
    "9" * 30,
    "1e9",
    "é\ud7ff",
    "%00",
]


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam)


def test_the_usual_question_is_answered(office, bakery):
    answer = office.get(URL, GOOD | {"term": "Bak"})
    assert [one["text"] for one in answer.json()["results"]] == ["Bakery"]


@pytest.mark.parametrize(("field", "value"), [*product(GOOD, BAD)])
def test_nothing_in_it_is_an_error_of_ours(field, value, office):
    assert office.get(URL, GOOD | {field: value}).status_code in (200, 400, 403, 404)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*GOOD, "other"]), st.lists(st.text(max_size=40) | st.sampled_from(BAD), max_size=3)
    )
)
def test_nothing_that_is_made_up_is_either(office, asked):
    assert office.get(URL, asked).status_code in (200, 400, 403, 404)
