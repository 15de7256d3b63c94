"""What the radar suggests while cases come in, and what agents decide."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation, incident_updates, incidents, radar, resolution
from cases.actions.importing import import_document
from cases.models import Case, Event, Kind, Refused, SuggestedCase, Suggestion
from cases.queries import radar_reports
from cases.radar.reading import LONGEST
from cases.transcripts.document import Document
from tests.factories import CaseFactory, SystemFactory

pytestmark = pytest.mark.django_db

DOWN = [
    ("Customers cannot complete the checkout", "Nobody can pay since nine. It is every till."),
    ("Payments are not going through", "All payments are declined at the last step, for everyone."),
    ("No order can be placed", "The shop takes no orders at all. All customers see an error."),
]


def report(system, summary, description, **fields):
    """A case as its customer opens it, judged as the job does it."""
    case = CaseFactory(system=system, summary=summary, description=description, **fields)
    radar.judge(case)
    return case


@pytest.fixture
def two(till):
    return [report(till, *words) for words in DOWN[:2]]


def members(suggestion):
    return sorted(suggestion.members.filter(removed=False).values_list("case", flat=True))


def test_two_customers_who_report_the_same_are_suggested_and_a_third_joins(till, two):
    suggestion = Suggestion.objects.get()
    assert members(suggestion) == [case.number for case in two]
    assert suggestion.matched[0].startswith("checkout")
    third = report(till, *DOWN[2])
    assert members(Suggestion.objects.get()) == [case.number for case in (*two, third)]


def test_a_report_makes_a_job_that_judges_it(till, django_capture_on_commit_callbacks):
    CaseFactory(system=till)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'cases.tasks.judge_case'")
        assert cursor.fetchone()[0] == 1


def test_an_import_in_the_midst_of_a_storm_does_not_blind_the_window(till, monkeypatch):
    monkeypatch.setattr(radar_reports, "MOST", 3)
    first = report(till, *DOWN[0])
    for number in range(3):
        old = timezone.now() - timedelta(days=900)
        import_document(
            Document(case_id=f"OLD-{number}", created_at=old, system_description="Till", issue_summary="Old")
        )
    second = report(till, *DOWN[1])
    assert Case.objects.filter(system=till).count() == 5
    assert members(Suggestion.objects.get()) == [first.number, second.number]


def test_one_customer_who_reports_twice_is_no_outage(till, cleo):
    for words in DOWN[:2]:
        report(till, *words, customer=cleo)
    assert not Suggestion.objects.exists()


def test_other_failures_other_systems_and_other_times_are_left_alone(till, two):
    other = report(till, "Product images do not load", "All pictures are grey boxes.")
    elsewhere = report(SystemFactory(), *DOWN[2])
    old = CaseFactory(system=till, summary=DOWN[2][0], description=DOWN[2][1])
    Case.objects.filter(pk=old.pk).update(opened_at=timezone.now() - timedelta(hours=2))
    radar.judge(old)
    held = members(Suggestion.objects.get())
    assert not {other.pk, elsewhere.pk, old.pk} & set(held)


def test_what_the_customer_adds_changes_what_the_case_belongs_to(till, two, cleo):
    unclear = report(till, "Trouble in the shop", "Something is odd.", customer=cleo)
    assert unclear.pk not in members(Suggestion.objects.get())
    conversation.reply(
        unclear, by=cleo, body="Nobody can pay. The checkout fails for all customers at every till."
    )
    radar.judge(unclear)
    assert unclear.pk in members(Suggestion.objects.get())


def test_a_case_that_is_judged_again_is_suggested_once(two):
    for case in two:
        radar.judge(case)
    assert Suggestion.objects.count() == 1
    assert SuggestedCase.objects.count() == 2


def test_a_dismissal_is_remembered_for_the_same_cases_and_no_others(till, two, ada):
    radar.dismiss(Suggestion.objects.get(), by=ada)
    for case in two:
        assert radar.judge(case) is None
    assert Suggestion.objects.count() == 1
    report(till, *DOWN[2])
    assert Suggestion.objects.filter(state="open").count() == 1


def test_a_case_that_was_removed_is_not_put_back(till, two, ada):
    third = report(till, *DOWN[2])
    suggestion = Suggestion.objects.get()
    radar.remove(suggestion, by=ada, case=third.pk)
    radar.judge(third)
    assert members(suggestion) == [case.number for case in two]
    assert Suggestion.objects.filter(state="open").count() == 1


def test_a_suggestion_of_one_case_is_none(two, ada):
    radar.remove(Suggestion.objects.get(), by=ada, case=two[0].pk)
    assert Suggestion.objects.get().state == "dismissed"


def test_a_confirmed_suggestion_is_an_incident_with_the_chosen_cases(till, two, ada):
    third = report(till, *DOWN[2])
    suggestion = Suggestion.objects.get()
    incident = radar.confirm(
        suggestion, by=ada, title="Checkout is down", severity=1, cases=[two[0].pk, third.pk], public=True
    )
    assert list(incident.cases.order_by("pk")) == [two[0], third]
    assert incident.title == "Checkout is down"
    assert Event.objects.filter(kind=Kind.ATTACHED, author=ada).count() == 2


def test_two_agents_who_confirm_the_same_get_one_incident(two, ada, abe):
    suggestion = Suggestion.objects.get()
    numbers = [case.pk for case in two]
    one = radar.confirm(suggestion, by=ada, title="Checkout is down", severity=1, cases=numbers)
    other = radar.confirm(suggestion, by=abe, title="Checkout is down", severity=1, cases=numbers)
    assert one == other
    assert Event.objects.filter(kind=Kind.ATTACHED).count() == 2
    with pytest.raises(Refused, match="Ada made incident"):
        radar.dismiss(suggestion, by=abe)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"title": "Tills are down"}, "it is called “Checkout is down”"),
        ({"severity": 3}, "its severity is critical"),
        ({"public": False}, "it is on the status page"),
        ({"leaves": 1}, "it has case {1} too"),
        ({"leaves": 1, "severity": 3}, "its severity is critical and it has case {1} too"),
    ],
)
def test_who_confirms_otherwise_than_a_colleague_just_did_is_told_what_became_of_it(
    two, ada, abe, choice, words
):
    suggestion, numbers = Suggestion.objects.get(), [case.pk for case in two]
    said = {"title": "Checkout is down", "severity": 1, "public": True, "cases": numbers}
    incident = radar.confirm(suggestion, by=ada, **said)
    leaves = choice.pop("leaves", 0)
    said |= choice | {"cases": numbers[: len(numbers) - leaves]}
    with pytest.raises(Refused, match=f"Ada made incident {incident.number} of this meanwhile") as refused:
        radar.confirm(suggestion, by=abe, **said)
    assert words.format(*numbers) in str(refused.value)
    assert incident.cases.count() == 2


def test_who_chose_more_cases_than_a_colleague_is_told_which_were_left_out(two, ada, abe):
    suggestion, numbers = Suggestion.objects.get(), [case.pk for case in two]
    radar.confirm(suggestion, by=ada, title="Down", severity=1, cases=numbers[:1])
    with pytest.raises(Refused, match=f"it is without case {numbers[1]}"):
        radar.confirm(suggestion, by=abe, title="Down", severity=1, cases=numbers)


def test_a_case_that_a_colleague_took_out_meanwhile_is_named(till, two, ada, abe):
    third, suggestion = report(till, *DOWN[2]), Suggestion.objects.get()
    radar.remove(suggestion, by=abe, case=third.pk)
    with pytest.raises(
        Refused, match=f"Case {third.pk} no longer belong here. Please check the others again."
    ):
        radar.confirm(
            suggestion, by=ada, title="Down", severity=1, cases=[*(case.pk for case in two), third.pk]
        )
    assert suggestion.state == "open"


def test_a_case_that_joined_since_an_agent_looked_is_offered_to_the_incident(till, two, ada):
    numbers, suggestion = [case.pk for case in two], Suggestion.objects.get()
    third = report(till, *DOWN[2])
    incident = radar.confirm(suggestion, by=ada, title="Down", severity=1, cases=numbers, seen=numbers)
    assert ProcrastinateJob.objects.filter(
        task_name="cases.tasks.judge_case", args={"case": third.pk}
    ).exists()
    radar.judge(third)
    offer = Suggestion.objects.get(state="open")
    assert (offer.incident, members(offer)) == (incident, [third.pk])


def test_confirming_what_was_dismissed_is_refused_with_a_sentence(two, ada, abe):
    suggestion = Suggestion.objects.get()
    radar.dismiss(suggestion, by=abe)
    with pytest.raises(Refused, match="Abe has already dismissed"):
        radar.confirm(suggestion, by=ada, title="Down", severity=1, cases=[case.pk for case in two])


def test_confirming_without_a_case_is_refused(two, ada):
    with pytest.raises(Refused, match="at least one case"):
        radar.confirm(Suggestion.objects.get(), by=ada, title="Down", severity=1, cases=[])
    assert Suggestion.objects.get().state == "open"


def test_a_new_case_that_fits_an_open_incident_is_offered_to_it(till, two, ada):
    incident = radar.confirm(
        Suggestion.objects.get(), by=ada, title="Down", severity=1, cases=[case.pk for case in two]
    )
    third = report(till, *DOWN[2])
    offer = Suggestion.objects.get(state="open")
    assert (offer.incident, members(offer)) == (incident, [third.pk])
    radar.confirm(offer, by=ada, cases=[third.pk])
    third.refresh_from_db()
    assert third.incident == incident


def test_an_offer_that_was_refused_is_not_made_again(till, two, ada):
    radar.confirm(Suggestion.objects.get(), by=ada, title="Down", severity=1, cases=[case.pk for case in two])
    third = report(till, *DOWN[2])
    radar.dismiss(Suggestion.objects.get(state="open"), by=ada)
    radar.judge(third)
    assert not Suggestion.objects.filter(state="open").exists()


def test_a_resolved_incident_is_offered_nothing(till, two, ada):
    incident = radar.confirm(
        Suggestion.objects.get(), by=ada, title="Down", severity=1, cases=[case.pk for case in two]
    )
    incident_updates.resolve(incident, by=ada, resolution="Rolled back.")
    report(till, *DOWN[2])
    assert not Suggestion.objects.filter(state="open").exists()


def test_a_case_that_is_closed_before_the_job_comes_is_not_suggested(till, two, ada):
    third = CaseFactory(system=till, summary=DOWN[2][0], description=DOWN[2][1])
    resolution.close(third, by=ada)
    assert radar.judge(third) is None


def test_judging_takes_as_many_queries_beside_many_cases_as_beside_few(
    till, two, django_assert_max_num_queries
):
    for number in range(30):
        CaseFactory(system=till, summary=f"Label {number} is torn", description="A label is torn.")
    third = CaseFactory(system=till, summary=DOWN[2][0], description=DOWN[2][1])
    with django_assert_max_num_queries(17):
        radar.judge(third)


def test_of_long_messages_no_more_leaves_the_database_than_is_read(till, two, monkeypatch):
    for case in two:
        conversation.reply(case, by=case.customer, body="ERROR 503 at the till. " * 5000)
    fetched = []
    monkeypatch.setattr(
        radar_reports, "read", lambda *texts, then=radar_reports.read: fetched.append(texts) or then(*texts)
    )
    assert radar.judge(two[0]) == Suggestion.objects.get()
    assert radar_reports.readings_of(two)
    assert {len(messages[1]) for _, messages in fetched} == {LONGEST}


@pytest.mark.django_db(transaction=True)
def test_two_reports_of_one_moment_see_each_other(till):
    cases = [CaseFactory(system=till, summary=words[0], description=words[1]) for words in DOWN[:2]]
    threads = [threading.Thread(target=_judge, args=[case]) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Suggestion.objects.count() == 1
    assert SuggestedCase.objects.count() == 2


def _judge(case):
    radar.judge(case)
    connection.close()


def test_a_case_that_an_agent_took_out_of_an_incident_is_not_offered_to_it_again(till, two, ada, cleo):
    incident = radar.confirm(
        Suggestion.objects.get(), by=ada, title="Down", severity=1, cases=[case.pk for case in two]
    )
    incidents.detach(two[0], by=ada)
    radar.judge(two[0])
    assert not Suggestion.objects.filter(state="open", incident=incident).exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_the_turn_of_a_system_holds_that_of_no_other(till, two, ada):
    """Or two of them, one each way, would wait for each other."""
    case, other = two[0], SystemFactory()
    Case.objects.filter(pk=case.pk).update(system=other)
    case.refresh_from_db()

    def judge():
        radar.judge(case)
        connection.close()

    turns = "SELECT objid, granted FROM pg_locks WHERE classid = %s AND pid <> pg_backend_pid()"
    judging = threading.Thread(target=judge)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [radar.TURN, till.pk])
        judging.start()
        seen = []
        while judging.is_alive() and not any(not granted for _, granted in seen):
            cursor.execute(turns, [radar.TURN])
            seen = cursor.fetchall()
    judging.join(timeout=20)
    assert seen == [(till.pk, False)]
    assert not SuggestedCase.objects.filter(case=case).exists()
