from django.urls import path

from cases.views.setup import brand, colleagues, first, index, levels, mail, systems

urlpatterns = [
    path("", index.index, name="setup"),
    path("first/", first.first, name="setup_first"),
    path("brand/", brand.page, name="setup_brand"),
    path("systems/", systems.systems, name="setup_system"),
    path("systems/<number:pk>/", systems.systems, name="setup_system_change"),
    path("team/", colleagues.team, name="setup_team"),
    path("colleagues/", colleagues.colleagues, name="setup_colleagues"),
    path("mail/", mail.mail, name="setup_mail"),
    path("hours/", levels.hours, name="setup_hours"),
    path("level/", levels.level, name="setup_level"),
    path("case/", index.case, name="setup_case"),
    path("<slug:name>/skipping/", index.skip, name="setup_skipping"),
]
