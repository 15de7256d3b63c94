"""What forms need that take files: one mixin, shown by templates/cases/attachments.html."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from cases.models import Attachment, Guest, Viewer
from cases.models.attachment import MOST_IN_A_MESSAGE, is_key


class Attaching(forms.Form):
    """A form whose message may be files, alone or beside its text.

    It holds the keys of what was uploaded before; `views.attachments.with_files` adds what comes along with it.
    """

    attachments = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    words = "body"  # the text that files may stand for
    viewer: Viewer = Guest()
    most = MOST_IN_A_MESSAGE
    left_out: tuple[str, ...] = ()

    @property
    def megabytes(self) -> int:
        return settings.ATTACHMENT_MB

    def add_files(self, found: Iterable[Attachment], left_out: Iterable[str]) -> None:
        """Take what came along; say beside the field what could not be taken."""
        keys = [*self.keys, *(str(one.key) for one in found)]
        self.left_out = tuple(left_out)
        if self.is_bound:
            data: Any = self.data
            self.data = data.copy()
            self.data.setlist("attachments", keys)  # type: ignore[attr-defined]
        else:
            self.initial["attachments"] = keys

    @property
    def keys(self) -> list[str]:
        field = self.fields.get("attachments")
        if field is None:
            return []
        given: Any = self.initial.get("attachments")
        if self.is_bound:
            given = field.widget.value_from_datadict(self.data, {}, "attachments")
        return [key for key in given or [] if is_key(key)]

    @cached_property
    def _found(self) -> list[Attachment]:
        keys = self.keys
        return list(Attachment.objects.given_by(self.viewer).filter(key__in=keys)) if keys else []

    @cached_property
    def chosen_files(self) -> list[Attachment]:
        """What the form holds of its viewer's files, sent or not, each content once."""
        found: dict[str, Attachment] = {}
        for one in self._found:
            if one.sha256 not in found or found[one.sha256].event_id:
                found[one.sha256] = one
        return [*found.values()]

    @property
    def missing_files(self) -> list[str]:
        """What was chosen and cannot go with the message, in sentences."""
        gone = len({*self.keys}) - len(self._found)
        files = "1 file is" if gone == 1 else f"{gone} files are"
        sentence = f"{files} not here any more: what is not sent within a day is thrown away. Choose again."
        return [*self.left_out, *([sentence] if gone > 0 else [])]

    @property
    def file_complaints(self) -> list[str]:
        """What is said beside the field, of a form that is only looked at too."""
        return [str(error) for error in self["attachments"].errors] if self.is_bound else self.missing_files

    @property
    def waiting_files(self) -> list[Attachment]:
        """Those of them that are still to be sent."""
        return [one for one in self.chosen_files if not one.event_id]

    def clean_attachments(self) -> list[Attachment]:
        complaints = self.missing_files
        if (count := len(self.waiting_files)) > self.most:
            complaints.append(f"{self.most} files fit in one message, and these are {count}. Leave some out.")
        if complaints:
            raise ValidationError(complaints)
        return self.chosen_files

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.words in self.errors and not self[self.words].value() and self.chosen_files:
            del self.errors[self.words]
            self.cleaned_data[self.words] = ""
        return cleaned
