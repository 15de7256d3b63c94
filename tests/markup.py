"""Pages as somebody reads them: where a line of a template ends makes no difference."""

import re
from typing import Any

from django.test import Client

VERBATIM = re.compile(r"(<textarea\b.*?</textarea>|<pre\b.*?</pre>)", re.DOTALL)
TAG = r"""<[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>"""
LINE_END = r"\s*\n\s*"
AFTER_OPENING = rf"((?!<input\b|<meta\b|<link\b){TAG}){LINE_END}"  # these hold nothing


def joined(html: str) -> str:
    """All its lines in one, without a space at the beginning or the end of an element."""
    parts = VERBATIM.split(html)
    parts[::2] = [_joined(part) for part in parts[::2]]
    return "".join(parts)


def _joined(html: str) -> str:
    html = re.sub(TAG, _in_one_line, html)
    html = re.sub(AFTER_OPENING, r"\1", html)
    return re.sub(LINE_END, " ", re.sub(rf"{LINE_END}(?=</)", "", html))


def _in_one_line(tag: re.Match[str]) -> str:
    found = tag[0]
    if "\n" in found:
        found = re.sub(LINE_END, " ", found)
    return f"{found[:-2]}>" if found.endswith(" >") else found


class Browser(Client):
    """A client whose pages come as `joined`."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            response.content = joined(response.content.decode())
        return response
