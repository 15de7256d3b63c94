"""“Send and …”, undoing, and sending later, as an agent's page does them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, outgoing, resolution, triage
from cases.models import Draft, Kind, Outgoing, Status
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


@pytest.fixture
def send(desk, case):
    def send(body="It is fixed.", headers=None, **more):
        return desk.post(reverse("desk_replies", args=[case.number]), {"body": body} | more, headers=headers)

    return send


@pytest.fixture
def undo(settings):
    settings.UNDO_SECONDS = 10


def page(browser, case):
    return browser.get(reverse("desk_case", args=[case.number])).content.decode()


def test_send_and_resolve_makes_the_reply_the_resolution(send, case):
    send("Restarted it.", then="resolve")
    case.refresh_from_db()
    assert (case.status, case.resolution) == (Status.RESOLVED, "Restarted it.")
    assert case.events.filter(kind=Kind.REPLY).count() == 1  # the report


def test_send_and_investigate_take_and_snooze(send, case, ada, abe):
    triage.assign(case, by=None, assignee=abe)
    send(then="investigate")
    send("And", then="take")
    send("So", then="snooze-tomorrow")
    case.refresh_from_db()
    assert (case.status, case.assignee) == (Status.INVESTIGATING, ada)
    assert case.snoozed_until > timezone.now()


def test_the_button_remembers_what_was_chosen(send, desk, case):
    assert "Send reply" in page(desk, case)
    send(then="investigate")
    another = CaseFactory()
    shown = page(desk, another)
    assert 'data-send name="then" value="investigate"' in shown
    triage.set_status(another, by=None, status=Status.INVESTIGATING)
    assert 'data-send name="then" value=""' in page(desk, another)  # it may not follow there
    send("More", then="")
    assert 'data-send name="then" value=""' in page(desk, CaseFactory())


def test_send_and_next_goes_on_in_the_queue(send, case):
    answer = send(then="next", headers=HTMX)
    assert answer.headers["HX-Redirect"].startswith(reverse("desk_next", args=[case.number]))
    assert reverse("desk_next", args=[case.number]) in send("More", then="next").url


def test_what_may_not_follow_is_not_offered_and_refused_with_the_text_kept(send, desk, case, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    assert 'value="resolve"' not in page(desk, case)
    answer = send("More words", then="resolve")
    assert answer.status_code == 422
    assert "More words" in answer.text
    assert "cannot be done any more" in answer.text


def test_what_was_sent_waits_on_the_page_and_undo_puts_it_back(undo, send, desk, case, ada):
    shown = send("Half a thought", headers=HTMX, after=case.last_sequence).text
    assert "Not sent yet" in shown
    assert "Undo" in shown
    waiting = Outgoing.objects.get()
    assert not case.events.filter(author=ada).exists()
    back = reverse("desk_outgoing_return", args=[case.number, waiting.key])
    answer = desk.post(back, {"body": "", "after": case.last_sequence}, headers=HTMX)
    assert "Half a thought</textarea>" in answer.text
    assert "Not sent yet" not in answer.text
    assert Draft.objects.get().fields["body"] == "Half a thought"


def test_undo_works_without_script_and_says_when_it_is_too_late(undo, send, desk, case):
    send("Half a thought")
    assert "Not sent yet" in page(desk, case)
    waiting = Outgoing.objects.get()
    back = reverse("desk_outgoing_return", args=[case.number, waiting.key])
    assert desk.post(back).url == f"{reverse('desk_case', args=[case.number])}?draft=reply#composer"
    assert "Half a thought</textarea>" in page(desk, case)
    assert "taken back or discarded already" in desk.post(back, follow=True).content.decode()


def test_customers_learn_nothing_of_what_waits(undo, send, case, cleo, browser_of):
    customer = browser_of(cleo)
    before = customer.get(reverse("case", args=[case.number])).content.decode()
    send("The secret plan")
    after = customer.get(reverse("case", args=[case.number])).content.decode()
    assert "secret plan" not in after
    assert "Not sent yet" not in after
    assert before.count("<li") == after.count("<li")


def test_colleagues_see_it_as_waiting_and_cannot_take_it_back(undo, send, case, abe, browser_of):
    send("Half a thought")
    shown = page(browser_of(abe), case)
    assert "Not sent yet" in shown
    assert ">Undo<" not in shown.replace(" ", "")
    assert "Not sent yet" in browser_of(abe).get(reverse("desk_people", args=[case.number])).text


def test_a_reply_goes_out_at_the_time_that_was_chosen(send, desk, case):
    send(later="tomorrow")
    waiting = Outgoing.objects.get()
    assert waiting.later
    assert "Goes out" in page(desk, case)
    outgoing.leave(waiting, at=waiting.leaves_at)
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2001-01-01T09:00", "That time has passed"),
        ("", "Choose a day and a time."),
        ("2999-01-01T09:00", "more than a year ahead"),
    ],
)
def test_a_time_that_cannot_be_keeps_the_text(send, typed, said):
    answer = send("Words", later="at", later_at=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Words" in answer.text
    assert f'value="{typed}"' in answer.text


def test_what_was_kept_back_asks_its_author(undo, send, desk, case, ada, cleo):
    send("It is fixed.")
    conversation.reply(case, by=cleo, body="It works again.")
    waiting = Outgoing.objects.get()
    outgoing.leave(waiting, at=waiting.leaves_at)
    shown = page(desk, case)
    for words in ("Not sent: the customer answered.", "Send anyway", "Edit", "Discard"):
        assert words in shown
    desk.post(reverse("desk_outgoing_departure", args=[case.number, waiting.key]))
    assert case.events.filter(author=ada, body="It is fixed.").exists()


def test_a_promise_counts_from_when_it_leaves(send, desk, case):
    found = desk.post(
        reverse("desk_promises_found", args=[case.number]), {"body": "We will send an update in 2 hours."}
    )
    assert found.status_code in (200, 302)
    due = timezone.localtime() + timedelta(hours=2)
    read = f"{due:%Y-%m-%dT%H:%M}"
    send(
        "We will send an update in 2 hours.",
        later="tomorrow",
        **{
            "promises-TOTAL_FORMS": "1",
            "promises-INITIAL_FORMS": "0",
            "promises-0-key": "in 2 hours",
            "promises-0-chosen": "on",
            "promises-0-read": read,
            "promises-0-due_at": read,
        },
    )
    waiting = Outgoing.objects.get()
    Outgoing.objects.update(leaves_at=timezone.now())
    later = timezone.now() + timedelta(hours=20)
    outgoing.leave(waiting, at=later)
    promise = case.promises.get()
    assert promise.outcome == ""


def test_few_queries(undo, send, desk, case, django_assert_max_num_queries):
    send()
    page(desk, case)
    with django_assert_max_num_queries(45):
        page(desk, case)
