"""Tags for what is chosen from a list."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from cases.actions.macros import macros_of, with_changes

register = template.Library()


@register.simple_tag
def options(choices: Iterable[tuple[Any, str]], chosen: Any) -> SafeString:
    """The options of a menu: Django's widgets take a template for each, which a busy page notices."""
    chosen = "" if chosen is None else str(chosen)
    pairs = (("" if key is None else str(key), text) for key, text in choices)
    return mark_safe(  # noqa: S308 - each part is escaped
        "".join(
            f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(text)}</option>'
            for key, text in pairs
        )
    )


@register.simple_tag
def grouped_options(groups: dict[str, Iterable[tuple[str, str]]], chosen: Any = None) -> SafeString:
    return mark_safe(  # noqa: S308 - each part is escaped
        "".join(
            f'<optgroup label="{escape(name)}">{options(choices, chosen)}</optgroup>'
            for name, choices in groups.items()
        )
    )


@register.inclusion_tag("desk/choice.html", takes_context=True)
def choice(context: template.Context, name: str, url: str, choices: Any, value: Any) -> dict[str, Any]:
    """One detail as a menu that saves when it is changed, or for whoever only reads as what it is."""
    return {
        "csrf_token": context["csrf_token"],
        "name": name,
        "url": url,
        "choices": choices,
        "value": value,
        "saved": context.get("saved") == name,
        "works": context["works"],
        "chosen": lambda: next((text for key, text in choices if str(key) == str(value)), ""),
    }


@register.inclusion_tag("desk/case/macro_menu.html", takes_context=True)
def macro_menu(context: template.Context) -> dict[str, Any]:
    """The macros that the agent may use in this case."""
    agent = context["request"].user
    macros = with_changes(macros_of(agent), agent)
    return {"case": context["case"], "macros": macros, "csrf_token": context["csrf_token"]}
