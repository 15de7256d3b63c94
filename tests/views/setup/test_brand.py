"""Name, logo, colour and texts, set in the browser."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.forms import brand as forms
from cases.models import AuditEntry, Brand, BrandPicture
from cases.queries import brand as brands
from tests.factories import picture, upload

pytestmark = pytest.mark.django_db

PAGE = reverse("setup_brand")
NAMED = {"name": "Acme Help", "seen": "0", "save": "yes"}


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam)


@pytest.fixture
def save(office, django_capture_on_commit_callbacks):
    def saved(**fields):
        with django_capture_on_commit_callbacks(execute=True):
            return office.post(PAGE, NAMED | fields)

    return saved


def test_what_is_saved_is_on_the_next_page_and_in_the_audit_log(save, visitor, adam):
    answer = save(
        colour="#0B5FA5", contact="help@acme.example", label_1="Imprint", address_1="https://acme.example/i"
    )
    assert answer.url == reverse("setup")
    page = visitor.get("/").text
    assert "<title>Support · Acme Help</title>" in page
    assert "/brand/0b5fa5.css" in page
    assert '<a href="https://acme.example/i" rel="noopener" dir="auto">Imprint</a>' in page
    assert "mailto:help@acme.example" in page
    entry = AuditEntry.objects.get(kind="setting_changed")
    assert (entry.by, entry.details["what"]) == (adam, "brand")
    assert entry.details["changes"]["name"] == ["Caseline", "Acme Help"]
    assert entry.details["changes"]["links of the footer"] == ["", "Imprint (https://acme.example/i)"]


def test_reading_it_costs_no_query(brand_is, django_assert_num_queries):
    brand_is(name="Acme")
    with django_assert_num_queries(0):
        assert brands.brand().name == "Acme"


def test_another_process_sees_a_change_within_seconds(brand_is, monkeypatch):
    """It has what it read before, until that is as old as is promised."""
    seconds = 0
    monkeypatch.setattr("cases.status_page.cache.monotonic", lambda: seconds)
    monkeypatch.setattr(brands.kept, "fresh", brands.FRESH)
    brand_is(name="Acme")
    Brand.objects.update(name="Zenith")
    seconds = brands.FRESH - 1
    assert brands.brand().name == "Acme"
    seconds = brands.FRESH
    assert brands.brand().name == "Zenith"


def test_a_preview_shows_it_to_whoever_looks_and_saves_nothing(office, visitor):
    answer = office.post(
        PAGE, {"name": "Acme", "colour": "#0b5fa5", "seen": "0", "preview": "yes", "logo": upload()}
    )
    assert "Nothing is saved yet" in answer.text
    assert "/brand/0b5fa5.css" in answer.text
    assert BrandPicture.objects.get().address in answer.text
    assert not Brand.objects.exists()
    assert "Acme" not in visitor.get("/").text


def test_a_logo_that_was_looked_at_is_saved_without_being_sent_again(office, save):
    office.post(PAGE, {"name": "Acme", "seen": "0", "preview": "yes", "logo": upload()})
    save(logo_key=BrandPicture.objects.get().key)
    logo = Brand.objects.get().logo
    assert logo == BrandPicture.objects.get()
    for address in (logo.address, logo.icon(64)):
        answer = office.get(address)
        assert (answer["Content-Type"], answer["Cache-Control"]) == (
            "image/png",
            "public, max-age=31536000, immutable",
        )
        assert answer.content.startswith(b"\x89PNG")
    with CaptureQueriesContext(connection) as queries:
        office.get(logo.icon(64))
    assert not [query for query in queries if "cases_brandpicture" in query["sql"]]  # it is drawn once


def test_a_logo_is_taken_away(save):
    save(logo=upload())
    save(seen="1", logo_key=BrandPicture.objects.get().key, no_logo="on")
    assert Brand.objects.get().logo is None


SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BOMB = picture(mode="1", size=(20_000, 20_000))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bomb.png", BOMB, "25 million pixels"),
        ("logo.svg", SCRIPT, "save it as PNG"),
        ("logo.png", SCRIPT, "save it as PNG"),
        ("logo.png", b"", "This file is empty"),
        ("logo.png", picture()[:60], "cannot read this as a picture"),
        ("logo.png", picture(size=(9, 9)), "too small"),
        ("logo.gif", picture("GIF", save_all=True, append_images=[]) and None, "Animated"),
    ],
    ids=["bomb", "script", "renamed", "empty", "broken", "small", "animated"],
)
def test_what_is_no_logo_is_refused_in_a_sentence_and_the_rest_stays(office, name, content, sentence):
    if content is None:
        from io import BytesIO

        from PIL import Image

        out = BytesIO()
        frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
        content = out.getvalue()
    answer = office.post(PAGE, NAMED | {"home_text": "Hello", "logo": upload(name, content)})
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert 'value="Acme Help"' in answer.text
    assert not Brand.objects.exists()


def test_a_wrong_ending_and_huge_dimensions_do_not_matter_to_a_picture(save):
    save(logo=upload("logo.txt", picture("JPEG", size=(5000, 900))))
    logo = Brand.objects.get().logo
    assert (logo.width, logo.height) == (1024, 184)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", " \u200b ", "Customers read a name"),
        ("name", "", "Customers read a name"),
        ("name", "Acme\r\nBcc: all@example.com", forms.UNSEEN),
        ("name", "Acme\u202egpj.exe", forms.UNSEEN),
        ("name", "A" * 200, "200 characters, 60 fit"),
        ("colour", "bluish", "is no colour"),
        ("address_1", "javascript:alert(1)", forms.NO_ADDRESS),
        ("address_1", "data:text/html,x", forms.NO_ADDRESS),
        ("address_1", "//evil.example", forms.NO_ADDRESS),
        ("address_1", "https://", forms.NO_ADDRESS),
        ("home_text", "x" * 5001, "5001 characters, 5000 fit"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence_and_stays(office, field, typed, sentence):
    answer = office.post(
        PAGE, NAMED | {"label_1": "Imprint", "address_1": "https://acme.example"} | {field: typed}
    )
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert answer.context["form"][field].value() == typed
    assert not Brand.objects.exists()


@pytest.mark.parametrize("name", ["Bäckerei 👩‍👩‍👧 & Söhne", "תמיכה", 'A "quoted" <b>name</b>'])
def test_a_name_in_any_writing_is_fine(save, visitor, name):
    from django.utils.html import escape

    save(name=name)
    assert escape(name) in visitor.get("/").text


def test_a_colour_that_nobody_can_read_is_refused_with_one_that_they_can(office):
    answer = office.post(PAGE, NAMED | {"colour": "#ffcc00", "contact": "Call us"})
    assert answer.status_code == 422
    instead = answer.context["form"].instead
    assert f"The nearest colour that can be read is {instead}" in unescape(answer.text)
    taken = office.post(PAGE, {"name": "Acme", "seen": "0", "colour": "#ffcc00", "instead": instead})
    assert taken.context["form"]["colour"].value() == instead
    assert f"/brand/{instead[1:]}.css" in taken.text


def test_of_two_who_save_at_once_the_second_is_told_and_keeps_what_they_typed(save, office):
    save()
    answer = office.post(PAGE, NAMED | {"name": "Zenith"})
    assert answer.status_code == 409
    assert "Someone saved this after you opened it. Now different from yours: name “Acme Help”." in unescape(
        answer.text
    )
    assert 'value="Zenith"' in answer.text
    assert Brand.objects.get().name == "Acme Help"
    save(name="Zenith", seen=str(answer.context["form"]["seen"].value()))
    assert Brand.objects.get().name == "Zenith"
