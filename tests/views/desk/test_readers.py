"""An auditor reads the whole desk, and finds nothing there to change."""

import re

import pytest

from cases.models import Case, Draft, Incident
from tests.everything import case_with_everything

pytestmark = pytest.mark.django_db

WORD = "quagga"


@pytest.fixture
def everything(till, ada, abe):
    return case_with_everything(WORD, till, by=ada, told=abe)


def pages_of(case):
    desk = f"/desk/cases/{case.number}/"
    incident = f"/desk/incidents/{case.incident_id}/"
    return [
        "/desk/",
        "/desk/?status=all",
        "/desk/radar/",
        "/desk/palette/",
        f"/desk/palette/?q={WORD}",
        f"/desk/search/?q={WORD}",
        "/desk/reports/",
        "/desk/incidents/",
        incident,
        f"{incident}cases/",
        f"{incident}live/?after=0",
        *(f"{desk}{name}" for name in ("", "clocks/", "conversation/", "people/", "solved-before/")),
        f"{desk}live/?after=0",
        *(f"/desk/cases/{other.number}/" for other in Case.objects.exclude(pk=case.pk)),
    ]


def test_an_auditor_reads_the_desk_and_finds_no_button_on_it(everything, otto, browser_of):
    browser, links = browser_of(otto), set()
    for url in pages_of(everything):
        for headers in ({}, {"HX-Request": "true"}):
            response = browser.get(url, headers=headers)
            assert response.status_code == 200, url
            html = response.content.decode()
            forms = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', html)
            assert set(forms) <= {
                "/theme/",
                "/keys/",
                "/accounts/logout/",
                "/desk/columns/",
                "/desk/density/",
            }, url
            assert "hx-post" not in html, url
            assert not re.search(r"<textarea|formaction", html), url
            links |= set(re.findall(r'(?:href|hx-get)="(/[^"#]*)', html))
    assert WORD in browser.get(pages_of(everything)[0]).content.decode()
    refused = {link for link in links if browser.get(link.replace("&amp;", "&")).status_code == 403}
    assert refused == set()


def test_an_auditor_reads_what_agents_read(everything, otto, browser_of):
    page = browser_of(otto).get(f"/desk/cases/{everything.number}/").content.decode()
    for said in (
        f"{WORD}: look",
        f"{WORD} once more",
        f"the {WORD}",
        "P1",
        f"{WORD} is down",
    ):
        assert said in page
    assert (
        f"{WORD} of the incident"
        in browser_of(otto).get(f"/desk/incidents/{Incident.objects.get().pk}/").content.decode()
    )


def test_an_auditor_is_neither_offered_nor_mentioned(everything, otto, ada, browser_of):
    page = browser_of(ada).get(f"/desk/cases/{everything.number}/").content.decode()
    assert "Otto" not in page
    browser = browser_of(ada)
    assert "Otto" not in browser.get("/desk/agents/?q=o").content.decode()
    assert not Draft.objects.filter(agent=otto).exists()
