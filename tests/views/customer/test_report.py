"""The report form: what it asks, what it makes of it, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions import resolution
from cases.models import Case, Severity, User
from cases.radar import read
from cases.text.first_message import HIT, composed
from tests.factories import CaseFactory, IncidentFactory

NEW = "/cases/new/"
GUEST = {"name": "Grete", "email": "grete@example.com"}


@pytest.fixture
def report(till):
    return {
        "system": till.pk,
        "summary": "Receipts are empty",
        "description": "Every receipt comes out blank.",
        "severity": Severity.MEDIUM.value,
    }


PARTS = {"tried": "Print a receipt.", "since": "this morning", "hit": "some"}


def said(case):
    return case.events.get(sequence=2).body


class TestTheFirstMessage:
    def test_is_what_happened_where_nothing_else_was_said(self, cleo, report, browser_of):
        browser_of(cleo).post(NEW, report)
        assert said(Case.objects.get()) == "Every receipt comes out blank."

    def test_has_the_parts_under_their_headings(self, cleo, report, browser_of):
        page = browser_of(cleo).post(NEW, report | PARTS, follow=True).text
        assert said(Case.objects.get()).split("\n\n") == [
            "**What I was trying to do**",
            "Print a receipt.",
            "**What happened**",
            "Every receipt comes out blank.",
            "**Since when**",
            "this morning",
            "**Who has it**",
            "Some colleagues",
        ]
        assert "<strong>Since when</strong>" in page

    def test_leaves_out_what_was_left_empty(self):
        assert composed("Blank.", since="Monday") == (
            "**What happened**\n\nBlank.\n\n**Since when**\n\nMonday"
        )

    def test_is_read_by_the_radar_as_if_the_headings_were_not_there(self):
        parts = {"tried": "Print a receipt.", "since": "Monday", "hit": "me"}
        plain = " ".join(["Print a receipt.", "Blank paper.", "Monday", HIT["me"]])
        read_so = read("Receipts", [composed("Blank paper.", **parts)])
        assert (read_so.words, read_so.functions) == (
            read("Receipts", [plain]).words,
            read("Receipts", [plain]).functions,
        )

    def test_tells_the_radar_that_all_are_hit(self):
        everybody, one = (read("Receipts", [composed("Blank.", hit=hit)]) for hit in ("all", "me"))
        assert everybody.scope > one.scope

    def test_sent_again_by_the_back_button_is_the_same_case(self, cleo, report, browser_of):
        for _ in range(2):
            browser_of(cleo).post(NEW, report | PARTS)
        assert Case.objects.count() == 1
        browser_of(cleo).post(NEW, report | PARTS | {"since": "yesterday"})
        assert Case.objects.count() == 2

    def test_may_be_of_a_known_problem_with_a_part_alone(self, cleo, ada, till, browser_of):
        incident = IncidentFactory(system=till, by=ada)
        browser_of(cleo).post(NEW, {"system": till.pk, "incident": incident.number, "since": "nine"})
        assert said(Case.objects.get()) == (
            "**What happened**\n\nI have this problem too.\n\n**Since when**\n\nnine"
        )


def test_a_mistake_loses_none_of_the_parts(visitor, report):
    page = visitor.post(NEW, report | PARTS | {"summary": ""}).text
    for text in ("Print a receipt.", 'value="this morning"', "Every receipt comes out blank."):
        assert text in page
    assert 'value="some" id="report_hit_1" checked' in page.replace("required ", "")


@pytest.mark.parametrize("wrong", [{"hit": "nobody"}, {"since": "x" * 121}, {"tried": "x" * 100_001}])
@pytest.mark.django_db
def test_a_part_that_cannot_be_is_said_beside_it(visitor, report, wrong):
    response = visitor.post(NEW, report | GUEST | wrong)
    assert response.status_code == 422
    assert 'class="error"' in response.text
    assert not Case.objects.exists()


class TestSigningInFirst:
    def test_brings_back_to_the_form_with_everything(self, visitor, cleo, report):
        response = visitor.post(NEW, report | PARTS | {"sign-in": "yes", "name": "Cleo"})
        assert response.url == f"/accounts/login/?next={NEW}"
        cleo.keep_address(verified=True)
        cleo.set_password("long enough to be one")
        cleo.save()
        visitor.post(response.url, {"login": cleo.email, "password": "long enough to be one", "next": NEW})
        page = visitor.get(NEW).text
        for text in (*PARTS.values(), report["summary"], report["description"]):
            assert text in page
        assert f'<option value="{report["system"]}" selected>' in page
        assert 'name="email"' not in page
        assert "Your draft stays on this device until you send it." in page

    def test_is_over_once_it_is_sent(self, visitor, report):
        visitor.post(NEW, report | {"sign-in": "yes"})
        visitor.post(NEW, report | GUEST)
        assert report["summary"] not in visitor.get(NEW).text

    def test_is_over_once_it_is_cleared(self, visitor, report):
        visitor.post(NEW, report | {"sign-in": "yes"})
        assert visitor.post(NEW, report | {"clear": "yes"}).url == NEW
        assert report["summary"] not in visitor.get(NEW).text

    def test_keeps_nothing_for_another_browser(self, visitor, report):
        visitor.post(NEW, report | {"sign-in": "yes"})
        assert report["summary"] not in Client().get(NEW).text

    def test_yields_to_what_a_link_names(self, visitor, report):
        visitor.post(NEW, report | {"sign-in": "yes"})
        other = CaseFactory().system
        page = visitor.get(NEW, {"system": other.pk}).text
        assert f'<option value="{other.pk}" selected>' in page
        assert report["description"] in page


class TestWhatIsReportedAlready:
    def test_by_a_colleague_is_offered(self, cleo, carl, till, browser_of):
        case = CaseFactory(customer=carl, system=till, summary="No receipts")
        page = browser_of(cleo).get(NEW, {"system": till.pk}).text
        assert "Has it already been reported?" in page
        assert "No receipts" in page
        assert "Carl," in page
        assert reverse("case", args=[case.number]) in page

    def test_by_oneself_is_offered(self, cleo, case, browser_of):
        assert "You," in browser_of(cleo).get(NEW, {"system": case.system.pk}).text

    def test_by_strangers_or_where_colleagues_share_nothing_is_not(
        self, cleo, carl, mallory, bakery, till, browser_of
    ):
        bakery.shares_cases = False
        bakery.save()
        CaseFactory(customer=carl, system=till)
        CaseFactory(customer=mallory, system=till)
        assert "Has it already been reported?" not in browser_of(cleo).get(NEW, {"system": till.pk}).text

    def test_and_over_or_long_ago_or_elsewhere_is_not(self, cleo, ada, carl, till, browser_of):
        old, over = CaseFactory(customer=carl, system=till), CaseFactory(customer=carl, system=till)
        Case.objects.filter(pk=old.pk).update(opened_at=timezone.now() - timedelta(days=2))
        resolution.resolve(over, by=ada, resolution="Done.")
        CaseFactory(customer=carl)
        assert "Has it already been reported?" not in browser_of(cleo).get(NEW, {"system": till.pk}).text

    def test_is_asked_neither_of_agents_nor_of_visitors(self, ada, visitor, case, browser_of):
        for browser in (browser_of(ada), visitor):
            assert "Has it already been reported?" not in browser.get(NEW, {"system": case.system.pk}).text


class TestWhoIsMailed:
    """Nobody is told of a mail that does not go."""

    def test_a_visitor_is_told_the_same_whosever_the_address_is(self, report, cleo):
        told = []
        for is_active in (True, False):
            User.objects.filter(pk=cleo.pk).update(is_active=is_active)
            page = Client().post(NEW, report | GUEST | {"email": cleo.email}, follow=True).text
            assert "We emailed you" not in page
            told.append("If the address you gave can receive our email, we’ve sent a link there." in page)
        assert told == [True, True]

    def test_a_customer_is_mailed(self, report, cleo, browser_of):
        assert "We’ve emailed you a link." in browser_of(cleo).post(NEW, report, follow=True).text

    def test_an_agent_is_told_that_a_deactivated_customer_is_not(self, report, cleo, ada, browser_of):
        User.objects.filter(pk=cleo.pk).update(is_active=False)
        page = browser_of(ada).post(NEW, report | {"name": "Cleo", "email": cleo.email}, follow=True).text
        assert "Cleo is deactivated: they get no email and cannot sign in." in page
