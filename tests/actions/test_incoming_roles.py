"""Mail says nothing that its sender could not say on a page: roles, limits, merged accounts, secrets."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from cases import tasks
from cases.actions import (
    account_merging,
    conversation,
    copies,
    forwards,
    merging,
    removal,
    requests,
    resolution,
    triage,
)
from cases.mail.forwards import message_to_outsider
from cases.mail.inbound import FROM_OUTSIDE
from cases.mail.outbound import message_about
from cases.models import (
    AccountMerge,
    Case,
    Event,
    Kind,
    Limit,
    Outcome,
    ReceivedMail,
    Request,
    Role,
    SecretAnswer,
    Status,
    ToMail,
    User,
    Why,
)
from tests.factories import CaseFactory, SystemFactory, UserFactory
from tests.mail.letters import notice

from .test_copies import mailed
from .test_incoming import answer, asked, letter, receive

pytestmark = pytest.mark.django_db

PASS = {"Authentication_Results": "mx.example.net; dmarc=pass"}
MX = "mx.example.net"


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


def proven(person):
    EmailAddress.objects.filter(user=person).update(verified=True)


def limited(person, **to):
    User.objects.filter(pk=person.pk).update(limit=Limit.objects.create(name="A part", **to))


def to_agent(case, agent, customer):
    """Our mail to the agent of the case."""
    triage.assign(case, by=agent, assignee=agent)
    return notice(conversation.reply(case, by=customer, body="Hello?"), agent, Why.REPLIED)


def test_an_auditor_changes_nothing_by_mail_either(case, otto, ada):
    proven(otto)
    resolution.resolve(case, by=ada, resolution="Done.")
    event = receive(answer(asked(case), otto.email, **PASS), MX).mail.event
    assert (event.kind, event.author) == (Kind.NOTE, None)
    case.refresh_from_db()
    assert case.status == Status.RESOLVED
    assert receive(letter(otto.email, **PASS), MX).mail.case.customer is None


def test_what_a_limited_agent_mails_beyond_the_limit_is_kept_as_a_note(case, ada, cleo):
    message = to_agent(case, ada, cleo)
    limited(ada, systems=[SystemFactory().pk])
    received = receive(answer(message, ada.email, **PASS), MX)
    assert (received.mail.case, received.mail.event.kind) == (case, Kind.NOTE)
    assert received.mail.event.author is None


def test_who_is_limited_to_teams_reports_by_mail_too(ada):
    proven(ada)
    limited(ada, teams=[1])
    assert receive(letter(ada.email, **PASS), MX).mail.case.summary == "The till"


def test_an_agent_who_answers_by_mail_takes_a_case_that_is_nobodys(case, ada, cleo):
    message = to_agent(case, ada, cleo)
    triage.assign(case, by=ada, assignee=None)
    receive(answer(message, ada.email, **PASS), MX)
    case.refresh_from_db()
    assert case.assignee == ada


def test_an_agents_answer_opens_even_a_case_that_was_closed_long_ago(case, ada, cleo):
    message = to_agent(case, ada, cleo)
    resolution.resolve(case, by=ada, resolution="Done.")
    resolution.close(case, by=ada)
    long_ago = timezone.now() - timedelta(days=settings.MAIL_REOPEN_DAYS + 30)
    Case.objects.update(resolved_at=long_ago)
    event = receive(answer(message, ada.email, "Try again.", **PASS), MX).mail.event
    assert (event.case, event.role) == (case, Role.AGENT)


def test_a_further_address_that_nobody_has_proven_speaks_as_nobody(ada):
    EmailAddress.objects.create(user=ada, email="stranger@example.net")
    case = receive(letter("stranger@example.net")).mail.case
    event = receive(answer(asked(case), "stranger@example.net", "It is me.")).mail.event
    assert event.author is None
    assert event.role == Role.CUSTOMER


def test_after_two_accounts_were_merged_answers_to_mail_of_the_old_one_are_theirs(case, cleo, lena):
    kept = UserFactory(name="Cleo", email="cleo@other.example", organisation=cleo.organisation)
    proven(kept)
    proven(cleo)
    message = asked(case)
    account_merging.merge(cleo, by=lena, into=kept)
    tasks.move_cases(AccountMerge.objects.get().pk)
    assert receive(answer(message, cleo.email)).mail.event.author == kept


def test_what_is_asked_for_as_a_secret_stays_asked_for_when_it_is_mailed(case, ada, cleo):
    event = requests.ask(case, by=ada, what="the password", secret=True)
    message = message_about(event)
    assert "Please give it on the page, where it’s sealed, not by email." in message.body
    receive(answer(message, cleo.email, "See the till."))
    assert Request.objects.get().outcome == ""
    assert not SecretAnswer.objects.exists()


def test_a_passage_is_gone_from_the_subject_in_small_letters_too(ada):
    case = receive(letter(Subject="Login Hunter2Secret fails", body="Hunter2Secret")).mail.case
    said = case.events.get(kind=Kind.REPLY)
    removal.remove_passage(case, by=ada, event=said.sequence, passage="Hunter2Secret")
    assert "hunter2secret" not in ReceivedMail.objects.get().thread


def test_a_limited_agent_hears_no_word_of_a_case_of_their_own_beyond_the_limit(ada, abe, till):
    case = CaseFactory(customer=abe, system=SystemFactory())
    limited(abe, systems=[till.pk])
    assert message_about(conversation.reply(case, by=ada, body="We look into it.")) is None


@pytest.mark.parametrize(
    "quoted",
    [
        "{link}",
        "See <{link}>, or [this]({link}&answer=yes).",
        "https://safelinks.example/?url={encoded}&data=05",
        "\n\nOn 3 Mar 2026 at 9:14, Caseline wrote:\n> {link}",
    ],
)
def test_a_link_that_an_answer_quotes_is_given_to_nobody_else(case, cleo, carl, ada, quoted):
    """It reads the case without signing in, and answers as Cleo, whoever is taken out of copy meanwhile."""
    copies.add(case, by=cleo, address="bert@elsewhere.example")
    ours = message_about(resolution.resolve(case, by=ada, resolution="Swapped."))
    link = next(line for line in ours.body.splitlines() if "/cases/mailed/" in line)
    said = f"What is that? {quoted.format(link=link, encoded=quote(link, safe=''))}"
    mail = receive(answer(ours, cleo.email, said)).mail
    secret = link.rpartition(":")[2].partition("&")[0]
    (to_bert,) = mailed(mail.event)
    assert secret in said
    assert secret not in to_bert.body + mail.event.body + mail.folded
    assert f"{settings.URL}/cases/{case.number}/" in mail.event.body + mail.folded
    assert "What is that?" in Event.objects.visible_to(carl).get(pk=mail.event.pk).body


def test_a_proven_customer_goes_on_in_a_visitors_case_that_was_merged_into_theirs(case, cleo, ada):
    proven(cleo)
    visitors = receive(letter(cleo.email, "Another one.")).mail.case
    merging.merge(visitors, by=ada, into=case, anyway=True)
    event = receive(answer(asked(visitors), cleo.email, "It is on fire.", **PASS), MX).mail.event
    assert (event.case, event.kind, event.author) == (case, Kind.REPLY, cleo)


def test_whom_a_visitor_put_in_copy_says_nothing_in_the_customers_case_it_was_merged_into(case, cleo, ada):
    bert = "bert@elsewhere.example"
    visitors = receive(letter(cleo.email, "Another one.", Cc=bert, Message_ID="<1@x.example>")).mail.case
    merging.merge(visitors, by=ada, into=case, anyway=True)
    raw = letter(bert, "Me too.", In_Reply_To="<1@x.example>", Message_ID="<2@x.example>")
    event = receive(raw).mail.event
    assert (event.case, event.kind) == (case, Kind.NOTE)


def test_what_a_vendor_writes_under_our_subject_is_a_note_of_the_case_that_they_were_asked_about(case, ada):
    ours = message_to_outsider(
        forwards.forward(case, by=ada, address="Help@vendor.example", words="Please look.")
    )
    subject = f"[VND-7] Re: {ours.subject}"  # ticket systems keep no Message-ID of ours
    received = receive(letter("help@vendor.example", "Fixed in 2.1", Subject=subject))
    assert (received.mail.case, received.mail.event.kind, received.outcome) == (
        case,
        Kind.NOTE,
        Outcome.NOTED,
    )
    assert received.reason == FROM_OUTSIDE
    assert receive(letter("other@vendor.example", "Me too", Subject=subject)).mail.case != case


def test_an_assignee_is_mailed_of_what_their_customer_answers_from_another_address(case, ada, abe):
    triage.assign(case, by=ada, assignee=abe)
    got = receive(answer(asked(case), "cleo@home.example"))
    assert ToMail.objects.filter(event=got.mail.event, person=abe).exists()


def test_who_forwards_a_case_is_mailed_of_the_answer(case, ada):
    triage.assign(case, by=ada, assignee=ada)
    event = forwards.forward(case, by=ada, address="help@vendor.example", words="Please look.")
    got = receive(answer(message_to_outsider(event), "help@vendor.example", "Fixed in 2.1"))
    assert ToMail.objects.filter(event=got.mail.event, person=ada).exists()
