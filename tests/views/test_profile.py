"""Who somebody is to others, and how pages look to them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases import tasks
from cases.actions import conversation, erasure
from cases.actions.conversation import ReplyTerms
from cases.actions.invitations import invite
from cases.mail.outbound import message_about
from cases.models import AuditEntry, Bulk, Event, Face, Preferences, User
from cases.models.promise import PromiseTerms
from cases.text.names import imitates
from cases.text.times_of_day import reading, write_as
from cases.wording import times
from tests.actions.test_invitations import accepted
from tests.factories import picture

pytestmark = pytest.mark.django_db
PAGE = "/accounts/profile/"
CHOSEN = {"name": "Cleo", "chosen_zone": "", "clock": "24", "single_keys": "on"}


def file(name="me.png", content=None):
    return SimpleUploadedFile(name, picture(size=(300, 200)) if content is None else content)


def test_everybody_says_what_they_are_called_and_how_times_and_keys_are_to_be(cleo, otto, ada, browser_of):
    for user in (cleo, otto, ada):
        browser = browser_of(user)
        assert f'href="{PAGE}"' in browser.get(reverse("account_notifications")).text
        chosen = {"name": f"{user} Berg", "chosen_zone": "Asia/Tokyo", "clock": "12"}
        assert browser.post(PAGE, chosen).url == PAGE
        user.refresh_from_db()
        assert (user.name, user.clock, user.single_keys) == (chosen["name"], "12", False)
        assert Preferences.objects.get(person=user).zone == "Asia/Tokyo"  # of mail to them
        assert '<body data-keys="off"' in browser.get(PAGE).text
        entry = AuditEntry.objects.latest("pk")
        assert (entry.by, entry.details["changes"]["name"]) == (user, [str(user).split()[0], chosen["name"]])


def test_pages_and_mail_say_times_by_the_clock_and_in_the_zone_that_somebody_chose(
    cleo, ada, case, browser_of
):
    due = (timezone.now() + timedelta(days=20)).replace(hour=12, minute=30)
    terms = ReplyTerms(promises=[PromiseTerms(due, "soon")])
    event = conversation.reply(case, by=ada, body="More soon.", terms=terms)
    page, browser = reverse("case", args=[case.number]), browser_of(cleo)
    browser.cookies["tz"] = "Asia/Kolkata"
    assert "18:00 IST" in browser.get(page).text
    browser.post(PAGE, CHOSEN | {"clock": "12", "chosen_zone": "Asia/Tokyo"})
    told = browser.get(page).text
    assert "9:30 pm JST" in told
    assert "18:00" not in told
    assert "9:30 pm JST." in message_about(Event.objects.get(pk=event.pk)).body
    desk = browser_of(ada).get(reverse("desk_case", args=[case.number])).text
    assert "12:30 UTC" in desk


@pytest.mark.parametrize(
    ("clock", "languages", "said"),
    [
        ("24", "en-US", "14:30"),
        ("12", "de", "2:30 pm"),
        ("language", "en-US,en;q=0.9", "2:30 pm"),
        ("language", "en-GB", "14:30"),
        ("language", "zh-Hans-CN", "14:30"),
        ("language", "\x00*;q=1", "14:30"),
        ("language", "", "14:30"),
    ],
)
def test_the_clock_is_as_chosen_or_as_the_language_has_it(clock, languages, said):
    with reading():
        write_as(clock, languages)
        assert f", {said} UTC" in times.exact(datetime(2026, 11, 30, 14, 30, tzinfo=UTC))
    assert ", 14:30 UTC" in times.exact(datetime(2026, 11, 30, 14, 30, tzinfo=UTC))


def test_midnight_and_noon_are_told_apart():
    with reading("12"):
        said = [times.exact(datetime(2026, 11, 30, hour, 5, tzinfo=UTC)) for hour in (0, 12)]
    assert [one.split(", ")[1] for one in said] == ["12:05 am UTC", "12:05 pm UTC"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "   "}, "Tell us your name."),
        ({"name": "x" * 200}, "at most 120 characters"),
        ({"name": "Cleo <cleo@elsewhere.example>"}, "A name is one line without"),
        ({"name": "Support team"}, "This looks like one of our names. Please enter your own."),
        ({"name": "Caseline"}, "This looks like one of our names. Please enter your own."),
        ({"name": "S\u200bupport"}, "A name is one line"),
        ({"name": "Ѕuррort"}, "This looks like one of our names. Please enter your own."),
        ({"chosen_zone": "Mars/Olympus"}, "There is no such time zone."),
        ({"clock": "13"}, "Choose how times are written."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_nothing_typed_is_lost(cleo, browser_of, wrong, sentence):
    typed = CHOSEN | {"name": "Cleopatra"} | wrong
    response = browser_of(cleo).post(PAGE, typed)
    assert response.status_code == 422
    assert sentence in response.text
    assert typed["name"].strip().partition("<")[0] in response.text
    cleo.refresh_from_db()
    assert cleo.name == "Cleo"


@pytest.mark.parametrize(
    "name", ["Ada Support", "The Help-Desk", "Súpport", "ADMIN", "Customer Service", "Αdmin"]
)
def test_a_name_that_only_one_of_us_has_is_known(name):
    assert imitates(name)


@pytest.mark.parametrize(
    "name", ["Supporta Ludwig", "Adminá", "Ольга Петрова", "Anna Οικονόμου", "李 雷", "O’Brien-Staffel"]
)
def test_the_names_of_people_are_theirs(name):
    assert not imitates(name)


@pytest.mark.parametrize(
    ("ours", "name", "taken"),
    [
        ("IT", "Judith Smith", False),
        ("IT", "I.T.", False),
        ("IT", "it", True),
        ("Acme", "Acme-Ann", True),
        ("Acme GmbH", "The ACME gmbh", True),
    ],
)
def test_a_name_imitates_ours_by_whole_words(ours, name, taken):
    assert imitates(name, ours) == taken


def test_an_agents_picture_is_shown_to_whom_they_write_and_a_customers_at_the_desk_alone(
    case, cleo, carl, ada, mallory, browser_of, guest_of, claimed
):
    conversation.reply(case, by=ada, body="Hello.")
    faces = {}
    for user in (ada, cleo):
        assert browser_of(user).post(PAGE, CHOSEN | {"name": user.name, "picture": file()}).status_code == 302
        user.refresh_from_db()
        faces[user] = reverse("face", args=[user.picture])
    pages = {
        viewer: browser_of(viewer)
        .get(reverse("desk_case" if viewer == ada else "case", args=[case.number]))
        .text
        for viewer in (ada, cleo, carl)
    }
    shown = {
        viewer: {user.name for user, face in faces.items() if face in page} for viewer, page in pages.items()
    }
    assert shown == {ada: {"Ada", "Cleo"}, cleo: {"Ada", "Cleo"}, carl: {"Ada"}}
    assert faces[cleo] in browser_of(ada).get(reverse("customer_page", args=[cleo.pk])).text
    for viewer, of_ada, of_cleo in ((ada, 200, 200), (cleo, 200, 200), (carl, 200, 404), (mallory, 200, 404)):
        browser = browser_of(viewer)
        assert (browser.get(faces[ada]).status_code, browser.get(faces[cleo]).status_code) == (
            of_ada,
            of_cleo,
        )
    visitor = guest_of(claimed)
    assert (visitor.get(faces[ada]).status_code, visitor.get(faces[cleo]).status_code) == (200, 404)
    response = browser_of(ada).get(faces[ada])
    assert response.headers["Content-Type"] == "image/webp"
    assert response.content[8:12] == b"WEBP"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_is_not_sent_again_to_who_has_it(ada, browser_of):
    browser = browser_of(ada)
    browser.post(PAGE, CHOSEN | {"name": "Ada", "picture": file()})
    address = reverse("face", args=[User.objects.get(pk=ada.pk).picture])
    etag = browser.get(address).headers["ETag"]
    again = browser.get(address, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_picture_that_is_chosen_beside_a_mistake_is_said_to_be_chosen_again(cleo, browser_of):
    page = browser_of(cleo).post(PAGE, CHOSEN | {"name": "", "picture": file()}).text
    assert "Choose the picture again" in page
    assert "Choose the picture again" not in browser_of(cleo).post(PAGE, CHOSEN | {"name": ""}).text
    too_few = browser_of(cleo).post(PAGE, CHOSEN | {"picture": file(content=b"GIF89a")}).text
    assert "Choose the picture again" not in too_few


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content", [SVG, b"", b"GIF89a", picture(size=(6000, 5000))], ids=["svg", "empty", "broken", "bomb"]
)
def test_what_is_no_picture_gets_a_sentence_and_changes_nothing(cleo, browser_of, content):
    response = browser_of(cleo).post(PAGE, CHOSEN | {"name": "Cleopatra", "picture": file(content=content)})
    assert response.status_code == 422
    assert (
        "We can’t read this picture. Choose a PNG, JPEG, GIF or WebP file of up to 25 million pixels."
        in response.text
    )
    assert 'value="Cleopatra"' in response.text
    assert not Face.objects.exists()


def test_a_picture_is_replaced_removed_and_erased_with_the_person(cleo, adam, browser_of):
    browser = browser_of(cleo)
    keys = []
    for _ in range(2):
        browser.post(PAGE, CHOSEN | {"picture": file()})
        keys.append(User.objects.get(pk=cleo.pk).picture)
    first, second = (browser.get(reverse("face", args=[key])).status_code for key in keys)
    assert (first, second) == (404, 200)
    assert browser.post(reverse("account_picture_removal")).url == PAGE
    assert not Face.objects.exists()
    browser.post(PAGE, CHOSEN | {"picture": file()})
    erasure.erase(User.objects.get(pk=cleo.pk), by=adam)
    tasks.run_bulk(bulk=Bulk.objects.get().pk)
    assert not Face.objects.exists()
    assert User.objects.get(pk=cleo.pk).picture is None


TAKEN_FOR_US = "This looks like one of our names. Please enter your own."


def test_nobody_signs_up_under_such_a_name(visitor):
    typed = {"email": "eva@example.com", "name": "Acme Support", "password1": "a long way home"}
    assert TAKEN_FOR_US in visitor.post(reverse("account_signup"), typed).text
    assert not User.objects.filter(email="eva@example.com").exists()


def test_nobody_reports_under_such_a_name_and_an_agent_may_for_a_customer(visitor, till, ada, browser_of):
    report = {"system": till.pk, "summary": "Blank", "description": "Blank receipts.", "severity": 2}
    typed = report | {"email": "eva@example.com", "name": "Acme Support"}
    assert TAKEN_FOR_US in visitor.post(reverse("case_new"), typed).text
    assert browser_of(ada).post(reverse("case_new"), typed).status_code == 302


@pytest.mark.parametrize("role", [User.Role.CUSTOMER, User.Role.AGENT])
def test_an_invited_customer_has_no_such_name_and_an_agent_may(visitor, adam, bakery, role):
    customer = role == User.Role.CUSTOMER
    invite("eva@example.com", by=adam, role=role, organisation=bakery if customer else None)
    assert (TAKEN_FOR_US in accepted(visitor, "Acme Support").text) == customer
    assert User.objects.filter(email="eva@example.com").exists() != customer
