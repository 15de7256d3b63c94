"""A link in our mail opens one case for whom it was mailed to, and answers what its mail asked, when they press it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from cases.actions import account_merging, conversation, customers, resolution
from cases.mail import links
from cases.mail.outbound import message_about
from cases.models import Kind, Rating, Status, User
from cases.tasks import move_cases
from tests.factories import CaseFactory, UserFactory
from tests.markup import Browser

from .letters import do_jobs

pytestmark = pytest.mark.django_db(transaction=True)

OURS = re.compile(r"http://127\.0\.0\.1:8000(/cases/mailed/\S+)")


def in_mail(event):
    """The addresses of a mail's links, in their order."""
    return OURS.findall(message_about(event).body)


@pytest.fixture
def link(case, ada):
    return in_mail(conversation.reply(case, by=ada, body="Which till?"))[0]


@pytest.fixture
def resolved(case, ada):
    return resolution.resolve(case, by=ada, resolution="Swapped it.")


def opened(link, browser=None):
    return (browser or Browser()).get(link, follow=True)


def state(case):
    case.refresh_from_db()
    return case.status, case.events.count(), case.last_public_at


class TestALink:
    def test_opens_its_case_to_be_read_and_nothing_else(self, link, case, cleo, carl, ada):
        conversation.add_note(case, by=ada, body="A note inside.")
        others = [CaseFactory(customer=one) for one in (cleo, carl)]
        browser = Browser()
        page = opened(link, browser)
        assert page.status_code == 200
        assert "Which till?" in page.text
        assert "A note inside." not in page.text
        assert "Sign in to answer" in page.text
        for one in (case, *others):
            assert browser.get(reverse("case", args=[one.number])).status_code == 302
        for one in others:
            assert browser.get(reverse("opened_case", args=[one.number])).status_code == 410
        said = {"body": "As Cleo."}
        assert browser.post(reverse("case_replies", args=[case.number]), said).url.startswith(
            "/accounts/login/"
        )
        assert browser.get(reverse("cases")).status_code == 302

    def test_is_kept_in_no_address_and_told_to_nobody(self, link, case):
        response = Browser().get(link)
        assert response.url == reverse("opened_case", args=[case.number])
        page = opened(link)
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "private" in page.headers["Cache-Control"]
        assert re.search(r"link=([^&]+)", link)[1] not in page.text

    def test_looked_at_by_a_program_changes_nothing(self, case, resolved):
        before = state(case)
        for one in in_mail(resolved):
            for _ in range(2):
                assert opened(one).status_code == 200
        assert state(case) == before

    @pytest.mark.parametrize(
        "change",
        [lambda link: link[:-1], lambda link: link.replace("link=", "link=1"), lambda link: link[:40]],
    )
    def test_that_somebody_made_up_opens_nothing(self, link, change):
        assert opened(change(link)).status_code == 410

    def test_of_another_case_is_none_of_this_one(self, link, case, mallory):
        other = CaseFactory(customer=mallory)
        forged = link.replace(f"link={case.pk}-", f"link={other.pk}-")
        assert opened(forged).status_code == 410

    ENDS = {
        "deactivated": lambda cleo: User.objects.filter(pk=cleo.pk).update(is_active=False),
        "an agent now": lambda cleo: User.objects.filter(pk=cleo.pk).update(role="agent"),
        "a second factor": lambda cleo: User.objects.filter(pk=cleo.pk).update(has_second_factor=True),
        "signed out everywhere": lambda cleo: User.objects.filter(pk=cleo.pk).update(sign_outs=1),
        "another address": lambda cleo: User.objects.filter(pk=cleo.pk).update(email="new@example.com"),
    }

    @pytest.mark.parametrize("end", ENDS)
    @pytest.mark.parametrize("is_open", [False, True], ids=["before it is opened", "while it is open"])
    def test_ends_with_what_it_stands_on(self, link, case, cleo, end, is_open):
        browser = Browser()
        if is_open:
            assert opened(link, browser).status_code == 200
        self.ENDS[end](cleo)
        address = reverse("opened_case", args=[case.number])
        assert (browser.get(address) if is_open else opened(link)).status_code == 410
        assert browser.post(address, {"answer": "yes"}).status_code == 410

    def test_ends_when_the_case_is_another_customers_be_it_a_colleagues(self, link, case, ada, carl):
        customers.move(case, by=ada, to=carl)
        page = opened(link)
        assert page.status_code == 410
        assert "Which till?" not in page.text

    def test_of_an_account_that_was_merged_away_opens_nothing(self, link, case, cleo, lena):
        kept = UserFactory(organisation=cleo.organisation)
        merge = account_merging.merge(cleo, by=lena, into=kept)
        assert opened(link).status_code == 410
        move_cases(merge.pk)
        assert opened(link).status_code == 410

    def test_leads_who_is_signed_in_to_the_page_and_says_to_others_that_it_is_not_for_them(
        self, link, case, cleo, mallory, ada, browser_of
    ):
        for own in (cleo, ada):
            assert browser_of(own).get(link, follow=True).redirect_chain[1][0] == reverse(
                "case", args=[case.number]
            )
        page = browser_of(mallory).get(link, follow=True)
        assert page.status_code == 410
        assert mallory.email in page.text
        assert case.summary not in page.text

    def test_is_in_no_mail_to_who_signs_in_with_a_factor_or_is_not_proven(self, case, claimed, ada, cleo):
        User.objects.filter(pk=cleo.pk).update(has_second_factor=True)
        for one in (case, claimed):
            said = conversation.reply(one, by=ada, body="Hello.")
            assert in_mail(said) == []
            assert f"/cases/{one.number}/" in message_about(said).body


class TestAfterTwoWeeks:
    @pytest.fixture
    def over(self, link, monkeypatch):
        monkeypatch.setattr(links, "LASTS", timedelta(0))
        cache.clear()
        return link

    def test_it_says_so_and_mails_a_fresh_one_on_a_press_but_not_at_each(self, over, case, cleo, monkeypatch):
        do_jobs()
        mail.outbox.clear()
        browser = Browser()
        page = opened(over, browser)
        assert page.status_code == 410
        assert "This link has expired" in page.text
        assert "Which till?" not in page.text
        for _ in range(3):
            browser.post(reverse("opened_case", args=[case.number]))
        monkeypatch.undo()
        do_jobs()
        [fresh] = mail.outbox
        assert fresh.to == [cleo.email]
        assert "Which till?" in opened(OURS.search(fresh.body)[1]).text

    @pytest.mark.parametrize("goes", [True, False])
    def test_that_one_is_on_its_way_is_said_only_where_mail_goes(self, over, case, settings, goes):
        settings.MAIL_GOES = goes
        browser = Browser()
        opened(over, browser)
        page = browser.post(reverse("opened_case", args=[case.number]), follow=True).text
        assert ("We’ve emailed you a new link." in page) is goes
        assert ("Email can’t be sent: no mail server is set up." in page) is not goes

    def test_it_answers_nothing(self, resolved, case, monkeypatch):
        yes = in_mail(resolved)[0]
        browser = Browser()
        assert opened(yes, browser).status_code == 200
        monkeypatch.setattr(links, "LASTS", timedelta(0))
        browser.post(reverse("opened_case", args=[case.number]), {"answer": "yes"})
        case.refresh_from_db()
        assert case.status == Status.RESOLVED


class TestAnAnswer:
    def press(self, link, case, answer):
        browser = Browser()
        opened(link, browser)
        return browser.post(reverse("opened_case", args=[case.number]), {"answer": answer}, follow=True).text

    def test_yes_closes_once_and_then_asks_how_the_help_was(self, resolved, case, cleo):
        yes, not_yet, _ = in_mail(resolved)
        assert "Yes, it works" in opened(yes).text
        page = self.press(yes, case, "yes")
        assert "Thank you. The case is closed." in page
        assert "How was our help?" in page
        confirmed = case.events.get(kind=Kind.CONFIRMED)
        assert (confirmed.author, confirmed.role) == (cleo, "customer")
        assert "is already closed." in self.press(yes, case, "yes")
        assert "is closed. Reopen it if the problem is back." in self.press(not_yet, case, "not-yet")
        assert case.events.filter(kind__in=(Kind.CONFIRMED, Kind.DECLINED)).count() == 1

    def test_not_yet_opens_it_once(self, resolved, case):
        _, not_yet, _ = in_mail(resolved)
        assert "Thank you. We’ve reopened the case and will reply by email." in self.press(
            not_yet, case, "not-yet"
        )
        assert "is already open" in self.press(not_yet, case, "not-yet")
        assert "is not resolved yet" in self.press(not_yet, case, "yes")
        assert case.events.filter(kind=Kind.DECLINED).count() == 1

    def test_to_a_fix_that_was_made_anew_meanwhile_is_none(self, resolved, case, ada):
        yes, not_yet, _ = in_mail(resolved)
        resolution.decline(case, by=case.customer)
        resolution.resolve(case, by=ada, resolution="Swapped it again.")
        for link, answer in ((yes, "yes"), (not_yet, "not-yet")):
            assert "Did this fix it?" not in opened(link).text
            assert "was resolved again in the meantime" in self.press(link, case, answer)
        case.refresh_from_db()
        assert case.status == Status.RESOLVED

    def test_about_the_help_counts_once(self, resolved, case, ada, cleo):
        closed = resolution.close(case, by=ada)
        good, bad, _ = in_mail(closed)
        assert "Thank you for telling us." in self.press(good, case, "good")
        assert "You’ve already told us. Thank you." in self.press(good, case, "good")
        assert "as good before, and a rating is given once" in self.press(bad, case, "bad")
        assert (Rating.objects.get().good, Rating.objects.get().by) == (True, cleo)

    @pytest.mark.parametrize("answer", ["yes", "not-yet", "good", "bad", "", "x"])
    def test_is_taken_only_by_the_link_of_a_mail_that_asks(self, link, case, resolved, answer):
        before = state(case)
        self.press(link, case, answer)
        assert state(case) == before

    def test_needs_our_own_page(self, resolved, case):
        browser = Browser(enforce_csrf_checks=True)
        opened(in_mail(resolved)[0], browser)
        assert browser.post(reverse("opened_case", args=[case.number]), {"answer": "yes"}).status_code == 403
