"""Asking the customer for something on the desk, giving it in the portal."""

from uuid import uuid4

import pytest
from django.urls import reverse

from cases.actions import conversation, requests, resolution
from cases.models import Case, Kind, Request
from cases.status_page import pages
from tests.factories import CaseFactory, upload

HTMX = {"HX-Request": "true"}
BODY = "Could you please share a screenshot of the payment screen?"


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


@pytest.fixture
def portal(cleo, browser_of):
    return browser_of(cleo)


@pytest.fixture
def asked(case, ada):
    requests.ask(case, by=ada, what="the log file")
    return Request.objects.get()


def given_at(request):
    return reverse("case_given", args=[request.case_id, request.pk])


def wanted(case):
    return [one.what for one in Case.objects.get(pk=case.pk).open_requests]


# The composer


def rows(*things):
    """The rows of requests as a page posts them: what the text asks for, what is asked for instead, and whether."""
    fields = {"requests-TOTAL_FORMS": len(things), "requests-INITIAL_FORMS": 0}
    for place, (key, what, chosen) in enumerate(things):
        fields |= {f"requests-{place}-key": key, f"requests-{place}-what": what}
        fields |= {f"requests-{place}-chosen": "on"} if chosen else {}
    return fields


def found(desk, case, **posted):
    url = reverse("desk_requests_found", args=[case.number])
    return desk.post(url, posted, headers=HTMX).text


def test_the_composer_shows_what_a_reply_asks_for(desk, case):
    page = found(desk, case, body=BODY)
    assert 'value="a screenshot of the payment screen"' in page
    assert " checked" in page
    assert "Asks for" not in found(desk, case, body="Please wait.")


def test_what_was_edited_or_unticked_stays_so_while_the_text_asks_for_it(desk, case):
    thing = "a screenshot of the payment screen"
    body = f"{BODY} And please send us the log."
    edited = rows((thing, "a photo", False))
    page = found(desk, case, body=body, **edited)
    assert 'value="a photo"' in page
    assert page.count(" checked") == 1
    assert 'value="a photo"' not in found(desk, case, body="And the log?", **edited)


def test_without_script_the_composer_looks_and_keeps_what_was_typed(desk, case):
    page = desk.post(reverse("desk_requests_found", args=[case.number]), {"body": BODY, "ask_hand": "x"}).text
    assert 'value="a screenshot of the payment screen"' in page
    assert BODY in page
    assert 'name="ask_hand" id="ask-hand" value="x"' in page


def test_a_reply_is_sent_with_what_it_asks_for(desk, case):
    thing = "a screenshot of the payment screen"
    said = {
        "body": BODY,
        "ask_hand": "The log",
        **rows((thing, "a screenshot of it", True), ("gone from the text", "a photo", True)),
    }
    desk.post(reverse("desk_replies", args=[case.number]), said)
    assert wanted(case) == ["a screenshot of it", "the log"]


def test_what_was_unticked_or_never_shown_is_not_asked_for(desk, case):
    thing = "a screenshot of the payment screen"
    desk.post(reverse("desk_replies", args=[case.number]), {"body": BODY})
    desk.post(
        reverse("desk_replies", args=[case.number]),
        {"body": BODY + " Thanks.", **rows((thing, thing, False))},
    )
    assert case.events.filter(kind=Kind.REPLY, body__startswith=BODY).count() == 2
    assert wanted(case) == []


def test_a_refused_request_keeps_reply_and_request(desk, case):
    said = {"body": BODY, "ask_hand": "x" * 201}
    response = desk.post(reverse("desk_replies", args=[case.number]), said, headers=HTMX)
    assert response.status_code == 422
    assert "requests have up to 200 characters" in response.text
    assert BODY in response.text
    assert "x" * 201 in response.text


def test_a_draft_keeps_what_it_asks_for(desk, case):
    draft = {"body": BODY, **rows(("a screenshot of the payment screen", "a photo", True))}
    desk.post(reverse("desk_draft_reply", args=[case.number]), draft | {"ask_hand": "the log"}, headers=HTMX)
    page = desk.get(reverse("desk_case", args=[case.number])).text
    assert 'value="a photo"' in page
    assert 'id="ask-hand" value="the log"' in page


def test_a_closed_case_is_reopened_with_a_question(desk, case, ada):
    resolution.close(case, by=ada)
    desk.post(reverse("desk_reopening", args=[case.number]), {"body": "Once more.", "ask_hand": "the log"})
    assert wanted(case) == ["the log"]


def test_a_resolved_case_offers_no_question(desk, case, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    assert 'id="asking"' not in desk.get(reverse("desk_case", args=[case.number])).text


# The details


def test_something_is_asked_for_by_hand_and_withdrawn(desk, case):
    url = reverse("desk_requests", args=[case.number])
    assert desk.post(url, {"what": "the log"}, headers=HTMX | {"X": "1"}).status_code == 200
    page = desk.get(reverse("desk_case", args=[case.number])).text
    assert "Waiting on the customer for the log," in page
    assert "reminder" in page
    [request] = Case.objects.get(pk=case.pk).open_requests
    desk.post(reverse("desk_request_withdrawal", args=[case.number, request.pk]))
    page = desk.get(reverse("desk_case", args=[case.number])).text
    assert "Waiting on us" in page
    assert "Withdraw" not in page


def test_nothing_asked_for_by_hand_is_said_where_it_was_typed(desk, case):
    url = reverse("desk_requests", args=[case.number])
    for typed, complaint in [
        ("", "Say what you need."),
        ("...", "Say what you need."),
        ("x" * 300, "200"),
    ]:
        response = desk.post(url, {"what": typed}, headers=HTMX)
        assert response.status_code == 422
        assert complaint in response.text
        assert f'value="{typed}"' in response.text


def test_a_request_of_another_case_is_not_withdrawn_here(desk, case, asked, cleo):
    other = CaseFactory(customer=cleo)
    desk.post(reverse("desk_request_withdrawal", args=[other.number, asked.pk]))
    assert wanted(case) == ["the log file"]


def test_the_desk_names_when_the_case_closes(desk, case, asked):
    requests.remind(asked, at=asked.due_at)
    page = desk.get(reverse("desk_case", args=[case.number])).text
    assert "Closes <time" in page
    assert "reminded <time" in page


# The portal


def test_the_customers_page_has_one_place_to_give_it(portal, case, asked):
    page = portal.get(reverse("case", args=[case.number])).text
    assert page.count("We need") == 1
    assert "We’re waiting for you: we need the log file from you." in page
    assert page.index('id="requests"') < page.index('id="composer"')
    assert "We’re waiting for" in portal.get(reverse("cases")).text


def test_what_is_given_is_told_and_the_box_goes(portal, case, asked):
    response = portal.post(given_at(asked), {"body": "Here."}, follow=True)
    assert "sent the log file" in response.text
    assert "We need the log file" not in response.text
    assert "We’ll reply here." in response.text
    assert "We’re waiting for:" not in portal.get(reverse("cases")).text


def test_a_live_answer_brings_the_line_and_takes_the_box(portal, case, asked):
    response = portal.post(given_at(asked), {"body": "Here.", "after": "3"}, headers=HTMX)
    assert "sent the log file" in response.text
    assert 'id="requests"' in response.text
    assert "We need the log file" not in response.text


def test_an_empty_answer_is_complained_of_in_its_own_box(portal, case, ada, asked):
    requests.ask(case, by=ada, what="a photo")
    for headers in ({}, HTMX):
        response = portal.post(given_at(asked), {"body": " "}, headers=headers)
        assert response.status_code == 422
        assert "Write an answer before sending it." in response.text
        assert response.text.count('class="request"') == 2


def test_an_answer_to_what_was_withdrawn_is_taken_and_said_so(portal, case, ada, asked):
    requests.withdraw(case, by=ada, request=asked.pk)
    response = portal.post(given_at(asked), {"body": "Here it is."}, follow=True)
    assert "but we have what you sent" in response.text
    assert "Here it is." in response.text


def test_what_is_too_long_for_a_withdrawn_request_is_not_lost(portal, case, ada, asked):
    requests.withdraw(case, by=ada, request=asked.pk)
    response = portal.post(given_at(asked), {"body": "y" * 100_001}, headers=HTMX)
    assert response.status_code == 422
    assert "y" * 100_001 in response.text


def test_an_answer_after_the_end_opens_the_case(portal, case, ada, asked):
    resolution.close(case, by=ada)
    response = portal.post(given_at(asked), {"body": "Here it is."}, follow=True)
    assert "reopened the case" in response.text
    assert "Here it is." in response.text


def test_a_request_of_another_case_is_not_found(portal, cleo, asked):
    other = CaseFactory(customer=cleo)
    assert portal.post(reverse("case_given", args=[other.number, asked.pk]), {"body": "x"}).status_code == 404


def test_the_customer_reads_when_the_case_closes_and_why_it_did(portal, case, asked):
    requests.remind(asked, at=asked.due_at)
    page = portal.get(reverse("case", args=[case.number])).text
    assert "If we don’t hear from you, it closes on" in page
    assert "sent a reminder: we’re still waiting for the log file" in page


def test_a_list_of_many_costs_as_many_queries_as_of_one(portal, cleo, ada, django_assert_max_num_queries):
    def cost():
        pages.forget()  # what all pages share for a few seconds
        with django_assert_max_num_queries(20) as queries:
            portal.get(reverse("cases"))
        return len(queries)

    for _ in range(2):
        requests.ask(CaseFactory(customer=cleo), by=ada, what="the log")
    cost()  # the first page of a session costs a look more
    few = cost()
    for _ in range(20):
        requests.ask(CaseFactory(customer=cleo), by=ada, what="the log")
    assert cost() == few


def test_a_reply_to_one_of_an_incident_that_asks_for_something_is_the_customers_turn(
    portal, case, asked, ada
):
    from cases.actions import incidents
    from tests.factories import IncidentFactory

    incidents.attach(case, by=ada, incident=IncidentFactory(system=case.system, by=ada))
    page = portal.get(reverse("case", args=[case.number])).text
    assert "We’re waiting for you: we need the log file from you." in page
    conversation.reply(case, by=case.customer, body="Here.")
    assert "We need the log file" not in portal.get(reverse("case", args=[case.number])).text


def test_a_file_alone_is_an_answer_and_counts_once(portal, case, ada, asked):
    page = portal.get(reverse("case", args=[case.number])).text
    assert f'name="files" multiple id="give_{asked.pk}_' in page
    token = str(uuid4())
    for _ in range(2):
        portal.post(given_at(asked), {"body": "", "token": token, "files": upload("log.txt", b"one line")})
    assert [one.name for one in case.attachments.all()] == ["log.txt"]
    assert case.events.filter(kind=Kind.GIVEN).count() == 1
    assert case.events.filter(kind=Kind.REPLY).count() == 2
    assert wanted(case) == []


def test_a_file_that_cannot_be_kept_is_said_in_its_box_and_the_words_stay(portal, case, asked):
    response = portal.post(given_at(asked), {"body": "Look.", "files": upload("log.txt", b"")}, headers=HTMX)
    assert response.status_code == 422
    assert "0 bytes" in response.text
    assert "Look." in response.text
    assert wanted(case) == ["the log file"]


def test_a_file_for_a_withdrawn_request_is_kept(portal, case, ada, asked):
    requests.withdraw(case, by=ada, request=asked.pk)
    portal.post(given_at(asked), {"body": "", "files": upload("log.txt", b"one line")})
    assert [one.name for one in case.attachments.all()] == ["log.txt"]
