"""Sign-in by django-allauth: its mail is sent by a job, like all mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from procrastinate.contrib.django import app

from cases.models import User


class Adapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(
            template_prefix, email, {"site_address": settings.URL, "email": email} | context
        )
        app.configure_task("cases.tasks.mail_text").defer(
            to=email, subject=message.subject, body=str(message.body).strip() + "\n"
        )

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)
