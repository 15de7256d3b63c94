"""Files that come with messages: uploaded, sent, seen and fetched over HTTP."""

from django.urls import reverse

from cases.models import Attachment
from tests.factories import picture, upload

HTMX = {"HX-Request": "true"}


def post(browser, name, case, data, **more):
    return browser.post(reverse(name, args=[case.number]), data, **more)


def body(response):
    return b"".join(response.streaming_content)


def test_a_file_on_a_reply_is_kept_listed_and_handed_out_as_it_came(cleo, ada, case, browser_of):
    customer, agent = browser_of(cleo), browser_of(ada)
    content = picture()
    post(customer, "case_replies", case, {"body": "Look.", "files": upload("shot.png", content)})
    page = agent.get(reverse("desk_case", args=[case.number])).text
    one = Attachment.objects.get()
    assert reverse("attachment", args=[one.key]) in page
    assert "shot.png" in page
    answer = agent.get(reverse("attachment", args=[one.key]))
    assert body(answer) == content
    assert answer["Content-Disposition"] == 'attachment; filename="shot.png"'
    assert answer["Content-Type"] == "image/png"
