"""Pages as somebody reads them: where a line of a template ends makes no difference."""

import re
from typing import Any

from django.test import Client

VERBATIM = re.compile(r"(<textarea\b.*?</textarea>|<pre\b.*?</pre>)", re.DOTALL)
TAG = r"""<[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>"""
OPENING = r"(?!<input\b|<meta\b|<link\b)" + TAG  # the others hold nothing
LINE_END = r"\s*\n\s*"


def joined(html: str) -> str:
    """All its lines in one, without a space at the beginning or the end of an element."""
    parts = VERBATIM.split(html)
    parts[::2] = [_joined(part) for part in parts[::2]]
    return "".join(parts)


def _joined(html: str) -> str:
    html = re.sub(TAG, lambda tag: re.sub(" >$", ">", re.sub(LINE_END, " ", tag[0])), html)
    html = re.sub(rf"({OPENING}){LINE_END}", r"\1", html)
    return re.sub(LINE_END, " ", re.sub(rf"{LINE_END}(?=</)", "", html))


class Browser(Client):
    """A client whose pages come as `joined`."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            response.content = joined(response.content.decode())
        return response
