import pytest
from django.urls import reverse

from cases.actions import attachments, conversation
from cases.files.store import StoreUnavailable
from cases.models import Case
from tests.factories import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


@pytest.fixture
def said(case, cleo):
    return conversation.reply(
        case,
        by=cleo,
        body="**What happened**\n\nThe coins are stuck. Since Monday.",
        attachments=[attachments.receive(upload("a.png"), by=cleo)],
    )


def test_a_message_is_split_off_after_a_look(
    desk, case, said, cleo, browser_of, django_assert_max_num_queries
):
    url = reverse("desk_split", args=[case.number, said.sequence])
    assert f'href="{url}"' in desk.get(reverse("desk_case", args=[case.number])).text
    with django_assert_max_num_queries(20):
        page = desk.get(url)
    assert 'value="The coins are stuck."' in page.text
    page = desk.post(url, {"summary": "Stuck coins", "system": case.system_id}, follow=True)
    new = Case.objects.latest("number")
    assert page.redirect_chain[-1][0] == reverse("desk_case", args=[new.number])
    assert "Stuck coins" in page.text
    assert "Written <time" in page.text
    assert "a.png" in page.text
    old = desk.get(reverse("desk_case", args=[case.number])).text
    assert f">Continued in case {new.number}</a>" in old
    for number in (case.number, new.number):
        theirs = browser_of(cleo).get(reverse("case", args=[number])).text
        assert reverse("case", args=[case.number + new.number - number]) in theirs
        assert "Split…" not in theirs


def test_what_is_missing_says_so_and_keeps_the_rest(desk, case, said):
    url = reverse("desk_split", args=[case.number, said.sequence])
    page = desk.post(url, {"summary": "", "system": case.system_id})
    assert page.status_code == 422
    assert "Say in one line what is wrong." in page.text
    page = desk.post(url, {"summary": "Stuck coins", "system": "0"})
    assert "Choose the system that it is about." in page.text
    assert 'value="Stuck coins"' in page.text
    assert Case.objects.count() == 1


def test_files_that_cannot_be_reached_leave_all_as_it_was(desk, case, said, monkeypatch):
    def away(file, *, by):
        raise StoreUnavailable("away")

    monkeypatch.setattr(attachments, "copy", away)
    url = reverse("desk_split", args=[case.number, said.sequence])
    page = desk.post(url, {"summary": "Stuck coins", "system": case.system_id})
    assert "We could not reach the files of this message just now." in page.text
    assert Case.objects.count() == 1


def test_what_an_agent_wrote_is_not_offered(desk, ada, case):
    said = conversation.reply(case, by=ada, body="We look.")
    url = reverse("desk_split", args=[case.number, said.sequence])
    assert url not in desk.get(reverse("desk_case", args=[case.number])).text
    assert "Only what a customer wrote" in desk.get(url).text


def test_a_note_or_a_message_of_another_case_is_not_there(desk, case, said):
    assert desk.get(reverse("desk_split", args=[case.number, 99])).status_code == 404
