"""Django admin as administrators meet it: what there is to set up, in the order in which one does that."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import lazy
from django.utils.http import url_has_allowed_host_and_scheme

from cases.queries.brand import brand

from . import jobs

# By heading: the models by name, and the pages of ours by the name of their URL, each with what it is for.
SECTIONS: dict[str, dict[str, str]] = {
    "People": {
        "user": "Everyone with an account: roles, limits, who may sign in.",
        "invitation": "Invite agents and customers by email.",
        "organisation": "Your customers’ companies, and whether their people see each other’s cases.",
        "maildomain": "Addresses whose owners join an organisation by themselves.",
        "limit": "Which cases some people of the desk see.",
    },
    "Teams": {"team": "Who works together, and who leads."},
    "Systems": {"system": "What customers report problems with, and which team helps."},
    "Service levels": {
        "policy": "How soon we answer and resolve, by severity.",
        "businesshours": "When clocks run, and holidays.",
    },
    "Macros": {"macro": "Ready answers, and the changes that go with them."},
    "Tags": {"tag": "Rename a tag, or merge two into one."},
    "Mail": {
        "mailbox": "Where mail comes in.",
        "mailtext": "What our mail says in your words.",
        "receivedmail": "All mail that arrived, also what was held or could not be read.",
    },
    "Cases": {
        "case": "Look at a case as it is stored, or import case documents.",
        "incident": "Outages that several cases report.",
    },
    "Operation": {
        "setup": "First steps, and what is left of them.",
        "setup_brand": "Name, logo and colour.",
        "admin:jobs": "What runs in the background, waits, or failed.",
        "audit": "Who changed what, and who signed in.",
    },
}
PAGES = {"setup": "Set-up", "setup_brand": "Brand", "admin:jobs": "Jobs", "audit": "Audit log"}


class Administration(AdminSite):
    site_header = site_title = lazy(lambda: brand().name, str)()
    index_title = "Administration"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models under their headings, instead of under the apps that they stand in."""
        found = super().get_app_list(request, app_label)
        models = {model["object_name"].lower(): model for app in found for model in app["models"]}
        pages = {name: {"name": label, "admin_url": reverse(name)} for name, label in PAGES.items()}
        known = models | pages if models else {}
        sections = []
        for heading, entries in SECTIONS.items():
            shown = [known.pop(name) | {"about": about} for name, about in entries.items() if name in known]
            sections.append({"name": heading, "models": shown})
        sections.append({"name": "More", "models": [*known.values()]})
        return [section for section in sections if section["models"]]

    def get_urls(self) -> list[Any]:
        own = [
            path("jobs/", self.admin_view(jobs.jobs), name="jobs"),
            path("jobs/<int:pk>/again/", self.admin_view(jobs.again), name="job_again"),
            path("jobs/<int:pk>/removal/", self.admin_view(jobs.removal), name="job_removal"),
        ]
        return own + super().get_urls()

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        return redirect("admin:index")

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Administration is entered through the sign-in of all: Django's own form knows no second factor."""
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
            wanted = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not request.user.is_staff:
            raise PermissionDenied("Administration is for administrators.")
        return redirect(wanted)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Autocomplete.as_view(admin_site=self)(request)


class Autocomplete(AutocompleteJsonView):
    """Refuses what Django's own breaks at: a character that PostgreSQL has none of, and a relation seen from behind."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any("\0" in value for value in request.GET.values()):
            raise PermissionDenied
        try:
            return super().get(request, *args, **kwargs)
        except AttributeError:
            raise PermissionDenied from None
