"""Drafts on the case's page, what keeps them, and the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import conversation, drafts, resolution
from cases.models import Draft, Macro
from tests.factories import CaseFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


@pytest.fixture
def post(desk, case):
    """Posts what a composer holds to where its draft is kept."""

    def post(kind="reply", headers=HTMX, **data):
        return desk.post(reverse(f"desk_draft_{kind}", args=[case.number]), data, headers=headers)

    return post


@pytest.fixture
def page(desk, case):
    return lambda **query: desk.get(reverse("desk_case", args=[case.number]), query)


def version():
    return Draft.objects.get().version


def test_what_is_typed_is_kept_and_the_page_learns_its_version(post):
    text = post(body="Half a").text
    assert "Draft saved" in text
    assert f'name="draft" value="{version()}"' in text
    assert "<textarea" not in text


def test_keeping_costs_few_queries(post, django_assert_max_num_queries):
    post(body="Half a")
    with django_assert_max_num_queries(10):
        post(body="Half a thought", draft=version())


def test_an_emptied_composer_is_said_nothing_of(post):
    post(body="Half a")
    text = post(body="", draft=version()).text
    assert "Draft" not in text
    assert 'name="draft" value="0"' in text


def test_without_script_one_comes_back_to_the_case(post, case):
    response = post(headers={}, body="Half a")
    assert response.url == reverse("desk_case", args=[case.number]) + "#composer"


def test_the_page_opens_with_the_draft_in_its_composer(post, page):
    post("note", body="Half a note")
    text = page().text
    assert "Half a note</textarea>" in text
    assert "Draft from" in text
    assert '<details name="composer" data-block="note" class="compose internal" open>' in text


def test_of_two_drafts_the_later_one_or_the_one_asked_for_is_open(post, page):
    post("note", body="Half a note")
    post(body="Half a reply")
    assert '<details name="composer" data-block="reply" class="compose" open>' in page().text
    assert (
        '<details name="composer" data-block="note" class="compose internal" open>' in page(draft="note").text
    )


def test_a_resolution_comes_back_with_all_its_fields(post, page):
    post("resolve", resolution="Dusted.", root_cause="Dust.", area="network", is_bug="no")
    text = page().text
    assert "Dusted.</textarea>" in text
    assert "Dust.</textarea>" in text
    assert '<option value="network" selected' in text
    assert '<option value="no" selected' in text


def test_a_draft_is_shown_to_its_agent_alone(post, case, abe, browser_of):
    post(body="Half a")
    assert "Half a<" not in browser_of(abe).get(reverse("desk_case", args=[case.number])).text


@pytest.mark.parametrize(("body", "more"), [("Half a", 0), ("Half a. I'll be back in an hour.", 1)])
def test_drafts_cost_a_page_only_the_levels_that_date_their_promises(post, page, body, more):
    page()
    with CaptureQueriesContext(connection) as without:
        page()
    for kind in ("reply", "note"):
        post(kind, body=body)
    with CaptureQueriesContext(connection) as with_drafts:
        page()
    assert len(with_drafts) == len(without) + more


def test_a_conflict_shows_both_texts_and_touches_neither(post):
    post(body="Words of one tab")
    response = post(body="Words of the other", draft=0)
    assert response.status_code == 409
    assert "changed in another tab" in response.text
    assert "<blockquote>Words of one tab</blockquote>" in response.text
    assert f'name="draft" value="{version()}"' in response.text
    assert "<textarea" not in response.text


def test_a_conflict_without_script_is_the_page_with_both_texts(post):
    post(body="Words of one tab")
    response = post(headers={}, body="Words of the other", draft=0)
    assert response.status_code == 409
    assert "Words of the other</textarea>" in response.text
    assert "<blockquote>Words of one tab</blockquote>" in response.text


def test_the_other_text_can_be_taken_and_given_back(post):
    post(body="Words of one tab")
    other = '{"body": "Words of one tab"}'
    text = post(body="Words of the other", draft=version(), other=other, other_text="1").text
    assert "Words of one tab</textarea>" in text
    assert "Words of the other" in text
    assert Draft.objects.get().fields["body"] == "Words of one tab"


def test_discarding_can_be_undone(post):
    post(body="Half a")
    text = post(body="Half a", draft=version(), discard="1").text
    assert "Draft discarded." in text
    assert "Undo" in text
    assert not Draft.objects.exists()
    post(body="", draft=0, other='{"body": "Half a"}', other_text="1")
    assert Draft.objects.get().fields["body"] == "Half a"


@pytest.mark.parametrize(
    "other", ["", "x", "[]", "7", "null", '{"body": 7, "token": "x", "agent": 3}', '["body"]']
)
def test_a_forged_text_beside_harms_nothing(post, other):
    assert post(body="Half a", draft="x", token="x", other=other, other_text="1").status_code == 200


def test_mine_is_kept_in_a_case_that_the_reply_would_take(post):
    post(body="Words of the other")
    post(body="Mine", draft=version(), other='{"body": "Words of the other"}', take="yes")
    assert Draft.objects.get().fields["body"] == "Mine"


def test_characters_that_no_database_takes_are_left_out(post):
    post(body="Half\0 a")
    assert Draft.objects.get().fields["body"] == "Half a"


def test_a_form_that_was_refused_keeps_its_draft_and_its_text(post, desk, case, ada):
    post(body="Half a")
    resolution.close(case, by=ada)
    data = {"body": "Half a", "draft": version(), "after": 3}
    response = desk.post(reverse("desk_replies", args=[case.number]), data, headers=HTMX)
    assert response.status_code == 422
    assert "Reopen it to write in it." in response.text
    assert f'name="draft" value="{version()}"' in response.text
    response = desk.post(reverse("desk_reopening", args=[case.number]), data, headers=HTMX)
    assert response.status_code == 200
    assert not Draft.objects.exists()


def test_sending_brings_back_the_drafts_of_the_other_composers(post, desk, case):
    post("note", body="Half a note")
    text = desk.post(
        reverse("desk_replies", args=[case.number]), {"body": "Hm.", "after": 2}, headers=HTMX
    ).text
    assert "Half a note</textarea>" in text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
class TestAnswersThatCross:
    def send(self, desk, case, headers, **data):
        url = reverse("desk_replies", args=[case.number])
        return desk.post(url, {"body": "Is it red?", "after": 2} | data, headers=headers)

    def test_one_is_asked_and_keeps_the_text(self, desk, case, cleo, headers):
        conversation.reply(case, by=cleo, body="It is red.")
        response = self.send(desk, case, headers)
        assert response.status_code == 422
        assert "</b> answered" in response.text
        assert "Send anyway?" in response.text
        assert "It is red." in response.text
        assert "Is it red?</textarea>" in response.text
        assert not case.events.filter(body="Is it red?").exists()

    def test_once(self, desk, case, cleo, headers):
        conversation.reply(case, by=cleo, body="It is red.")
        assert 'name="anyway" value="3"' in self.send(desk, case, headers).text
        self.send(desk, case, headers, anyway="3")
        assert case.events.filter(body="Is it red?").exists()

    def test_but_again_when_something_else_was_said(self, desk, case, cleo, headers):
        conversation.reply(case, by=cleo, body="It is red.")
        conversation.reply(case, by=cleo, body="No, green.")
        response = self.send(desk, case, headers, anyway="3")
        assert response.status_code == 422
        assert "No, green." in response.text

    def test_who_has_seen_it_is_not_asked(self, desk, case, cleo, headers):
        conversation.reply(case, by=cleo, body="It is red.")
        self.send(desk, case, headers, after=3)
        assert case.events.filter(body="Is it red?").exists()


def test_a_draft_in_a_resolved_case_can_be_read(post, page, case, ada):
    post("resolve", resolution="Dusted.")
    resolution.resolve(case, by=ada, resolution="Someone was quicker.")
    assert "Dusted.</textarea>" in page().text
    resolution.close(case, by=ada)
    assert "Dusted.</textarea>" in page().text


def test_a_macro_goes_below_the_draft(post, page):
    macro = Macro.objects.create(name="Bye", body="Bye, {customer}.")
    post(body="Half a")
    assert "Half a\n\nBye, Cleo.</textarea>" in page(macro=macro.pk).text


class TestTheList:
    def test_shows_what_is_mine_with_its_first_words(self, desk, case, ada, abe):
        second = CaseFactory(summary="The drawer sticks")
        drafts.keep(case, by=ada, kind="reply", fields={"body": "Dear Cleo"}, seen=0)
        fields = {"resolution": "", "root_cause": "Rust"}
        drafts.keep(second, by=ada, kind="resolve", fields=fields, seen=0)
        drafts.keep(case, by=abe, kind="note", fields={"body": "Of Abe"}, seen=0)
        resolution.close(case, by=abe)
        text = desk.get(reverse("drafts")).text
        assert "Dear Cleo" in text
        assert "Rust" in text
        assert "Of Abe" not in text
        assert text.index("The drawer sticks") < text.index(case.summary)
        assert ">Closed<" in text

    def test_costs_the_same_with_many(self, desk, ada, django_assert_num_queries):
        for n in range(5):
            drafts.keep(CaseFactory(), by=ada, kind="reply", fields={"body": f"Draft {n}"}, seen=0)
        with django_assert_num_queries(4):
            desk.get(reverse("drafts"))

    def test_says_so_when_there_is_none(self, desk):
        assert (
            "No drafts. What you start writing in a case is kept here until you send or discard it."
            in desk.get(reverse("drafts")).text
        )
