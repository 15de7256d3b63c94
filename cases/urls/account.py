"""Signing in, and how: django-allauth's pages, and ours in the place of some."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path

from cases.sign_in.proof import proof_first
from cases.views.account import (
    addresses,
    notifications,
    profile,
    proof,
    providers,
    push,
    security,
    signature,
    unsent,
    unsubscribing,
    way_back,
)

urlpatterns = [
    path("profile/", profile.page, name="account_profile"),
    path("profile/picture/removal/", profile.picture_removal, name="account_picture_removal"),
    path("faces/<uuid:key>/", profile.face, name="face"),
    path("signature/", signature.page, name="account_signature"),
    path("notifications/", notifications.page, name="account_notifications"),
    path("unsent/", unsent.page, name="account_unsent"),
    path("notifications/push/", push.push_device, name="account_push"),
    path("unsubscribing/<str:token>/", unsubscribing.page, name="account_unsubscribe"),
    path("security/", security.page, name="mfa_index"),
    path("security/devices/", security.end_other_devices, name="account_other_devices"),
    path("security/devices/<int:pk>/", security.end_device, name="account_device"),
    path("way-back/<str:token>/", way_back.page, name="account_way_back"),
    path("reauthenticate/code/", proof.by_code, name="account_reauthenticate_by_code"),
    path("email/", addresses.addresses, name="account_email"),
    path("password/change/", proof_first(account.password_change), name="account_change_password"),
    path("password/set/", proof_first(account.password_set), name="account_set_password"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/", include("allauth.mfa.totp.urls")),
    path("2fa/recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("passkeys/", security.passkeys, name="mfa_list_webauthn"),
    path("passkeys/new/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/removal/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/reauthentication/", proof.by_passkey, name="mfa_reauthenticate_webauthn"),
    path("passkeys/sign-in/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("oidc/<slug:provider_id>/login/", providers.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", providers.callback, name="openid_connect_callback"),
    path("", include("allauth.account.urls")),
]
