"""How the portal presents itself."""

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cases.files.logos import Logo, logo_of
from cases.models import Brand, BrandPicture, Refused
from cases.models.brand import MOST_LINKS
from cases.text.colours import READABLE, colour_in, nearest, worst

from .base import Words

_TURNS = {
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
}  # which turn the direction of what follows
UNSEEN = "This holds line breaks or characters that cannot be seen. Type it anew."
TOO_LONG = "This is too long: %(show_value)s characters, %(limit_value)s fit."
NO_COLOUR = "“{}” is no colour that we know. Write it as #4f46c8."
UNREADABLE = (
    "In {} links and the words on buttons can hardly be read: the contrast is {:.1f}, and {} is needed. The nearest"
    " colour that can be read is {}."
)
NO_ADDRESS = "A link leads to an address that begins with https://, http:// or mailto:. This does not."
NO_LABEL = "Type the words of this link."
NO_TARGET = "Type the address of this link."


class OneLine(Words):
    """Words that stand in titles and in headers of mail. What is too long is said, not cut by the browser."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        messages = {"max_length": TOO_LONG, "null_characters_not_allowed": UNSEEN}
        super().__init__(
            max_length=most, error_messages=messages | kwargs.pop("error_messages", {}), **kwargs
        )
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", super().clean(value))
        kinds = {unicodedata.category(one) for one in text}
        if kinds & {"Cc", "Zl", "Zp", "Cs", "Co", "Cn"} or _TURNS & {*text}:
            raise ValidationError(UNSEEN)
        return " ".join(text.split())


class LogoField(forms.FileField):
    """A logo, drawn anew."""

    default_error_messages = {"empty": "This file is empty. Choose another.", "max_length": TOO_LONG}

    def clean(self, data: Any, initial: Any = None) -> Logo | None:
        file = super().clean(data, initial)
        try:
            return logo_of(file, file.size) if file else None
        except Refused as refused:
            raise ValidationError(str(refused)) from None


class BrandForm(forms.Form):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    name = OneLine(
        60,
        help_text="Your company’s, or what you call your support. It stands in titles, mail and authenticator apps.",
        error_messages={"required": "Customers read a name everywhere. Type one."},
    )
    colour = forms.CharField(
        required=False,
        max_length=100,
        help_text="Of links and buttons, as #4f46c8. The dark theme has a lighter one by itself.",
    )
    logo = LogoField(
        required=False,
        help_text="PNG, JPEG, WebP or GIF, up to 5 MB. The icon beside titles is made from it.",
    )
    dark_logo = LogoField(
        required=False,
        label="Logo for the dark theme",
        help_text="Without one, the logo lies on white there.",
    )
    home_text = Words(
        required=False,
        max_length=5_000,
        label="Text of the home page",
        widget=forms.Textarea({"rows": 5}),
        error_messages={"max_length": TOO_LONG},
        help_text="Below “Something not working?”, instead of our sentence. Markdown, as in messages.",
    )
    contact = OneLine(
        120,
        required=False,
        label="Whom to contact",
        help_text="An address of mail, or words such as “Call +49 30 1234567”. It stands below each page, and where"
        " something is broken.",
    )

    def __init__(self, data: Any = None, files: Any = None, *, brand: Brand) -> None:
        links = {
            f"{part}_{number}": words
            for number, link in enumerate(brand.links, 1)
            for part, words in zip(("label", "address"), link, strict=True)
        }
        initial = {name: getattr(brand, name) for name in ("name", "colour", "home_text", "contact")}
        initial |= {"seen": brand.version, "logo_key": brand.logo_id, "dark_logo_key": brand.dark_logo_id}
        super().__init__(data, files, initial=initial | links)
        self.instead = ""
        for name in ("logo", "dark_logo"):
            self.fields[f"{name}_key"] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.fields[f"no_{name}"] = forms.BooleanField(required=False, label="Without it from now on")
        for number in range(1, MOST_LINKS + 1):
            self.fields[f"label_{number}"] = OneLine(40, required=False, label=f"Words of link {number}")
            self.fields[f"address_{number}"] = OneLine(300, required=False, label=f"Address of link {number}")
        del (
            self.fields["colour"].widget.attrs["maxlength"],
            self.fields["home_text"].widget.attrs["maxlength"],
        )

    @property
    def links(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"label_{number}"], self[f"address_{number}"]) for number in range(1, MOST_LINKS + 1)]

    def clean_seen(self) -> int:
        """The version that they changed, or one that there never was."""
        seen = self.cleaned_data["seen"]
        return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1

    def clean_colour(self) -> str:
        """The colour, unless nobody could read it: then `instead` is one that they can."""
        typed = self.cleaned_data["colour"]
        colour = colour_in(typed)
        if typed and not colour:
            raise ValidationError(NO_COLOUR.format(typed))
        if colour and nearest(colour) != colour:
            self.instead = nearest(colour)
            raise ValidationError(UNREADABLE.format(colour, worst(colour), READABLE, self.instead))
        return colour

    def clean(self) -> None:
        for number in range(1, MOST_LINKS + 1):
            label, address = (self.cleaned_data.get(f"{part}_{number}", "") for part in ("label", "address"))
            if address and not _leads_out(address):
                self.add_error(f"address_{number}", NO_ADDRESS)
            elif address and not label:
                self.add_error(f"label_{number}", NO_LABEL)
            elif label and not address and f"address_{number}" not in self.errors:
                self.add_error(f"address_{number}", NO_TARGET)

    def values(self, kept: dict[str, BrandPicture | None]) -> dict[str, Any]:
        """What the brand is to be, with these logos."""
        links = [
            [self.cleaned_data[label.name], self.cleaned_data[address.name]]
            for label, address in self.links
            if self.cleaned_data[label.name]
        ]
        names = ("name", "colour", "home_text", "contact")
        return {name: self.cleaned_data[name] for name in names} | {"links": links} | kept


def _leads_out(address: str) -> bool:
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https"):
            return bool(parts.hostname) and not set(' \\"<>') & {*address} and parts.port != 0
        if parts.scheme == "mailto":
            validate_email(parts.path)
            return True
    except (ValueError, ValidationError):
        pass
    return False
