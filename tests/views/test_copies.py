"""Who reads along stands on both sides' pages of a case, where it is changed too."""

import pytest
from django.urls import reverse

from cases.models import InCopy

pytestmark = pytest.mark.django_db
BERT = "bert@elsewhere.example"


@pytest.mark.parametrize(
    ("page", "url", "who"), [("case", "case_copies", "cleo"), ("desk_case", "desk_copies", "ada")]
)
def test_somebody_is_put_in_copy_and_taken_out_on_the_page(page, url, who, case, request, browser_of):
    browser = browser_of(request.getfixturevalue(who))
    address = reverse(page, args=[case.number])
    refused = browser.post(reverse(url, args=[case.number]), {"address": "bert at elsewhere"})
    assert refused.status_code == 422
    assert "bert at elsewhere" in refused.text
    browser.post(reverse(url, args=[case.number]), {"address": f" {BERT.upper()} "})
    assert BERT in browser.get(address).text
    removal = reverse(url.replace("copies", "copy_removal"), args=[case.number, InCopy.objects.get().pk])
    assert removal in browser.get(address).text
    browser.post(removal)
    assert removal not in browser.get(address).text
    assert f"took {BERT} out of copy" in browser.get(address).text
    assert 'class="members"' not in browser.get(address).text  # an empty list has borders all the same


def test_a_colleague_sees_who_reads_along_and_changes_nothing(case, cleo, carl, browser_of):
    browser_of(cleo).post(reverse("case_copies", args=[case.number]), {"address": BERT})
    page = browser_of(carl).get(reverse("case", args=[case.number])).text
    assert BERT in page
    assert reverse("case_copies", args=[case.number]) not in page
