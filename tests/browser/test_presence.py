"""Who else reads the case, and who writes."""

from playwright.sync_api import expect

from .live import live
from .test_drafts import desk, saved
from .test_macros import reply_box


def people(page):
    return page.locator("#people")


def test_two_agents_see_each_other_read_and_write(window, case, ada, abe, cleo):
    customer = window(cleo, f"/cases/{case.number}/")
    mine = window(ada, desk(case))
    live(mine)
    expect(people(mine)).to_have_text("")
    other = window(abe, desk(case))
    expect(people(mine)).to_contain_text("Abe is reading")
    expect(people(other)).to_contain_text("Ada is reading")
    reply_box(other).press_sequentially("Dear Cleo")
    expect(people(mine)).to_contain_text("Abe is replying")
    other.get_by_role("button", name="Send reply").click()
    expect(people(mine)).to_contain_text("Abe is reading")
    other.context.close()
    expect(people(mine)).to_have_text("")
    expect(customer.locator("#people")).to_have_count(0)


def test_who_is_there_is_seen_even_when_a_script_comes_late(window, gathered_at_once, case, ada, abe):
    live(window(ada, desk(case)))
    other = window(abe, "/desk/")

    late = []
    other.context.route("**/js/palette*.js", lambda route: late.append(route))
    with other.expect_request("**/js/palette*.js"):
        other.goto(desk(case), wait_until="commit")
    other.wait_for_timeout(900)
    late[0].continue_()
    expect(people(other)).to_contain_text("Ada is reading")


def test_people_come_and_go_without_a_tick_and_take_no_text(window, gathered_at_once, case, ada, abe):
    mine = window(ada, desk(case), clock=True)
    live(mine)
    reply_box(mine).press_sequentially("Half a thought")
    saved(mine)
    mine.wait_for_timeout(500)
    asked = []
    mine.on("request", lambda request: asked.append(request.url.split("/")[-2]))
    window(abe, desk(case))
    expect(people(mine)).to_contain_text("Abe is reading")
    assert set(asked) == {"people"}
    expect(reply_box(mine)).to_have_value("Half a thought")
    expect(reply_box(mine)).to_be_focused()
    asked.clear()
    mine.clock.run_for(3000)
    mine.wait_for_timeout(500)
    assert asked == []


def test_a_hidden_tab_reads_nothing(window, case, ada, abe):
    mine, other = window(ada, desk(case)), window(abe, desk(case))
    live(other)
    expect(people(mine)).to_contain_text("Abe is reading")
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    other.evaluate(hide, True)
    expect(people(mine)).to_have_text("")
    other.evaluate(hide, False)
    expect(people(mine)).to_contain_text("Abe is reading")
