import pytest

from cases.actions import checklists, macros, merging, removal, resolution
from cases.models import ChecklistItem, Event, Macro, Refused, Status
from cases.wording.events import sentence
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def listed(case):
    return [*case.checklist.order_by("pk").values_list("text", flat=True)]


def item(case, number=0):
    return case.checklist.order_by("pk")[number]


def test_what_is_to_be_done_is_listed_once_in_its_order(ada, case):
    event = checklists.add(case, by=ada, items=["Call  the bank", "", "Write it down", "Call the bank"])
    assert listed(case) == ["Call the bank", "Write it down"]
    assert sentence(event) == "Ada put “Call the bank” and “Write it down” on the checklist"
    assert not event.public
    assert checklists.add(case, by=ada, items=["Call the bank"]) is None


def test_an_item_is_ticked_off_by_somebody_and_may_be_open_again(ada, case):
    checklists.add(case, by=ada, items=["Call the bank"])
    event = checklists.tick(case, by=ada, item=item(case).pk, done=True)
    assert sentence(event) == "Ada ticked off “Call the bank”"
    assert (item(case).done_by, item(case).done_at is None) == (ada, False)
    assert checklists.tick(case, by=ada, item=item(case).pk, done=True) is None
    event = checklists.tick(case, by=ada, item=item(case).pk, done=False)
    assert sentence(event) == "Ada said that “Call the bank” is not done after all"
    assert (item(case).done_by, item(case).done_at) == (None, None)


def test_what_two_do_at_once_both_stays(ada, abe, case):
    checklists.add(case, by=ada, items=["One", "Two"])
    seen_by_abe = type(case).objects.get(pk=case.pk)
    checklists.tick(case, by=ada, item=item(case, 0).pk, done=True)
    checklists.tick(seen_by_abe, by=abe, item=item(case, 1).pk, done=True)
    assert [one.done_by for one in case.checklist.order_by("pk")] == [ada, abe]


def test_what_somebody_removed_meanwhile_says_so(ada, case):
    checklists.add(case, by=ada, items=["One"])
    gone = item(case).pk
    assert sentence(checklists.remove(case, by=ada, item=gone)) == "Ada took “One” off the checklist"
    assert checklists.remove(case, by=ada, item=gone) is None
    with pytest.raises(Refused, match="Someone removed this from the checklist meanwhile"):
        checklists.tick(case, by=ada, item=gone, done=True)


def test_an_item_of_another_case_is_none_of_this_one(ada, case):
    other = CaseFactory()
    checklists.add(other, by=ada, items=["One"])
    with pytest.raises(Refused):
        checklists.tick(case, by=ada, item=item(other).pk, done=True)
    assert checklists.remove(case, by=ada, item=item(other).pk) is None
    assert listed(other) == ["One"]


def test_a_long_line_and_a_long_list_are_refused(ada, case):
    with pytest.raises(Refused, match="201 characters, 200 fit"):
        checklists.add(case, by=ada, items=["x" * 201])
    with pytest.raises(Refused, match="50 items at most"):
        checklists.add(case, by=ada, items=[f"Item {number}" for number in range(51)])
    assert listed(case) == []


def test_a_merged_case_says_where_its_checklist_goes_on(ada, cleo, case):
    host = CaseFactory(customer=cleo)
    checklists.add(case, by=ada, items=["One"])
    merging.merge(case, by=ada, into=host)
    with pytest.raises(Refused, match=f"goes on in case {host.number}. Use the checklist there."):
        checklists.tick(case, by=ada, item=item(case).pk, done=True)


def test_resolving_with_open_items_asks_once(ada, case):
    checklists.add(case, by=ada, items=["One", "Two"])
    with pytest.raises(resolution.ChecklistOpen, match="2 items are still open on the checklist"):
        resolution.resolve(case, by=ada, resolution="Done.", ask=True)
    checklists.tick(case, by=ada, item=item(case).pk, done=True)
    with pytest.raises(resolution.ChecklistOpen, match="“Two” is still open"):
        resolution.resolve(case, by=ada, resolution="Done.", ask=True)
    assert resolution.resolve(case, by=ada, resolution="Done.")
    case.refresh_from_db()
    assert case.status == Status.RESOLVED


def test_a_macro_brings_its_checklist_once(ada, case):
    macro = Macro.objects.create(name="Refund", owner=ada, checklist=["Call the bank", "Refund"])
    assert macro.has_changes
    for _ in range(2):
        macros.apply(case, by=ada, macro=macro)
    assert listed(case) == ["Call the bank", "Refund"]
    assert Event.objects.filter(kind="checklist").count() == 1
    assert [*map(str, macros.changes_of(macro, by=ada))] == ["a checklist of 2 items"]


def test_a_passage_that_is_removed_leaves_the_checklist_too(ada, case):
    event = checklists.add(case, by=ada, items=["Call 0170 1234567", "Call 0170 7654321"])
    for number in ("0170 1234567", "0170 7654321"):
        removal.remove_passage(case, by=ada, event=event.sequence, passage=number)
    assert {*ChecklistItem.objects.values_list("text", flat=True)} == {"Call [removed]"}
    event.refresh_from_db()
    assert "0170" not in sentence(event)
