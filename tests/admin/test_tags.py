"""Tags in administration."""

import pytest
from django.urls import reverse

from cases.actions import triage
from cases.models import Bulk, Tag
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def vip(ada):
    triage.set_tags(CaseFactory(), by=ada, tags=["refund", "vip"])
    return Tag.objects.get(name="vip")


def page_of(tag):
    return reverse("admin:cases_tag_change", args=[tag.pk])


def test_a_tag_says_where_it_is_used_and_is_not_deleted_while_it_is(vip, adam, browser_of):
    browser = browser_of(adam)
    page = browser.get(page_of(vip)).text
    assert "1 case</a>, 0 macros" in page
    answer = browser.post(reverse("admin:cases_tag_delete", args=[vip.pk]), {"post": "yes"})
    assert "is in use, so it can’t be deleted" in answer.text
    assert Tag.objects.filter(pk=vip.pk).exists()


def test_a_new_name_is_given_by_a_job_whose_progress_is_linked(vip, adam, browser_of):
    answer = browser_of(adam).post(page_of(vip), {"new_name": "Gold"}, follow=True)
    bulk = Bulk.objects.get()
    assert bulk.change["value"] == ["vip", "gold"]
    assert reverse("bulk", args=[bulk.pk]) in answer.text


def test_a_name_that_another_tag_has_is_a_sentence_and_stays_as_typed(vip, adam, browser_of):
    answer = browser_of(adam).post(page_of(vip), {"new_name": "refund"})
    assert "There is a tag “refund” already." in answer.text
    assert 'value="refund"' in answer.text
    assert not Bulk.objects.exists()
