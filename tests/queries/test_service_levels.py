"""Which service levels hold for a case, and what they take from where."""

from datetime import UTC, date, datetime, time

import pytest

from cases.models import BusinessHours, Holiday, OpenHours, Policy, Severity, Target
from cases.queries.service_levels import NONE, book, levels_of
from tests.factories import CaseFactory, OrganisationFactory, SystemFactory


def policy(name, *, response=None, update=None, **fields):
    made = Policy.objects.create(name=name, **fields)
    Target.objects.create(policy=made, severity=Severity.HIGH, first_response=response, next_update=update)
    return made


@pytest.fixture
def hours(db):
    """Mondays from 9 to 12 and from 13 to 17 in Berlin, but not on the first of June."""
    made = BusinessHours.objects.create(name="Berlin", time_zone="Europe/Berlin")
    for opens, closes in ((13, 17), (9, 12)):
        OpenHours.objects.create(business_hours=made, day=0, opens=time(opens), closes=time(closes))
    Holiday.objects.create(business_hours=made, day=date(2026, 6, 1))
    return made


@pytest.fixture
def kinds_of_cases(db, cleo):
    """A case for each way to come to a policy, by its name: each with and without what comes before it."""
    own_system, own_organisation = SystemFactory(), OrganisationFactory()
    own_system.policy, own_organisation.policy = (
        policy("system", response=2),
        policy("organisation", response=1),
    )
    own_system.save()
    own_organisation.save()
    cases = {
        "organisation": CaseFactory(system=own_system),
        "organisation, other system": CaseFactory(),
        "system": CaseFactory(system=own_system),
        "system, no organisation": CaseFactory(system=own_system),
        "usual": CaseFactory(customer=cleo),
    }
    for name, case in cases.items():
        if name.startswith("organisation"):
            case.organisation = own_organisation
        elif name == "system":
            case.organisation = cleo.organisation
        case.save()
    return cases


def test_an_organisations_policy_comes_before_a_systems_and_that_before_the_usual_one(kinds_of_cases):
    assert levels_of(kinds_of_cases["usual"]) == NONE
    policy("usual", response=3, usual=True)
    policy("someone else's", response=4)
    for name, case in kinds_of_cases.items():
        assert levels_of(case).name == name.split(",")[0]


def test_all_service_levels_at_once_are_those_of_each_case(kinds_of_cases, hours):
    policy("usual", response=3, usual=True, business_hours=hours)
    for case in kinds_of_cases.values():
        assert book().of(case.organisation_id, case.system_id) == levels_of(case)


def test_what_a_policy_leaves_open_it_takes_from_what_it_is_based_on(case, hours):
    far = policy("far", response=10, update=20, business_hours=hours)
    near = policy("near", update=15, based_on=far)
    policy("usual", usual=True, based_on=near)
    levels = levels_of(case)
    assert levels.minutes == {
        (Severity.HIGH, "first_response"): 10,
        (Severity.HIGH, "next_update"): 15,
    }
    at = datetime(2026, 5, 25, 9, 59, tzinfo=UTC)  # a Monday, a minute before noon in Berlin
    assert levels.calendar.after(at, levels.targets(Severity.HIGH).next_update).hour == 11
    after = levels.calendar.after(
        datetime(2026, 5, 25, 15, tzinfo=UTC), levels.targets(Severity.HIGH).next_update
    )
    assert after == datetime(2026, 6, 8, 7, 15, tzinfo=UTC)


def test_policies_that_are_based_on_each_other_come_to_an_end(case):
    one = policy("one", response=10, usual=True)
    one.based_on = policy("other", update=20, based_on=one)
    one.save()
    assert len(levels_of(case).minutes) == 2


def test_they_are_one_query(case, hours, django_assert_num_queries):
    for name in "abc":
        policy(name, response=1, business_hours=hours)
    policy("usual", response=1, usual=True)
    with django_assert_num_queries(1):
        assert levels_of(case).name == "usual"
