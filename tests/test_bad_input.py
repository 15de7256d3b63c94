"""Whatever is sent, by whomever, to any address: an answer and never an error of ours.

Addresses are those of the matrix of access and of administration, and fields are those of the forms that their pages
show. `FUZZ=20000 pytest tests/test_bad_input.py` tries that many requests for each role.
"""

import os
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes, urlsplit

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.http.cookie import SimpleCookie
from django.urls import NoReverseMatch, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.live import stream
from tests.test_access import MATRIX, STEPS_OF_ALLAUTH, browsers, named_urls, things, url_of  # noqa: F401

MANY = int(os.environ.get("FUZZ", "30"))
FUZZ = settings(
    max_examples=MANY,
    deadline=None,
    derandomize="FUZZ" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)

NASTY = [
    "", " ", "\0", "a\0b", "0", "-1", "1.5", "1e309", "NaN", "Infinity", "9" * 19, "9" * 400, "²", "٣", "on", "null",
    "true", "[]", "{}", "[[[", '{"a": [1]}', "'\"><script>", "%", "%00", "{customer}", "{", "@", "@ada @ada", "\r\n",
    "../../etc", "//evil.example", "javascript:alert(1)", "a@b", "Ä@ß.example", f"{'a' * 300}@example.com", "x" * 300,
    "x" * 120_000, "🧨" * 50, "\u202e\u200b\ufeff", "İ", "ſ", "ﬁ", "0001-01-01", "9999-12-31T23:59", "10000-01-01",
    "2026-02-30", "2026-03-29T02:30", "00:00", "25:61", "id", "-number", "number", "critical", "closed", "resolved",
    "agent=1", "team=9", "me", "none", "priority=1", "1,2,3", "1 2 3", "#1", "0x1F", "00000000-0000-0000-0000-000000000000",
]  # fmt: skip
BYTES = [text.encode() for text in NASTY] + [b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5", b"\x80abc"]

texts = st.sampled_from(BYTES) | st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass"))
LOOKUP = {"app_label": "cases", "model_name": "user", "field_name": "organisation"}  # of administration
names_beside = [
    "csrfmiddlewaretoken",
    "next",
    "after",
    "before",
    "cursor",
    "page",
    "q",
    "draft",
    "token",
    "attachments",
]


class Forms(HTMLParser):
    """The forms of a page: where each goes to, how, and the fields it has with what they hold."""

    def __init__(self, address, html):
        super().__init__()
        self.address, self.found, self.open = address, [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            action = urlsplit(attrs.get("action") or self.address).path
            self.open = (action, attrs.get("method", "get").upper(), {})
            self.found.append(self.open)
        elif tag in ("input", "textarea", "select", "button") and attrs.get("name") and self.open:
            self.open[2].setdefault(attrs["name"], []).append((attrs.get("value") or "").encode())
        elif tag == "option" and self.open and self.open[2] and attrs.get("value"):
            self.open[2][[*self.open[2]][-1]].append(attrs["value"].encode())

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None


def in_administration():
    for name in sorted(name for name in named_urls() if name.startswith("admin:")):
        model = name.removeprefix("admin:").rsplit("_", 1)[0]
        first = None
        for one in apps.get_models():
            if f"{one._meta.app_label}_{one._meta.model_name}" == model:
                first = one._default_manager.values_list("pk", flat=True).first()
        for args in ([], [first or "1"], [1, first or "1"], ["cases"]):
            try:
                yield reverse(name, args=args)
            except NoReverseMatch:
                continue


def targets_of(browser, addresses):
    """Each address with the fields of the forms that lead there, as far as this browser is shown them."""
    found = {address: {} for address in addresses}
    for address in addresses:
        with transaction.atomic():
            response = browser.get(address, follow=False)
            transaction.set_rollback(True)
        if response.streaming or "html" not in response.get("Content-Type", ""):
            continue
        for action, _, fields in Forms(address, response.text).found:
            if action.startswith("/") and "logout" not in action:
                known = found.setdefault(action, {})
                for name, values in fields.items():
                    known.setdefault(name, []).extend(values)
    return sorted(found.items())


@st.composite
def payloads(draw, fields):
    """Some of the fields, some twice, some that are none, each with what it may hold or with what it may not."""
    names = st.sampled_from([*sorted(fields), *names_beside])
    pairs = []
    for name in draw(st.lists(names, min_size=1, max_size=8)) if draw(st.booleans()) else sorted(fields):
        usual = fields.get(name) or [b""]
        pairs.append((name, draw(texts) if draw(st.integers(0, 2)) == 0 else draw(st.sampled_from(usual))))
    return pairs


def encoded(pairs):
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in pairs)


def multipart(pairs, as_files):
    lines = b""
    for name, value in pairs:
        file = b'; filename="x.png"' if as_files else b""
        lines += b'--cut\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (
            name.encode(),
            file,
            value,
        )
    return lines + b"--cut--\r\n"


def send(browser, data, targets):
    """One request. What it changes is undone."""
    address, fields = data.draw(st.sampled_from(targets))
    pairs = data.draw(payloads(fields))
    method = data.draw(st.sampled_from(["POST", "POST", "POST", "GET"]))
    shape = data.draw(st.sampled_from(["form", "form", "form", "multipart", "files", "json", "none"]))
    headers = {"HX-Request": "true"} if data.draw(st.booleans()) else {}
    if data.draw(st.integers(0, 4)) == 0:
        spoilt = data.draw(st.sampled_from(["Referer", "HX-Current-URL", "Range", "If-None-Match", "Cookie"]))
        text = data.draw(texts).decode("latin1").replace("\r", "").replace("\n", "")
        if spoilt == "Cookie":
            for name in ("tz", "queue", "theme", "keys"):
                browser.cookies[name] = text
        else:
            headers[spoilt] = text
    body, kind = {
        "form": (encoded(pairs).encode(), "application/x-www-form-urlencoded"),
        "multipart": (multipart(pairs, as_files=False), "multipart/form-data; boundary=cut"),
        "files": (multipart(pairs, as_files=True), "multipart/form-data; boundary=cut"),
        "json": (b'{"a": [1, null]}', "application/json"),
        "none": (b"\xff", "multipart/form-data"),
    }[shape]
    query = encoded(pairs) if method == "GET" or data.draw(st.integers(0, 5)) == 0 else ""
    cookies = SimpleCookie()
    cookies.load({name: morsel.value for name, morsel in browser.cookies.items()})
    cache.clear()
    with transaction.atomic():
        response = browser.generic(
            method, f"{address}?{query}", body if method == "POST" else b"", kind, headers=headers
        )
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    browser.cookies = SimpleCookie(
        {
            name: morsel.value
            for name, morsel in cookies.items()
            if name not in ("tz", "queue", "theme", "keys")
        }
    )
    assert response.status_code < 500


@pytest.mark.parametrize("role", ["visitor", "guest", "cleo", "mona", "ada", "otto", "adam"])
def test_no_field_of_any_form_makes_an_error_of_ours(role, browsers, case, claimed, things):  # noqa: F811
    browser, number = browsers[role], (claimed if role == "guest" else case).number
    left_out = {"account_logout"}
    addresses = [url_of(name, number) for name in [*MATRIX, *STEPS_OF_ALLAUTH] if name not in left_out]
    targets = targets_of(browser, addresses)

    @FUZZ
    @given(st.data())
    def check(data):
        send(browser, data, targets)

    check()


def test_nor_does_one_of_administration(browsers, case, claimed, things, team):  # noqa: F811
    addresses = [address for address in in_administration() if "logout" not in address]
    targets = targets_of(browsers["adam"], addresses)
    lookup = {name: [value.encode()] for name, value in LOOKUP.items()}
    targets.append((reverse("admin:autocomplete"), lookup | {"term": [b"mill"]}))

    @FUZZ
    @given(st.data())
    def check(data):
        send(browsers["adam"], data, targets)

    check()


@pytest.mark.django_db
def test_nor_does_what_a_page_asks_its_stream_for(monkeypatch):
    monkeypatch.setattr(stream, "close_old_connections", lambda: None)  # the test goes on with its own

    @FUZZ
    @given(st.lists(texts, max_size=4), texts)
    def check(wanted, cookie):
        query = "&".join(f"on={quote_from_bytes(text)}" for text in wanted)
        headers = [(b"cookie", b"sessionid=" + cookie), (b"cookie", cookie)]
        assert stream.granted_topics({"query_string": query.encode(), "headers": headers}) == frozenset()

    check()
