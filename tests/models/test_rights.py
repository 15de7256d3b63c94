import pytest

from cases.access import RIGHTS, Right
from cases.management.commands import permissions
from cases.models import Guest, User


def test_the_page_of_permissions_is_what_the_table_says():
    """`manage.py permissions` writes it."""
    assert permissions.PAGE.read_text() == permissions.page()


def test_every_right_is_somebodys_and_has_a_row():
    assert set(RIGHTS) == set(Right)
    assert all(RIGHTS.values())


@pytest.mark.parametrize("right", Right)
def test_a_visitor_and_whoever_is_deactivated_have_no_right(right):
    assert not Guest().may(right)
    assert not any(User(role=role, is_active=False).may(right) for role in User.Role)
