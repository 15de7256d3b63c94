"""Systems, and which of them customers are shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest
from cases.actions import installation
from cases.forms.setup import PublicSystemForm
from cases.models import System

from .index import administrators_only, is_done

SHOWN = 50


@administrators_only
@require_http_methods(["GET", "POST"])
def systems(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """All of them with a form for another, or the form of one."""
    system = get_object_or_404(System, pk=pk) if pk else None
    form = PublicSystemForm(request.POST if request.method == "POST" else None, instance=system)
    if form.is_valid() and is_done(form, lambda: installation.keep(form.instance, by=request.user)):
        shown = (
            "Customers can report problems with it." if form.instance.public else "Customers can’t see it."
        )
        messages.success(request, f"“{form.instance}” is saved. {shown}")
        return redirect("setup_system" if system else "setup")
    known = System.objects.order_by("-public", "name")[: SHOWN + 1]
    context = {"form": form, "system": system, "systems": known[:SHOWN], "more": len(known) > SHOWN}
    return render(request, "setup/system.html", context, status=422 if form.is_bound else 200)
