from django.urls import path

from cases.views.customer import organisation

urlpatterns = [
    path("", organisation.organisation, name="organisation"),
    path("invitations/", organisation.invite, name="organisation_invitations"),
    path("invitations/<number:pk>/resending/", organisation.resending, name="organisation_resending"),
    path("invitations/<number:pk>/withdrawal/", organisation.withdrawal, name="organisation_withdrawal"),
    path("people/<number:pk>/removal/", organisation.removal, name="organisation_removal"),
]
