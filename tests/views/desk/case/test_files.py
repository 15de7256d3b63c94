"""All files of a case on one page."""

import pytest
from django.urls import reverse

from cases.actions import attachments, conversation
from cases.views.desk.case import files
from tests.factories import upload


@pytest.fixture
def desk(browser_of, ada):
    return browser_of(ada)


def send(case, by, name, say=conversation.reply):
    say(case, by=by, body="Look.", attachments=[attachments.receive(upload(name), by=by)])


def page(desk, case, **query):
    return desk.get(reverse("desk_files", args=[case.number]), query).text


def test_files_say_who_sent_them_newest_first(desk, case, cleo, ada, django_assert_max_num_queries):
    assert "Nobody has sent a file in this case." in page(desk, case)
    send(case, cleo, "first.png")
    send(case, ada, "second.png", conversation.add_note)
    with django_assert_max_num_queries(6):
        text = page(desk, case)
    assert text.index("second.png") < text.index("first.png")
    assert "Cleo" in text
    assert "Internal" in text


def test_earlier_files_are_a_link_away(desk, case, cleo, monkeypatch):
    monkeypatch.setattr(files, "PAGE", 1)
    send(case, cleo, "first.png")
    send(case, cleo, "second.png")
    newest = page(desk, case)
    assert "first.png" not in newest
    assert "Earlier files" in newest
    earlier = page(desk, case, before=case.events.get(attachments__0__name="second.png").sequence)
    assert "first.png" in earlier
    assert "Earlier files" not in earlier
