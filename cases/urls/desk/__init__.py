from django.urls import include, path

from cases.views.desk import (
    bulk,
    drafts,
    macros,
    notifications,
    palette,
    queue,
    saved_views,
    search,
    statistics,
)
from cases.views.desk.incidents import page as incident_page
from cases.views.desk.incidents import radar

urlpatterns = [
    path("", queue.queue_list, name="queue"),
    path("live/", queue.queue_live, name="queue_live"),
    path("search/", search.search, name="search"),
    path("palette/", palette.palette, name="palette"),
    path("views/", saved_views.view_list, name="views"),
    path("views/new/", saved_views.view_new, name="view_new"),
    path("views/<number:pk>/", saved_views.view_change, name="view_change"),
    path("views/<number:pk>/deletion/", saved_views.view_delete, name="view_delete"),
    path("bulk/", bulk.bulk_start, name="bulk_start"),
    path("bulk/<number:pk>/", bulk.bulk_detail, name="bulk"),
    path("bulk/<number:pk>/stop/", bulk.bulk_stop, name="bulk_stop"),
    path("drafts/", drafts.draft_list, name="drafts"),
    path("macros/", macros.macro_list, name="macros"),
    path("macros/new/", macros.macro_new, name="macro_new"),
    path("macros/<number:pk>/", macros.macro_edit, name="macro"),
    path("macros/<number:pk>/copy/", macros.macro_copy, name="macro_copy"),
    path("macros/<number:pk>/deletion/", macros.macro_deletion, name="macro_deletion"),
    path("notices/", notifications.notices, name="notices"),
    path("notices/count/", notifications.notices_count, name="notices_count"),
    path("notices/reading/", notifications.notices_reading, name="notices_reading"),
    path("radar/", radar.radar, name="radar"),
    path("suggestions/<number:pk>/", radar.suggestion, name="suggestion"),
    path("suggestions/<number:pk>/dismissal/", radar.dismissal, name="suggestion_dismissal"),
    path("suggestions/<number:pk>/<number:number>/removal/", radar.removal, name="suggestion_removal"),
    path("reports/", statistics.reports, name="reports"),
    path("reports/<slug:name>.csv", statistics.table, name="report_table"),
    path("agents/", notifications.agent_list, name="agents"),
    path("cases/<number:number>/", include("cases.urls.desk.case")),
    path("incidents/", incident_page.incident_list, name="desk_incidents"),
    path("incidents/new/", incident_page.incident_new, name="desk_incident_new"),
    path("incidents/<number:number>/", include("cases.urls.desk.incident")),
]
