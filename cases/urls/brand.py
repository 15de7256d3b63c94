from django.urls import path, register_converter

from cases.views import brand


class Hex:
    """A colour, as in #4f46c8 without the first character."""

    regex = "[0-9a-f]{6}"
    to_python = to_url = str


register_converter(Hex, "hex")

urlpatterns = [
    path("<hex:colour>.css", brand.colour, name="brand_colour"),
    path("<hex:colour>.svg", brand.mark, name="brand_mark"),
    path("<slug:key>.png", brand.picture, name="brand_picture"),
    path("<slug:key>/<int:size>.png", brand.icon, name="brand_icon"),
]
