"""What is kept under seal: nobody reads it who has the database alone."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal(text: str) -> bytes:
    return _lock().encrypt(text.encode())


def unseal(sealed: bytes) -> str | None:
    """What was sealed, or None when the portal's secret key is another one meanwhile."""
    try:
        return _lock().decrypt(sealed).decode()
    except InvalidToken:
        return None


def _lock() -> MultiFernet:
    """Seals with the key of today, and opens what was sealed with those before it."""
    return MultiFernet(
        [Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> bytes:
    return urlsafe_b64encode(salted_hmac("cases.SecretAnswer", "", secret, algorithm="sha256").digest())
