from django.urls import path

from cases.views import status

urlpatterns = [
    path("", status.incident_list, name="incidents"),
    path("feed/", status.feed, name="incident_feed"),
    path("<number:number>/", status.incident_detail, name="incident"),
]
