import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import resolution
from cases.models import Macro, Team

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}

MACRO = {
    "name": "Ask", "circle": "me", "body": "Hello {customer}.", "status": "", "severity": "", "priority": "2",
    "area": "", "assignee": "me", "team": "", "tags": " Billing, card  reader,,billing ", "snooze_hours": "",
}  # fmt: skip


@pytest.fixture
def macro(ada):
    return Macro.objects.create(
        name="Look", owner=ada, body="Looking, {customer}.", priority=2, tags=["seen"]
    )


def save(browser, macro=None, **fields):
    url = reverse("macro", args=[macro.pk]) if macro else reverse("macro_new")
    return browser.post(url, MACRO | fields)


class TestEditing:
    def test_a_macro_is_made(self, ada, browser_of):
        assert save(browser_of(ada)).url == reverse("macros")
        macro = Macro.objects.get()
        assert (macro.owner, macro.shared_with, macro.priority, macro.assignee) == (ada, None, 2, "me")
        assert macro.tags == ["billing", "card reader"]
        text = browser_of(ada).get(reverse("macros")).text
        assert "Hello {customer}." in text
        assert "Sets priority P2, assigned to you, tags billing, card reader" in text

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"name": ""}, "Give the macro a name."),
            (
                {"body": "", "priority": "", "assignee": "", "tags": ""},
                "This macro does nothing yet. Add text or a change.",
            ),
            ({"status": "resolved", "body": ""}, "it becomes the resolution"),
            ({"status": "resolved", "internal": "on"}, "it cannot be internal"),
            (
                {"status": "resolved", "snooze_hours": "3"},
                "Resolved cases can’t be snoozed. Choose one of the two.",
            ),
            ({"status": "closed"}, "Select a valid choice"),
            ({"tags": "x" * 41}, "is too long"),
            ({"circle": "all"}, "Select a valid choice"),
            ({"circle": "team-1"}, "Select a valid choice"),
            ({"assignee": "999999"}, "Select a valid choice"),
        ],
    )
    def test_a_mistake_is_said_and_what_was_typed_kept(self, ada, browser_of, fields, words):
        response = save(browser_of(ada), **fields)
        assert response.status_code == 422
        assert words in response.text
        assert (fields.get("body", "Hello {customer}.")) in response.text
        assert not Macro.objects.exists()

    def test_an_unknown_placeholder_is_said_and_stays(self, ada, browser_of):
        page = browser_of(ada).post(reverse("macro_new"), MACRO | {"body": "{nmae}"}, follow=True)
        assert "{nmae} is no placeholder and stays as typed." in page.text
        assert Macro.objects.get().body == "{nmae}"

    def test_the_preview_saves_nothing(self, ada, browser_of, macro):
        url = reverse("macro", args=[macro.pk]) + "?preview"
        text = browser_of(ada).post(url, MACRO | {"body": "Hi **{customer}**, {agent} {nmae}"}).text
        assert "Hi <strong>Sam</strong>, Ada {nmae}" in text
        assert "{nmae} is no placeholder" in text
        assert "Also sets priority P2" in text
        macro.refresh_from_db()
        assert macro.body == "Looking, {customer}."

    def test_a_macro_is_deleted_after_asking(self, ada, browser_of, macro):
        url = reverse("macro_deletion", args=[macro.pk])
        assert "Delete “Look”?" in browser_of(ada).get(url).text
        assert "is deleted" in browser_of(ada).post(url, follow=True).text
        assert not Macro.objects.exists()

    def test_a_copy_is_ones_own(self, abe, browser_of):
        everybodys = Macro.objects.create(name="Ask", body="Hm.", tags=["a"])
        browser_of(abe).post(reverse("macro_copy", args=[everybodys.pk]))
        copy = Macro.objects.get(owner=abe)
        assert (copy.name, copy.body, copy.tags) == ("Ask (copy)", "Hm.", ["a"])
        assert Macro.objects.count() == 2

    def test_the_list_costs_the_same_for_many(self, ada, abe, browser_of, team):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                browser.get(reverse("macros"))
            return len(queries)

        browser = browser_of(ada)
        Macro.objects.create(name="x", team=team, assignee=str(abe.pk))
        before = cost()
        for n in range(10):
            Macro.objects.create(name=f"x{n}", team=team, assignee=str(abe.pk))
        assert cost() == before


class TestWhoMayEdit:
    """Ada and Abe share a team; Adam administers."""

    @pytest.fixture
    def macros(self, ada, abe, team):
        team.members.add(ada, abe)
        other = Team.objects.create(name="Other")
        return {
            "ada's": Macro.objects.create(name="a", owner=ada, tags=["a"]),
            "their team's": Macro.objects.create(name="b", shared_with=team, tags=["a"]),
            "another team's": Macro.objects.create(name="c", shared_with=other, tags=["a"]),
            "everybody's": Macro.objects.create(name="d", tags=["a"]),
        }

    @pytest.mark.parametrize(
        ("name", "whose", "status"),
        [
            ("ada", "ada's", 200), ("abe", "ada's", 404), ("adam", "ada's", 404),
            ("ada", "their team's", 200), ("abe", "their team's", 200), ("adam", "their team's", 404),
            ("ada", "another team's", 404),
            ("ada", "everybody's", 403), ("adam", "everybody's", 200),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("url", ["macro", "macro_deletion"])
    def test_on_the_desk(self, name, whose, status, url, macros, browser_of, ada, abe, adam):
        browser = browser_of({"ada": ada, "abe": abe, "adam": adam}[name])
        address = reverse(url, args=[macros[whose].pk])
        assert browser.get(address).status_code == status
        if status != 200:
            assert browser.post(address, MACRO).status_code == status
            macros[whose].refresh_from_db()

    def test_only_administrators_make_macros_for_everybody(self, ada, adam, browser_of):
        assert save(browser_of(ada), circle="all").status_code == 422
        assert save(browser_of(adam), circle="all").status_code == 302
        macro = Macro.objects.get()
        assert (macro.owner, macro.shared_with) == (None, None)

    def test_a_team_shares_what_a_member_made(self, ada, abe, team, browser_of):
        team.members.add(ada, abe)
        save(browser_of(ada), circle=f"team-{team.pk}")
        assert "Ask" in browser_of(abe).get(reverse("macros")).text
        assert Macro.objects.get().owner is None

    def test_nobody_applies_what_is_not_theirs(self, abe, case, macro, browser_of):
        data = {"body": "Hm.", "macro": macro.pk, "also": ["priority:2"], "after": 2}
        response = browser_of(abe).post(reverse("desk_replies", args=[case.number]), data, headers=HTMX)
        assert response.status_code == 422
        case.refresh_from_db()
        assert case.priority is None
        page = browser_of(abe).get(reverse("desk_case", args=[case.number]), {"macro": macro.pk}).text
        assert "Looking, Cleo." not in page


class TestInTheComposer:
    def choose(self, browser, case, macro, **typed):
        url = f"{reverse('desk_composer', args=[case.number])}?macro={macro.pk}"
        return browser.post(url, typed, headers=HTMX)

    def send(self, browser, case, macro, name="replies", **data):
        data = {"body": "Edited.", "macro": macro.pk, "also": ["priority:2", "tags:seen"], "after": 2} | data
        return browser.post(reverse(f"desk_{name}", args=[case.number]), data, headers=HTMX)

    def test_the_link_works_without_script(self, ada, case, macro, browser_of):
        text = browser_of(ada).get(reverse("desk_case", args=[case.number]), {"macro": macro.pk}).text
        assert "Looking, Cleo.</textarea>" in text
        assert "Sending also changes" in text
        assert "tag seen" in text

    def test_the_text_comes_after_what_is_typed(self, ada, case, macro, browser_of):
        text = self.choose(browser_of(ada), case, macro, body="I see.\n").text
        assert "I see.\n\nLooking, Cleo.</textarea>" in text
        assert 'id="timeline"' not in text

    def test_an_internal_macro_goes_into_the_note(self, ada, case, browser_of):
        macro = Macro.objects.create(name="x", body="Secret.", internal=True)
        form = self.choose(browser_of(ada), case, macro).context["note"]
        assert form.initial["body"] == "Secret."

    def test_a_macro_that_resolves_goes_into_the_resolution(self, ada, case, browser_of):
        macro = Macro.objects.create(name="x", body="Done, {customer}.", status="resolved", priority=2)
        text = self.choose(browser_of(ada), case, macro).text
        assert "Done, Cleo.</textarea>" in text
        data = {"resolution": "Done indeed.", "root_cause": "Dust.", "also": ["priority:2"]}
        assert self.send(browser_of(ada), case, macro, "resolution", **data).status_code == 200
        case.refresh_from_db()
        assert (case.status, case.resolution, case.root_cause, case.priority) == (
            "resolved",
            "Done indeed.",
            "Dust.",
            2,
        )

    def test_sending_sends_what_was_typed_and_changes(self, ada, case, macro, browser_of):
        response = self.send(browser_of(ada), case, macro)
        assert response.status_code == 200
        assert "Edited." in response.text
        case.refresh_from_db()
        assert (case.priority, case.tags) == (2, ["seen"])
        assert 'id="details"' in response.text

    def test_what_is_unticked_is_left_out(self, ada, case, macro, browser_of):
        self.send(browser_of(ada), case, macro, also=["tags:seen"])
        case.refresh_from_db()
        assert (case.priority, case.tags) == (None, ["seen"])

    @pytest.mark.parametrize("change", [{"priority": 1}, {"internal": True}, {"status": "resolved"}, None])
    def test_a_macro_that_is_not_what_its_sender_saw_sends_nothing(
        self, ada, case, macro, browser_of, change
    ):
        if change is None:
            Macro.objects.filter(pk=macro.pk).delete()
        else:
            Macro.objects.filter(pk=macro.pk).update(**change)
        before = case.events.count()
        response = self.send(browser_of(ada), case, macro)
        assert response.status_code == 422
        assert "was changed or deleted" in response.text
        assert "Edited.</textarea>" in response.text
        assert case.events.count() == before

    def test_a_refusal_keeps_text_and_macro(self, ada, case, browser_of):
        macro = Macro.objects.create(name="x", body="Hm.", status="investigating")
        resolution.resolve(case, by=ada, resolution="Done.")
        before = case.events.count()
        response = self.send(browser_of(ada), case, macro, also=["status:investigating"])
        assert response.status_code == 422
        assert "Use Resolve, Close or Reopen" in response.text
        assert "Edited.</textarea>" in response.text
        assert "status investigating" in response.text
        assert case.events.count() == before

    def test_an_empty_text_is_asked_for_and_the_choice_kept(self, ada, case, macro, browser_of):
        response = self.send(browser_of(ada), case, macro, body="", also=["tags:seen"])
        assert "Write a reply before sending it." in response.text
        assert 'value="tags:seen" checked' in response.text
        assert 'value="priority:2">' in response.text

    def test_a_macro_without_text_is_applied_at_once(self, ada, case, browser_of):
        macro = Macro.objects.create(name="Mine", assignee="me", status="investigating")
        url = reverse("desk_macro", args=[case.number])
        assert (
            "Apply: status investigating"
            in browser_of(ada).get(reverse("desk_case", args=[case.number])).text
        )
        seen = ["status:investigating", "assignee:me"]
        text = browser_of(ada).post(url, {"macro": macro.pk, "also": seen, "after": 2}, headers=HTMX).text
        assert "took the case" in text
        case.refresh_from_db()
        assert (case.assignee, case.status) == (ada, "investigating")

    @pytest.mark.parametrize(
        "change", [{"priority": 1}, {"status": "", "priority": 1}, {"tags": ["a"]}, {"body": "Hm."}, None]
    )
    def test_a_macro_without_text_that_is_not_what_was_shown_does_nothing(
        self, ada, case, browser_of, change
    ):
        macro = Macro.objects.create(name="Begin", status="investigating")
        page = browser_of(ada).get(reverse("desk_case", args=[case.number])).text
        assert '<input type="hidden" name="also" value="status:investigating">' in page
        if change is None:
            macro.delete()
        else:
            Macro.objects.filter(pk=macro.pk).update(**change)
        before = case.events.count()
        data = {"macro": macro.pk or 1, "also": ["status:investigating"]}
        answer = browser_of(ada).post(reverse("desk_macro", args=[case.number]), data, headers=HTMX)
        assert (answer.status_code, "was changed or deleted" in answer.text) == (409, True)
        assert case.events.count() == before

    @pytest.mark.parametrize("nobody", ["Ada", "²", "9" * 20])
    def test_an_assignee_that_makes_no_sense_breaks_no_page(self, ada, case, browser_of, nobody):
        Macro.objects.create(name="Over to her", assignee=nobody)
        for url in (reverse("desk_case", args=[case.number]), reverse("macros")):
            assert "assigned to someone who has left" in browser_of(ada).get(url).text

    def test_a_macro_with_text_is_not_sent_unseen(self, ada, case, macro, browser_of):
        before = case.events.count()
        response = browser_of(ada).post(
            reverse("desk_macro", args=[case.number]), {"macro": macro.pk}, headers=HTMX
        )
        assert response.status_code == 409
        assert case.events.count() == before

    @pytest.mark.parametrize("forged", ["", "x", "0", "9" * 30, "-1"])
    def test_a_macro_that_makes_no_sense_fills_in_nothing(self, ada, case, browser_of, forged):
        response = browser_of(ada).get(reverse("desk_case", args=[case.number]), {"macro": forged})
        assert response.status_code == 200
        url = f"{reverse('desk_composer', args=[case.number])}?macro={forged}"
        assert browser_of(ada).post(url, headers=HTMX).status_code == 200

    def test_a_closed_case_offers_none(self, ada, case, macro, browser_of):
        resolution.close(case, by=ada)
        page = browser_of(ada).get(reverse("desk_case", args=[case.number]), {"macro": macro.pk}).text
        assert 'id="macros"' not in page
        assert 'name="macro"' not in page
