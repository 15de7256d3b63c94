"""Each email address has one spelling, in which it is stored and looked up everywhere."""

import unicodedata
from contextlib import suppress
from typing import Any

from django import forms
from django.core.validators import RegexValidator, validate_email
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Lower
from django.utils.encoding import punycode


def one_spelling(address: str) -> str:
    """Without blanks around it, in small letters, in Unicode's form NFKC, its domain as DNS knows it (`xn--…`).

    The part before the @ may differ by case in theory; no provider gives `Eva@` and `eva@` to two people. NFKC is what
    makes one of full-width letters, ligatures and the like, as the rules for domains do anyway. A domain in ASCII is
    one spelling for all keyboards, shows that a look-alike is another domain, and is the very one that mail goes to
    (Django encodes it likewise): a code proves the address that is stored, whatever was typed.
    """
    small = unicodedata.normalize("NFKC", address).strip().lower()
    name, at, domain = unicodedata.normalize("NFKC", small).rpartition("@")
    if not domain.isascii():
        with suppress(UnicodeError):  # no domain, so no address: whoever checks addresses refuses it
            domain = punycode(domain)
    return f"{name}{at}{domain}"


class AddressInput(forms.EmailField):
    """A form's field that takes an address in any spelling, if mail can be sent to it."""

    # Django's validator takes a dotless ı for an i, which it is not.
    default_validators = [validate_email, RegexValidator(r"^[ -~]*\Z", validate_email.message)]

    def __init__(self, *, max_length: int = 254, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> Any:
        return one_spelling(super().to_python(value) or "")


class AddressField(models.EmailField):
    """A column of addresses in their one spelling. What is looked up in it is spelled likewise."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return one_spelling(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": AddressInput} | kwargs)


def is_one_spelling(field: str) -> Q:
    """What the database holds a column of addresses to: all of it that PostgreSQL knows."""
    normal = Func(field, function="normalize", template="%(function)s(%(expressions)s, NFKC)")
    return Q(**{field: Lower(normal)}) & ~Q(**{f"{field}__regex": r"^\s|\s$"})
