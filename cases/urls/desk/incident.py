from django.urls import path

from cases.views.desk.incidents import cases, page, updates

urlpatterns = [
    path("", page.incident_detail, name="desk_incident"),
    path("live/", page.incident_live, name="desk_incident_live"),
    path("updates/", updates.update, name="desk_incident_update"),
    path("notes/", page.composed, {"name": "note"}, name="desk_incident_note"),
    path("resolution/", page.composed, {"name": "resolve"}, name="desk_incident_resolve"),
    path("reopening/", page.composed, {"name": "reopen"}, name="desk_incident_reopen"),
    path("title/", page.detail, {"name": "title"}, name="desk_incident_title"),
    path("severity/", page.detail, {"name": "severity"}, name="desk_incident_severity"),
    path("area/", page.detail, {"name": "area"}, name="desk_incident_area"),
    path("owner/", page.detail, {"name": "owner"}, name="desk_incident_owner"),
    path("public/", page.detail, {"name": "public"}, name="desk_incident_public"),
    path("cases/", cases.case_list, name="desk_incident_cases"),
    path("cases/attachment/", cases.attachment, name="desk_incident_attach"),
    path("cases/<number:other>/removal/", cases.detachment, name="desk_incident_detach"),
]
