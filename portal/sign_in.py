"""Settings of how people sign in, by django-allauth and by us."""

import os

# Whoever has one of these roles needs a second factor, so many days after it was given to them.
SECOND_FACTOR_ROLES = frozenset(
    os.environ.get("CASELINE_SECOND_FACTOR", "administrator").replace(",", " ").split()
)
SECOND_FACTOR_DAYS = float(os.environ.get("CASELINE_SECOND_FACTOR_DAYS", "14"))

# After how long whoever may read the desk signs in anew: in all, and when they do nothing.
STAFF_HOURS = float(os.environ.get("CASELINE_STAFF_HOURS", "12"))
STAFF_IDLE_HOURS = float(os.environ.get("CASELINE_STAFF_IDLE_HOURS", "3"))

ACCOUNT_ADAPTER = "cases.sign_in.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "cases.forms.SignupNameForm"
ACCOUNT_FORMS = {
    "login": "cases.forms.accounts.Login",
    "signup": "cases.forms.accounts.SignUp",
    "request_login_code": "cases.forms.accounts.RequestCode",
    "reset_password": "cases.forms.accounts.ResetPassword",
    "add_email": "cases.forms.accounts.AddEmail",
    "confirm_email_verification_code": "cases.forms.accounts.ConfirmAddress",
    "change_password": "allauth.account.forms.SetPasswordForm",  # a recent proof stands for the old one
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_MAX_EMAIL_ADDRESSES = 10
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_RATE_LIMITS = {
    "report": "30/h/ip",
    "upload": "120/h/ip",
    "unsent": "30/h/ip",
    "confirm_email": "3/m/key",  # as of login codes: a stranger's sign-up must not hold up the owner's
    # Nobody who asks for codes for somebody else's address keeps its owner from one: see cases/forms/accounts.py.
    "request_login_code": "20/m/ip",
    "reset_password": "20/m/ip",
    "code_from_network": "3/m/key,20/h/key",
}  # of visitors; what else signs people in has django-allauth's limits
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "cases.sign_in.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {
    "activate_totp": "cases.forms.factors.ActivateApp",
    "authenticate": "cases.forms.factors.Authenticate",
    "reauthenticate": "cases.forms.factors.Reauthenticate",
    "add_webauthn": "cases.forms.factors.AddPasskey",
    "login_webauthn": "cases.forms.factors.SignInByPasskey",
    "authenticate_webauthn": "cases.forms.factors.AuthenticateByPasskey",
    "reauthenticate_webauthn": "cases.forms.factors.ReauthenticateByPasskey",
    "edit_webauthn": "cases.forms.factors.RenamePasskey",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # of the half minutes before and after, for a clock that is a little off

# A provider of identities that speaks OpenID Connect: its word for an address counts like a mailed code.
OIDC_URL = os.environ.get("CASELINE_OIDC_URL", "")
OIDC_DOMAINS = frozenset(os.environ.get("CASELINE_OIDC_DOMAINS", "").lower().replace(",", " ").split())
OIDC_NAME = os.environ.get("CASELINE_OIDC_NAME") or "your company"
_provider = {
    "provider_id": "company",
    "name": OIDC_NAME,
    "client_id": os.environ.get("CASELINE_OIDC_CLIENT", ""),
    "secret": os.environ.get("CASELINE_OIDC_SECRET", ""),
    "settings": {"server_url": OIDC_URL},
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": [_provider] if OIDC_URL else [], "OAUTH_PKCE_ENABLED": True}
}
SOCIALACCOUNT_ADAPTER = "cases.sign_in.providers.Adapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
