"""Each kind of event has one row that says everything about it."""

import pytest

from cases.models.kinds import KINDS, Kind, Role
from cases.wording.events import SAYS


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_has_a_row_and_a_sentence(kind):
    assert kind in KINDS
    assert kind in SAYS


@pytest.mark.parametrize("kind", Kind)
def test_what_customers_do_not_see_does_nothing_to_them(kind):
    row = KINDS[kind]
    assert row.public or not (row.turn or row.mails_customer or row.wakes)


@pytest.mark.parametrize("kind", Kind)
def test_what_links_to_a_page_names_it(kind):
    row = KINDS[kind]
    assert row.links in ("", *row.details)


@pytest.mark.parametrize("kind", Kind)
def test_what_is_personal_is_one_of_its_details(kind):
    row = KINDS[kind]
    assert row.personal <= set(row.details)


def test_a_customers_word_wakes_a_case_and_is_mailed_to_whoever_works_on_it():
    assert Role.CUSTOMER in KINDS[Kind.REPLY].wakes
    assert Role.CUSTOMER in KINDS[Kind.REPLY].mails_assignee
    assert Role.AGENT not in KINDS[Kind.REPLY].wakes
