"""Signing in as people do, with the letters that they get and the codes that their phones show."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.models import User
from tests.markup import Browser

PASSWORD = "a password of one's own"


class Person:
    """Somebody at a browser."""

    def __init__(self, user: User, browser: Browser | None = None) -> None:
        self.user, self.browser = user, browser or Browser()

    def get(self, name: str, *args, **kwargs):
        return self.browser.get(reverse(name, args=args), **kwargs)

    def post(self, name: str, data=None, *args, **kwargs):
        return self.browser.post(reverse(name, args=args), data or {}, **kwargs)

    def asks_for_a_code(self):
        cache.clear()  # and with it how often codes were asked for
        return self.post("account_request_login_code", {"email": self.user.email})

    def signs_in(self, then: str = "/") -> "Person":
        """By a mailed code."""
        self.asks_for_a_code()
        data = {"code": code_of(self.user.email), "next": then}
        self.answer = self.post("account_confirm_login_code", data)
        return self

    def at_another_browser(self) -> "Person":
        return Person(self.user)

    @property
    def is_in(self) -> bool:
        return self.get("mfa_index").status_code == 200

    def types_app_code(self, code: str | None = None):
        cache.clear()  # in which the code of this half minute is kept as used
        self.answer = self.post("mfa_authenticate", {"code": code or self.shown()})
        return self.answer

    def sets_up_the_app(self) -> "Person":
        page = self.get("mfa_activate_totp")
        self.secret = page.context["form"].secret
        assert self.post("mfa_activate_totp", {"code": self.shown()}).status_code == 302
        return self

    def shown(self, late: int = 0) -> str:
        """What the app on the phone shows, whose clock may be late by so many seconds."""
        return format_hotp_value(hotp_value(self.secret, int(time.time() - late) // 30))

    def waits(self, seconds: float) -> None:
        """The proof of the sign-in is as long ago as that."""
        session = self.browser.session
        records = session["account_authentication_methods"]
        session["account_authentication_methods"] = [
            record | {"at": record["at"] - seconds} for record in records
        ]
        session.save()


def letters(to: str) -> list[dict[str, str]]:
    """What is mailed to an address, oldest first."""
    jobs = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_text").order_by("id")
    return [job.args for job in jobs if job.args["to"] == to]


def subjects(to: str) -> list[str]:
    return [letter["subject"] for letter in letters(to)]


def code_of(to: str) -> str:
    """The code in the newest letter to an address."""
    return re.search(r"^    (\S+)$", letters(to)[-1]["body"], re.M)[1]


@pytest.fixture
def proven(db):
    """`proven(user)` has the address for sure, and `password=` a password."""

    def prove(user: User, password: str | None = None) -> Person:
        user.keep_address(verified=True)
        if password:
            user.set_password(password)
            user.save()
        return Person(user)

    return prove
