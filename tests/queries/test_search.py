"""What a search finds, for whom, in which order, and how far it looks."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cases.actions import conversation, resolution
from cases.actions.events import history
from cases.management.commands import index_words
from cases.models import Case
from cases.queries import search
from cases.queries.search import find
from tests.factories import CaseFactory, UserFactory


def found(viewer, text, cases=None, **options):
    cases = Case.objects.visible_to(viewer) if cases is None else cases
    return [hit.number for hit in find(viewer, cases, text, **options).best()]


def opened(days_ago, **fields):
    with history(timezone.now() - timedelta(days=days_ago)):
        return CaseFactory(**fields)


def test_everything_said_is_found(ada, case):
    conversation.reply(case, by=ada, body="Is it the one at the door?")
    conversation.add_note(case, by=ada, body="A so called feature.")
    resolution.resolve(
        case, by=ada, resolution="Swapped the chip.", root_cause="Moisture behind the counter."
    )
    CaseFactory(summary="Something else", description="Quite different.")
    for text in ("doors", '"so called"', "swapping", "moisture", "card reader", "every cards"):
        assert found(ada, text) == [case.number], text
    for text in ("zebra", "door zebra", "door -one", '"reader card"'):
        assert found(ada, text) == [], text


def test_a_search_is_not_case_by_case_of_letters_but_of_words(ada, case):
    assert found(ada, "REFUSES") == found(ada, "refused card") == [case.number]


def test_people_are_found_by_the_beginning_of_name_and_address(ada, cleo, case):
    CaseFactory(customer=UserFactory(name="Rhys Jones", email="rhys@example.org"), summary="Scale")
    for text in ("cleo", "CLE", "cleo@", "cleo@example.com", "cleo@exam"):
        assert found(ada, text) == [case.number], text
    for text in ("jon", "@example.org", "rhys jones"):
        assert [person.name for person in find(ada, Case.objects.all(), text).people] == ["Rhys Jones"], text


def test_many_people_are_named_but_their_cases_are_left_to_the_words(ada, monkeypatch):
    monkeypatch.setattr(search, "MOST_PEOPLE", 2)
    for number in range(4):
        CaseFactory(customer=UserFactory(name=f"Zoe{number}"))
    result = find(ada, Case.objects.all(), "zoe")
    assert len(result.people) == 3
    assert result.hits == {}


def test_a_number_and_a_case_id_find_exactly(ada, mallory, case):
    for text in (str(case.number), f"#{case.number}", str(case.reference)):
        assert found(ada, text) == [case.number]
        assert found(mallory, text) == []


def test_a_summary_outranks_a_message_and_what_is_recent_outranks_what_is_old(ada):
    old = opened(900, summary="Voucher printer")
    said = CaseFactory(summary="Till", description="The voucher does not come out.")
    recent = CaseFactory(summary="Voucher printer")
    assert found(ada, "voucher") == [recent.number, said.number, old.number]
    assert [hit.number for hit in find(ada, Case.objects.all(), "voucher").newest()] == sorted(
        [old.number, said.number, recent.number], reverse=True
    )


def test_customers_never_find_by_what_is_internal_or_not_theirs(ada, cleo, carl, mallory, case):
    conversation.reply(case, by=ada, body="Public pelican.")
    conversation.add_note(case, by=ada, body="Internal toucan.")
    resolution.resolve(case, by=ada, resolution="Shown flamingo.", root_cause="Hidden heron.")
    for text in ("toucan", "heron"):
        assert found(ada, text) == [case.number]
        assert found(cleo, text) == found(carl, text) == []
    for text in ("pelican", "flamingo", "cleo"):
        assert found(cleo, text) == [case.number]
        assert found(mallory, text) == []


@pytest.fixture
def spread(ada, apart, monkeypatch):
    """Cases with the same words in four blocks, the oldest of which alone is Rhys's, and a search that reads none whole."""
    monkeypatch.setattr(search, "FEW", 0)
    rhys = UserFactory(name="Rhys")
    cases = []
    for number in (10, 5_000, 300_000, 900_000):
        apart(number)
        cases.append(CaseFactory(customer=rhys) if number == 10 else CaseFactory())
    return cases


def test_blocks_with_nothing_in_them_do_not_hide_what_lies_behind(ada, spread):
    result = find(ada, Case.objects.all(), "card reader")
    assert sorted(result.hits) == [case.number for case in spread]
    assert result.back is None


def test_with_a_filter_a_hit_far_back_is_found(ada, spread, monkeypatch):
    monkeypatch.setattr(search, "FEW", 1000)
    assert found(ada, "card reader", Case.objects.filter(customer__name="Rhys")) == [10]
    monkeypatch.setattr(search, "FEW", 0)
    assert found(ada, "card reader", Case.objects.filter(customer__name="Rhys")) == [10]


@pytest.mark.parametrize("limit", ["ENOUGH", "MOST_HITS"])
def test_a_search_that_has_enough_says_from_where_to_go_on_and_finds_the_rest(
    ada, spread, monkeypatch, limit
):
    monkeypatch.setattr(search, limit, 1)
    seen, back = [], None
    for _ in range(10):
        result = find(ada, Case.objects.all(), "card reader", back=back)
        seen += sorted(result.hits, reverse=True)
        back = result.back
        if back is None:
            break
    assert seen == [case.number for case in reversed(spread)]


def test_blocks_of_too_many_hits_are_taken_one_by_one(ada, spread, monkeypatch):
    monkeypatch.setattr(search, "MOST_HITS", 3)
    monkeypatch.setattr(search, "MOST_BLOCKS", 2000)
    assert 900_000 in found(ada, "card reader")


def test_the_queries_do_not_grow_with_what_is_found(ada, case, django_assert_max_num_queries):
    for _ in range(12):
        CaseFactory()
    with django_assert_max_num_queries(12):
        assert len(found(ada, "card reader")) == 13


@pytest.mark.parametrize("text", ["the", "!!!", "-printer", "&", "'", '"', '"" ""', "<->", ":*", "\\"])
def test_words_that_cannot_find_anything_are_answered_with_a_sentence(db, text):
    assert search.complaint(text).endswith(".")


@pytest.mark.parametrize(
    "text", ['"card reader', "cards'", "card -printer", "card or", "x" * 200, "a'b:*|!c\\"]
)
def test_odd_words_are_searched_for(ada, text):
    assert search.complaint(text) == ""
    found(ada, text)


def test_all_words_can_be_indexed_anew(db, ada):
    def indexes():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'cases_%' ORDER BY 1"
            )
            return cursor.fetchall()

    before = indexes()
    call_command("index_words", stdout=StringIO())
    assert indexes() == before
    case = CaseFactory()
    assert found(ada, "refuses") == [case.number]


def test_a_language_that_postgresql_does_not_know_is_refused(db, monkeypatch):
    monkeypatch.setattr(index_words, "LANGUAGE", "klingon")
    with pytest.raises(CommandError, match=r"does not know klingon\. It knows .*english"):
        call_command("index_words")
