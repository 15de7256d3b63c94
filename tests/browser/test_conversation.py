"""From report to confirmed fix, in two browsers at once."""

import re
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import conversation, promises, resolution, triage
from cases.live import stream
from cases.models import Case, Status
from portal.database import driver
from tests.factories import CaseFactory

from .live import NUDGED, live


def test_a_visitor_reports_an_agent_answers_and_the_fix_is_confirmed_live(window, till, ada):
    customer = window(None, "/")
    customer.get_by_role("link", name="Report a problem").first.click()
    customer.get_by_label("Which system?").select_option(label="Till")
    customer.get_by_label("Summary").fill("Nothing prints")
    customer.get_by_label("What happened?").fill("The printer is dead since nine.")
    customer.get_by_label("High: something important doesn’t work").check()
    customer.get_by_label("Your name").fill("Grete")
    customer.get_by_label("Your email address").fill("grete@example.com")
    customer.get_by_role("button", name="Send the report").click()
    expect(customer.get_by_text("The printer is dead since nine.")).to_be_visible()
    live(customer)

    agent = window(ada, "/desk/")
    agent.get_by_role("link", name=re.compile("Nothing prints")).click()
    live(agent)
    agent.get_by_label("Reply", exact=True).fill("Is its lamp green?")
    agent.get_by_role("button", name="Send reply").click()
    expect(customer.get_by_text("Is its lamp green?")).to_be_visible(timeout=NUDGED)

    customer.get_by_label("Reply", exact=True).fill("It is **red**.")
    customer.get_by_role("button", name="Send reply").click()
    expect(agent.locator(".prose strong", has_text="red")).to_be_visible(timeout=NUDGED)
    expect(customer.get_by_label("Reply", exact=True)).to_have_value("")

    agent.locator("summary", has_text="Internal note").click()
    agent.get_by_label("Internal note").fill("They forgot the paper.")
    agent.get_by_role("button", name="Add note").click()
    expect(agent.locator(".card.internal")).to_contain_text("They forgot the paper.")

    agent.locator("summary", has_text="Resolve").click()
    agent.get_by_label("Resolution").fill("Put paper in.")
    agent.get_by_role("button", name="Resolve and ask the customer").click()
    expect(customer.get_by_text("Did this fix it?")).to_be_visible(timeout=NUDGED)
    expect(customer.get_by_text("They forgot the paper.")).to_have_count(0)

    customer.get_by_role("button", name="Yes, fixed").click()
    expect(customer.get_by_text("This case is closed")).to_be_visible()
    expect(agent.locator("#status")).to_contain_text("Closed", timeout=NUDGED)
    expect(agent.get_by_text("Grete confirmed the fix")).to_be_visible()
    assert Case.objects.get().status == Status.CLOSED


def test_not_yet_brings_the_case_back_to_the_agent(window, case, ada, cleo):
    resolution.resolve(case, by=ada, resolution="Restarted.")
    customer, agent = window(cleo, f"/cases/{case.number}/"), window(ada, f"/desk/cases/{case.number}/")
    live(agent)
    customer.get_by_text("Not yet").click()
    customer.get_by_label("What is still wrong?").fill("Till two still refuses.")
    customer.get_by_role("button", name="Not fixed yet").click()
    expect(agent.get_by_text("Till two still refuses.")).to_be_visible(timeout=NUDGED)
    expect(agent.locator("#status")).to_contain_text("Waiting on us")


def test_a_burst_of_events_is_shown_once_each_and_in_order(window, case, ada, cleo):
    page = window(cleo, f"/cases/{case.number}/")
    live(page)
    for n in range(30):
        conversation.reply(case, by=ada, body=f"Word {n}.")
    expect(page.locator(".event.kind-reply")).to_have_count(31)
    assert page.locator(".event.kind-reply .prose").all_inner_texts()[1:] == [f"Word {n}." for n in range(30)]


def test_details_change_in_place_and_the_other_agent_sees_it(window, case, ada, abe):
    mine, other = window(ada, f"/desk/cases/{case.number}/"), window(abe, f"/desk/cases/{case.number}/")
    live(mine)
    live(other)
    mine.get_by_label("Severity").select_option("Critical")
    expect(other.get_by_label("Severity")).to_have_value("1", timeout=NUDGED)
    mine.get_by_label("Priority").select_option("P4")
    expect(mine.get_by_text("Critical severity, but P4.")).to_be_visible()
    mine.get_by_role("button", name="Set P1").click()
    expect(mine.get_by_text("Critical severity, but P4.")).to_have_count(0)
    mine.get_by_role("button", name="Assign to me").click()
    expect(other.get_by_text("Ada took the case")).to_be_visible(timeout=NUDGED)


def test_what_somebody_else_changes_while_a_detail_is_being_saved_is_not_missed(window, hold, case, ada, abe):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    held = hold(page, "**/severity/")
    page.get_by_label("Severity").select_option(label="Low")
    page.wait_for_timeout(300)
    triage.set_priority(case, by=abe, priority=2)
    expect(page.locator("#timeline")).to_contain_text("P2")
    held.let_go()
    expect(page.get_by_label("Priority")).to_have_value("2")
    expect(page.locator("select[name=severity]")).to_have_value("4")


def test_the_times_of_the_timeline_stand_at_one_edge_whatever_kind_of_event_they_are_of(window, case, ada):
    triage.set_status(case, by=ada, status=Status.INVESTIGATING)
    triage.assign(case, by=ada, assignee=ada)
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=2))
    page = window(ada, f"/desk/cases/{case.number}/")
    times = page.locator("#timeline .line time")
    expect(times).to_have_count(4)
    edges = times.evaluate_all("times => times.map((time) => Math.round(time.getBoundingClientRect().right))")
    assert len(set(edges)) == 1


def test_after_the_stream_was_cut_nothing_is_missed_and_nothing_doubled(window, case, ada, cleo):
    window.expected = ["Failed to load resource"]
    page = window(cleo, f"/cases/{case.number}/")
    live(page)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
    for n in range(3):
        conversation.reply(case, by=ada, body=f"While you were away {n}.")
    expect(page.locator(".event.kind-reply")).to_have_count(4, timeout=15_000)
    live(page)
    conversation.reply(case, by=ada, body="And after.")
    expect(page.locator(".event.kind-reply")).to_have_count(5, timeout=NUDGED)


def test_a_hidden_tab_lets_its_stream_go_and_catches_up_when_it_is_shown(window, case, ada, cleo):
    page = window(cleo, f"/cases/{case.number}/")
    live(page)
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)
    conversation.reply(case, by=ada, body="Said to a hidden tab.")
    page.wait_for_timeout(700)
    expect(page.locator(".event.kind-reply")).to_have_count(1)
    page.evaluate(hide, False)
    expect(page.locator(".event.kind-reply")).to_have_count(2)
    live(page)


def test_without_the_stream_the_page_polls_and_says_how_old_it_is(window, case, ada, cleo):
    window.expected = ["Failed to load resource"]
    page = window(cleo, "/cases/new/")
    page.context.route("**/live/?on=*", lambda route: route.abort())
    page.clock.install()
    page.goto(f"/cases/{case.number}/")
    page.clock.run_for(8_000)
    expect(page.locator("#indicator")).to_contain_text("Reconnecting, last updated")
    conversation.reply(case, by=ada, body="Found by polling.")
    page.clock.run_for(21_000)
    expect(page.get_by_text("Found by polling.")).to_be_visible()


def test_a_page_that_gets_no_stream_says_how_often_it_looks_and_looks(window, case, ada, cleo, monkeypatch):
    page = window(cleo, "/cases/new/")
    monkeypatch.setitem(stream.MOST_OF, "user", 0)
    page.clock.install()
    page.goto(f"/cases/{case.number}/")
    expect(page.locator("#indicator")).to_contain_text("Checks every 20 s")
    conversation.reply(case, by=ada, body="Found by looking.")
    page.clock.run_for(21_000)
    expect(page.get_by_text("Found by looking.")).to_be_visible()
    expect(page.locator("#indicator")).to_contain_text("Checks every 20 s")
    monkeypatch.undo()
    page.clock.run_for(91_000)
    expect(page.locator("#indicator")).to_contain_text("Live again.")


def test_words_for_a_locked_case_stay_in_the_form(window, case, ada, monkeypatch):
    window.expected = ["Failed to load resource", "Response Status Error Code 503"]
    monkeypatch.setattr(driver, "LOCK", 0.1)
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("Is its lamp green?")
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        page.get_by_role("button", name="Send reply").click()
        expect(page.locator("#messages")).to_contain_text("Someone else is changing this right now.")
        expect(page.get_by_label("Reply", exact=True)).to_have_value("Is its lamp green?")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".event.kind-reply")).to_have_count(1)
    expect(page.locator("#messages")).not_to_contain_text("Someone else")


def test_the_queue_is_live_and_keeps_its_rows_in_place(window, case, ada, cleo):
    page = window(ada, "/desk/")
    live(page)
    triage.assign(case, by=None, assignee=ada)
    expect(page.locator(f"#row-{case.number}")).to_contain_text("Ada", timeout=NUDGED)
    CaseFactory(summary="A newcomer")
    expect(page.get_by_text("1 new, show")).to_be_visible(timeout=NUDGED)
    expect(page.get_by_text("A newcomer")).to_have_count(0)
    page.get_by_text("1 new, show").click()
    expect(page.get_by_text("A newcomer")).to_be_visible()
    resolution.resolve(case, by=ada, resolution="Done.")
    expect(page.locator(f"#row-{case.number}")).to_contain_text("left this view", timeout=NUDGED)


def test_filters_work_without_a_reload_and_stand_in_the_address(window, case, ada):
    CaseFactory(summary="A blemish", severity=4)
    page = window(ada, "/desk/")
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Severity").select_option("Low")
    expect(page.get_by_text(case.summary)).to_have_count(0)
    expect(page).to_have_url(re.compile("severity=4"))
    live(page)
    page.reload()
    expect(page.get_by_text("A blemish")).to_be_visible()
    expect(page.locator("select[name=severity]")).to_have_value("4")


def test_my_cases_are_live(window, case, ada, cleo):
    page = window(cleo, "/cases/")
    live(page)
    conversation.reply(case, by=ada, body="Which till?")
    expect(page.get_by_text("Waiting for you")).to_be_visible(timeout=NUDGED)


def test_the_desk_is_worked_with_the_keyboard(window, case, ada):
    page = window(ada, "/desk/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/cases/{case.number}/"))
    live(page)
    page.keyboard.press("a")
    expect(page.get_by_text("Ada took the case")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("Typed with keys, r and n and e.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".event.kind-reply").last).to_contain_text("Typed with keys, r and n and e.")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("A note.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".card.internal")).to_contain_text("A note.")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard")).to_be_visible()


def test_earlier_events_are_fetched_on_demand_and_the_page_stays_live(window, case, ada, cleo):
    for n in range(60):
        conversation.reply(case, by=ada, body=f"Word {n}.")
    page = window(cleo, f"/cases/{case.number}/")
    live(page)
    expect(page.locator(".event.kind-reply")).to_have_count(50)
    page.get_by_role("link", name="Show earlier").click()
    expect(page.locator(".event.kind-reply")).to_have_count(61)
    expect(page.get_by_role("link", name="Show earlier")).to_have_count(0)
    conversation.reply(case, by=ada, body="The newest word.")
    expect(page.locator(".event.kind-reply").last).to_contain_text("The newest word.", timeout=NUDGED)


def test_my_cases_stay_narrowed_when_something_changes(window, case, ada, cleo):
    CaseFactory(customer=cleo, summary="The drawer sticks", description="It is stuck.")
    page = window(cleo, "/cases/")
    live(page)
    page.get_by_label("Search").fill("drawer")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    drawer = Case.objects.get(summary="The drawer sticks")
    conversation.reply(drawer, by=ada, body="Which drawer?")
    expect(page.get_by_text("Waiting for you")).to_be_visible(timeout=NUDGED)
    expect(page.locator("[data-row]")).to_have_count(1)


def test_arrow_keys_over_a_menu_are_one_decision_when_one_leaves_it(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Priority").focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Priority")).to_have_value("4")
    page.keyboard.press("Tab")
    expect(page.get_by_text("set the priority to P4")).to_be_visible()
    assert case.events.filter(kind="priority").count() == 1


def test_an_answer_that_comes_late_replaces_nothing_newer(window, hold, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    held = hold(page, "**/desk/cases/*/live/*")
    triage.set_severity(case, by=None, severity=1)
    held.wait()
    page.get_by_label("Priority").select_option("P4")
    expect(page.get_by_text("Critical severity, but P4.")).to_be_visible()
    held.let_go()
    page.wait_for_timeout(300)
    expect(page.get_by_text("Critical severity, but P4.")).to_be_visible()
    expect(page.locator("#cursor")).to_have_value("4")


def test_on_paper_a_case_is_its_conversation(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/", color_scheme="dark")
    live(page)
    page.emulate_media(media="print")
    expect(page.get_by_text("Since this morning every card is refused.")).to_be_visible()
    for left_out in (".bar", "#composer", "#details", ".remove-link"):
        expect(page.locator(left_out).first).to_be_hidden()
    expect(page.locator("body")).to_have_css("color-scheme", "light")
