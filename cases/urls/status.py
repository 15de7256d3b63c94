from django.urls import path

from cases.views import status_page

urlpatterns = [
    path("", status_page.incident_list, name="incidents"),
    path("feed/", status_page.feed, name="incident_feed"),
    path("<number:number>/", status_page.incident_detail, name="incident"),
]
