import re

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import conversation, resolution
from cases.models import Case, Role, Severity, Status, User
from tests.factories import CaseFactory, UserFactory

HTMX = {"HX-Request": "true"}


def hidden(page, name):
    """What a page's form sends without being asked."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]}


@pytest.fixture
def report(till):
    return {
        "system": till.pk,
        "summary": "Receipts are empty",
        "description": "Every receipt comes out blank.",
        "severity": Severity.MEDIUM.value,
    }


GUEST = {"name": "Grete", "email": "grete@example.com"}


@pytest.mark.django_db
def test_a_visitor_reports_and_continues_to_the_case(visitor, report):
    response = visitor.post(reverse("case_new"), report | GUEST, follow=True)
    case = Case.objects.get()
    assert response.redirect_chain == [(reverse("case", args=[case.number]), 302)]
    assert "Every receipt comes out blank." in response.text
    assert (case.customer, case.claimed_email, case.customer_name) == (None, "grete@example.com", "Grete")
    assert not User.objects.exists()


def test_a_visitor_who_types_somebody_elses_address_sees_nothing_of_theirs(visitor, report, cleo, case):
    visitor.post(reverse("case_new"), report | {"name": "Not Cleo", "email": "CLEO@example.com"})
    mine = Case.objects.get(summary="Receipts are empty")
    assert (mine.customer, mine.organisation, mine.customer_name) == (None, None, "Not Cleo")
    assert visitor.get(reverse("case", args=[mine.number])).status_code == 200
    assert visitor.get(reverse("case", args=[case.number])).status_code == 302
    cleo.refresh_from_db()
    assert cleo.name == "Cleo"


def test_a_visitor_who_types_an_agents_address_does_not_speak_as_support(visitor, report, ada):
    visitor.post(reverse("case_new"), report | {"name": "Not Ada", "email": ada.email})
    case = Case.objects.get()
    visitor.post(reverse("case_replies", args=[case.number]), {"body": "This is support, send money."})
    assert {event.role for event in case.events.all()} == {Role.CUSTOMER}


@pytest.mark.django_db
def test_a_guest_writes_on_in_the_case(visitor, report):
    visitor.post(reverse("case_new"), report | GUEST)
    case = Case.objects.get()
    visitor.post(reverse("case_replies", args=[case.number]), {"body": "It is the red printer."})
    event = case.events.latest("sequence")
    assert (event.body, event.role, event.author) == ("It is the red printer.", Role.CUSTOMER, None)


@pytest.mark.django_db
def test_the_same_report_again_as_the_back_button_sends_it_is_the_same_case(visitor, report):
    for _ in range(2):
        visitor.post(reverse("case_new"), report | GUEST)
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_somebody_elses_words_and_address_do_not_lead_to_their_case(visitor, report):
    Client().post(reverse("case_new"), report | GUEST)
    visitor.post(reverse("case_new"), report | GUEST)
    assert Case.objects.count() == 2


@pytest.mark.django_db
def test_a_flood_of_visitors_reports_is_stopped_with_a_sentence_and_nothing_is_lost(
    visitor, report, settings
):
    settings.ACCOUNT_RATE_LIMITS = {"report": "2/h/ip"}
    for _ in range(2):
        assert visitor.post(reverse("case_new"), report | GUEST).status_code == 302
    response = visitor.post(reverse("case_new"), report | GUEST)
    assert response.status_code == 422
    assert "Sign in to send this one." in response.text
    assert "Every receipt comes out blank." in response.text


def test_a_customer_is_not_asked_for_name_and_address(cleo, report, browser_of):
    browser = browser_of(cleo)
    assert 'name="email"' not in browser.get(reverse("case_new")).text
    browser.post(reverse("case_new"), report)
    assert Case.objects.get().customer == cleo


def test_an_agent_opens_a_case_for_a_customer(ada, report, browser_of):
    response = browser_of(ada).post(reverse("case_new"), report | GUEST)
    case = Case.objects.get()
    assert response.url == reverse("desk_case", args=[case.number])
    assert case.customer == User.objects.get(email="grete@example.com")
    assert case.events.first().author == ada


@pytest.mark.django_db
def test_a_report_with_mistakes_keeps_what_was_typed_and_says_what_to_do(visitor, report):
    response = visitor.post(reverse("case_new"), report | {"summary": "", "name": "Grete", "email": "grete"})
    assert response.status_code == 422
    assert "Say in one line what is wrong." in response.text
    assert "Every receipt comes out blank." in response.text
    assert 'value="grete"' in response.text
    assert Case.objects.count() == 0


@pytest.mark.django_db
def test_a_retired_system_is_not_offered(visitor, report, till):
    till.retired = True
    till.save()
    response = visitor.post(reverse("case_new"), report | GUEST)
    assert response.status_code == 422
    assert "Till" not in response.text.split("<form")[-1].split("</select>")[0]


def test_my_cases_are_mine_and_my_colleagues(cleo, carl, mallory, case, browser_of):
    CaseFactory(customer=carl, summary="Colleague's case")
    CaseFactory(customer=mallory, summary="Stranger's case")
    page = browser_of(cleo).get(reverse("cases")).text
    assert case.summary in page
    assert "Colleague&#x27;s case" in page
    assert "Stranger" not in page


def test_my_cases_are_narrowed_by_status_and_by_words(cleo, ada, case, browser_of):
    other = CaseFactory(customer=cleo, summary="Drawer stuck", description="The cash drawer is jammed.")
    resolution.resolve(other, by=ada, resolution="Oiled.")
    browser = browser_of(cleo)
    resolved = browser.get(reverse("cases"), {"status": "resolved"}).text
    assert "Drawer stuck" in resolved
    assert case.summary not in resolved
    found = browser.get(reverse("cases"), {"q": "jammed"}).text
    assert "Drawer stuck" in found
    assert case.summary not in found
    assert (
        "No case of yours or your colleagues’ matches."
        in browser.get(reverse("cases"), {"q": "giraffe"}).text
    )


def test_a_customers_search_never_looks_into_notes(cleo, ada, case, browser_of):
    conversation.add_note(case, by=ada, body="The zeppelin is to blame.")
    assert (
        "No case of yours or your colleagues’ matches."
        in browser_of(cleo).get(reverse("cases"), {"q": "zeppelin"}).text
    )


def test_a_list_without_cases_offers_the_next_step(cleo, browser_of):
    assert "You and your colleagues have no cases yet." in browser_of(cleo).get(reverse("cases")).text


def test_long_lists_are_shown_in_pages(cleo, till, browser_of):
    for n in range(27):
        CaseFactory(customer=cleo, system=till, summary=f"Case number-{n}-")
    first = browser_of(cleo).get(reverse("cases")).text
    second = browser_of(cleo).get(reverse("cases"), {"page": 1}).text
    assert "number-26-" in first
    assert "number-0-" not in first
    assert "number-0-" in second
    assert "Older cases" not in second


def test_a_note_never_reaches_the_customer(cleo, ada, case, browser_of):
    conversation.add_note(case, by=ada, body="Between us: the customer is difficult.")
    browser = browser_of(cleo)
    assert "Between us" not in browser.get(reverse("case", args=[case.number])).text
    assert "Between us" not in browser.get(reverse("case_live", args=[case.number]), {"after": 1}).text


def test_who_takes_the_case_with_an_answer_changes_what_agents_may_write_and_leaves_the_customers_words(
    case, cleo, ada, abe, browser_of
):
    conversation.reply(case, by=ada, body="Which till?", takes=True)
    customers = browser_of(cleo).get(reverse("case_live", args=[case.number]), {"after": 2}).text
    assert "Which till?" in customers
    assert 'id="composer"' not in customers
    agents = browser_of(abe).get(reverse("desk_live", args=[case.number]), {"after": 2}).text
    assert 'id="composer"' in agents


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
class TestEveryPostWithAndWithoutHtmx:
    def check(self, response, headers, case, words):
        if headers:
            assert response.status_code == 200
            assert words in response.text
            assert 'id="cursor"' in response.text
        else:
            assert response.url.startswith(reverse("case", args=[case.number]) + "#event-")

    def test_a_reply(self, cleo, case, browser_of, headers):
        url = reverse("case_replies", args=[case.number])
        response = browser_of(cleo).post(url, {"body": "More of it.", "after": 2}, headers=headers)
        self.check(response, headers, case, "More of it.")
        assert case.events.latest("sequence").body == "More of it."

    def test_an_empty_reply_says_so(self, cleo, case, browser_of, headers):
        response = browser_of(cleo).post(
            reverse("case_replies", args=[case.number]), {"body": "  "}, headers=headers
        )
        assert response.status_code == 422
        assert "Write a reply before sending it." in response.text

    def test_a_reply_that_is_too_long_keeps_what_was_typed(self, cleo, case, browser_of, headers):
        body = "x" * 100_001
        response = browser_of(cleo).post(
            reverse("case_replies", args=[case.number]), {"body": body}, headers=headers
        )
        assert response.status_code == 422
        assert "100001 characters, 100000 fit" in response.text
        assert body in response.text

    def test_yes_fixed(self, cleo, ada, case, browser_of, headers):
        resolution.resolve(case, by=ada, resolution="Done.")
        browser, url = browser_of(cleo), reverse("case_confirmation", args=[case.number])
        form = hidden(browser.get(reverse("case", args=[case.number])).text, "resolved_at")
        response = browser.post(url, form | {"answer": "yes", "after": 3}, headers=headers)
        self.check(response, headers, case, "This case is closed")
        case.refresh_from_db()
        assert case.status == Status.CLOSED

    def test_yes_to_an_earlier_resolution_leaves_the_later_one_with_a_sentence(
        self, cleo, ada, case, browser_of, headers
    ):
        browser, url = browser_of(cleo), reverse("case_confirmation", args=[case.number])
        resolution.resolve(case, by=ada, resolution="Done.")
        form = hidden(browser.get(reverse("case", args=[case.number])).text, "resolved_at") | {
            "answer": "yes"
        }
        resolution.reopen(case, by=ada)
        resolution.resolve(case, by=ada, resolution="Done better.")
        response = browser.post(url, form, headers=headers, follow=True)
        assert response.status_code == (409 if headers else 200)
        assert "resolved again" in response.text
        case.refresh_from_db()
        assert case.status == Status.RESOLVED

    def test_not_yet(self, cleo, ada, case, browser_of, headers):
        resolution.resolve(case, by=ada, resolution="Done.")
        url = reverse("case_confirmation", args=[case.number])
        answer = {"answer": "not-yet", "body": "Still blank.", "after": 3}
        response = browser_of(cleo).post(url, answer, headers=headers)
        self.check(response, headers, case, "Still blank.")
        case.refresh_from_db()
        assert case.status == Status.OPEN

    def test_a_confirmation_that_comes_too_early_is_a_sentence(self, cleo, case, browser_of, headers):
        url = reverse("case_confirmation", args=[case.number])
        response = browser_of(cleo).post(url, {"answer": "yes"}, headers=headers, follow=True)
        assert response.status_code == (409 if headers else 200)
        assert "nothing to confirm" in response.text

    def test_reopening(self, cleo, ada, case, browser_of, headers):
        resolution.close(case, by=ada)
        url = reverse("case_reopening", args=[case.number])
        response = browser_of(cleo).post(url, {"body": "It is back.", "after": 3}, headers=headers)
        self.check(response, headers, case, "It is back.")
        case.refresh_from_db()
        assert case.status == Status.OPEN

    def test_a_reply_to_a_case_closed_meanwhile_is_kept_with_a_sentence(
        self, cleo, ada, case, browser_of, headers
    ):
        resolution.close(case, by=ada)
        url = reverse("case_replies", args=[case.number])
        response = browser_of(cleo).post(url, {"body": "Typed for an hour."}, headers=headers)
        assert response.status_code == 422
        assert "is closed. Reopen it to write in it." in response.text
        assert "Typed for an hour." in response.text
        assert "Reopen and send" in response.text

    def test_a_report(self, cleo, report, browser_of, headers):
        response = browser_of(cleo).post(reverse("case_new"), report, headers=headers)
        assert response.url == reverse("case", args=[Case.objects.get().number])


@pytest.mark.django_db
def test_signing_in_brings_a_guests_case_to_their_list(visitor, report):
    visitor.post(reverse("case_new"), report | GUEST)
    visitor.force_login(User.objects.create_user("grete@example.com", verified=True))
    assert "Receipts are empty" in visitor.get(reverse("cases")).text


def test_older_events_wait_behind_show_earlier(cleo, ada, case, browser_of):
    for n in range(60):
        conversation.reply(case, by=ada, body=f"Word number-{n}-")
    browser = browser_of(cleo)
    page = browser.get(reverse("case", args=[case.number])).text
    assert "number-59-" in page
    assert "number-5-" not in page
    earlier = browser.get(reverse("case", args=[case.number]), {"before": 13}).text
    assert "number-5-" in earlier
    assert "number-59-" not in earlier
    assert "Back to the newest" in earlier
    assert "Send reply" not in earlier


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "0"])
def test_a_place_in_the_conversation_that_makes_no_sense_is_no_error(cleo, case, browser_of, before):
    assert browser_of(cleo).get(reverse("case", args=[case.number]), {"before": before}).status_code == 200


def test_a_message_cannot_carry_a_script_or_an_image(cleo, case, browser_of):
    evil = "<script>alert(1)</script> ![x](https://evil.example/x.png) [y](javascript:alert(1)) <b onclick=x>z</b>"
    conversation.reply(case, by=cleo, body=evil)
    page = browser_of(cleo).get(reverse("case", args=[case.number])).text
    body = page.split('id="event-3"')[1]
    assert "<script>alert" not in body
    assert "<img" not in body
    assert 'javascript:alert(1)"' not in body
    assert "<b onclick" not in body


def test_a_customer_without_a_name_is_greeted_anyway(case, browser_of):
    nameless = UserFactory(name="", email="x@example.com", organisation=case.organisation)
    assert browser_of(nameless).get(reverse("cases")).status_code == 200


@pytest.mark.parametrize("text", ["blank " * 40, "bl\0ank"])
def test_a_search_for_what_cannot_be_searched_says_so_and_keeps_what_was_typed(cleo, case, browser_of, text):
    page = browser_of(cleo).get(reverse("cases"), {"q": text}).text
    assert "Search for up to 200 characters, without invisible ones." in page
    assert f'value="{text}"' in page
    assert case.summary not in page


def test_what_a_customers_list_does_not_know_is_left_out_with_a_sentence(cleo, case, browser_of):
    page = browser_of(cleo).get(reverse("cases"), {"status": "lost", "page": "-1", "severity": "4"}).text
    assert case.summary in page
    assert "“lost” is not a known status, so it was ignored." in page
    assert "“-1” is not a known page" in page
    assert "This list has no filter “severity”" in page


def test_a_search_for_an_address_says_nothing_of_whether_somebody_has_it(cleo, mallory, case, browser_of):
    browser = browser_of(cleo)
    known, unknown = (
        browser.get(reverse("cases"), {"q": text}).text.split('id="list"')[1].split("</main>")[0]
        for text in (mallory.email, "nobody@example.com")
    )
    assert "No case of yours or your colleagues’ matches." in known
    assert known == unknown


@pytest.mark.django_db
def test_after_not_yet_the_customer_reads_what_happens_now_until_we_answer(case, ada, cleo, browser_of):
    page = reverse("case", args=[case.number])
    resolution.resolve(case, by=ada, resolution="Restarted.")
    resolution.decline(case, by=cleo, body="Still blank.")
    assert "Not fixed yet, so we’ve reopened the case" in browser_of(cleo).get(page).text
    conversation.reply(case, by=ada, body="We replace it.")
    conversation.reply(case, by=cleo, body="Thank you.")
    assert "Not fixed yet, so we’ve reopened the case" not in browser_of(cleo).get(page).text
