"""What agents and customers see of promises."""

from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, promises, resolution
from cases.models import Draft, Macro
from tests.test_wiring import Page

HTMX = {"HX-Request": "true"}
SOON = "I’ll send an update in 20 minutes."
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(ada, browser_of):
    browser = browser_of(ada)
    browser.cookies["tz"] = "Asia/Tokyo"
    return browser


@pytest.fixture
def look(desk, case):
    """What the composer shows of a text, with what it showed before."""

    def look(body, **held):
        response = desk.post(
            reverse("desk_promises_found", args=[case.number]), {"body": body} | held, headers=HTMX
        )
        return Part(response.text)

    return look


@pytest.fixture
def send(desk, case):
    def send(body, url="desk_replies", headers=(), **held):
        return desk.post(reverse(url, args=[case.number]), {"body": body} | held, headers=dict(headers))

    return send


class Part:
    """The fields of the part, as a browser would send them."""

    def __init__(self, html):
        self.text, self.held = unescape(html), {}
        for tag, attrs in Page(html).elements:
            name = attrs.get("name")
            value = attrs.get("value", "on" if "checked" in attrs else None)
            if tag != "input" or value is None or name in (None, "hand", "hand_at"):
                continue
            if attrs.get("type") != "checkbox" or "checked" in attrs:
                self.held.setdefault(name, []).append(value)

    def rows(self, prefix="promises"):
        """The rows of one of the formsets, each by the names of its fields."""
        count = int(self.held[f"{prefix}-TOTAL_FORMS"][0])
        starts = [f"{prefix}-{place}-" for place in range(count)]
        return [
            {name.removeprefix(start): value for name, [value] in self.held.items() if name.startswith(start)}
            for start in starts
        ]


def named(html):
    """The fields of a page by name, each with its attributes."""
    return [(attrs["name"], attrs) for _, attrs in Page(html).elements if "name" in attrs]


def fresh(case):
    case.refresh_from_db()
    return case


def in_tokyo(at):
    return f"{at.astimezone(ZoneInfo('Asia/Tokyo')):%Y-%m-%dT%H:%M}"


def running(case):
    return list(case.promises.filter(ended_at=None, outcome="").order_by("pk"))


def test_the_part_shows_what_a_text_promises_in_ones_own_zone(look):
    part = look(SOON)
    assert "Promises “in 20 minutes”" in part.text
    due = timezone.now() + timedelta(minutes=20)
    [row] = part.rows()
    assert row["due_at"] in (in_tokyo(due), in_tokyo(due + timedelta(minutes=1)))
    assert row["chosen"] == "on"


def test_it_shows_how_often_and_what_is_vague(look):
    assert "every 30 min" in look("We will post updates every 30 minutes.").text
    assert "No time given" in look("I will get back to you shortly.").text


def test_a_question_of_the_customer_promises_nothing(look):
    part = look("> Can you send it within the hour?\n\nYou said you would update it.")
    assert part.rows() == []


def test_what_was_edited_or_unticked_stays_so_while_its_phrase_stands(look):
    held = look(SOON).held
    held["promises-0-due_at"] = ["2099-12-24T18:00"]
    part = look(f"Hello. {SOON}", **held)
    assert part.rows()[0]["due_at"] == "2099-12-24T18:00"
    del held["promises-0-chosen"]
    part = look(f"I will write by Monday at 3 pm. {SOON}", **held)
    assert [("chosen" in row, row["key"]) for row in part.rows()] == [
        (True, "by Monday at 3 pm"),
        (False, "in 20 minutes"),
    ]
    assert look("Something else.", **held).rows() == []


def test_a_reply_promises_what_its_author_saw(look, send, case, ada):
    held = look(SOON).held
    held["promises-0-due_at"] = [in_tokyo(timezone.now() + 3 * HOUR)]
    assert send(SOON, **held).status_code == 302
    (one,) = running(case)
    assert (one.phrase, one.agent) == ("in 20 minutes", ada)
    assert in_tokyo(fresh(case).promised_at) == held["promises-0-due_at"][0]


def test_what_is_unticked_is_not_promised(look, send, case):
    held = look(SOON).held
    del held["promises-0-chosen"]
    send(SOON, **held)
    assert not case.promises.exists()


def test_what_was_typed_after_the_part_was_shown_is_proposed_and_nothing_is_promised_silently(
    look, send, case
):
    held = look("Hello.").held
    send(f"Hello. {SOON}", **held)
    assert fresh(case).promised_at is None
    assert [one.outcome for one in case.promises.all()] == ["proposed"]


def test_what_was_shown_and_then_deleted_is_not_promised(look, send, case):
    send("Never mind.", **look(SOON).held)
    assert not case.promises.exists()


def test_the_same_phrase_twice_is_two_promises(look, send, case):
    text = "I will call you tomorrow at 3 pm. We will write to you tomorrow at 3 pm."
    held = look(text).held
    assert held["promises-TOTAL_FORMS"] == ["2"]
    del held["promises-0-chosen"]
    send(text, **held)
    assert len(running(case)) == 1


def test_a_time_that_cannot_be_is_said_beside_it_and_the_text_is_kept(look, send, case):
    for by, sentence in {
        "2001-01-01T10:00": "That time has passed.",
        "9000-01-01T10:00": "more than a year ahead",
        "soon": "Choose a day and a time.",
        "": "Choose a day and a time.",
    }.items():
        for headers in (HTMX, {}):
            response = send(SOON, headers=headers, **(look(SOON).held | {"promises-0-due_at": [by]}))
            assert response.status_code == 422
            assert sentence in response.text
            assert f"{SOON}</textarea>" in unescape(response.text)
            assert f'value="{by}"' in response.text
    assert not case.promises.exists()


def test_a_time_that_passed_while_one_wrote_is_asked_about(look, send, case):
    held = look(SOON).held
    held["promises-0-due_at"] = held["promises-0-read"] = ["2001-01-01T10:00"]
    response = send(SOON, **held)
    assert response.status_code == 422
    assert "That time has passed. Is this one right?" in response.text
    assert (
        send(SOON, **Part(response.text.split('id="promises"')[1].split("</div>")[0]).held).status_code == 302
    )
    assert len(running(case)) == 1


def test_two_intervals_contradict_each_other(look, send, case):
    text = "We will post updates every 30 minutes. We will post updates every 2 hours."
    response = send(text, **look(text).held)
    assert response.status_code == 422
    assert "You promised two different intervals. Keep one." in response.text
    assert not case.promises.exists()


def test_a_reply_keeps_what_is_due_next_unless_that_is_unticked(look, send, case, ada):
    promises.promise(case, by=ada, due_at=timezone.now() + HOUR)
    (one,) = running(case)
    held = look("Hello.").held
    assert held["keeps-0-key"] == [str(one.pk)]
    del held["keeps-0-chosen"]
    part = look("Hello again.", **held)
    assert part.rows("keeps") == [{"key": str(one.pk)}]
    send("Hello.", **part.held)
    assert running(case) == [one]
    send("Hello.", **look("Hello.").held)
    assert running(case) == []


def test_what_was_promised_meanwhile_is_kept_as_usual(look, send, case, ada):
    held = look("Hello.").held
    promises.promise(case, by=ada, due_at=timezone.now() + HOUR)
    send("Hello.", **held)
    assert running(case) == []


def test_something_is_promised_by_hand_in_the_composer(look, send, case):
    held = look("Hello.").held
    send("Hello.", hand="4h", **held)
    assert abs(fresh(case).promised_at - timezone.now() - 4 * HOUR) < timedelta(minutes=1)
    at = in_tokyo(timezone.now() + 5 * HOUR)
    send("Hello.", hand_at=at, **held)
    assert in_tokyo(fresh(case).promised_at) == at
    response = send("Hello.", hand_at="2001-01-01T10:00", **held)
    assert response.status_code == 422
    assert "That time has passed." in response.text
    assert 'value="2001-01-01T10:00"' in response.text


def test_a_draft_keeps_what_was_decided(look, desk, case):
    held = look(SOON).held | {"promises-0-due_at": ["2099-12-24T18:00"]}
    del held["promises-0-chosen"]
    desk.post(reverse("desk_draft_reply", args=[case.number]), {"body": SOON} | held, headers=HTMX)
    assert Draft.objects.get().fields["promises-0-key"] == "in 20 minutes"
    part = Part(
        desk.get(reverse("desk_case", args=[case.number])).text.split('id="promises"')[1].split("</div>")[0]
    )
    assert part.held["promises-0-due_at"] == ["2099-12-24T18:00"]
    assert "promise" not in part.held


def test_a_macro_keeps_it_too_and_shows_what_it_promises_itself(look, desk, send, case):
    macro = Macro.objects.create(name="Later", body="We will write to you in 2 hours.", priority=2)
    held = look(SOON).held
    del held["promises-0-chosen"]
    address = f"{reverse('desk_composer', args=[case.number])}?macro={macro.pk}"
    text = desk.post(address, {"body": SOON} | held, headers=HTMX).text
    part = Part(text.split('id="promises"')[1].split("</div>")[0])
    assert [(row["key"], "chosen" in row) for row in part.rows()] == [
        ("in 20 minutes", False),
        ("in 2 hours", True),
    ]
    body = f"{SOON}\n\n{macro.body}"
    send(body, macro=macro.pk, also=["priority:2"], **part.held)
    assert [one.phrase for one in running(case)] == ["in 2 hours"]
    assert fresh(case).priority == 2


def test_asked_whether_to_send_anyway_one_finds_it_as_it_was(look, send, case, abe):
    held = look(SOON).held | {"promises-0-due_at": [in_tokyo(timezone.now() + 3 * HOUR)]}
    conversation.reply(case, by=abe, body="Me too.")
    response = send(SOON, after=2, **held)
    assert response.status_code == 422
    assert "Send anyway" in response.text
    assert held["promises-0-due_at"][0] in response.text


def test_a_reply_that_reopens_a_case_promises_too(look, send, case, ada):
    resolution.close(case, by=ada)
    send(SOON, "desk_reopening", **look(SOON).held)
    assert len(running(case)) == 1


def test_in_a_resolved_case_nothing_is_promised_and_that_is_said(look, send, case, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    part = look(SOON)
    assert "doesn’t count while the case is resolved" in part.text
    assert send(SOON, **part.held).status_code == 302
    assert not case.promises.exists()


def test_looking_costs_few_queries(look, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        look(SOON)


@pytest.mark.parametrize("count", ["", "x", "-1", "3", "99999999999"])
def test_nonsense_in_the_fields_breaks_nothing(look, send, case, count):
    held = {
        "promises-TOTAL_FORMS": count,
        "promises-INITIAL_FORMS": "0",
        "promises-0-key": "\0",
        "promises-0-due_at": "\0",
        "promises-2-key": "x",
        "keeps-TOTAL_FORMS": "1",
        "keeps-INITIAL_FORMS": "\0",
        "keeps-0-key": "x",
        "requests-TOTAL_FORMS": count,
        "requests-INITIAL_FORMS": "0",
        "requests-0-key": "the log",
        "requests-0-chosen": "on",
    }
    [row] = look(SOON, **held).rows()
    assert row["chosen"] == "on"
    body = f"{SOON} Please send us the log."
    assert send(body, hand="never", **look("Hello.").held | held).status_code in (302, 422)
    assert send(body, **held).status_code == 302


def test_a_row_of_a_page_that_stood_open_before_a_new_version_is_only_proposed(send, case):
    send(SOON, shown="yes", promised=["in 20 minutes"], promised_was=[""], promised_by=[""], promise=["0"])
    assert [one.outcome for one in case.promises.all()] == ["proposed"]


def test_without_script_one_may_look_before_sending(desk, case):
    response = desk.post(reverse("desk_promises_found", args=[case.number]), {"body": SOON})
    assert response.status_code == 200
    assert f"{SOON}</textarea>" in unescape(response.text)
    assert "Promises “in 20 minutes”" in response.text
