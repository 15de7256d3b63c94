from django.urls import path

from cases.views.setup import brand

urlpatterns = [
    path("brand/", brand.page, name="setup_brand"),
]
