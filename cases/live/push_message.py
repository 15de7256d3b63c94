"""A message for one device as it leaves us: encrypted for it (RFC 8291, 8188) and signed by us (VAPID, RFC 8292)."""

import json
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096
LIFETIME = 12 * 3600  # seconds for which a signature is good


def to_base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """Raises ValueError for what is none."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encrypted(
    words: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    salt: bytes | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body that only this device reads. Salt and key are new for each, unless a test gives them."""
    salt, key = salt or os.urandom(16), key or ec.generate_private_key(CURVE)
    ours, theirs = point(key.public_key()), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, p256dh)
    shared = _derived(
        key.exchange(ec.ECDH(), theirs), salt=auth, info=b"WebPush: info\0" + p256dh + ours, length=32
    )
    secret = _derived(shared, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(shared, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    header = salt + RECORD.to_bytes(4) + len(ours).to_bytes(1) + ours
    return header + AESGCM(secret).encrypt(nonce, words + b"\2", None)


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def authorization(key: ec.EllipticCurvePrivateKey, *, service: str, contact: str) -> str:
    """The header that says to this push service that it is we, and how to reach us."""
    claims = {"aud": service, "exp": int(time.time()) + LIFETIME, "sub": contact}
    parts = ({"typ": "JWT", "alg": "ES256"}, claims)
    signed = ".".join(to_base64(json.dumps(part).encode()) for part in parts)
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    token = f"{signed}.{to_base64(r.to_bytes(32) + s.to_bytes(32))}"
    return f"vapid t={token}, k={to_base64(point(key.public_key()))}"
