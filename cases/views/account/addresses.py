"""One's own account, beside what django-allauth shows of it."""

from allauth.account import views as allauth
from django.db import transaction
from django.http import HttpResponse

from cases.access import ViewerRequest, of_ones_own
from cases.models import User


@of_ones_own
@transaction.atomic
def addresses(request: ViewerRequest) -> HttpResponse:
    """django-allauth's page of addresses, for one request of a person at a time: one of them is the primary one."""
    list(User.objects.select_related(None).select_for_update().filter(pk__in=[request.user.pk]))
    return allauth.email(request)
