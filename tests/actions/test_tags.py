"""A tag gets another name everywhere, or becomes one with another."""

import pytest

from cases.actions import bulk, saved_views, tags, triage
from cases.models import AuditEntry, AuditKind, Kind, Macro, Refused, Tag
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tagged(ada):
    case = CaseFactory()
    triage.set_tags(case, by=ada, tags=["refund", "vip"])
    return case


def test_a_tag_is_known_once_a_case_has_it(tagged):
    assert [*Tag.objects.values_list("name", flat=True)] == ["refund", "vip"]


def test_it_is_renamed_in_cases_macros_and_views_and_the_audit_log_says_so(tagged, ada, adam):
    macro = Macro.objects.create(name="Refund", tags=["refund", "billing"])
    view = saved_views.create(by=ada, name="Refunds", audience="me", filters={"tag": "refund"})
    tags.run(tags.rename(Tag.objects.get(name="refund"), by=adam, name=" Money  back "))
    for changed in (tagged, macro, view):
        changed.refresh_from_db()
    assert tagged.tags == ["money back", "vip"]
    assert macro.tags == ["money back", "billing"]
    assert view.tag == "money back"
    event = tagged.events.filter(kind=Kind.TAGS).latest("sequence")
    assert (event.author, event.changes["tags"][1]) == (adam, ["money back", "vip"])
    assert [*Tag.objects.values_list("name", flat=True)] == ["money back", "vip"]
    entry = AuditEntry.objects.get(kind=AuditKind.SETTING_CHANGED)
    assert entry.details == {"what": "tag", "name": "refund", "changes": {"name": ["refund", "money back"]}}


def test_two_tags_become_one_where_somebody_says_so(tagged, adam):
    tag = Tag.objects.get(name="refund")
    with pytest.raises(Refused, match="There is a tag “vip” already"):
        tags.rename(tag, by=adam, name="VIP")
    tags.run(tags.rename(tag, by=adam, name="VIP", merge=True))
    tagged.refresh_from_db()
    assert tagged.tags == ["vip"]
    assert [*Tag.objects.values_list("name", flat=True)] == ["vip"]


@pytest.mark.parametrize("name", ["a, b", ",", "x" * 41])
def test_what_is_no_tag_is_refused(tagged, adam, name):
    with pytest.raises(Refused):
        tags.rename(Tag.objects.get(name="vip"), by=adam, name=name)


def test_the_same_name_changes_nothing_and_records_nothing(tagged, adam):
    assert tags.rename(Tag.objects.get(name="vip"), by=adam, name="Vip") is None
    assert not AuditEntry.objects.filter(kind=AuditKind.SETTING_CHANGED).exists()


def test_it_goes_on_to_its_end_and_twice_is_once(tagged, adam):
    begun = tags.rename(Tag.objects.get(name="vip"), by=adam, name="gold")
    with pytest.raises(Refused, match="one name in all cases"):
        bulk.stop(begun, by=adam)
    tags.run(begun)
    tags.run(begun)
    assert tagged.events.filter(kind=Kind.TAGS).count() == 2
