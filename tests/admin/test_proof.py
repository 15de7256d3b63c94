"""A session left open is not enough to change, in the administration, how people sign in or what they may do."""

import pytest
from django.urls import reverse

from cases.models import AuditEntry, Invitation, User
from tests.mail.test_accounts import letters

pytestmark = pytest.mark.django_db


def change(office, person, **fields):
    page = reverse("admin:cases_user_change", args=[person.pk])
    now = {"email": person.email, "name": person.name, "role": person.role, "is_active": "on"}
    return office.post(page, now | {"organisation": person.organisation_id or ""} | fields)


def test_nothing_is_saved_before_a_recent_proof(adam, cleo, browser_of):
    office = browser_of(adam)
    for answer in (
        change(office, adam, email="thief@example.org"),
        change(office, cleo, role="administrator", organisation=""),
        office.post(reverse("admin:cases_invitation_add"), {"email": "t@example.org", "role": "agent"}),
    ):
        assert answer.url.startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=adam.pk).email == adam.email
    assert User.objects.get(pk=cleo.pk).role == User.Role.CUSTOMER
    assert not Invitation.objects.exists()


def test_the_old_address_is_told_of_a_new_one_with_a_way_back(adam, cleo, browser_of):
    change(browser_of(adam, proven=True), cleo, email="new@example.org")
    [told] = [body for to, body in letters() if to == "cleo@example.com"]
    assert "/accounts/way-back/" in told


def test_a_limit_that_is_given_is_logged_as_one(adam, ada, till, browser_of):
    from cases.models import Limit

    change(browser_of(adam, proven=True), ada, limit=Limit.objects.create(name="Tills", systems=[till.pk]).pk)
    entry = AuditEntry.objects.get(kind="limits", about=ada)
    assert entry.details == {"old": [], "new": ["Tills"]}
