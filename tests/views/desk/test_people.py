"""What is held about a person: taken out as a zip, or erased, by whoever answers for privacy."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import tasks
from cases.actions import (
    attachments,
    cards,
    conversation,
    held,
    person_exports,
    rating,
    requests,
    resolution,
    secrets,
)
from cases.models import AuditEntry, AuditKind, Bulk, PersonExport, System, User
from tests.factories import CaseFactory, upload


@pytest.fixture
def desk(adam, browser_of):
    return browser_of(adam)


@pytest.fixture
def taken(desk, cleo, carl, ada, case):
    """The files of the zip by name."""
    file = attachments.receive(upload("shot.png"), by=cleo)
    conversation.reply(case, by=cleo, body="Look at this.", attachments=[file])
    conversation.add_note(case, by=ada, body="Between us: she is impatient.")
    cards.write(cleo, by=ada, seen=0, phone="+49 30 123", note="Noted between us.")
    requests.ask(case, by=ada, what="the password", secret=True)
    secrets.give(case, by=cleo, body="sesame", request=case.requests.get().pk)
    conversation.reply(CaseFactory(customer=carl), by=carl, body="Carl’s own business.")
    resolution.close(case, by=ada)
    rating.rate(case, by=cleo, good=False, word="Slow.")
    desk.post(reverse("person_exports", args=[cleo.pk]))
    export = PersonExport.objects.get()
    assert (
        "The export is being prepared. Reload this page in a moment."
        in desk.get(reverse("person", args=[cleo.pk])).text
    )
    tasks.export_person(export=export.pk)
    response = desk.get(reverse("person_export", args=[cleo.pk, export.key]))
    with ZipFile(BytesIO(b"".join(response.streaming_content))) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_the_zip_holds_what_is_theirs_and_nothing_of_others(taken, cleo, case):
    account, [own], ratings = (json.loads(taken[f"{name}.json"]) for name in ("account", "cases", "ratings"))
    assert (account["name"], account["addresses"]) == ("Cleo", [cleo.email])
    assert account["contact"] == [{"phone": "+49 30 123"}]
    assert own["number"] == case.number
    assert "Look at this." in [event["text"] for event in own["events"]]
    assert ratings[0]["word"] == "Slow."
    assert any(name.startswith("files/") and name.endswith("shot.png") for name in taken)
    whole = b"".join(content for name, content in taken.items() if name != "README.txt").decode(
        errors="replace"
    )
    for others in ("Between us", "between us", "sesame", "Carl’s own business."):
        assert others not in whole


def test_it_is_recorded_and_goes_after_a_while(taken, cleo, adam, kept):
    entry = AuditEntry.objects.get(kind=AuditKind.PERSON_TAKEN_OUT)
    assert (entry.by, entry.about) == (adam, cleo)
    person_exports.sweep(timezone.now() + timedelta(days=1))
    assert PersonExport.objects.exists()
    person_exports.sweep(timezone.now() + timedelta(days=3))
    assert not PersonExport.objects.exists()
    assert not list(kept.glob("exports/*"))


def test_the_zip_names_no_system_that_they_are_not_shown(case, cleo, till):
    assert [one["system"] for one in held.cases_of(cleo)] == [till.name]
    System.objects.update(public=False)
    assert [one["system"] for one in held.cases_of(cleo)] == [""]


def test_nobody_is_erased_by_a_slip(desk, cleo):
    page = desk.get(reverse("person", args=[cleo.pk])).text
    assert "What stays:" in page
    wrong = desk.post(reverse("person_erasure", args=[cleo.pk]), {"address": "carl@example.com"})
    assert wrong.status_code == 422
    assert "That’s a different address. Type the one above to confirm." in wrong.text
    assert 'value="carl@example.com"' in wrong.text
    assert User.objects.get(pk=cleo.pk).is_active


def test_an_erasure_shows_how_far_it_is(desk, cleo, case):
    begun = desk.post(reverse("person_erasure", args=[cleo.pk]), {"address": cleo.email.upper()})
    assert begun.url == reverse("bulk", args=[Bulk.objects.get().pk])
    assert "0 of 1 cases are done." in desk.get(begun.url).text
    tasks.run_bulk(bulk=Bulk.objects.get().pk)
    assert "Done: 1 case" in desk.get(begun.url).text
    assert "This person is erased already." in desk.get(reverse("person", args=[cleo.pk])).text


def test_staff_are_told_to_leave_first(desk, ada):
    assert "Deactivate them first" in desk.get(reverse("person", args=[ada.pk])).text
    assert (
        reverse("person", args=[ada.pk]) in desk.get(reverse("admin:cases_user_change", args=[ada.pk])).text
    )
