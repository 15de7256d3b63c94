"""The audit log: who signed in, who took data out, who changed what people may do and how the portal is set up.

To add a kind: a member here, its row below, and its sentence in `cases.wording.audit`. It needs no migration.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from .case import Case
from .people import User


class AuditKind(models.TextChoices):
    """What is told apart in the log's filter, in the order of it."""

    SIGNED_IN = "signed_in", "Sign-in"
    SIGN_IN_FAILED = "sign_in_failed", "Failed sign-in"
    SIGNED_OUT = "signed_out", "Sign-out"
    PASSWORD = "password", "Change of a password"
    ADDRESSES = "addresses", "Change of addresses"
    FACTOR_ADDED = "factor_added", "Second factor added"
    FACTOR_REMOVED = "factor_removed", "Second factor removed"
    SESSIONS_ENDED = "sessions_ended", "Sessions ended"
    FIRST_ADMINISTRATOR = "first_administrator", "First administrator"
    HANDED_OVER = "handed_over", "Password handed over"
    ROLE = "role", "Change of role"
    LIMITS = "limits", "Change of limits"
    DEACTIVATED = "deactivated", "Deactivation"
    ACTIVATED = "activated", "Reactivation"
    PERSON = "person", "Change of a person"
    INVITED = "invited", "Invitation"
    INVITATION_ACCEPTED = "invitation_accepted", "Accepted invitation"
    INVITATION_WITHDRAWN = "invitation_withdrawn", "Withdrawn invitation"
    JOINED = "joined", "Joining an organisation"
    LEFT = "left", "Leaving an organisation"
    MERGED = "merged", "Merge of accounts"
    UNMERGED = "unmerged", "Undone merge of accounts"
    SETTING_ADDED = "setting_added", "Setting added"
    SETTING_CHANGED = "setting_changed", "Setting changed"
    SETTING_DELETED = "setting_deleted", "Setting deleted"
    EXPORTED = "exported", "Export"
    IMPORTED = "imported", "Import"
    ERASED = "erased", "Erasure of a person"
    PERSON_TAKEN_OUT = "person_taken_out", "Export of a person"
    JOB_AGAIN = "job_again", "Job tried again"
    JOB_GIVEN_UP = "job_given_up", "Job given up"
    SECRET_SHOWN = "secret_shown", "Look at a secret"
    SECRET_DELETED = "secret_deleted", "Deletion of a secret"

    @classmethod
    def known(cls) -> list[tuple[str, str]]:
        return list(cls.choices)


@dataclass(frozen=True)
class AuditRow:
    """What an entry of this kind names in its `details`."""

    details: tuple[str, ...] = ()
    personal: frozenset[str] = frozenset()  # those of them that name a person, or are what somebody typed


_SETTING = ("what", "name")  # the kind of thing, as in "service level", and how it is called
_CHANGES = (*_SETTING, "changes")  # for each field `[old, new]`, in words
_NAME = frozenset({"name"})

AUDIT_KINDS: Mapping[AuditKind, AuditRow] = {
    AuditKind.SIGNED_IN: AuditRow(("how",)),
    AuditKind.SIGN_IN_FAILED: AuditRow(("how", "tried"), personal=frozenset({"tried"})),
    AuditKind.SIGNED_OUT: AuditRow(),
    AuditKind.PASSWORD: AuditRow(),
    AuditKind.ADDRESSES: AuditRow(("what",)),
    AuditKind.FACTOR_ADDED: AuditRow(("what",)),
    AuditKind.FACTOR_REMOVED: AuditRow(("what",)),
    AuditKind.SESSIONS_ENDED: AuditRow(("what",)),
    AuditKind.FIRST_ADMINISTRATOR: AuditRow(),
    AuditKind.HANDED_OVER: AuditRow(("role",)),
    AuditKind.ROLE: AuditRow(("old", "new")),
    AuditKind.LIMITS: AuditRow(("old", "new")),
    AuditKind.DEACTIVATED: AuditRow(("to",), personal=frozenset({"to"})),
    AuditKind.ACTIVATED: AuditRow(),
    AuditKind.PERSON: AuditRow(("changes",), personal=frozenset({"changes"})),
    AuditKind.INVITED: AuditRow(("invitation", "purpose")),
    AuditKind.INVITATION_ACCEPTED: AuditRow(("purpose",)),
    AuditKind.INVITATION_WITHDRAWN: AuditRow(("invitation", "purpose")),
    AuditKind.JOINED: AuditRow(("organisation", "domain")),
    AuditKind.LEFT: AuditRow(("organisation",)),
    AuditKind.MERGED: AuditRow(("account",)),
    AuditKind.UNMERGED: AuditRow(("account",)),
    AuditKind.SETTING_ADDED: AuditRow(_SETTING, personal=_NAME),
    AuditKind.SETTING_CHANGED: AuditRow(_CHANGES, personal=_NAME | {"changes"}),
    AuditKind.SETTING_DELETED: AuditRow(_SETTING, personal=_NAME),
    AuditKind.EXPORTED: AuditRow(("what", "filter")),
    AuditKind.IMPORTED: AuditRow(("what",)),
    AuditKind.ERASED: AuditRow(("cases",)),
    AuditKind.PERSON_TAKEN_OUT: AuditRow(),
    AuditKind.JOB_AGAIN: AuditRow(("job", "task")),
    AuditKind.JOB_GIVEN_UP: AuditRow(("job", "task")),
    AuditKind.SECRET_SHOWN: AuditRow(("request",)),
    AuditKind.SECRET_DELETED: AuditRow(("request",)),
}


class AuditEntry(models.Model):
    """One line of the audit log. A database trigger keeps it as it was written, but for `times`, which may grow.

    `by` is who did it, None for the system and for whoever has not signed in; `about` is the person whom it was done
    to, where that is somebody else, or whose account was tried. People are named by reference alone, so that a name
    that is erased is gone from the log too.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=32, choices=AuditKind.known)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    about = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    details = models.JSONField(default=dict, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True, help_text="Of the network it came from.")
    browser = models.CharField(max_length=200, blank=True, help_text="As it names itself.")
    times = models.PositiveIntegerField(default=1, help_text="How often it happened within that minute.")
    once = models.UUIDField(null=True, blank=True, help_text="What counts as the same within a minute.")

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["once"], name="audit_counts_what_repeats")]
        indexes = [
            models.Index(fields=["at", "id"], name="audit_by_time"),
            models.Index(fields=["kind", "at", "id"], name="audit_by_kind"),
            models.Index(fields=["by", "at", "id"], name="audit_by_person", condition=Q(by__isnull=False)),
            models.Index(
                fields=["about", "at", "id"], name="audit_about_person", condition=Q(about__isnull=False)
            ),
            models.Index(
                fields=["address", "at", "id"], name="audit_by_address", condition=Q(address__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
