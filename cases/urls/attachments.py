from django.urls import path

from cases.views import attachments

urlpatterns = [
    path("", attachments.upload, name="attachments"),
    path("<uuid:key>/", attachments.attachment, name="attachment"),
    path("<uuid:key>/image/", attachments.attachment, {"form": "image"}, name="attachment_image"),
    path("<uuid:key>/thumbnail/", attachments.attachment, {"form": "thumbnail"}, name="attachment_thumbnail"),
    path("<uuid:key>/removal/", attachments.removal, name="attachment_removal"),
]
