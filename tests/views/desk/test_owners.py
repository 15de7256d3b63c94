"""The pages of customers and organisations at the desk."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import tasks
from cases.actions import (
    account_merging,
    attachments,
    cards,
    case_counts,
    conversation,
    erasure,
    promises,
    rating,
    resolution,
    spam,
)
from cases.models import (
    AuditEntry,
    AuditKind,
    Bulk,
    CardChange,
    Case,
    CaseCount,
    Limit,
    MailDomain,
    Promise,
    User,
)
from cases.queries.person import is_erased
from tests.factories import CaseFactory, SystemFactory, UserFactory, upload

pytestmark = pytest.mark.django_db
NOTED = {
    "title": "Baker",
    "phone": "+49 30 123",
    "language": "German",
    "zone": "Europe/Berlin",
    "note": "Rings early.",
}


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


@pytest.fixture
def lime(till):
    """Lime sees the till and nothing else."""
    limit = Limit.objects.create(name="The till", systems=[till.pk])
    return UserFactory(name="Lime", role=User.Role.AGENT, limit=limit)


def page_of(owner):
    kind = "customer" if isinstance(owner, User) else "organisation"
    return reverse(f"{kind}_page", args=[owner.pk])


def card_of(owner):
    return page_of(owner) + "card/"


def test_the_page_of_a_customer_says_who_they_are_and_what_there_is_of_them(
    desk, cleo, carl, ada, bakery, case
):
    cards.write(cleo, by=ada, seen=0, **NOTED)
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
    file = attachments.receive(upload("shot.png"), by=cleo)
    conversation.reply(case, by=cleo, body="Look.", attachments=[file])
    closed = CaseFactory(customer=cleo, summary="An old story")
    resolution.close(closed, by=ada)
    rating.rate(closed, by=cleo, good=False, word="Slow.")
    page = desk.get(page_of(cleo)).text
    for words in (
        "Cleo", cleo.email, "Baker", "+49 30 123", "German", "Rings early.", "Bakery", "Carl", "shot.png", case.summary,
        "Open <b>1</b>", "Past <b>1</b>", "1 not good", "“Slow.”",
    ):  # fmt: skip
        assert words in page, words
    assert "An old story" not in page
    assert "An old story" in desk.get(page_of(cleo), {"list": "past"}).text
    assert f'href="{page_of(bakery)}"' in page
    assert f'href="{page_of(carl)}"' in page


def test_the_page_of_an_organisation_says_whom_and_what_it_has(desk, bakery, cleo, mona, case):
    MailDomain.objects.create(name="bakery.example", organisation=bakery)
    cards.write(bakery, by=mona, seen=0, phone="", note="Pays late.")
    page = desk.get(page_of(bakery)).text
    for words in (
        "Bakery",
        "bakery.example",
        "Mona",
        "Cleo",
        "Pays late.",
        case.summary,
        "Till",
        "Open <b>1</b>",
    ):
        assert words in page, words


def test_pages_and_search_of_the_desk_lead_to_them(desk, case, cleo, bakery):
    assert f'href="{page_of(cleo)}" data-key="C"' in desk.get(reverse("desk_case", args=[case.number])).text
    assert f'href="{page_of(bakery)}"' in desk.get(reverse("desk_case", args=[case.number])).text
    assert f'href="{page_of(cleo)}"' in desk.get(reverse("search"), {"q": "cleo"}).text
    for words, owner in (("cle", cleo), (cleo.email, cleo), ("bake", bakery)):
        assert f'href="{page_of(owner)}"' in desk.get(reverse("palette"), {"q": words}).text, words


def test_a_new_case_for_them_needs_neither_name_nor_address_typed(desk, cleo, till, browser_of, mallory):
    address = f"{reverse('case_new')}?customer={cleo.pk}"
    assert address in desk.get(page_of(cleo)).text
    assert f'value="{cleo.email}"' in desk.get(address).text
    assert cleo.email not in browser_of(mallory).get(address).text


def test_an_address_that_nobody_proved_leads_to_no_account(desk, claimed, cleo):
    page = desk.get(reverse("desk_case", args=[claimed.number])).text
    assert cleo.email in page
    assert page_of(cleo) not in page
    assert "customers/" not in page
    assert "Open <b>0</b>" in desk.get(page_of(cleo)).text


def test_the_list_goes_on_from_where_a_page_ends_and_misses_nothing(desk, cleo):
    cases = [CaseFactory(customer=cleo) for _ in range(27)]
    Case.objects.update(last_public_at=timezone.now())  # all at once
    first = desk.get(page_of(cleo))
    again = desk.get(page_of(cleo), {"before": first.context["page"].after})
    seen = [row["number"] for page in (first, again) for row in page.context["page"].rows]
    assert seen == sorted((case.number for case in cases), reverse=True)
    assert again.context["page"].after == ""
    for nonsense in ("x", "2026-01-01~1", "9~9", "2026-01-01T00:00:00+00:00~" + "9" * 30):
        wrong = desk.get(page_of(cleo), {"before": nonsense})
        assert "That page no longer exists, so here’s the first." in wrong.text
        assert len(wrong.context["page"].rows) == 25


def test_somebody_limited_sees_of_a_customer_what_they_see_of_their_cases(
    browser_of, lime, cleo, carl, ada, case
):
    cards.write(cleo, by=ada, seen=0, **NOTED)
    hidden = CaseFactory(customer=cleo, summary="Quagga", system=SystemFactory(name="Scale"))
    promises.promise(hidden, by=ada, due_at=timezone.now() + timedelta(hours=1))
    file = attachments.receive(upload("quagga.png"), by=cleo)
    conversation.reply(hidden, by=cleo, body="Look.", attachments=[file])
    CaseFactory(customer=carl, system=hidden.system)
    browser = browser_of(lime)
    for owner in (cleo, cleo.organisation):
        page = browser.get(page_of(owner)).text
        assert "Open <b>1</b>" in page
        assert case.summary in page
        for secret in ("uagga", "Scale", "Carl", carl.email):
            assert secret not in page, secret
    assert browser.get(page_of(carl)).status_code == 404
    Case.objects.filter(pk=case.pk).update(system=hidden.system)
    for owner in (
        cleo,
        cleo.organisation,
    ):  # nothing of theirs is Lime's any more, be the ledger folded or not
        for address in (page_of(owner), card_of(owner)):
            assert browser.get(address).status_code == 404
        case_counts.fold()
    for words in ("cleo", cleo.email, "bakery"):
        assert len(browser.get(reverse("palette"), {"q": words}).context["options"]) == 1, words


def test_counts_are_exact_after_whatever_was_done_and_stay_so_when_they_are_folded(
    desk, cleo, carl, ada, case
):
    other = CaseFactory(customer=carl)
    resolution.close(case, by=ada)
    Case.objects.filter(pk=other.pk).update(customer=cleo)
    rating.rate(case, by=cleo, good=True)
    lines = CaseCount.objects.count()
    for _ in range(2):
        figures = desk.get(page_of(cleo)).context["figures"]
        assert (figures["open"], figures["past"], figures["good"]) == (1, 1, 1)
        assert case_counts.mismatches() == []
        case_counts.fold()
    assert CaseCount.objects.count() < lines
    assert not CaseCount.objects.filter(folded=False).exists()
    CaseCount.objects.filter(what="open").delete()
    assert ("customer", cleo.pk) in case_counts.mismatches()
    case_counts.rebuild()
    assert case_counts.mismatches() == []


def test_what_is_noted_is_kept_with_whose_change_it_was(desk, cleo, ada):
    form = desk.get(card_of(cleo))
    assert form.status_code == 200
    response = desk.post(card_of(cleo), NOTED | {"seen": 0})
    assert response.url == page_of(cleo)
    desk.post(card_of(cleo), NOTED | {"seen": 1, "phone": "+49 30 456"})
    assert next(one.changes.keys() for one in CardChange.objects.all()) == {"phone"}
    page = desk.get(page_of(cleo)).text
    assert "<del>+49 30 123</del> <ins>+49 30 456</ins>" in page
    entry = AuditEntry.objects.filter(kind=AuditKind.PERSON).latest("pk")
    assert (entry.by, entry.about, entry.details) == (
        ada,
        cleo,
        {"changes": {"phone": ["+49 30 123", "+49 30 456"]}},
    )
    desk.post(card_of(cleo), NOTED | {"seen": 2, "phone": "+49 30 456"})  # which changes nothing
    assert CardChange.objects.count() == 2


def test_two_agents_at_once_do_not_write_over_each_other(desk, cleo, abe):
    cards.write(cleo, by=abe, seen=0, phone="1", note="Abe’s.")
    crossed = desk.post(card_of(cleo), NOTED | {"seen": 0})
    assert crossed.status_code == 422
    for words in ("changed this while you were editing", "Abe’s.", "Rings early.", 'name="seen" value="1"'):
        assert words in crossed.text, words
    assert desk.post(card_of(cleo), NOTED | {"seen": 1}).status_code == 302
    assert cards.card_of(cleo).note == "Rings early."


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"zone": "Mars/Olympus"}, "There is no such time zone."),
        ({"phone": "9" * 61}, "at most 60 characters"),
        ({"note": "x" * 10_001}, "at most 10000 characters"),
        ({"note": "a\0b"}, "Null characters"),
    ],
)
def test_what_cannot_be_noted_gets_a_sentence_and_stays(desk, cleo, wrong, sentence):
    response = desk.post(card_of(cleo), NOTED | {"seen": 0} | wrong)
    assert response.status_code == 422
    assert sentence in response.text
    assert "Baker" in response.text
    assert not cards.card_of(cleo).pk


def test_whoever_was_merged_meanwhile_is_where_they_are_now(desk, cleo, ada, lena):
    other = UserFactory(name="Cleo Two")
    cards.write(other, by=ada, seen=0, phone="", note="Has a dog.")
    account_merging.merge(other, by=lena, into=cleo)
    there = desk.get(page_of(other), follow=True)
    assert there.redirect_chain[-1][0] == page_of(cleo)
    assert "was merged into this one" in there.text
    assert "Has a dog." in there.text
    typed = desk.post(card_of(other), NOTED | {"seen": 1})
    assert typed.status_code == 422
    assert "was merged into that of Cleo meanwhile" in typed.text
    assert "Rings early." in typed.text
    assert f'action="{card_of(cleo)}"' in typed.text
    assert desk.post(card_of(cleo), NOTED | {"seen": 0}).status_code == 302


def test_an_erasure_takes_what_was_noted_and_nothing_is_noted_after_it(desk, cleo, carl, ada, adam, case):
    cards.write(cleo, by=ada, seen=0, **NOTED)
    cards.write(carl, by=ada, seen=0, note="Ask Cleo first.")
    erasure.erase(cleo, by=adam)
    tasks.run_bulk(bulk=Bulk.objects.get().pk)
    assert is_erased(User.objects.get(pk=cleo.pk))
    page = desk.get(page_of(cleo)).text
    assert "This person was erased" in page
    assert case.summary in page
    for gone in ("Rings early.", "+49 30 123", "cleo@"):
        assert gone not in page.lower()
    late = desk.post(card_of(cleo), NOTED | {"seen": 1})
    assert late.status_code == 422
    assert "This person was erased meanwhile" in late.text
    assert "Baker" in late.text
    noted = cards.card_of(carl)
    assert "Cleo" not in noted.note + str([one.changes for one in noted.changes.all()])
    assert "Rings early" not in str(AuditEntry.objects.values_list("details"))


def test_no_page_of_a_customer_shows_what_is_noted(cleo, carl, mona, ada, browser_of, case):
    for owner in (cleo, cleo.organisation):
        cards.write(owner, by=ada, seen=0, phone="", note="Rings early.")
    for viewer in (cleo, carl, mona):
        for address in (
            reverse("cases"),
            reverse("case", args=[case.number]),
            reverse("account_notifications"),
        ):
            assert "Rings early" not in browser_of(viewer).get(address).text


def test_whatever_is_cut_says_so(desk, cleo, ada, bakery):
    cases = [CaseFactory(customer=cleo) for _ in range(11)]
    for case in cases:
        file = attachments.receive(upload("shot.png"), by=cleo)
        conversation.reply(case, by=cleo, body="Look.", attachments=[file])
        promised = promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
        Promise.objects.filter(made_in=promised).update(due_at=timezone.now() - timedelta(hours=1))
        resolution.close(case, by=ada)
        rating.rate(case, by=cleo, good=True)
    Promise.objects.update(outcome="broken", ended_at=timezone.now())
    page = desk.get(page_of(cleo)).text
    assert "These are the last 10." in page.partition("<h2>Promises</h2>")[2].partition("<h2>Ratings</h2>")[0]
    assert "These are the last 5." in page.partition("<h2>Ratings</h2>")[2].partition("<h2>Files</h2>")[0]
    assert "These are the last 10." in page.partition("<h2>Files</h2>")[2]
    for number in range(26):
        MailDomain.objects.create(name=f"shop{number:02}.example", organisation=bakery)
        UserFactory(name=f"Head {number:02}", organisation=bakery, role=User.Role.MANAGER)
    page = desk.get(page_of(bakery)).text
    assert "shop24.example and more" in page
    managers = page.partition("<h2>Managers</h2>")[2].partition("<h2>People</h2>")[0]
    assert "Head 24" in managers
    assert "Head 25" not in managers
    assert "These are the first 25 by name." in managers


def test_spam_of_theirs_is_in_a_list_of_its_own(desk, cleo, case, ada):
    other = CaseFactory(customer=UserFactory(organisation=cleo.organisation))
    for one in (case, other):
        spam.mark(one, by=ada)
    for owner, count in ((cleo, 1), (cleo.organisation, 2)):
        assert "list=spam" in desk.get(page_of(owner)).text
        page = desk.get(page_of(owner), {"list": "spam"})
        assert f"Spam <b>{count}</b>" in page.text
        assert len(page.context["page"].rows) == count
        assert case.number in [row["number"] for row in page.context["page"].rows]
    spam.unmark(case, by=ada)
    assert "list=spam" not in desk.get(page_of(cleo)).text


def test_all_is_shown_that_was_noted_of_an_account_that_went_into_theirs(desk, cleo, ada, lena):
    other = UserFactory(name="Cleo Two")
    cards.write(other, by=ada, seen=0, **NOTED)
    account_merging.merge(other, by=lena, into=cleo)
    page = desk.get(page_of(cleo)).text
    for words in NOTED.values():
        assert words in page


def test_addresses_and_accounts_cost_no_query_each(desk, cleo, ada, lena):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            desk.get(page_of(cleo))
        return len(queries)

    def another(number):
        EmailAddress.objects.create(user=cleo, email=f"cleo{number}@example.com", verified=True)
        other = UserFactory(name=f"Cleo {number}")
        cards.write(other, by=ada, seen=0, **NOTED)
        account_merging.merge(other, by=lena, into=cleo)

    another(1)
    once = asked()
    for number in range(2, 6):
        another(number)
    assert asked() == once


def test_a_page_asks_as_much_of_one_case_as_of_many(desk, cleo, django_assert_max_num_queries):
    for _ in range(30):
        CaseFactory(customer=cleo)
    with django_assert_max_num_queries(24):
        desk.get(page_of(cleo))
    with django_assert_max_num_queries(22):
        desk.get(page_of(cleo.organisation))
