"""People in copy of a case get what its customer reads, each by a letter of their own, and may answer."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from cases.actions import (
    accounts,
    claims,
    conversation,
    copies,
    customers,
    erased_cases,
    held_mail,
    merging,
    preferences,
    resolution,
)
from cases.mail.outbound import message_about
from cases.models import Case, Delivery, Event, InCopy, Kind, Refused, Role
from cases.models.promise import PromiseTerms
from cases.tasks import mail_beside
from cases.wording.events import sentence, who
from cases.wording.times import exact
from tests.factories import CaseFactory, UserFactory

from .test_incoming import answer, asked, jobs, letter, receive

pytestmark = pytest.mark.django_db
BERT = "bert@elsewhere.example"


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


def in_copy(case):
    return list(InCopy.objects.now().filter(case=case).values_list("address", flat=True))


def mailed(event):
    """The letters about this event to people in copy."""
    mail.outbox.clear()
    for name, args in jobs():
        if name == "cases.tasks.mail_beside" and args["event"] == event.pk:
            mail_beside(None, **args, beside=[])
    return list(mail.outbox)


def proven(address):
    person = accounts.customer_for(address)
    EmailAddress.objects.filter(user=person).update(verified=True)
    return person


def test_whom_a_customers_mail_went_to_besides_us_is_in_copy_of_the_case(case, cleo):
    message = asked(case)
    receive(answer(message, cleo.email, Cc=f"Bert <{BERT}>, {message.extra_headers['Reply-To']}"))
    assert in_copy(case) == [BERT]
    assert sentence(case.events.latest("sequence")) == f"Cleo put {BERT} in copy"


def test_a_mail_that_opens_a_case_keeps_them_too(ada):
    received = receive(letter(To=f"support@127.0.0.1, {BERT}", Cc="no-reply@shop.example, " + ada.email))
    assert in_copy(received.mail.case) == [BERT]
    assert "no-reply@shop.example is a list or a machine" in received.reason
    assert "Ada works here" in received.reason


def test_where_a_mail_was_delivered_is_nobody_in_copy():
    received = receive(letter(To="help@bakery.example", Delivered_To="help@bakery.example"))
    assert in_copy(received.mail.case) == []


def test_they_read_replies_and_resolutions_and_no_notes_each_with_a_token_of_their_own(case, cleo, ada):
    copies.add(case, by=ada, address=BERT)
    copies.add(case, by=cleo, address="dora@elsewhere.example")
    said = conversation.reply(case, by=ada, body="Restart it.")
    conversation.add_note(case, by=ada, body="They never do.")
    first, second = mailed(said)
    assert (first.to, second.to) == ([BERT], ["dora@elsewhere.example"])
    assert "Restart it." in first.body
    assert first.extra_headers["Reply-To"] != second.extra_headers["Reply-To"]
    assert not first.cc + first.bcc
    assert "dora" not in str(first.message())
    assert not mailed(case.events.get(kind=Kind.NOTE))
    assert mailed(resolution.resolve(case, by=ada, resolution="Restarted."))


def test_what_they_answer_is_said_in_the_case_under_their_name(case, ada, cleo):
    copies.add(case, by=cleo, address=BERT)
    (message,) = mailed(conversation.reply(case, by=ada, body="Restart it."))
    event = receive(answer(message, f"Bert <{BERT}>", "It is on again.")).mail.event
    assert (event.kind, event.role, event.author.email) == (Kind.REPLY, Role.CUSTOMER, BERT)
    assert who(event) == "Bert"
    again = receive(answer(message, f"Someone else <{BERT}>", "And off again.")).mail.event
    assert who(again) == "Bert"  # a name that is there stays
    assert event in Event.objects.visible_to(cleo)


def test_whoever_only_says_to_be_them_is_read_by_agents_alone(case, ada, cleo):
    copies.add(case, by=cleo, address=BERT)
    (message,) = mailed(conversation.reply(case, by=ada, body="Restart it."))
    event = receive(answer(asked(case), f"Bert <{BERT}>")).mail.event
    assert event.kind == Kind.NOTE
    event = receive(answer(message, "else@elsewhere.example", "No.")).mail.event
    assert event.kind == Kind.NOTE


def test_whoever_was_taken_out_is_told_nothing_more_and_comes_back_by_no_mail(case, ada, cleo):
    copies.add(case, by=cleo, address=BERT)
    said = conversation.reply(case, by=ada, body="Restart it.")
    (message,) = mailed(said)
    copies.remove(case, by=cleo, copy=InCopy.objects.get().pk)
    assert not mailed(said)
    assert receive(answer(message, BERT)).mail.event.kind == Kind.NOTE
    receive(answer(asked(case), cleo.email, Cc=BERT))
    assert in_copy(case) == []
    assert copies.add(case, by=ada, address=BERT)


def test_nobody_is_mailed_what_they_have_from_its_author(case, cleo):
    event = receive(answer(asked(case), cleo.email, Cc=BERT)).mail.event
    assert not mailed(event)
    said = conversation.reply(case, by=cleo, body="And the second till.")
    assert [one.to for one in mailed(said)] == [[BERT]]


def test_a_customer_is_mailed_what_people_in_copy_say_unless_they_have_it(case, cleo, ada):
    copies.add(case, by=cleo, address=BERT)
    (message,) = mailed(conversation.reply(case, by=ada, body="Which till?"))
    assert "The left one." in message_about(receive(answer(message, BERT, "The left one.")).mail.event).body
    assert (
        message_about(receive(answer(message, BERT, "Or the right one.", Cc=cleo.email)).mail.event) is None
    )


def test_what_a_colleague_says_is_mailed_to_the_customer_and_their_own_words_are_not(case, cleo, carl):
    assert "Carl wrote:" in message_about(conversation.reply(case, by=carl, body="Till 5 too.")).body
    assert message_about(conversation.reply(case, by=cleo, body="And till 6.")) is None


def test_a_visitors_words_are_mailed_to_nobody_and_an_agents_are(ada):
    case = receive(letter(Cc=BERT)).mail.case
    said = receive(answer(asked(case), "Nora Field <nora@example.net>", "Buy my pills.")).mail.event
    assert (said.case, said.kind, said.body) == (case, Kind.REPLY, "Buy my pills.")
    assert not mailed(said)
    (message,) = mailed(conversation.reply(case, by=ada, body="Which till?"))
    assert f"/cases/{case.number}/" not in message.body  # they could not open the page
    event = receive(answer(message, f"Bert <{BERT}>", "The left one.")).mail.event
    assert (event.kind, event.author, who(event)) == (Kind.REPLY, None, f"Bert <{BERT}>")


def test_who_a_forger_put_in_copy_leaves_as_the_address_is_proven(cleo):
    case = receive(letter(cleo.email, Cc=BERT)).mail.case
    claims.prove(case, by=proven(cleo.email))
    assert in_copy(case) == []


def test_an_account_with_the_proven_address_sees_the_case_and_no_other(case, cleo, ada):
    other, person = CaseFactory(customer=cleo), accounts.customer_for(BERT)
    copies.add(case, by=cleo, address=BERT)
    assert not Case.objects.visible_to(person).exists()
    assert list(Case.objects.visible_to(proven(BERT))) == [case]
    assert other not in Case.objects.visible_to(person)
    assert not Event.objects.visible_to(person).filter(public=False).exists()
    copies.remove(case, by=person, copy=InCopy.objects.get().pk)
    assert not Case.objects.visible_to(person).exists()


def test_nobody_sees_a_visitors_case_since_they_are_in_copy():
    assert in_copy(receive(letter(Cc=BERT)).mail.case) == [BERT]
    assert not Case.objects.visible_to(proven(BERT)).exists()


def test_only_agents_and_the_customer_change_who_reads_along(case, carl, mallory, ada):
    for person in (carl, mallory):
        with pytest.raises(Refused, match="Only the customer"):
            copies.add(case, by=person, address=BERT)
    copies.add(case, by=ada, address=BERT)
    with pytest.raises(Refused, match="Only the customer"):
        copies.remove(case, by=carl, copy=InCopy.objects.get().pk)


def test_times_in_their_mail_stand_in_their_zone(case, carl, ada):
    preferences.choose(by=carl, ways={}, zone="America/New_York")
    copies.add(case, by=ada, address=carl.email)
    copies.add(case, by=ada, address=BERT)
    terms = conversation.ReplyTerms(promises=[PromiseTerms(timezone.now() + timedelta(hours=5), "")])
    to_carl, to_bert = mailed(conversation.reply(case, by=ada, body="I look.", terms=terms))
    case.refresh_from_db()
    with timezone.override(ZoneInfo("America/New_York")):
        assert f"Next update by {exact(case.promised_at)}." in to_carl.body
    assert f"Next update by {exact(case.promised_at)}." in to_bert.body


def test_whoever_puts_nobody_in_copy_on_the_page_does_so_by_no_mail_either(case, cleo, carl, ada, mallory):
    copies.add(case, by=cleo, address=BERT)
    (message,) = mailed(conversation.reply(case, by=ada, body="Restart it."))
    assert receive(answer(message, BERT, "It is on.", Cc=mallory.email)).mail.event.kind == Kind.REPLY
    proven(carl.email)
    passed = {"Authentication_Results": "mx.example.net; dmarc=pass"}
    mail_of_carl = answer(asked(case), carl.email, "Me too.", Cc=mallory.email, **passed)
    assert receive(mail_of_carl, "mx.example.net").mail.event.author == carl
    assert in_copy(case) == [BERT]
    assert not Case.objects.visible_to(proven(mallory.email)).exists()


def test_a_case_has_a_sane_number_of_people_in_copy(case, cleo):
    many = ", ".join(f"p{number}@elsewhere.example" for number in range(copies.MOST + 2))
    reason = receive(answer(asked(case), cleo.email, Cc=many)).reason
    assert len(in_copy(case)) == copies.MOST
    assert "p21@elsewhere.example is left out" in reason


def test_a_customer_puts_a_sane_number_of_people_in_copy_a_day_and_an_agent_any(case, cleo, ada, monkeypatch):
    monkeypatch.setattr(copies, "MOST_A_DAY", 3)
    other = CaseFactory(customer=cleo, system=case.system)
    many = ", ".join(f"p{number}@elsewhere.example" for number in range(4))
    reason = receive(answer(asked(case), cleo.email, Cc=many)).reason
    assert "A customer may put 3 people in copy a day, so p3@elsewhere.example is left out." in reason
    assert copies.add(other, by=cleo, address="p0@elsewhere.example")  # the same person, in another case
    with pytest.raises(Refused, match=f"so {BERT} is left out"):
        copies.add(other, by=cleo, address=BERT)
    assert copies.add(other, by=ada, address=BERT)
    InCopy.objects.update(added_at=timezone.now() - timedelta(days=1, minutes=1))
    assert copies.add(other, by=cleo, address="dora@elsewhere.example")


def test_they_go_along_with_a_merge_and_come_back(case, cleo, ada):
    into = CaseFactory(customer=cleo, system=case.system)
    copies.add(case, by=cleo, address=BERT)
    merging.merge(case, by=ada, into=into)
    assert in_copy(into) == [BERT]
    merging.unmerge(case, by=ada)
    assert (in_copy(into), in_copy(case)) == ([], [BERT])


def test_they_leave_when_the_case_becomes_another_companys(case, cleo, carl, mallory, ada):
    copies.add(case, by=cleo, address=BERT)
    customers.move(case, by=ada, to=carl)
    assert in_copy(case) == [BERT]
    customers.move(case, by=ada, to=mallory)
    assert in_copy(case) == []


def test_erasure_takes_the_address_everywhere(case, cleo, ada, adam):
    copies.add(case, by=cleo, address=BERT)
    person = accounts.customer_for(BERT)
    erased_cases.erase(case, adam, person.pk)
    assert not InCopy.objects.exists()
    assert BERT not in str(list(Event.objects.values()))


def test_retention_takes_everybody_in_copy_out(case, cleo, ada):
    copies.add(case, by=cleo, address=BERT)
    resolution.resolve(case, by=ada, resolution="Done.")
    resolution.close(case, by=ada)
    erased_cases.anonymise(case)
    assert not InCopy.objects.exists()
    assert BERT not in str(list(Event.objects.values()))


def test_an_address_of_the_customer_is_not_put_in_copy(case, cleo, ada):
    EmailAddress.objects.create(user=cleo, email="cleo@home.example", verified=True)
    with pytest.raises(Refused, match="gets every email anyway"):
        copies.add(case, by=ada, address="cleo@home.example")
    with pytest.raises(Refused, match="works here"):
        copies.add(case, by=ada, address=UserFactory(role="agent").email)


@pytest.mark.parametrize("shut_out", ["deactivated", "blocked", "bounces", "works here"])
def test_a_customer_learns_nothing_of_others_accounts_and_an_agent_why_not(
    case, cleo, ada, mallory, shut_out
):
    if shut_out == "deactivated":
        mallory.is_active = False
        mallory.save()
    elif shut_out == "blocked":
        held_mail.block(mallory.email, by=ada)
    elif shut_out == "bounces":
        Delivery.objects.create(address=mallory.email, message_id="<1@x>", state=Delivery.State.BOUNCED)
    address = ada.email if shut_out == "works here" else mallory.email
    with pytest.raises(Refused, match=rf"^{address} can’t be copied in"):
        copies.add(case, by=cleo, address=address)
    with pytest.raises(Refused, match=shut_out):
        copies.add(case, by=ada, address=address)


def test_another_address_of_ours_is_not_put_in_copy(till, settings):
    settings.MAIL_ALIASES = frozenset({"help@shop.example"})
    got = receive(letter(To="Help <Help@shop.example>", Cc="bert@elsewhere.example"))
    assert [one.address for one in got.mail.case.in_copy.all()] == ["bert@elsewhere.example"]
