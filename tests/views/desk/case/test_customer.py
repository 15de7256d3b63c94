"""Moving a case to another customer: the desk says before what each will see."""

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation
from cases.models import Case, User
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


def asked(desk, case, to):
    return desk.get(reverse("desk_customer", args=[case.number]), {"to": to})


def test_what_each_will_see_is_said_before(desk, case, cleo, mallory):
    text = asked(desk, case, f" {mallory.email.upper()}").text
    assert "from Cleo to Mallory?" in text
    assert "Mallory (mallory@example.com) reads the whole conversation" in text
    assert "Cleo (cleo@example.com) sees the case no more" in text
    assert "The same holds for their colleagues of Bakery" in text
    assert "It belongs to Mill instead of Bakery" in text
    assert Case.objects.get().customer == cleo


def test_that_colleagues_will_read_it_is_said_before(desk, mallory, cleo, till):
    theirs = CaseFactory(customer=mallory, system=till)
    assert "So do their colleagues of Bakery read it." in asked(desk, theirs, cleo.email).text


def test_it_is_done_and_the_old_customers_links_are_not_found(desk, case, cleo, mallory, browser_of):
    conversation.reply(case, by=cleo, body="It is the red one.")
    address = reverse("desk_customer", args=[case.number])
    assert desk.post(address, {"to": mallory.email}).url == reverse("desk_case", args=[case.number])
    page = reverse("case", args=[case.number])
    assert browser_of(cleo).get(page).status_code == 404
    text = browser_of(mallory).get(page).text
    assert "It is the red one." in text
    assert "moved the case to another customer" in text
    assert "from Cleo to Mallory" not in text
    assert "from Cleo to Mallory" in desk.get(reverse("desk_case", args=[case.number])).text


def test_an_address_that_nobody_has_gets_an_account(desk, case):
    assert "yet, so we’ll create one." in asked(desk, case, "new@example.com").text
    assert not User.objects.filter(email="new@example.com").exists()
    desk.post(reverse("desk_customer", args=[case.number]), {"to": "new@example.com"})
    assert Case.objects.get().customer.email == "new@example.com"


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("", "Type the address of the customer."),
        ("nobody", "Enter a valid email address."),
        ("cleo@example.com", "The case already belongs to Cleo."),
    ],
)
def test_what_does_not_fit_is_a_sentence_beside_what_was_typed(desk, case, to, sentence):
    response = asked(desk, case, to)
    assert (response.status_code, sentence in response.text, f'value="{to}"' in response.text or not to) == (
        422, True, True,
    )  # fmt: skip


def test_the_desk_says_that_a_deactivated_customer_gets_no_mail(desk, case, cleo):
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    assert (
        "Deactivated: gets no email and can’t sign in"
        in desk.get(reverse("desk_case", args=[case.number])).text
    )


def test_one_click_mails_the_typed_address_how_to_confirm_it(desk, claimed, cleo):
    assert "Email how to confirm it" in desk.get(reverse("desk_case", args=[claimed.number])).text
    address = reverse("desk_confirmation", args=[claimed.number])
    assert "how to confirm the address" in desk.post(address, follow=True).text
    [job] = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_text")
    assert job.args["to"] == cleo.email
    assert "Not Cleo" not in job.args["body"]
    assert claimed.summary not in job.args["subject"] + job.args["body"]
    assert "within the last hour" in desk.post(address, follow=True).text
    assert ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_text").count() == 1


def test_no_mail_goes_to_a_deactivated_owner_and_the_desk_says_so(desk, claimed, cleo):
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    page = desk.post(reverse("desk_confirmation", args=[claimed.number]), follow=True).text
    assert "was deactivated" in page
    assert not ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_text").exists()
