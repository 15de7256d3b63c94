"""People, systems and cases to test with."""

from io import BytesIO
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image
from psycopg.types.json import Json

from cases.actions import conversation, incidents
from cases.models import Case, Incident, Organisation, Severity, System, Team, User


class SystemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = System

    name = factory.Sequence(lambda n: f"Till {n}")
    description = "Takes payments in shops."
    public = True


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Bakery {n}")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Customer {n}")
    email = factory.LazyAttribute(lambda user: f"{user.name.lower().replace(' ', '.')}@example.com")
    role = User.Role.CUSTOMER

    @classmethod
    def _create(cls, model: type[User], *args: Any, **fields: Any) -> User:
        return User.objects.create_user(**fields)


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")


class CaseFactory(factory.Factory):
    """Opens cases as people do, so that each has its events."""

    class Meta:
        model = Case

    system = factory.SubFactory(SystemFactory)
    customer = factory.SubFactory(UserFactory)
    by = factory.SelfAttribute("customer")
    summary = "The card reader refuses every card"
    description = "Since this morning every card is refused."
    severity = Severity.HIGH

    @classmethod
    def _create(cls, model: type[Case], *args: Any, **fields: Any) -> Case:
        return conversation.open_case(**fields)


class IncidentFactory(factory.Factory):
    """Opens incidents as agents do. `by` is the agent."""

    class Meta:
        model = Incident

    system = factory.SubFactory(SystemFactory)
    title = "Card payments fail"
    severity = Severity.HIGH

    @classmethod
    def _create(cls, model: type[Incident], *args: Any, **fields: Any) -> Incident:
        return incidents.open_incident(**fields)


def picture(fmt: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **saved: Any) -> bytes:
    """The bytes of an image."""
    out = BytesIO()
    Image.new(mode, size, **saved.pop("new", {})).save(out, fmt, **saved)
    return out.getvalue()


def upload(name: str = "shot.png", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, picture() if content is None else content)


def job(status: str = "todo", task: str = "mail_event", **args: Any) -> int:
    """A job as procrastinate keeps it, by its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('mail', %s, %s, %s::procrastinate_job_status) RETURNING id",
            [f"cases.tasks.{task}", Json(args), status],
        )
        return cursor.fetchone()[0]
