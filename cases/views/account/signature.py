"""What one signs mail with."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest, agents_only
from cases.actions import signatures
from cases.forms.signature import SignatureForm


@agents_only
@require_http_methods(["GET", "POST"])
def page(request: AgentRequest) -> HttpResponse:
    form = SignatureForm(request.POST or None, initial={"signature": request.user.signature})
    if not form.is_valid():
        return render(request, "account/signature.html", {"form": form}, status=422 if form.is_bound else 200)
    signatures.sign_with(form.cleaned_data["signature"], by=request.user)
    messages.success(request, "Signature saved.")
    return redirect("account_signature")
