"""What a change of service levels does to open cases."""

import threading
import time as time_module
from datetime import time, timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases.actions import deadlines, promises, resolution, service_levels
from cases.actions.events import history
from cases.models import Bulk, BusinessHours, Case, Due, Holiday, OpenHours, Policy, Severity, Target
from cases.tasks import apply_levels
from tests.factories import CaseFactory

from .test_service_levels import address, sent, typed


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam)


@pytest.fixture
def policy(db):
    policy = Policy.objects.create(name="Standard", usual=True)
    Target.objects.create(policy=policy, severity=Severity.HIGH, first_response=60, resolution=480)
    return policy


def fresh(case):
    case.refresh_from_db()
    return case


def minutes(case):
    """How long after it was opened the case is due."""
    return (fresh(case).due_at - case.events.earliest("sequence").at) / timedelta(minutes=1)


def told(page):
    """The number of cases, and by what happens to them how many."""
    return page.context["effect"].sentence


class TestWhatAChangeDoes:
    @pytest.fixture
    def aged(self, policy, cleo, ada):
        """Opens a case so many minutes ago."""

        def opened(minutes, **fields):
            with history(timezone.now() - timedelta(minutes=minutes)):
                case = CaseFactory(customer=cleo, **fields)
            deadlines.recompute(case)
            return fresh(case)

        return opened

    def test_is_told_before_and_nothing_is_saved(self, office, policy, aged):
        soon, late, other = aged(0), aged(40), aged(0, severity=Severity.LOW)
        page = sent(office, policy, high_first_response="30")
        assert told(page) == "This changes 2 open cases: 1 is overdue at once, 1 becomes due sooner."
        assert "Nothing is saved yet." in page.text
        assert f"#{soon.number} " in page.text
        assert f"#{late.number} " in page.text
        assert f"#{other.number} " not in page.text
        assert policy.targets.get().first_response == 60
        assert fresh(soon).due_at == soon.due_at
        assert not Bulk.objects.exists()

    def test_is_just_what_applying_does(self, office, policy, aged):
        cases = [aged(minutes) for minutes in (0, 10, 40, 50, 70)]
        page = sent(office, policy, high_first_response="45 min")
        expected = {change.case.number: change.after for change in page.context["effect"].changes}
        applied = office.post(address(policy), dict(page.context["posted"]) | {"_apply": "Apply"})
        assert applied.status_code == 302
        bulk = Bulk.objects.get()
        assert not bulk.items.exists()  # the request writes one row, however many cases are open
        apply_levels(bulk.pk)
        assert bulk.items.count() == 5
        assert {case.number: fresh(case).due_at for case in cases} == expected
        assert not bulk.items.filter(done_at=None).exists()

    def test_may_be_gone_back_from_with_all_that_was_typed(self, office, policy, aged):
        aged(0)
        page = sent(office, policy, high_first_response="30", name="Quicker")
        page = office.post(address(policy), dict(page.context["posted"]) | {"_back": "Go back"})
        assert page.status_code == 200
        assert 'value="30"' in page.text
        assert 'value="Quicker"' in page.text
        assert "errornote" not in page.text
        assert policy.targets.get().first_response == 60

    def test_is_not_asked_where_no_open_case_feels_it(self, office, policy, aged):
        aged(0)
        assert sent(office, policy, high_escalation="30").status_code == 302
        assert sent(office, policy, name="Basic").status_code == 302
        assert not Bulk.objects.exists()
        assert sent(office, policy, low_resolution="30").status_code == 302
        assert Bulk.objects.count() == 1  # a case of low severity may be opened in the same moment

    def test_is_asked_where_the_cases_that_were_computed_stay_as_they_are(
        self, office, policy, aged, monkeypatch, ada
    ):
        monkeypatch.setattr("cases.queries.policy_impact.MOST", 1)
        first = aged(0)
        promises.promise(first, by=ada, due_at=timezone.now() + timedelta(minutes=1))  # due before any clock
        aged(0)
        page = sent(office, policy, high_first_response="2 h")
        assert page.status_code == 200
        assert "No open case becomes due at another time." in page.text
        assert "of 2 whose service levels change" in page.text
        assert policy.targets.get().first_response == 60

    def test_is_told_of_targets_that_are_taken_away(self, office, policy, aged):
        aged(0)
        page = sent(office, policy, high_first_response="", high_resolution="")
        assert told(page) == "This changes 1 open case: 1 loses its service levels."

    def test_is_told_of_business_hours_and_their_holidays(self, office, policy, aged):
        hours = BusinessHours.objects.create(name="Office", time_zone="UTC")
        for day in range(7):
            OpenHours.objects.create(business_hours=hours, day=day, opens=time(0), closes=time(0))
        policy.business_hours = hours
        policy.save()
        aged(0)
        today, tomorrow = (timezone.now() + timedelta(days=days) for days in (0, 1))
        days = {
            "holidays-0-day": today.date().isoformat(),
            "holidays-1-day": tomorrow.date().isoformat(),
        }
        assert told(sent(office, hours, **days)) == "This changes 1 open case: 1 becomes due later."
        assert not Holiday.objects.exists()
        assert "1 becomes due later" in told(
            sent(office, hours, time_zone="UTC", monday="", tuesday="", **days)
        )

    @pytest.mark.parametrize("whose", ["organisation", "system"])
    def test_is_told_where_an_organisation_or_a_system_gets_another_policy(
        self, office, policy, aged, whose, till
    ):
        case = aged(0, system=till)
        gold = Policy.objects.create(name="Gold")
        Target.objects.create(policy=gold, severity=Severity.HIGH, first_response=5)
        owner = getattr(case, whose)
        page = sent(office, owner, policy=gold.pk)
        assert told(page) == "This changes 1 open case: 1 becomes due sooner."
        assert office.post(address(owner), dict(page.context["posted"]) | {"_apply": "y"}).status_code == 302
        apply_levels(Bulk.objects.get().pk)
        assert minutes(case) == 5

    def test_is_told_where_a_policy_becomes_the_usual_one(self, office, db, cleo):
        CaseFactory(customer=cleo)
        data = {"name": "First", "usual": "on", "high_first_response": "1 h", "_save": "Save"}
        page = office.post(reverse("admin:cases_policy_add"), data)
        assert told(page) == "This changes 1 open case: 1 gets a due time."
        assert not Policy.objects.exists()
        office.post(reverse("admin:cases_policy_add"), dict(page.context["posted"]) | {"_apply": "Apply"})
        assert Policy.objects.get().usual

    def test_counts_the_cases_that_are_due_first_where_there_are_many(
        self, office, policy, aged, monkeypatch
    ):
        monkeypatch.setattr("cases.queries.policy_impact.MOST", 2)
        cases = [aged(minutes) for minutes in (10, 30, 20)]
        page = sent(office, policy, high_first_response="2 h")
        assert [change.case for change in page.context["effect"].changes] == [cases[1], cases[2]]
        assert "of 3 whose service levels change" in page.text

    def test_costs_as_many_queries_for_many_cases_as_for_few(
        self, office, policy, aged, django_assert_max_num_queries
    ):
        for _ in range(12):
            aged(0)
        data = typed(office.get(address(policy))) | {"_save": "Save", "high_first_response": "30"}
        with django_assert_max_num_queries(45):
            assert "12 become due sooner" in told(office.post(address(policy), data))


class TestApplying:
    def test_shows_how_far_it_has_come_and_is_not_stopped(self, office, adam, policy, cleo, monkeypatch):
        def stops(case):
            raise OperationalError

        CaseFactory(customer=cleo)
        bulk = service_levels.apply(by=adam, label="Service levels: policy Standard")
        assert "Starting in a moment…" in office.get(reverse("bulk", args=[bulk.pk])).text
        monkeypatch.setattr("cases.actions.service_levels.recompute", stops)
        with pytest.raises(OperationalError):
            service_levels.run(bulk)
        page = office.get(reverse("bulk", args=[bulk.pk])).text
        assert "0 of 1 cases are done." in page
        assert "Stop</button>" not in page
        office.post(reverse("bulk_stop", args=[bulk.pk]))
        bulk.refresh_from_db()
        assert not bulk.stopped

    def test_goes_on_where_it_was_broken_off_and_records_nothing(self, adam, policy, cleo):
        cases = [CaseFactory(customer=cleo) for _ in range(3)]
        bulk = service_levels.apply(by=adam, label="")
        service_levels.run(bulk)
        bulk.items.exclude(case=cases[0]).update(done_at=None)
        policy.targets.update(first_response=5)
        before = [case.events.count() for case in cases]
        service_levels.run(bulk)
        assert [minutes(case) for case in cases] == [60, 5, 5]
        assert [case.events.count() for case in cases] == before

    def test_what_goes_wrong_in_one_case_keeps_no_other_from_it(self, adam, policy, cleo, monkeypatch):
        cases = [CaseFactory(customer=cleo) for _ in range(2)]
        bulk = service_levels.apply(by=adam, label="")
        policy.targets.update(first_response=5)
        recompute = deadlines.recompute

        def fails_once(case):
            if case.pk == cases[0].pk:
                raise ValueError
            return recompute(case)

        monkeypatch.setattr("cases.actions.service_levels.recompute", fails_once)
        service_levels.run(bulk)
        assert [bool(item.refused) for item in bulk.items.order_by("case")] == [True, False]
        assert minutes(cases[1]) == 5

    @pytest.mark.django_db(transaction=True)
    def test_reaches_a_case_that_is_opened_in_the_same_moment_by_who_knows_the_old_ones(
        self, adam, policy, cleo
    ):
        opened, changed, held = threading.Event(), threading.Event(), []

        def report():
            with transaction.atomic():
                held.append(CaseFactory(customer=cleo))
                opened.set()
                changed.wait(20)
                time_module.sleep(0.2)
            connection.close()

        thread = threading.Thread(target=report)
        thread.start()
        opened.wait(20)
        policy.targets.update(first_response=5)
        bulk = service_levels.apply(by=adam, label="")
        changed.set()
        service_levels.run(bulk)
        thread.join(20)
        assert minutes(held[0]) == 5

    def test_leaves_alone_what_is_over_and_what_was_imported(self, adam, policy, cleo, ada):
        over, imported, open_one = (CaseFactory(customer=cleo) for _ in range(3))
        resolution.close(over, by=ada)
        Case.objects.filter(pk=imported.pk).update(imported=True)
        bulk = service_levels.apply(by=adam, label="")
        service_levels.run(bulk)
        assert [item.case_id for item in bulk.items.all()] == [open_one.pk]

    def test_what_was_overdue_by_an_older_target_is_so_no_more(self, policy, cleo):
        case = CaseFactory(customer=cleo)
        clock = case.clocks.get(measure=Due.FIRST_RESPONSE)
        clock.due_at = clock.broken_at = timezone.now()
        clock.next_check_at = None
        clock.save()
        policy.targets.update(first_response=120)
        deadlines.recompute(case)
        clock.refresh_from_db()
        assert clock.broken_at is None
        assert clock.due_at == clock.started_at + timedelta(hours=2)
        assert timezone.now() < clock.next_check_at < clock.due_at  # it will be warned of again
