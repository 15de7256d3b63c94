"""What we say of mail is said only where mail can go."""

import pytest
from django.core import mail
from django.urls import reverse

from cases.actions import claims
from cases.models import Delivery, Refused, User
from tests.factories import UserFactory
from tests.mail.letters import do_jobs

pytestmark = pytest.mark.django_db

NONE = "Email can’t be sent: no mail server is set up"
REPORT = {"summary": "Nothing prints", "description": "It does not.", "severity": 3}
BACK = "Email to cleo@example.com comes back: mailbox unknown."


@pytest.fixture
def no_mail(settings):
    settings.MAIL_GOES = False


@pytest.fixture
def bounces(cleo):
    return Delivery.objects.create(
        address=cleo.email, message_id="<1@x>", state="bounced", reason="mailbox unknown"
    )


def test_a_customer_to_whom_mail_comes_back_is_not_told_that_we_mailed_them(cleo, till, browser_of, bounces):
    page = browser_of(cleo).post(reverse("case_new"), REPORT | {"system": till.pk}, follow=True).text
    assert "We’ve emailed you" not in page
    assert f"{BACK} You find the case among yours." in page


def test_a_visitor_is_told_of_no_bounces_of_an_address_that_may_be_anybodys(cleo, till, visitor, bounces):
    typed = REPORT | {"system": till.pk, "name": "Somebody", "email": cleo.email}
    page = visitor.post(reverse("case_new"), typed)
    assert page.status_code == 302
    assert "comes back" not in visitor.get(reverse("account_login")).text


def test_without_a_mail_server_nobody_is_told_of_mail(
    no_mail, cleo, mona, till, visitor, claimed, adam, ada, browser_of
):
    typed = REPORT | {"system": till.pk}
    page = browser_of(cleo).post(reverse("case_new"), typed, follow=True).text
    assert "We’ve emailed you" not in page
    assert NONE in page
    for address in ("account_login", "account_signup", "account_reset_password", "case_new"):
        assert "no mail server is set up" in visitor.get(reverse(address)).text.lower(), address
    invited = browser_of(mona).post(
        reverse("organisation_invitations"), {"email": "anna@example.com"}, follow=True
    )
    assert "We’ll email" not in invited.text
    assert NONE.lower()[:20] in invited.text.lower()
    with pytest.raises(Refused, match=NONE):
        claims.ask_owner(claimed, by=ada)


def test_with_one_no_page_speaks_of_none(visitor, mona, browser_of):
    for page in (visitor.get(reverse("account_login")), browser_of(mona).get(reverse("organisation"))):
        assert "mail server" not in page.text


def test_who_loses_a_second_factor_is_told_by_mail_where_mail_goes(adam, cleo, browser_of, bounces):
    User.objects.filter(pk=cleo.pk).update(has_second_factor=True)
    page = browser_of(adam, proven=True).get(reverse("second_factor", args=[cleo.pk])).text
    assert "told by email" not in page
    assert BACK in page
    abby = UserFactory(name="Abby")
    User.objects.filter(pk=abby.pk).update(has_second_factor=True)
    assert "told by email" in browser_of(adam, proven=True).get(reverse("second_factor", args=[abby.pk])).text


def test_an_invitation_says_that_it_is_mailed_where_mail_goes(adam, mona, browser_of):
    invited = browser_of(mona).post(
        reverse("organisation_invitations"), {"email": "anna@example.com"}, follow=True
    )
    assert "We’ll email an invitation to anna@example.com." in invited.text


@pytest.mark.django_db(transaction=True)
def test_what_becomes_of_the_mail_that_asks_whose_an_address_is_stands_on_the_note(claimed, ada, browser_of):
    note = claims.ask_owner(claimed, by=ada)
    do_jobs()
    assert [message.subject for message in mail.outbox if "Was it you" in message.subject]
    assert note.deliveries.get().state == "sent"
    note.deliveries.update(state="refused", reason="mailbox unknown")
    desk = browser_of(ada)
    page = desk.get(reverse("desk_case", args=[claimed.number])).text
    assert "Not delivered to cleo@example.com: mailbox unknown" in page
