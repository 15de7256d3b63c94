"""What pages say of secrets that somebody pasted."""

from django import template

from cases.text.secrets import secrets_in

register = template.Library()

register.filter("secrets_in", secrets_in)
