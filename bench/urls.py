from django.urls import path

from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

from . import floor

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("bench/floor/", floor.floor, name="floor"), *urlpatterns]
