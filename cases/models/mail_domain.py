"""Mail domains: whoever is known to have an address there belongs to the organisation."""

import re
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.db import models
from django.db.models import Func

from .addresses import one_spelling
from .people import Organisation, User

# Where anybody gets an address. Some have one domain for each country.
PROVIDERS = frozenset(
    "126.com 163.com fastmail.com free.fr freenet.de gmail.com googlemail.com hey.com icloud.com libero.it mac.com"
    " mail.com mail.ru mailbox.org me.com msn.com orange.fr posteo.de proton.me protonmail.com qq.com t-online.de"
    " tutanota.com web.de yahoo.com zoho.com".split()
)
IN_EVERY_COUNTRY = re.compile(r"(aol|gmx|hotmail|live|outlook|yahoo|yandex|ymail)(\.(co|com))?\.[a-z]{2,3}")


def domain_of(text: str) -> str:
    """Of an address, or as somebody types it, with an @ or without: in the one spelling of addresses."""
    return one_spelling(f"x@{text.strip().rpartition('@')[2]}").partition("@")[2]


def check_domain(domain: str) -> None:
    DomainNameValidator(message="That is no email domain: one looks like example.com.")(domain)
    if domain in PROVIDERS or IN_EVERY_COUNTRY.fullmatch(domain):
        raise ValidationError(f"Anyone can get an address at {domain}, so it says nothing about a company.")


class DomainField(models.CharField):
    """A domain in the spelling in which addresses are stored."""

    default_validators = [check_domain]

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return domain_of(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class MailDomain(models.Model):
    """A domain of an organisation. One below it, as mail.example.com is below example.com, is another one."""

    # Whom it takes in: nobody who belongs elsewhere, or to the desk.
    FREE: ClassVar[dict[str, Any]] = {
        "role": User.Role.CUSTOMER,
        "is_active": True,
        "organisation": None,
    }

    name = DomainField(
        "domain",
        max_length=253,
        help_text="As in example.com: what stands behind the @. A domain below it counts only if it is added too.",
    )
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="mail_domains")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="one_organisation_per_mail_domain",
                violation_error_message="This domain belongs to an organisation already.",
            )
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def joining(self) -> models.QuerySet[User]:
        """Who joins by it: customers without an organisation who have confirmed that an address there is theirs."""
        domain = Func(
            "email", template="split_part(%(expressions)s, '@', -1)", output_field=models.TextField()
        )
        confirmed = EmailAddress.objects.alias(domain=domain).filter(verified=True, domain=self.name)
        return User.objects.filter(pk__in=confirmed.values("user"), **self.FREE)
