"""The end of a case: not yet, then fixed, then how our help was."""

from playwright.sync_api import expect

from cases.actions import resolution, triage
from cases.models import Case, Notification, Rating, Status

from .live import NUDGED, live

PHONE = {"viewport": {"width": 390, "height": 844}}


def test_a_fix_is_declined_then_confirmed_then_rated(window, case, ada, cleo):
    triage.assign(case, by=ada, assignee=ada)
    resolution.resolve(case, by=ada, resolution="Restarted the gateway.")
    customer, agent = window(cleo, f"/cases/{case.number}/"), window(ada, f"/desk/cases/{case.number}/")
    live(customer)
    live(agent)
    standing = customer.get_by_role("region", name="Where it stands")
    expect(standing).to_contain_text("We think this is fixed")
    expect(standing).to_contain_text("unless you reply.")
    expect(agent.locator("#status")).to_contain_text("unless the customer answers")

    customer.get_by_text("Not yet").click()
    customer.get_by_label("What is still wrong?").fill("Till two still refuses.")
    customer.get_by_role("button", name="Not fixed yet").click()
    expect(standing).to_contain_text("Not fixed yet, so we’ve reopened the case")
    expect(standing).not_to_contain_text("unless you reply.")
    expect(agent.get_by_text("Till two still refuses.")).to_be_visible(timeout=NUDGED)
    expect(agent.locator("#status")).not_to_contain_text("unless the customer answers")

    resolution.resolve(case, by=ada, resolution="Swapped the cable of till two.")
    customer.get_by_role("button", name="Yes, fixed").click()
    expect(standing).to_contain_text("This case is closed")
    customer.get_by_role("button", name="Not good").click()
    expect(customer.get_by_text("Thanks for telling us that our help wasn’t good.")).to_be_visible()
    expect(agent.locator("#timeline").get_by_text("Cleo rated the help as bad")).to_be_visible(timeout=NUDGED)
    customer.get_by_label("Anything you would like to add?").fill("It took two days.")
    customer.get_by_role("button", name="Send", exact=True).click()
    expect(agent.locator(".event.kind-rated .card")).to_contain_text("It took two days.", timeout=NUDGED)
    expect(customer.get_by_text("Add a comment")).to_have_count(0)
    assert Notification.objects.filter(agent=ada, event__kind="rated").count() == 2
    given = Rating.objects.get()
    assert (given.good, given.word, given.agent) == (False, "It took two days.", ada)


def test_it_all_goes_without_script_on_a_phone(window, case, ada, cleo):
    resolution.resolve(case, by=ada, resolution="Restarted the gateway.")
    page = window(cleo, f"/cases/{case.number}/", java_script_enabled=False, **PHONE)
    page.get_by_text("Not yet").click()
    page.get_by_role("button", name="Not fixed yet").click()
    expect(page.get_by_role("region", name="Where it stands")).to_contain_text(
        "Not fixed yet, so we’ve reopened the case"
    )
    resolution.resolve(case, by=ada, resolution="Swapped the cable.")
    page.reload()
    page.get_by_role("button", name="Yes, fixed").click()
    page.get_by_role("button", name="Good", exact=True).click()
    page.get_by_label("Anything you would like to add?").fill("Quick.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".event.kind-rated .card")).to_contain_text("Quick.")
    assert (Rating.objects.get().word, Case.objects.get().status) == ("Quick.", Status.CLOSED)


def test_a_second_tab_learns_what_the_first_one_said(window, case, ada, cleo):
    resolution.close(case, by=ada)
    first, second = (window(cleo, f"/cases/{case.number}/") for _ in range(2))
    live(second)
    first.get_by_role("button", name="Good", exact=True).click()
    expect(second.get_by_text("Thanks for rating our help as good.")).to_be_visible(timeout=NUDGED)
    expect(second.get_by_role("button", name="Not good")).to_have_count(0)


def test_who_would_rather_not_say_is_asked_no_more(window, case, ada, cleo):
    resolution.close(case, by=ada)
    page = window(cleo, f"/cases/{case.number}/")
    page.get_by_role("button", name="No, thanks").click()
    expect(page.get_by_role("button", name="Not good")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Not good")).to_be_hidden()
    page.get_by_text("How was our help?").click()
    page.get_by_role("button", name="Good", exact=True).click()
    expect(page.get_by_text("Thanks for rating our help as good.")).to_be_visible()
