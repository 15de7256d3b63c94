"""What was solved before: what is found, ranked and leaves out, and by how much work."""

import pytest

from cases.actions import conversation, incident_updates, incidents, merging, resolution
from cases.models import Incident
from cases.queries import search, solved_before
from cases.queries.solved_before import alike, resolution_of
from tests.factories import CaseFactory, SystemFactory

ALIKE = "The card reader refuses every card"
UNLIKE = "Invoices are printed twice in the morning"


def solved(ada, words="Restarted the reader.", **fields):
    one = CaseFactory(**fields)
    resolution.resolve(one, by=ada, resolution=words, root_cause="Its clock was wrong.")
    return one


def numbers(ada, case):
    return [found.source.number for found in alike(ada, case)]


def outage(ada, till, cases=(), title=ALIKE, words="Renewed the certificate."):
    incident = incidents.open_incident(
        system=till, title=title, by=ada, severity=2, cases=[case.number for case in cases]
    )
    incident_updates.resolve(incident, by=ada, resolution=words)
    for case in cases:
        resolution.resolve(case, by=ada, resolution=words)
    return incident


def test_a_solved_case_that_reads_alike_is_remembered_with_the_words_in_common(ada, case, till):
    one = solved(ada, system=till)
    solved(
        ada, "Mended the printer.", system=till, summary=UNLIKE, description="Each one comes out two times."
    )
    [found] = alike(ada, case)
    assert (found.source, found.name) == (one, f"case-{one.number}")
    assert found.matched
    assert found.seconds is not None


def test_a_closed_case_is_remembered_as_well(ada, case, till):
    one = solved(ada, system=till)
    resolution.close(one, by=ada)
    assert numbers(ada, case) == [one.number]


def test_neither_the_case_itself_nor_what_has_no_resolution(ada, case, till):
    CaseFactory(system=till)
    resolution.close(CaseFactory(system=till), by=ada)
    resolution.resolve(case, by=ada, resolution="Done.")
    assert numbers(ada, case) == []


def test_a_case_that_was_opened_again_is_not_remembered(ada, case, till):
    resolution.reopen(solved(ada, system=till), by=ada)
    assert numbers(ada, case) == []


def test_merged_parts_are_left_out(ada, cleo, case, till):
    part = CaseFactory(system=till, customer=cleo)
    resolution.resolve(part, by=ada, resolution="Done.")
    resolution.reopen(part, by=ada)
    merging.merge(part, by=ada, into=case)
    assert numbers(ada, case) == []
    resolution.resolve(case, by=ada, resolution="Done.")
    part.refresh_from_db()
    assert numbers(ada, part) == []


def test_the_same_system_comes_first_and_others_come_too(ada, case, till):
    elsewhere = solved(ada, "Swapped the cable.", system=SystemFactory())
    here = solved(ada, system=till)
    later = solved(ada, "Swapped it again.", system=SystemFactory())
    assert numbers(ada, case)[0] == here.number
    assert set(numbers(ada, case)) == {here.number, elsewhere.number, later.number}


def test_five_at_most(ada, case, till):
    for number in range(7):
        solved(ada, f"Attempt {number} helped.", system=till)
    assert len(alike(ada, case)) == 5


def test_what_ended_in_the_same_words_is_shown_once(ada, case, till):
    for _ in range(3):
        solved(ada, system=till)
    [found] = alike(ada, case)
    assert found.others == 2


def test_an_incident_is_remembered(ada, case, till):
    incident = outage(ada, till)
    [found] = alike(ada, case)
    assert found.source == incident
    assert found.name == f"incident-{incident.number}"


def test_an_incident_stands_for_its_cases_even_with_another_title(ada, case, till):
    cases = [CaseFactory(system=till) for _ in range(2)]
    incident = outage(ada, till, cases, title=UNLIKE)
    [found] = alike(ada, case)
    assert (found.source, found.others) == (incident, 2)


def test_what_its_own_incident_ended_with_has_not_helped(ada, cleo, case, till):
    sister = CaseFactory(system=till)
    outage(ada, till, [case, sister])
    resolution.decline(case, by=cleo)
    case.refresh_from_db()
    assert case.incident_id
    assert alike(ada, case) == []


def test_incidents_that_are_open_were_not_solved_before(ada, case, till):
    incidents.open_incident(system=till, title=ALIKE, by=ada, severity=2)
    assert alike(ada, case) == []


@pytest.mark.parametrize(
    "summary", ["", "or", "the of and", "a' & | ! <-> ) (", '\\ " -card', "断 水", "x" * 5000]
)
def test_any_summary_may_be_compared(ada, till, summary):
    solved(ada, system=till)
    assert isinstance(alike(ada, CaseFactory(system=till, summary=summary)), list)


def test_a_short_summary_is_helped_by_the_first_message(ada, till):
    case = CaseFactory(system=till, summary="Help", description="The reader refuses cards since noon.")
    assert {"help", "reader"} <= set(solved_before.telling_words(case))


def test_the_customers_name_says_nothing(ada, till, cleo):
    case = CaseFactory(system=till, customer=cleo, summary="Cleo cannot print any receipt today")
    assert "cleo" not in solved_before.telling_words(case)
    assert "receipt" in solved_before.telling_words(case)


class TestInALargeHistory:
    @pytest.fixture(autouse=True)
    def large(self, monkeypatch):
        monkeypatch.setattr(search, "FEW", 0)
        monkeypatch.setattr(solved_before, "RECENT", 0)
        for module in (solved_before, search):
            monkeypatch.setattr(module, "PATIENCE", 60)

    @pytest.fixture(params=[0, search.RARE], ids=["common words", "rare words"])
    def words(self, request, monkeypatch):
        monkeypatch.setattr(search, "RARE", request.param)

    def test_what_shares_much_is_found_however_old_it_is(self, words, ada, till, apart, monkeypatch):
        monkeypatch.setattr(solved_before, "CANDIDATES", 3)
        old = solved(ada, "The oldest.", system=till)
        apart(1_000_000)
        for number in range(4):
            solved(
                ada, f"Recent {number}.", system=till, summary="A card is missing", description="It is gone."
            )
        assert numbers(ada, CaseFactory(system=till))[0] == old.number

    def test_in_time_means_that_nothing_new_is_looked_for(self, ada, case, till, monkeypatch):
        solved(ada, system=till)
        monkeypatch.setattr(solved_before, "PATIENCE", 0)
        assert alike(ada, case) == []

    def test_other_systems_are_looked_through_too(self, words, ada, case):
        one = solved(ada)
        assert numbers(ada, case) == [one.number]


def test_the_queries_do_not_grow_with_what_is_found(ada, case, till, django_assert_max_num_queries):
    def ask():
        with django_assert_max_num_queries(17):
            return alike(ada, case)

    outage(ada, till)
    for number in range(3):
        solved(ada, f"Attempt {number} helped.", system=till)
    ask()
    for number in range(20):
        solved(ada, f"Again {number} helped.", system=till)
    assert len(ask()) == 5


def test_a_resolution_is_known_by_the_name_of_its_source(ada, case, till):
    one, incident = solved(ada, system=till), outage(ada, till)
    assert resolution_of(ada, f"case-{one.number}") == "Restarted the reader."
    assert resolution_of(ada, f"incident-{incident.number}") == "Renewed the certificate."
    for name in (
        "",
        "case",
        "case-",
        "case-x",
        "case-0",
        f"case-{'9' * 30}",
        f"case-{case.number}",
        "event-1",
    ):
        assert resolution_of(ada, name) == ""
    Incident.objects.filter(pk=incident.pk).update(status="monitoring")
    assert resolution_of(ada, f"incident-{incident.number}") == ""


def test_the_likeness_reads_the_first_messages_of_customers_only(ada, case, cleo):
    conversation.reply(case, by=ada, body="Which one?")
    conversation.reply(case, by=cleo, body="All of them.")
    assert solved_before.first_messages([case.pk]) == {
        case.pk: ["Since this morning every card is refused.", "All of them."]
    }
