"""Of what one hears, and how."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest, of_ones_own
from cases.actions import preferences
from cases.actions.push import MOST_DEVICES
from cases.forms.preferences import NotificationsForm
from cases.queries.notices import unheard


@of_ones_own
@require_http_methods(["GET", "POST"])
def page(request: AgentRequest) -> HttpResponse:
    form = NotificationsForm(request.POST if request.method == "POST" else None, person=request.user)
    if not form.is_valid():
        context = {"form": form, "most_devices": MOST_DEVICES}
        return render(request, "account/notifications.html", context, status=422 if form.is_bound else 200)
    chosen = form.cleaned_data
    preferences.choose(
        by=request.user,
        ways=form.ways,
        zone=chosen["zone"],
        quiet_from=chosen["quiet_from"],
        quiet_until=chosen["quiet_until"],
    )
    messages.success(request, "Notification settings saved.")
    if warning := unheard(request.user):
        messages.warning(request, warning)
    return redirect("account_notifications")
