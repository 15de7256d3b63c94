"""The pictures of a mail stand on both sides' pages where they stood among its words."""

import pytest
from django.urls import reverse

from cases.actions import attachments, conversation
from tests.factories import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture_of():
    """Says something with these files, and returns the addresses of their thumbnails."""

    def say(case, by, body, *names):
        files = [attachments.receive(upload(name), by=by) for name in names]
        conversation.reply(case, by=by, body=body, attachments=files)
        return [reverse("attachment_thumbnail", args=[file.key]) for file in files]

    return say


@pytest.mark.parametrize(("page", "who"), [("case", "cleo"), ("desk_case", "ada")])
def test_each_stands_once_in_its_place_and_can_be_saved_below(
    page, who, case, cleo, request, browser_of, picture_of
):
    first, second = picture_of(
        case, cleo, "Before:\n[a & b.png]\nbetween\n\n[c.png]\n\nafter.", "a & b.png", "c.png"
    )
    shown = browser_of(request.getfixturevalue(who)).get(reverse(page, args=[case.number])).text
    places = [
        shown.index(one) for one in ("Before:", first, "between", second, "after.", 'aria-label="Files"')
    ]
    assert places == sorted(places)
    assert (shown.count(first), shown.count(second)) == (1, 1)
    assert "[c.png]" not in shown


@pytest.mark.parametrize(
    "body", ["See [c.png] here.", '[x](http://x.example "[c.png]")', "[d.png]", "`[c.png]`"]
)
def test_one_whose_place_is_no_line_of_its_own_stands_below(body, case, cleo, browser_of, picture_of):
    (address,) = picture_of(case, cleo, body, "c.png")
    shown = browser_of(cleo).get(reverse("case", args=[case.number])).text
    assert shown.count(address) == 1
    assert shown.index('aria-label="Files"') < shown.index(address)
