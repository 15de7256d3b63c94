from django.urls import include, path

from cases.views import attention, bulk, desk, drafts, macros, people, queue, views

case = [
    path("", desk.case_detail, name="desk_case"),
    path("live/", desk.case_live, name="desk_live"),
    path("people/", people.people, name="desk_people"),
    path("replies/", desk.composed, {"name": "reply"}, name="desk_replies"),
    path("notes/", desk.composed, {"name": "note"}, name="desk_notes"),
    path("resolution/", desk.composed, {"name": "resolve"}, name="desk_resolution"),
    path("closure/", desk.closure, name="desk_closure"),
    path("reopening/", desk.reopening, name="desk_reopening"),
    path("assignment/", desk.detail, {"name": "assignee"}, name="desk_assignee"),
    path("team/", desk.detail, {"name": "team"}, name="desk_team"),
    path("status/", desk.detail, {"name": "status"}, name="desk_status"),
    path("severity/", desk.detail, {"name": "severity"}, name="desk_severity"),
    path("priority/", desk.detail, {"name": "priority"}, name="desk_priority"),
    path("composer/", desk.composer, name="desk_composer"),
    path("macro/", desk.macro, name="desk_macro"),
    path("following/", desk.following, name="desk_following"),
    path("drafts/reply/", drafts.draft, {"kind": "reply"}, name="desk_draft_reply"),
    path("drafts/note/", drafts.draft, {"kind": "note"}, name="desk_draft_note"),
    path("drafts/resolve/", drafts.draft, {"kind": "resolve"}, name="desk_draft_resolve"),
    path("area/", desk.detail, {"name": "area"}, name="desk_area"),
]

urlpatterns = [
    path("", queue.queue_list, name="queue"),
    path("live/", queue.queue_live, name="queue_live"),
    path("views/", views.view_list, name="views"),
    path("views/new/", views.view_new, name="view_new"),
    path("views/<number:pk>/", views.view_change, name="view_change"),
    path("views/<number:pk>/deletion/", views.view_delete, name="view_delete"),
    path("bulk/", bulk.bulk_start, name="bulk_start"),
    path("bulk/<number:pk>/", bulk.bulk_detail, name="bulk"),
    path("bulk/<number:pk>/stop/", bulk.bulk_stop, name="bulk_stop"),
    path("drafts/", drafts.draft_list, name="drafts"),
    path("macros/", macros.macro_list, name="macros"),
    path("macros/new/", macros.macro_new, name="macro_new"),
    path("macros/<number:pk>/", macros.macro_edit, name="macro"),
    path("macros/<number:pk>/copy/", macros.macro_copy, name="macro_copy"),
    path("macros/<number:pk>/deletion/", macros.macro_deletion, name="macro_deletion"),
    path("notices/", attention.notices, name="notices"),
    path("notices/count/", attention.notices_count, name="notices_count"),
    path("notices/reading/", attention.notices_reading, name="notices_reading"),
    path("agents/", attention.agent_list, name="agents"),
    path("cases/<number:number>/", include(case)),
]
