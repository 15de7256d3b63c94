"""A secret that was pasted is pointed out before it is sent, and an agent removes it on one click."""

import pytest
from django.urls import reverse

from cases.actions import attachments, conversation, escalations, merging, rating, resolution
from cases.models import Case, Draft, Event, Kind, Rating
from tests.factories import CaseFactory, upload

CARD = "4111 1111 1111 1111"
WORDS = f"Charge {CARD} for it."
STRUCK = "Charge [removed] for it."
LOOKS = "This looks like a card number. It hasn’t been sent yet"


@pytest.fixture(
    params=[
        "reply",
        "not yet",
        "reopening",
        "rating",
        "desk reply",
        "note",
        "resolution",
        "closure",
        "handover",
        "escalation",
        "answer to an escalation",
        "request",
        "report",
    ]
)
def form(request, case, cleo, ada, till, team):
    """Who types where, and what is recorded of it."""

    team.members.add(ada)

    def last():
        return case.events.exclude(body="").latest("sequence").body

    def url(name):
        return reverse(name, args=[case.number])

    match request.param:
        case "reply":
            return cleo, url("case_replies"), {"body": WORDS}, last
        case "not yet":
            resolution.resolve(case, by=ada, resolution="Done.")
            return cleo, url("case_confirmation"), {"answer": "not-yet", "body": WORDS}, last
        case "reopening":
            resolution.close(case, by=ada)
            return cleo, url("case_reopening"), {"body": WORDS}, last
        case "rating":
            resolution.close(case, by=ada)
            rating.rate(case, by=cleo, good=True)
            return cleo, url("case_rating"), {"good": "yes", "word": WORDS}, lambda: Rating.objects.get().word
        case "desk reply":
            return ada, url("desk_replies"), {"body": WORDS}, last
        case "note":
            return ada, url("desk_notes"), {"body": WORDS}, last
        case "resolution":
            typed = {"resolution": "Done.", "root_cause": WORDS}
            return ada, url("desk_resolution"), typed, lambda: Case.objects.get(pk=case.pk).root_cause
        case "closure":
            resolution.resolve(case, by=ada, resolution="Done.", is_bug=True)
            return (
                ada,
                url("desk_closure"),
                {"root_cause": WORDS},
                lambda: Case.objects.get(pk=case.pk).root_cause,
            )
        case "handover":
            return ada, url("desk_handover"), {"to": f"team={team.pk}", "note": WORDS}, last
        case "escalation":
            return ada, url("desk_escalation"), {"team": team.pk, "note": WORDS}, last
        case "answer to an escalation":
            escalations.escalate(case, by=ada, team=team, note="Look at it.")
            return ada, url("desk_escalation_answer"), {"note": WORDS}, last
        case "request":
            return (
                ada,
                url("desk_requests"),
                {"what": WORDS},
                lambda: f"{case.requests.get().what}.",
            )  # which loses its stop
        case _:
            typed = {"system": till.pk, "summary": "It fails", "description": WORDS, "severity": 2}
            return (
                cleo,
                reverse("case_new"),
                typed,
                lambda: Case.objects.latest("pk").events.exclude(body="").get().body,
            )


@pytest.mark.parametrize("htmx", [False, True])
def test_it_is_pointed_out_and_what_was_typed_stays(form, browser_of, htmx):
    who, address, typed, _ = form
    events = Event.objects.count()
    response = browser_of(who).post(address, typed, headers={"HX-Request": "true"} if htmx else {})
    assert response.status_code == 422
    assert LOOKS in response.text
    assert WORDS in response.text
    assert Event.objects.count() == events


@pytest.mark.parametrize(("answer", "recorded"), [("send", WORDS), ("remove", STRUCK)])
def test_its_writer_decides_whether_it_is_sent(form, browser_of, answer, recorded):
    who, address, typed, said = form
    response = browser_of(who).post(address, typed | {"secrets": answer})
    assert response.status_code == 302
    assert said() == recorded


def test_one_answer_is_enough_where_something_else_is_asked_too(case, cleo, ada, abe, browser_of):
    conversation.reply(case, by=abe, body="I have it.")
    typed = {"body": WORDS, "after": 2, "secrets": "remove"}
    response = browser_of(ada).post(reverse("desk_replies", args=[case.number]), typed)
    assert "answered" in response.text
    assert '<input type="hidden" name="secrets" value="remove">' in response.text


@pytest.fixture
def said(case, cleo):
    return conversation.reply(case, by=cleo, body=WORDS)


def removal_of(event):
    return reverse("desk_removal", args=[event.case_id, event.sequence])


def test_the_desk_points_out_what_was_sent_and_removes_it_on_one_click(case, cleo, ada, said, browser_of):
    page = browser_of(ada).get(reverse("desk_case", args=[case.number])).text
    assert "This looks like a card number." in page
    assert f'name="passage" value="{CARD}"' in page
    assert "looks like" not in browser_of(cleo).get(reverse("case", args=[case.number])).text
    browser_of(ada).post(removal_of(said), {"passage": CARD})
    for who, name in ((ada, "desk_case"), (cleo, "case")):
        page = browser_of(who).get(reverse(name, args=[case.number])).text
        assert CARD not in page
        assert STRUCK in page
        assert "removed a card number from what was said here" in page


@pytest.mark.parametrize(("who", "name"), [("ada", "desk_live"), ("cleo", "case_live")])
def test_a_live_page_gets_the_event_without_it_in_place(who, name, case, ada, cleo, said, browser_of):
    after = case.events.filter(public=True).count() if who == "cleo" else said.sequence
    browser_of(ada).post(removal_of(said), {"passage": CARD})
    tick = (
        browser_of({"ada": ada, "cleo": cleo}[who])
        .get(reverse(name, args=[case.number]), {"after": after})
        .text
    )
    mine = said.public_sequence if who == "cleo" else said.sequence
    assert f'id="event-{mine}" hx-swap-oob="true"' in tick
    assert STRUCK in tick
    assert tick.count("removed a card number") == 1
    again = tick.split('id="cursor"')[1].split('value="')[1].split('"')[0]
    assert (
        browser_of(ada if who == "ada" else cleo)
        .get(reverse(name, args=[case.number]), {"after": again})
        .status_code
        == 204
    )


def test_a_page_that_shows_a_merged_conversation_gets_it_too(case, cleo, ada, said, browser_of):
    host = CaseFactory(customer=cleo)
    merging.merge(case, by=ada, into=host)
    host.refresh_from_db()
    after = host.last_sequence
    browser_of(ada).post(removal_of(said), {"passage": CARD})
    tick = browser_of(ada).get(reverse("desk_live", args=[host.number]), {"after": after}).text
    assert f'id="case-{case.number}-event-{said.sequence}" hx-swap-oob="true"' in tick
    assert STRUCK in tick


def test_a_note_that_says_less_is_not_shown_to_the_customer(case, cleo, ada, said, browser_of):
    conversation.add_note(case, by=ada, body=f"He sent {CARD}!")
    browser_of(ada).post(removal_of(said), {"passage": CARD})
    tick = browser_of(cleo).get(reverse("case_live", args=[case.number]), {"after": 2}).text
    assert "He sent" not in tick
    assert STRUCK in tick


def test_any_passage_is_removed_on_its_page_and_a_wrong_one_is_kept_to_be_mended(case, ada, said, browser_of):
    page = browser_of(ada).get(removal_of(said), {"passage": "for it"})
    assert "for it</textarea>" in page.text
    wrong = browser_of(ada).post(removal_of(said), {"passage": "for them"})
    assert wrong.status_code == 422
    assert "for them</textarea>" in wrong.text
    assert "That passage does not stand in this message." in wrong.text
    browser_of(ada).post(removal_of(said), {"passage": "for it"})
    assert Event.objects.get(pk=said.pk).body == f"Charge {CARD} [removed]."


def test_a_file_is_removed_on_one_click(case, cleo, ada, browser_of):
    file = attachments.receive(upload("passport.png"), by=cleo)
    said = conversation.reply(case, by=cleo, body="", attachments=[file])
    assert browser_of(ada).post(removal_of(said), {"file": "no-key"}).status_code == 422
    browser_of(ada).post(removal_of(said), {"file": file.key})
    page = browser_of(cleo).get(reverse("case", args=[case.number])).text
    assert "passport.png" not in page
    assert "A file was removed" in page
    assert browser_of(cleo).get(reverse("attachment", args=[file.key])).status_code == 404
    assert case.events.filter(kind=Kind.REMOVED).count() == 1
    assert not Draft.objects.exists()
