"""Administrators set up service levels; what a change does to open cases is told before it is applied."""

import re

import pytest
from django.db import IntegrityError
from django.urls import reverse

from cases.models import BusinessHours, Policy, Severity, Target


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam)


@pytest.fixture
def policy(db):
    policy = Policy.objects.create(name="Standard", usual=True)
    Target.objects.create(policy=policy, severity=Severity.HIGH, first_response=60, resolution=480)
    return policy


def address(one, page="change"):
    return reverse(f"admin:cases_{one._meta.model_name}_{page}", args=[one.pk])


def typed(page):
    """What the form on the page would send as it stands."""
    form = page.context["adminform"].form
    data = {}
    for bound in [*form, *(field for formset in formsets(page) for part in formset.forms for field in part)]:
        value = bound.value()
        if value not in (None, False):
            data[bound.html_name] = "on" if value is True else bound.field.prepare_value(value)
    for formset in formsets(page):
        data |= {bound.html_name: bound.value() for bound in formset.management_form}
    return data


def formsets(page):
    return [inline.formset for inline in page.context["inline_admin_formsets"]]


def sent(office, one, _save="Save", **changes):
    url = address(one)
    return office.post(url, typed(office.get(url)) | {"_save": _save} | changes)


class TestBusinessHours:
    new = reverse("admin:cases_businesshours_add")
    data = {
        "name": "Office",
        "time_zone": "Europe/Vienna",
        "monday": "9-12:30, 13:30 - 17",
        "saturday": "22:00-24:00",
        "holidays-TOTAL_FORMS": 2,
        "holidays-INITIAL_FORMS": 0,
        "holidays-0-day": "2026-12-25",
        "holidays-0-name": "Christmas",
    }

    def test_are_written_by_the_day_and_read_back_the_same(self, office, db):
        assert office.post(self.new, self.data).status_code == 302
        hours = BusinessHours.objects.get()
        assert [str(span) for span in hours.open_hours.all()] == [
            "Monday 09:00 to 12:30",
            "Monday 13:30 to 17:00",
            "Saturday 22:00 to 00:00",
        ]
        assert hours.holidays.get().name == "Christmas"
        page = office.get(address(hours)).text
        assert 'value="09:00-12:30, 13:30-17:00"' in page
        assert 'value="22:00-24:00"' in page

    def test_may_be_changed_day_by_day(self, office, db):
        office.post(self.new, self.data)
        hours = BusinessHours.objects.get()
        kept = hours.open_hours.get(day=5)
        assert sent(office, hours, monday="closed", sunday="10:00-12:00").status_code == 302
        assert [str(span) for span in hours.open_hours.all()] == [
            "Saturday 22:00 to 00:00",
            "Sunday 10:00 to 12:00",
        ]
        assert hours.open_hours.get(day=5) == kept

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("monday", "17:00-9:00", "On Mondays, 17:00 to 09:00 ends before it begins."),
            ("tuesday", "9:00-12:00, 11:00-13:00", "On Tuesdays, the hours from 11:00 overlap those before."),
            ("friday", "always", "Write it like 09:00-12:30, 13:30-17:00."),
            ("friday", "9:00-25:00", "is no time of the day"),
            ("time_zone", "Mars/Base", "There is no time zone “Mars/Base”. Write it like Europe/Berlin."),
            ("holidays-1-day", "2026-12-25", "This day appears twice. Remove one."),
            ("holidays-1-day", "soon", "Enter a valid date."),
        ],
    )
    def test_that_make_no_sense_are_a_sentence_and_stay_as_typed(self, office, db, field, value, sentence):
        page = office.post(self.new, self.data | {field: value}).text
        assert sentence in page.replace("&#x27;", "'")
        assert f'value="{value}"' in page
        assert 'value="Christmas"' in page
        assert not BusinessHours.objects.exists()

    def test_need_an_open_time(self, office, db):
        page = office.post(self.new, self.data | {"monday": "", "saturday": "closed"}).text
        assert "There are no open hours in the week." in page

    def test_in_use_cannot_be_deleted(self, office, policy):
        policy.business_hours = BusinessHours.objects.create(name="Office")
        policy.save()
        page = office.post(address(policy.business_hours, "delete"), {"post": "yes"}).text
        assert "is in use, so it can’t be deleted. Change these first:" in page
        assert "Standard" in page
        assert BusinessHours.objects.exists()


class TestPolicies:
    def test_show_their_targets_as_people_write_them_and_who_has_them(self, office, policy, bakery, till):
        bakery.policy = till.policy = policy
        bakery.save()
        till.save()
        Policy.objects.create(name="Gold", based_on=policy)
        page = office.get(address(policy)).text
        assert re.search(
            r'name="high_first_response"[^>]*value="1 h"|value="1 h"[^>]*name="high_first_resp', page
        )
        for user in ("Bakery", "Till", "Gold"):
            assert f">{user}</a>" in page
        assert "Every case that has no other policy" in page

    def test_take_targets_as_people_write_them(self, office, db):
        data = {"name": "Gold", "critical_first_response": "15", "low_resolution": "2 d"}
        assert office.post(reverse("admin:cases_policy_add"), data).status_code == 302
        stored = {
            target.severity: (target.first_response, target.resolution)
            for target in Policy.objects.get().targets.all()
        }
        assert stored == {Severity.CRITICAL: (15, None), Severity.LOW: (None, 2880)}

    def test_lose_the_targets_that_are_emptied(self, office, policy):
        assert sent(office, policy, high_first_response="", high_resolution="").status_code == 302
        assert not policy.targets.exists()

    @pytest.mark.parametrize(
        ("value", "sentence"),
        [
            ("0", "Enter at least a minute, or leave it empty."),
            ("0 min", "Enter at least a minute, or leave it empty."),
            ("3000 d", "That’s more than a year. Enter a shorter time, or leave it empty."),
            ("9" * 40, "That’s more than a year. Enter a shorter time, or leave it empty."),
            ("soon", "Write it like 30 min, 4 h or 1 h 30 min."),
            ("-5", "Write it like 30 min, 4 h or 1 h 30 min."),
            ("5 fortnights", "Write it like 30 min, 4 h or 1 h 30 min."),
        ],
    )
    def test_refuse_what_is_no_length_of_time(self, office, policy, value, sentence):
        page = sent(office, policy, low_resolution=value, name="Better").text
        assert sentence in page
        assert f'value="{value}"' in page
        assert 'value="Better"' in page
        policy.refresh_from_db()
        assert policy.name == "Standard"

    def test_cannot_be_based_on_themselves_through_others(self, office, policy):
        gold = Policy.objects.create(name="Gold", based_on=policy)
        top = Policy.objects.create(name="Platinum", based_on=gold)
        assert "Platinum would be based on itself. Choose another." in sent(
            office, policy, based_on=top.pk
        ).text.replace("Standard would", "Platinum would")

    def test_only_one_is_the_usual_one(self, office, policy):
        gold = Policy.objects.create(name="Gold")
        page = sent(office, gold, usual="on").text
        assert page.count("Standard is the usual policy. Take that from it first.") == 1

    def test_in_use_cannot_be_deleted(self, office, policy, bakery):
        gold = Policy.objects.create(name="Gold")
        bakery.policy = gold
        bakery.save()
        assert "Bakery" in office.post(address(gold, "delete"), {"post": "yes"}).text
        assert (
            "Every case that has no other policy"
            in office.post(address(policy, "delete"), {"post": "y"}).text
        )
        assert Policy.objects.count() == 2

    def test_that_nobody_has_can_be_deleted(self, office, db):
        gold = Policy.objects.create(name="Gold")
        assert office.post(address(gold, "delete"), {"post": "yes"}).status_code == 302
        assert not Policy.objects.exists()


class TestTwoAdministrators:
    """What both do in the same moment is a sentence."""

    def fails(self, *_, **__):
        raise IntegrityError

    def test_saving_keeps_what_was_typed(self, office, policy, monkeypatch):
        monkeypatch.setattr(Policy, "save", self.fails)
        page = sent(office, policy, name="Better")
        assert page.status_code == 200
        assert "Someone else just changed this" in page.text
        assert 'value="Better"' in page.text

    def test_deleting_leaves_it(self, office, db, monkeypatch):
        gold = Policy.objects.create(name="Gold")
        monkeypatch.setattr(Policy, "delete", self.fails)
        page = office.post(address(gold, "delete"), {"post": "yes"}, follow=True).text
        assert "Someone just started using this, so it wasn’t deleted." in page
        assert Policy.objects.exists()
