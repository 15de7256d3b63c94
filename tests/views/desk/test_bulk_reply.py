import re
from uuid import uuid4

import pytest
from django.urls import reverse

from cases.actions import bulk, resolution
from cases.models import Bulk, Event, Limit
from tests.factories import CaseFactory, SystemFactory, UserFactory

pytestmark = pytest.mark.django_db
CARD = "My card is 4111 1111 1111 1111."


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


def chosen(browser, cases, **fields):
    data = {"change": "reply=", "case": [case.number for case in cases], "token": str(uuid4())} | fields
    return browser.post(reverse("bulk_start"), data, follow=True)


def held(page):
    """What the page's form holds beside the text."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return {name: fields[name] for name in fields if name != "csrfmiddlewaretoken"}


def looked(browser, page, text, **fields):
    return browser.post(reverse("bulk_reply"), held(page) | {"body": text} | fields, follow=True)


def test_chosen_cases_are_written_to_after_a_look(desk, case, mallory, django_assert_max_num_queries):
    other = CaseFactory(customer=mallory)
    page = chosen(desk, [case, other], query="severity=2")
    assert "Goes to 2 customers, 2 cases" in page.text
    with django_assert_max_num_queries(25):
        page = looked(desk, page, "Hello {customer}.")
    assert "Hello Cleo." in page.text
    assert "Hello Mallory." in page.text
    assert f"{reverse('queue')}?severity=2" in page.text
    assert not Bulk.objects.exists()
    page = looked(desk, page, "Hello {customer}.", send="yes")
    assert page.redirect_chain[-1][0] == reverse("bulk", args=[Bulk.objects.get().pk])
    assert "Reply to 2 cases" in page.text
    bulk.run(Bulk.objects.get())
    bodies = Event.objects.filter(kind="reply", role="agent").order_by("case").values_list("body", flat=True)
    assert [*bodies] == ["Hello Cleo.", "Hello Mallory."]


def test_other_words_than_were_looked_at_are_looked_at_first(desk, case):
    page = looked(desk, chosen(desk, [case]), "Hello.")
    page = looked(desk, page, "Good-bye.", send="yes")
    assert "You changed the text. Check the preview, then send." in page.text
    assert "Good-bye." in page.text
    assert not Bulk.objects.exists()


def test_sent_twice_it_is_one_reply(desk, case):
    page = looked(desk, chosen(desk, [case]), "Hello.")
    looked(desk, page, "Hello.", send="yes")
    assert "You’ve already sent this." in looked(desk, page, "Hello.", send="yes").text
    assert Bulk.objects.count() == 1


def test_who_is_left_out_is_named_with_why(desk, ada, case):
    closed = CaseFactory()
    resolution.close(closed, by=ada)
    page = chosen(desk, [case, closed])
    assert "Goes to 1 customer, 1 case" in page.text
    assert f"Case {closed.number} is closed. Reopen it to write in it." in page.text
    page = looked(desk, chosen(desk, [closed]), "Hello.")
    assert "None of these cases can get it." in page.text
    assert 'name="send"' not in page.text


def test_a_resolved_case_gets_words_and_no_promise(desk, ada, case):
    resolution.resolve(case, by=ada, resolution="Fixed.")
    other = CaseFactory()
    assert "2 cases" in chosen(desk, [case, other]).text
    page = looked(desk, chosen(desk, [case, other]), "We will update you within 2 hours.")
    assert "Promises “within 2 hours”" in page.text
    assert "nothing can be promised in it" in page.text
    assert "1 case" in page.text


def test_an_address_that_is_not_confirmed_is_pointed_out(desk):
    case = CaseFactory(customer=None, claimed_email="who@example.com", customer_name="Who")
    assert "1 address is not confirmed" in chosen(desk, [case]).text


def test_many_are_counted_and_the_first_are_shown(desk, cleo, django_assert_max_num_queries):
    cases = [CaseFactory(customer=cleo) for _ in range(7)]
    page = chosen(desk, cases)
    with django_assert_max_num_queries(29):
        page = looked(desk, page, "Hello {customer}, within 2 hours.")
    assert page.text.count("Hello Cleo") == 5
    assert "And 2 more cases." in page.text
    assert "Send to 7 cases" in page.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write a reply before sending it."),
        ("x" * 100_000, "This text is too long: 100000 characters, 10,000 fit."),
        (CARD, "This looks like a card number."),
    ],
)
def test_what_cannot_be_sent_says_so_and_keeps_the_text(desk, case, text, sentence):
    page = looked(desk, chosen(desk, [case]), text, send="yes")
    assert page.status_code == 422
    assert sentence in page.text
    assert text in page.text
    assert held(page)["cases"] == str(case.number)
    assert not Bulk.objects.exists()


def test_a_secret_is_taken_out_before_it_is_shown_and_sent(desk, case):
    page = looked(desk, chosen(desk, [case]), CARD)
    page = looked(desk, page, CARD, secrets="remove")
    assert "My card is [removed]." in page.text
    looked(desk, page, CARD, secrets="remove", send="yes")
    bulk.run(Bulk.objects.get())
    assert case.events.get(kind="reply", role="agent").body == "My card is [removed]."


def test_a_name_in_braces_that_stands_for_nothing_is_pointed_out(desk, case):
    assert "{name} is no placeholder" in looked(desk, chosen(desk, [case]), "Hello {name}.").text


def test_a_whole_view_can_be_written_to(desk, case):
    CaseFactory(severity=4)
    page = chosen(desk, [], scope="view", query="severity=2")
    assert held(page)["cases"] == str(case.number)


@pytest.mark.parametrize("cases", ["", "x", "9" * 40])
def test_nobody_is_written_to_without_a_case(desk, cases):
    page = desk.post(reverse("bulk_reply"), {"body": "Hello.", "cases": cases, "send": "yes"}, follow=True)
    assert "Choose at least one case." in page.text
    assert not Bulk.objects.exists()


def test_cases_that_are_not_there_are_said_to_be_missing(desk, case):
    page = desk.post(reverse("bulk_reply"), {"body": "Hello.", "cases": f"{case.number} 999999"})
    assert "1 case that you chose is no longer there." in page.text


def test_whoever_is_limited_writes_to_no_case_that_they_do_not_see(case, browser_of):
    limit = Limit.objects.create(name="The till", systems=[case.system_id])
    hidden = CaseFactory(system=SystemFactory())
    page = browser_of(UserFactory(role="agent", limit=limit)).post(
        reverse("bulk_reply"), {"body": "{summary}", "cases": f"{case.number} {hidden.number}"}
    )
    assert "1 case that you chose is no longer there." in page.text
    assert "Goes to 1 customer, 1 case" in page.text
    assert f"#{hidden.number}" not in page.text


def test_whoever_comes_by_the_address_gets_the_queue(desk):
    assert desk.get(reverse("bulk_reply")).url == reverse("queue")
