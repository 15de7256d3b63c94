"""A message as it leaves for a device, held against the examples of the standards."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from cases.live.push_message import CURVE, authorization, encrypted, from_base64, point, to_base64

# RFC 8291, section 5 and appendix A
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_it_is_encrypted_as_the_standard_says():
    key = ec.derive_private_key(int.from_bytes(from_base64(OURS)), CURVE)
    body = encrypted(
        b"When I grow up, I want to be a watermelon",
        p256dh=from_base64(P256DH),
        auth=from_base64(AUTH),
        salt=from_base64(SALT),
        key=key,
    )
    assert to_base64(body) == BODY


def test_no_two_messages_share_salt_or_key():
    one, other = (encrypted(b"", p256dh=from_base64(P256DH), auth=from_base64(AUTH)) for _ in range(2))
    assert one[:16] != other[:16]
    assert one[21:86] != other[21:86]


def test_it_is_signed_for_this_service_by_the_key_that_it_names():
    key = ec.generate_private_key(CURVE)
    header = authorization(key, service="https://push.example.net", contact="mailto:us@example.com")
    token, named = header.removeprefix("vapid t=").split(", k=")
    assert from_base64(named) == point(key.public_key())
    head, claims, signature = token.split(".")
    assert json.loads(from_base64(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(from_base64(claims))["aud"] == "https://push.example.net"
    raw = from_base64(signature)
    whole = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.public_key().verify(whole, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))


@pytest.mark.parametrize("text", ["", "AA", "AAA", "____"])
def test_text_goes_both_ways(text):
    assert to_base64(from_base64(text)) == text
