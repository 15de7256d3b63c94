from django.urls import include, path

from cases.views import desk, queue, relations

case = [
    path("", desk.case_detail, name="desk_case"),
    path("live/", desk.case_live, name="desk_live"),
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
    path("area/", desk.detail, {"name": "area"}, name="desk_area"),
    path("tags/", relations.tags, name="desk_tags"),
    path("due/", relations.due, name="desk_due"),
    path("snooze/", relations.snooze, name="desk_snooze"),
    path("waking/", relations.waking, name="desk_waking"),
    path("handover/", relations.handover, name="desk_handover"),
    path("links/", relations.links, name="desk_links"),
    path("links/<number:other>/removal/", relations.link_removal, name="desk_link_removal"),
    path("merge/", relations.merge, name="desk_merge"),
    path("separation/", relations.separation, name="desk_separation"),
    path("conversation/", relations.conversation, name="desk_told"),
]

urlpatterns = [
    path("", queue.queue_list, name="queue"),
    path("live/", queue.queue_live, name="queue_live"),
    path("cases/<number:number>/", include(case)),
]
