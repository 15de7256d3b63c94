"""What is taken for a secret, and what is not. No number or key here was ever anybody's."""

import pytest

from cases.text.secrets import secrets_in, without_secrets

KEY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"


@pytest.mark.parametrize(
    ("text", "kind", "left"),
    [
        ("My card is 4111 1111 1111 1111, please", "a card number", "My card is [removed], please"),
        ("4111-1111-1111-1111", "a card number", "[removed]"),
        ("card=5555555555554444.", "a card number", "card=[removed]."),
        ("Amex 3782 822463 10005", "a card number", "Amex [removed]"),
        (
            f"-----BEGIN RSA PRIVATE KEY-----\n{KEY}\n-----END RSA PRIVATE KEY-----\nBye",
            "a private key",
            "[removed]\nBye",
        ),
        (f"-----BEGIN PRIVATE KEY-----\n{KEY}\n\nIt was cut", "a private key", "[removed]\n\nIt was cut"),
        ("ghp_" + "a1B2" * 9, "a GitHub token", "[removed]"),
        ("AKIA" + "ABCDEFGH234567XY", "an AWS access key", "[removed]"),
        ("aws_secret_access_key = " + "aB3/" * 10, "an AWS secret key", "aws_secret_access_key = [removed]"),
        ("xoxb-" + "1234567890-abcdef", "a Slack token", "[removed]"),
        ("sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc", "a Stripe key", "[removed]"),
        ("AIza" + "Sy1234567890abcdefghijklmnopqrstuvw", "a Google key", "[removed]"),
        (
            "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXNpZ24",
            "a signed token (JWT)",
            "Bearer [removed]",
        ),
    ],
)
def test_a_pasted_secret_is_found_where_it_stands(text, kind, left):
    assert [secret.kind for secret in secrets_in(text)] == [kind]
    assert without_secrets(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",  # its last digit does not fit
        "Order 1764500000000000, invoice 20261130-4111",
        "https://shop.example/orders/4111111111111111",
        "It took 4111111111111111.25 ms",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "case 3f2b8c1e-4111-4111-8111-111111111111",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "We set sk_live_… in the settings, and ghp_ begins a token",
        "+49 171 1234567, 2026-11-30 12:33:07.123456",
    ],
)
def test_what_only_looks_long_is_left_alone(text):
    assert secrets_in(text) == []
    assert without_secrets(text) == text
