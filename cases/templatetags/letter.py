"""What the sources of mails need beside `caseline`."""

from django import template

from cases.mail.letter import one_line, said

register = template.Library()
register.filter("said", said)
register.filter("one_line", one_line)
