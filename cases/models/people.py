from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property

from .addresses import AddressField, is_one_spelling, one_spelling
from .limit import Limit, that_holds
from .profile import Profile
from .rights import RIGHTS, Right, UserRole, roles_with
from .search import organisation_words, person_words
from .sender import signature_field

if TYPE_CHECKING:
    from .case import Case


class Organisation(models.Model):
    """A customer's company."""

    name = models.CharField(max_length=120, unique=True)
    shares_cases = models.BooleanField(
        default=False, help_text="Colleagues of this organisation see each other's cases."
    )
    policy = models.ForeignKey(
        "cases.Policy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name="service levels",
        help_text="For the cases of this organisation.",
    )

    class Meta:
        ordering = ["name"]
        indexes = [GinIndex(organisation_words(), name="organisation_words")]

    def __str__(self) -> str:
        return self.name


WORKS_ON_CASES = models.Q(role__in=[role.value for role in roles_with(Right.WORK_ON_CASES)])
UNREAD = "SELECT count(*) FROM (SELECT FROM cases_notification WHERE agent_id = %s AND read_at IS NULL LIMIT 100) AS unread"


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> models.QuerySet["User"]:
        return super().get_queryset().select_related("organisation", "limit")

    def of_address(self, address: str) -> "User | None":
        """The person to whom an address belongs, be it their primary one or another, proven or not.

        Whatever is looked up by an address is looked up here: an address belongs to one person.
        """
        spelled = one_spelling(address)
        return self.filter(emailaddress__email=spelled).first() or self.filter(email=spelled).first()

    def answers_to(self, address: str) -> bool:
        """Whether a code mailed to this address signs somebody in. Beside their primary one, none does that is not
        proven: it may be somebody else's."""
        spelled = one_spelling(address)
        proven = Q(emailaddress__email=spelled, emailaddress__verified=True)
        return self.filter(Q(email=spelled) | proven).exists()

    def get_by_natural_key(self, username: str | None) -> "User":
        if user := self.of_address(username or ""):
            return user
        raise self.model.DoesNotExist

    @transaction.atomic
    def create_user(
        self, email: str, password: str | None = None, *, verified: bool = False, **fields: Any
    ) -> "User":
        """`verified` says that the address is known to be theirs. Without that there is no password."""
        if password and not verified:
            raise ValueError("A password is for an address that is known to be theirs.")
        user = self.model(email=email, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
        if password:
            user.set_password(password)
            user.save(using=self._db, update_fields=["password"])
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The first administrator, whose address is taken on trust: there may be no mail yet."""
        return self.create_user(email, password, verified=True, role=User.Role.ADMINISTRATOR, **fields)


class User(Profile, AbstractBaseUser):
    """Somebody who signs in with an email address.

    `email` is their primary address, to which mail goes. All that are theirs are django-allauth's `EmailAddress`.
    """

    Role = UserRole

    email = AddressField(max_length=254, help_text="They sign in with a code emailed to this address.")
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=13, choices=Role, default=Role.CUSTOMER)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people"
    )
    limit = models.ForeignKey(
        Limit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        help_text="Which cases they see on the desk. Empty: all.",
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="Deactivate people instead of deleting them."
    )
    joined_at = models.DateTimeField(auto_now_add=True)
    role_since = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)  # by a trigger
    has_second_factor = models.BooleanField(default=False, db_default=False, editable=False)
    # The last change of the address that its owner took back: from when it was, and when they did.
    restored_from = models.DateTimeField(null=True, editable=False)
    restored_at = models.DateTimeField(null=True, editable=False)
    sign_outs = models.PositiveIntegerField(
        default=0, db_default=0, editable=False
    )  # of all sessions at once

    signature = signature_field("Under what you write to customers, in mail only.")

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="one_user_per_email",
                violation_error_message="This email address is already in use.",
            ),
            models.CheckConstraint(condition=is_one_spelling("email"), name="email_has_one_spelling"),
            models.CheckConstraint(
                condition=Q(away_from=None, away_until=None) | Q(away_until__gt=models.F("away_from")),
                name="absence_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["name"], condition=WORKS_ON_CASES, name="agents_by_name"),
            models.Index(fields=["role", "-id"], condition=~Q(role="customer"), name="users_by_role"),
            models.Index(fields=["-id"], condition=Q(is_active=False), name="users_inactive"),
            GinIndex(person_words(), name="user_words"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split()[0]

    def keep_address(self, *, verified: bool = False) -> None:
        """Tell django-allauth, which signs people in, of this primary address instead of the one before. One that is
        not known to be theirs has no password, and whoever was signed in is so no more."""
        verified = verified or self.is_proven
        if not verified:
            self.set_unusable_password()
            self.save(update_fields=["password"])
        EmailAddress.objects.filter(user=self, primary=True).exclude(email=self.email).delete()
        known = {"primary": True, "verified": verified}
        EmailAddress.objects.update_or_create(user=self, email=self.email, defaults=known)
        self.refresh_from_db(fields=["password"])  # which the proof takes

    @property
    def is_proven(self) -> bool:
        """Whether the primary address is known to be theirs. Anybody can type anybody's."""
        return EmailAddress.objects.filter(user=self, email=self.email, verified=True).exists()

    def owns(self, address: str) -> bool:
        """Whether this address, be it their primary one or another, is known to be theirs."""
        known = EmailAddress.objects.filter(user=self, email=one_spelling(address), verified=True)
        return bool(known.exists())

    def check_password(self, raw_password: str | None) -> bool:
        """No password of an unproven address is one, whoever set it."""
        return super().check_password(raw_password) and self.is_proven

    def may(self, right: Right) -> bool:
        """Whether their role has it: see the table in rights.py. Who is limited does not read what is about everything."""
        beyond = right == Right.READ_AUDIT_LOG and self.limit_id is not None
        return self.is_active and self.role in RIGHTS[right] and not beyond

    @property
    def is_agent(self) -> bool:
        """Whether they work on cases. Who only reads the desk does not: see `Right.READ_DESK`."""
        return self.may(Right.WORK_ON_CASES)

    @property
    def sees_colleagues(self) -> bool:
        """Whether they see the cases of their organisation: all do where it shares them, and its managers anyway."""
        own = self.organisation
        return bool(own and (own.shares_cases or self.may(Right.SEE_COLLEAGUES)))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions hold this, and end when it changes: with the password, and when all are signed out."""
        known = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{known}-{self.sign_outs}" if self.sign_outs else known

    @property
    def second_factor_due(self) -> datetime | None:
        """From when on they get nowhere without a second factor. None for whoever has one, or needs none."""
        if self.has_second_factor or self.role not in settings.SECOND_FACTOR_ROLES:
            return None
        return self.role_since + timedelta(days=settings.SECOND_FACTOR_DAYS)

    @property
    def must_set_up(self) -> bool:
        """Whether that time has come."""
        due = self.second_factor_due
        return bool(due and due <= timezone.now())

    @property
    def is_staff(self) -> bool:
        """Whether Django admin is theirs."""
        return self.may(Right.ADMINISTER)

    is_superuser = is_staff

    def sees(self, case: "Case") -> bool:
        """Whether the case lies within what they are limited to on the desk, if they are."""
        return self.limit is None or self.limit.holds(case) or not self.may(Right.READ_DESK)

    @cached_property
    def unread(self) -> int:
        """How many notices they have not read, counted to 100."""
        if self.limit:
            notices = self.notices.visible_to(self).filter(read_at=None)
            return notices.values("pk")[:100].count()
        with connection.cursor() as cursor:  # in plain SQL, since every page of the desk asks
            cursor.execute(UNREAD, [self.pk])
            return int(cursor.fetchone()[0])

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_perms(self, perms: Any, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


def agents(who_see: "Case | None" = None) -> models.QuerySet[User]:
    """Whoever may work on cases, by name: on this one, or at all."""
    found = User.objects.select_related("limit").filter(WORKS_ON_CASES, is_active=True).order_by("name")
    return found.filter(that_holds(who_see)) if who_see else found


class Guest(AnonymousUser):
    """A visitor who is not signed in, the numbers of the cases reported in this browser, and by what its uploads
    are known."""

    is_agent = sees_colleagues = False

    def may(self, right: Right) -> bool:
        return False

    def __init__(self, case_numbers: tuple[int, ...] = (), uploads: str = "") -> None:
        super().__init__()
        self.case_numbers = case_numbers
        self.uploads = uploads


Viewer = User | Guest
