"""Mail that may be refused says how, and one click does it."""

import pytest
from django.core import mail
from django.test import Client

from cases.actions import conversation, notifications, triage
from cases.mail.outbound import message_about
from cases.mail.unsubscribing import link_of
from cases.models import NoticeChoice, ToMail, User, Way, Why
from cases.queries.notices import hears
from cases.tasks import mail_notices

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def program():
    """What posts is no browser: it has no session and sends no token of ours."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def link(case, ada, abe, settings):
    """As it stands in the header of a mail to Abe."""
    triage.assign(case, by=ada, assignee=abe)
    mail_notices(abe.pk)
    [letter] = mail.outbox
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    raw = letter.message().as_bytes().decode()
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert f"List-Unsubscribe: <{link}>" in raw  # whole, and not encoded
    assert link in letter.body
    return link.removeprefix(settings.URL)


def test_a_program_turns_it_off_with_one_post_and_nothing_else(program, link, case, ada, abe):
    assert program.post(link, ONE_CLICK).status_code == 200
    assert [(one.person, one.why, one.ways) for one in NoticeChoice.objects.all()] == [
        (abe, "assigned", ["desk", "push"])
    ]
    triage.assign(case, by=ada, assignee=None)
    triage.assign(case, by=ada, assignee=abe)
    assert not ToMail.objects.exists()
    assert program.post(link, ONE_CLICK).status_code == 200  # twice is as once
    assert hears(abe, Why.ASSIGNED, Way.DESK)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_looks_where_it_leads_changes_nothing(program, link, abe, method):
    assert getattr(program, method)(link).status_code == 200
    assert hears(abe, Why.ASSIGNED, Way.MAIL)


def test_the_page_says_what_it_turns_off_and_nothing_of_anybody(visitor, link, abe):
    page = visitor.get(link).text
    assert "A case is given to me" in page
    assert "Turn this email off" in page
    assert abe.name not in page
    assert abe.email not in page


@pytest.mark.parametrize("spoil", ["cut", "another", "moved", "gone"])
def test_a_link_that_is_not_theirs_turns_nothing_off(program, link, abe, adam, spoil):
    if spoil == "cut":
        link = link[:-2] + "/"
    elif spoil == "another":
        link = link.replace(f"/{abe.pk}~", f"/{adam.pk}~")
    elif spoil == "moved":
        User.objects.filter(pk=abe.pk).update(email="abe@new.example")
    else:
        User.objects.filter(pk=abe.pk).update(is_active=False)
    answer = program.post(link, ONE_CLICK)
    assert (answer.status_code, NoticeChoice.objects.count()) == (410, 0)
    assert "This link no longer works" in answer.text


def test_what_waited_is_not_sent_any_more(program, case, ada, abe, settings):
    notifications.follow(case, by=abe)
    conversation.add_note(case, by=ada, body="@abe look")
    assert ToMail.objects.filter(person=abe).exists()
    program.post(link_of(abe, Way.MAIL, [Why.MENTIONED]).removeprefix(settings.URL), ONE_CLICK)
    assert not ToMail.objects.exists()


def test_the_last_of_a_team_who_turns_new_cases_off_reads_who_hears_instead(program, ada, team, settings):
    team.members.add(ada)
    NoticeChoice.objects.create(person=ada, why=Why.NEW, ways=["mail"])
    said = program.post(link_of(ada, Way.MAIL, [Why.NEW]).removeprefix(settings.URL), ONE_CLICK).text
    assert "Nobody in Engineering hears of a new case" in said


def test_mail_to_customers_about_their_own_cases_has_no_such_click(case, ada, cleo):
    """They would lose all answers by it. Their page of notifications says so first."""
    message = message_about(conversation.reply(case, by=ada, body="Which till?"))
    assert "List-Unsubscribe" not in message.extra_headers
