import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import checklists
from cases.models import Macro, Status

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


@pytest.fixture
def todo(ada, case):
    checklists.add(case, by=ada, items=["Call the bank", "Write it down"])
    return [*case.checklist.order_by("pk")]


def test_an_agent_adds_ticks_and_removes(desk, case, django_assert_max_num_queries):
    page = desk.post(reverse("desk_checklist", args=[case.number]), {"item": "One\nTwo\nThree"}, follow=True)
    assert "0 of 3 done" in page.text
    one, two, _ = case.checklist.order_by("pk")
    desk.post(reverse("desk_checklist_item", args=[case.number, one.pk]))
    desk.post(reverse("desk_checklist_removal", args=[case.number, two.pk]))
    with django_assert_max_num_queries(45):
        page = desk.get(reverse("desk_case", args=[case.number]))
    assert "1 of 2 done" in page.text
    desk.post(reverse("desk_checklist_item", args=[case.number, one.pk]), {"undone": "yes"})
    assert "0 of 2 done" in desk.get(reverse("desk_case", args=[case.number])).text


def test_an_answer_brings_the_details_anew(desk, case, todo):
    url = reverse("desk_checklist_item", args=[case.number, todo[0].pk])
    answer = desk.post(url, {"after": case.last_sequence}, headers=HTMX)
    assert "1 of 2 done" in answer.text
    assert "ticked off “Call the bank”" in answer.text


def test_a_case_without_a_checklist_reads_none(desk, case):
    desk.get(reverse("desk_case", args=[case.number]))
    with CaptureQueriesContext(connection) as queries:
        desk.get(reverse("desk_case", args=[case.number]))
    asked = [query["sql"] for query in queries if "cases_checklistitem" in query["sql"]]
    assert len(asked) == 1
    assert asked[0].count("EXISTS") == 4


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Type what is to be done."), (201 * "x", "201 characters, 200 fit"), (10_001 * "x", "10000 fit")],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_listed_says_so_and_stays_in_the_field(desk, case, typed, sentence, headers):
    page = desk.post(reverse("desk_checklist", args=[case.number]), {"item": typed}, headers=headers)
    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{typed}"' in page.text


def test_an_item_that_is_gone_says_so(desk, ada, case, todo):
    checklists.remove(case, by=ada, item=todo[0].pk)
    url = reverse("desk_checklist_item", args=[case.number, todo[0].pk])
    assert "Someone removed this from the checklist meanwhile." in desk.post(url, follow=True).text


def test_customers_see_nothing_of_it(case, todo, cleo, browser_of):
    assert "Call the bank" not in browser_of(cleo).get(reverse("case", args=[case.number])).text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_resolving_asks_once_and_keeps_what_was_written(desk, case, todo, headers):
    url, words = reverse("desk_resolution", args=[case.number]), {"resolution": "Swapped the cable."}
    page = desk.post(url, words, headers=headers)
    assert page.status_code == 422
    assert "2 items are still open on the checklist. Resolve anyway?" in page.text
    assert "Write it down" in page.text
    assert "Swapped the cable." in page.text
    assert 'name="unfinished" value="yes"' in page.text
    desk.post(url, words | {"unfinished": "yes"}, headers=headers)
    case.refresh_from_db()
    assert case.status == Status.RESOLVED


def test_a_macro_is_given_a_checklist(desk, ada, case):
    said = {"name": "Refund", "circle": "me", "checklist": " Call the bank\n\nRefund \nRefund"}
    desk.post(reverse("macro_new"), said)
    assert Macro.objects.get().checklist == ["Call the bank", "Refund"]
    long = desk.post(reverse("macro_new"), said | {"checklist": "x" * 201})
    assert "201 characters, 200 fit" in long.text
    many = desk.post(reverse("macro_new"), said | {"checklist": "\n".join(map(str, range(51)))})
    assert "These are 51 items, and a checklist has 50 at most." in many.text
