"""What a browser takes from a page to go on: the next link, and what an open page fetches when nudged."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode, urljoin

TAG = re.compile(r"<[a-z][^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
LINK = re.compile(r"(<a\b[^>]*>)(.*?)</a>", re.DOTALL)


def next_page(html: str, address: str) -> str | None:
    """Where “Next page” leads from the page at `address`; None on the last one."""
    for tag, words in LINK.findall(html):
        if "Next page" in words:
            return urljoin(address, _attributes(tag)["href"])
    return None


def fields(html: str) -> dict[str, tuple[str, str]]:
    """Name and value of each input that has an id."""
    found = (_attributes(tag) for tag in TAG.findall(html) if tag.startswith("<input"))
    return {one["id"]: (one["name"], one.get("value", "")) for one in found if "id" in one and "name" in one}


def live_parts(html: str) -> tuple[str, str, list[str]]:
    """Of a page with a stream: its address, what is fetched on a nudge, and the ids of what goes with it."""
    for tag in _live(html):
        included = [name.strip().removeprefix("#") for name in tag.get("hx-include", "").split(",")]
        return tag["data-live"], tag["hx-get"], [name for name in included if name]
    raise ValueError("This page has no stream.")


def with_fields(path: str, values: dict[str, str]) -> str:
    """`path` with these added to its query."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode(values)}"


def _live(html: str) -> Iterator[dict[str, str]]:
    for tag in TAG.findall(html):
        attributes = _attributes(tag)
        if "data-live" in attributes and "hx-get" in attributes:
            yield attributes


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
