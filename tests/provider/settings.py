"""Settings of a portal that is a provider of identities besides: django-allauth's own."""

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.settings import *  # noqa: F403
from portal.settings import HOME, INSTALLED_APPS, SECURE_CSP

INSTALLED_APPS = [*INSTALLED_APPS, "allauth.idp.oidc"]
ROOT_URLCONF = "tests.provider.urls"
# Whoever signs in here is led back to where they came from.
SECURE_CSP = SECURE_CSP | {"form-action": ["'self'", "http://localhost:*"]}


def _kept_key() -> str:
    """Signs what is said of people. Made once, so that all processes of a home have the same."""
    path = HOME / "provider-key.pem"
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path.read_text()


IDP_OIDC_PRIVATE_KEY = _kept_key()
