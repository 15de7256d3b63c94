"""Which cases somebody may see, how many customers they are of, and how several are locked."""

from collections.abc import Iterable
from typing import Any, Self

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q

from .people import User, Viewer
from .rights import Right


class _IsAnyOf(models.Func):
    """A comparison with each of a few values, which an index answers whatever the planner knows of them."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = models.BooleanField()


def _is_proven_to_be(address: str, user: User) -> _IsAnyOf:
    """Whether this column holds an address that is known to be theirs."""
    proven = EmailAddress.objects.filter(user=user.pk, verified=True).order_by().values("email")
    return _IsAnyOf(address, ArraySubquery(proven))


class _IsReadAlongBy(models.Func):
    """Whether an address that is known to be theirs is in copy of the case, as an index answers it. In plain SQL, since
    every page of a customer asks."""

    template = "%(expressions)s))))"
    arg_joiner = (
        " = ANY(ARRAY(SELECT case_id FROM cases_incopy WHERE removed_at IS NULL AND address = ANY(ARRAY("
        "SELECT email FROM account_emailaddress WHERE verified AND user_id = "
    )
    output_field = models.BooleanField()

    def __init__(self, number: str, user: User) -> None:
        super().__init__(number, models.Value(user.pk))


def _with_copy_for(user: User) -> Q:
    """The cases of which they read along. A visitor's is read by mail alone: nobody knows who put them there."""
    return Q(_IsReadAlongBy("pk", user), unproven=False)


class CaseQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The cases this viewer may read. Every read starts here."""
        if isinstance(viewer, User) and viewer.may(Right.READ_DESK):
            return self.filter(viewer.limit.within()) if viewer.limit else self
        if not isinstance(viewer, User):
            return self.filter(number__in=viewer.case_numbers, unproven=True)
        if not viewer.is_active:
            return self.none()
        theirs = Q(customer=viewer) | _with_copy_for(viewer)
        if viewer.sees_colleagues:
            theirs |= Q(organisation=viewer.organisation)
        return self.filter(theirs)

    def claiming(self, user: User) -> Self:
        """The cases that visitors reported with an address of this user's that is proven to be theirs."""
        return self.filter(_is_proven_to_be("claimed_email", user)).exclude(claimed_email="")

    def customers_hit(self, incident: int | None) -> int:
        """How many customers report the incident in these cases. What is of none is one customer's own."""
        if not incident:
            return 1
        hit = self.filter(incident=incident).order_by().aggregate(models.Count("customer", distinct=True))
        return max(hit["customer__count"], 1)

    def held(self, numbers: Iterable[int]) -> dict[int, Any]:
        """These, read anew and held against other writers until the transaction ends.

        Whoever locks several does it here, in the order of their numbers: see docs/decisions/merging.md.
        """
        rows = self.select_for_update(no_key=True).filter(pk__in=set(numbers)).order_by("pk")
        return {case.pk: case for case in rows}


class CaseManager(models.Manager.from_queryset(CaseQuerySet)):  # type: ignore[misc]
    """Leaves the search vector in the database: it is long, and nobody reads it."""

    def get_queryset(self) -> CaseQuerySet:
        return super().get_queryset().defer("search")
