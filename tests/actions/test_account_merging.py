"""Two accounts that turn out to be one person's become one, and can be taken apart again for a week."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases import tasks
from cases.actions import account_merging as merges
from cases.actions import accounts, conversation, customers, erasure, merging, requests
from cases.mail.outbound import recipient
from cases.models import AccountMerge, AuditEntry, AuditKind, Case, Event, Kind, Limit, Refused, Request, User
from tests.factories import CaseFactory, OrganisationFactory, SystemFactory, UserFactory

from .replay import replay

PASSWORD = "the second password"


@pytest.fixture
def second(db, till):
    """Cleo's second account, with an address that she proved and two cases."""
    second = User.objects.create_user("cleo@home.example", PASSWORD, verified=True, name="Cleo at home")
    for _ in range(2):
        CaseFactory(customer=second, system=till)
    return second


@pytest.fixture
def first(cleo):
    cleo.keep_address(verified=True)
    return cleo


def merged(gone, into, by):
    """With the job that moves the cases."""
    done = merges.merge(gone, by=by, into=into)
    tasks.move_cases(done.pk)
    return done


def undone(merge, by):
    merges.undo(merge, by=by)
    tasks.move_cases(merge.pk)


def all_that_is_theirs():
    """What belongs to whom, but for what an agent's deed leaves in the history."""
    users = User.objects.select_related(None).order_by("pk")
    cases = Case.objects.order_by("pk")
    return (
        list(users.values("pk", "email", "name", "organisation", "role", "is_active", "password")),
        list(EmailAddress.objects.order_by("email").values("user", "email", "verified", "primary")),
        list(cases.values("pk", "customer", "organisation", "customer_name", "status", "waiting_on")),
    )


def test_addresses_and_cases_are_the_others_then(first, second, adam):
    merged(second, first, adam)
    assert User.objects.of_address("cleo@home.example") == first
    assert accounts.customer_for("Cleo@Home.example") == first
    cases = Case.objects.filter(customer=first)
    assert cases.count() == 2
    for case in cases:
        event = case.events.get(kind=Kind.MOVED)
        assert (event.author, event.details["before"], event.details["after"]) == (
            adam,
            "Cleo at home",
            "Cleo",
        )
        assert replay(case.events.order_by("sequence"))["customer_id"] == first.pk
    entry = AuditEntry.objects.get(kind=AuditKind.MERGED)
    assert (entry.by, entry.about, entry.details) == (adam, first, {"account": second.pk})


def test_the_other_account_signs_in_no_more(first, second, adam, browser_of, client):
    theirs = browser_of(second)
    merged(second, first, adam)
    assert theirs.get(reverse("cases")).status_code == 302
    client.post(reverse("account_login"), {"login": "cleo@home.example", "password": PASSWORD})
    assert client.get(reverse("cases")).status_code == 302


def test_nobody_else_sees_more_than_before(first, second, adam, carl, bakery, ada):
    assert bakery.shares_cases
    merged(second, first, adam)
    assert Case.objects.visible_to(first).count() == 2
    assert not Case.objects.visible_to(carl).exists()


def test_it_is_undone_exactly(first, second, adam, case):
    before = all_that_is_theirs()
    merge = merged(second, first, adam)
    assert all_that_is_theirs() != before
    undone(merge, adam)
    assert all_that_is_theirs() == before
    assert AuditEntry.objects.filter(kind=AuditKind.UNMERGED).exists()
    assert merges.undo(merge, by=adam) is None


def test_undone_gives_back_the_primary_address_and_the_organisation(bakery, adam, case):
    kept = User.objects.create_user("kept@example.com", verified=True)
    gone = User.objects.create_user("gone@example.com", verified=True, name="Gone", organisation=bakery)
    before = all_that_is_theirs()
    merge = merged(gone, kept, adam)
    kept.refresh_from_db()
    assert (kept.name, kept.organisation) == ("Gone", bakery)
    EmailAddress.objects.get(email="gone@example.com").set_as_primary()
    undone(merge, adam)
    assert all_that_is_theirs() == before


def test_undone_leaves_alone_what_was_moved_since(first, second, adam, mallory):
    merge = merged(second, first, adam)
    moved, stays = Case.objects.filter(customer=first).order_by("pk")
    customers.move(moved, by=adam, to=mallory)
    customers.move(moved, by=adam, to=first)
    undone(merge, adam)
    assert Case.objects.get(pk=moved.pk).customer == first
    assert Case.objects.get(pk=stays.pk).customer == second


def test_it_cannot_be_undone_after_a_week_or_once_an_address_is_anothers(first, second, adam):
    merge = merged(second, first, adam)
    EmailAddress.objects.filter(email="cleo@home.example").delete()
    UserFactory(email="cleo@home.example")
    with pytest.raises(Refused, match="now belongs to someone else, so the merge can’t be undone"):
        merges.undo(merge, by=adam)
    AccountMerge.objects.update(at=timezone.now() - timedelta(days=8))
    with pytest.raises(Refused, match="for 7 days"):
        merges.undo(merge, by=adam)


def test_merges_in_a_row_are_undone_in_their_order(first, second, adam):
    third = User.objects.create_user("third@example.com", verified=True, name="Third")
    one = merged(second, first, adam)
    two = merged(first, third, adam)
    assert Case.objects.filter(customer=third).count() == 2
    with pytest.raises(Refused, match="Undo that first"):
        merges.undo(one, by=adam)
    undone(two, adam)
    undone(one, adam)
    assert Case.objects.filter(customer=second).count() == 2


def test_what_comes_before_the_cases_have_followed_is_not_lost(first, second, adam, ada):
    case = Case.objects.filter(customer=second).first()
    merge = merges.merge(second, by=adam, into=first)
    assert recipient(conversation.reply(case, by=ada, body="Hello.")) == first
    late = CaseFactory(customer=second)  # by somebody who had looked them up before
    tasks.move_cases(merge.pk)
    late_again = CaseFactory(customer=second)
    tasks.tidy_after_people(0)
    assert {case, late, late_again} <= set(Case.objects.filter(customer=first))


def test_what_was_asked_for_is_reminded_of_anew(first, second, adam, ada):
    case = Case.objects.filter(customer=second).first()
    requests.ask(case, by=ada, what="the log")
    Request.objects.update(due_at=None, next_check_at=None)
    merged(second, first, adam)
    assert Request.objects.get().due_at


def test_cases_of_both_can_be_merged_then(first, second, adam, case):
    merged(second, first, adam)
    other = Case.objects.filter(customer=first).exclude(pk=case.pk).first()
    assert merging.merge(other, by=adam, into=case)


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda gone, kept: setattr(gone, "role", User.Role.AGENT), "works here"),
        (lambda gone, kept: setattr(kept, "role", User.Role.AUDITOR), "works here"),
        (lambda gone, kept: setattr(kept, "is_active", False), "is deactivated"),
        (
            lambda gone, kept: setattr(gone, "organisation", OrganisationFactory(name="Mill")),
            "Move single cases",
        ),
        (
            lambda gone, kept: EmailAddress.objects.filter(user=kept).update(verified=False),
            "Nobody has confirmed",
        ),
    ],
    ids=["agent", "auditor", "deactivated", "two organisations", "unproven"],
)
def test_what_would_harm_somebody_is_refused(first, second, adam, prepare, sentence):
    prepare(second, first)
    first.save()
    second.save()
    with pytest.raises(Refused, match=sentence):
        merges.merge(second, by=adam, into=first)
    assert User.objects.of_address("cleo@home.example") == second


def test_an_account_is_not_merged_into_itself(first, adam):
    with pytest.raises(Refused, match="the same account"):
        merges.merge(first, by=adam, into=first)


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_at_once_get_one_merge_and_one_refusal(first, second, adam, ada):
    gate, done = threading.Barrier(2, timeout=20), []

    def merge(gone, kept):
        gate.wait()
        with suppress(Refused):
            done.append(merges.merge(gone, by=adam, into=kept))
        connection.close()

    threads = [threading.Thread(target=merge, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(done) == 1
    assert AccountMerge.objects.count() == 1


class TestThePage:
    @pytest.fixture
    def desk(self, adam, browser_of):
        return browser_of(adam)

    def test_says_what_will_be_seen_does_it_and_undoes_it(self, desk, first, second, adam):
        page = reverse("account_merge", args=[second.pk])
        text = desk.get(page, {"into": first.email}).text
        assert "Merge the account of Cleo at home into that of Cleo?" in text
        assert "whoever reads the mail of it can sign in as Cleo (cleo@example.com)" in text
        assert "2 cases of Cleo at home go along" in text
        assert "not shared with Bakery" in text
        text = desk.post(page, {"into": first.email}, follow=True).text
        assert "2 cases still to be moved" in text
        merge = AccountMerge.objects.get()
        tasks.move_cases(merge.pk)
        text = desk.post(reverse("account_unmerge", args=[merge.pk]), follow=True).text
        assert "are separate again" in text

    def test_refuses_with_a_sentence_beside_what_was_typed(self, desk, first, adam):
        page = reverse("account_merge", args=[first.pk])
        for into, sentence in (
            ("nobody@example.com", "Nobody has this address."),
            (adam.email, "works here"),
        ):
            response = desk.get(page, {"into": into})
            assert (response.status_code, sentence in response.text) == (422, True)
            assert f'value="{into}"' in response.text


def test_erasing_the_person_erases_both_accounts(first, second, adam):
    merge = merged(second, first, adam)
    erasing = erasure.erase(first, by=adam)
    tasks.run_bulk(erasing.pk)
    merge.refresh_from_db()
    for account in (first, second):
        account.refresh_from_db()
        assert "Cleo" not in (account.name, account.email)
    assert merge.before == {}
    with pytest.raises(Refused, match="was erased"):
        merges.undo(merge, by=adam)


def test_who_is_limited_moves_all_cases_and_is_named_in_those_they_see(first, second, lena, till):
    hidden = Case.objects.filter(customer=second).latest("pk")
    Case.objects.filter(pk=hidden.pk).update(system=SystemFactory())
    lena.limit = Limit.objects.create(name="The till", systems=[till.pk])
    lena.save()
    merged(second, first, lena)
    assert Case.objects.filter(customer=first).count() == 2
    moves = {event.case_id: event.author for event in Event.objects.filter(kind=Kind.MOVED)}
    assert moves.pop(hidden.pk) is None
    assert list(moves.values()) == [lena]


def test_a_providers_sign_in_goes_along_and_comes_back(first, second, lena):
    login = SocialAccount.objects.create(user=second, provider="company", uid="1")
    merge = merged(second, first, lena)
    login.refresh_from_db()
    assert login.user == first
    undone(merge, lena)
    login.refresh_from_db()
    assert login.user == second
