from django.urls import include, path

from portal.urls import handler400, handler403, handler404, handler500  # noqa: F401
from portal.urls import urlpatterns as of_the_portal

urlpatterns = [*of_the_portal, path("", include("allauth.idp.urls"))]
