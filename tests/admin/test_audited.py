"""What administrators change in Django admin stands in the audit log, with what it was before."""

import pytest
from django.urls import reverse

from cases.actions import audit
from cases.models import AuditEntry, AuditKind, BusinessHours, Macro, Policy, Severity, System, Target, Team
from cases.wording.audit import deed, who

from .test_service_levels import address, sent, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam, proven=True)


def said():
    """What the log says of the changes, oldest first."""
    entries = AuditEntry.objects.exclude(kind=AuditKind.SIGNED_IN).order_by("id")
    return [f"{who(entry)} {deed(entry)}" for entry in entries]


def test_a_role_that_changes(office, abe):
    abe.keep_address(verified=True)
    assert sent(office, abe, role="administrator", name="Abraham").status_code == 302
    assert said() == [
        "Adam changed the role of Abraham from Agent to Administrator",
        "Adam changed Abraham: name from “Abe” to “Abraham”",
    ]
    assert {entry.about for entry in AuditEntry.objects.exclude(kind=AuditKind.SIGNED_IN)} == {abe}


def test_who_is_deactivated_and_comes_back(office, abe):
    data = typed(office.get(address(abe)))
    data.pop("is_active")
    office.post(address(abe), data)
    sent(office, abe, is_active="on")
    assert said() == ["Adam deactivated Abe", "Adam activated Abe again"]


def test_a_system_in_its_form_and_in_the_list(office, till):
    sent(office, till, name="Cash desk")
    form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": till.pk, "_save": "Save"}
    office.post(reverse("admin:cases_system_changelist"), form)
    assert said() == [
        "Adam changed the system “Cash desk”: name from “Till” to “Cash desk”",
        "Adam changed the system “Cash desk”: public from “yes” to “no”",
    ]


def test_a_team_and_its_members(office, team, ada):
    sent(office, team, members=[ada.pk], lead=ada.pk)
    office.post(address(team, "delete"), {"post": "yes"})
    office.post(reverse("admin:cases_team_add"), {"name": "Billing"})
    assert said() == [
        "Adam changed the team “Engineering”: lead from nothing to “Ada”; members from nothing to “Ada”",
        "Adam deleted the team “Engineering”",
        "Adam added the team “Billing”",
    ]


def test_macros_that_are_deleted_together(office):
    macros = [Macro.objects.create(name=name, body="Hello.") for name in ("Greet", "Thank")]
    form = {"action": "delete_selected", "_selected_action": [macro.pk for macro in macros], "post": "yes"}
    office.post(reverse("admin:cases_macro_changelist"), form)
    assert sorted(said()) == ["Adam deleted the macro “Greet”", "Adam deleted the macro “Thank”"]


def test_service_levels_and_business_hours(office):
    policy = Policy.objects.create(name="Gold")
    Target.objects.create(policy=policy, severity=Severity.HIGH, first_response=60)
    hours = BusinessHours.objects.create(name="Office", time_zone="Europe/Vienna")
    sent(office, policy, high_first_response="30 min")
    holiday = {"holidays-0-day": "2026-12-25", "holidays-0-name": "Christmas"}
    sent(office, hours, monday="9-17", **holiday)
    assert said() == [
        "Adam changed the policy “Gold”: high first response from “1 h” to “30 min”",
        "Adam changed the business hours “Office”: monday from nothing to “09:00-17:00”;"
        " holidays from nothing to “2026-12-25 Christmas”",
    ]


def test_what_is_saved_as_it_was_is_no_change(office, till):
    sent(office, till)
    assert said() == []


def test_a_change_that_cannot_be_logged_is_not_made(office, till, monkeypatch):
    def fail(*_, **__):
        raise ValueError("The disk is full.")

    monkeypatch.setattr(audit, "record", fail)
    office.raise_request_exception = False
    assert sent(office, till, name="Cash desk").status_code == 500
    assert System.objects.get(pk=till.pk).name == "Till"
    assert not Team.objects.exists()
