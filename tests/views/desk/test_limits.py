"""An agent who is limited to one system finds nothing of a case of another, wherever they look."""

import re
from itertools import chain

import pytest
from django.urls import NoReverseMatch, reverse

from cases.actions import incidents, merging
from cases.models import Case, Limit, Suggestion, User
from tests.everything import case_with_everything
from tests.factories import CaseFactory, SystemFactory, UserFactory
from tests.test_access import MATRIX, named_urls

pytestmark = pytest.mark.django_db

WORD, OTHER = "quagga", "okapi"


@pytest.fixture
def limited(till):
    """Lime sees the till and nothing else."""
    limit = Limit.objects.create(name="The till", systems=[till.pk])
    return UserFactory(name="Lime", role=User.Role.AGENT, limit=limit)


@pytest.fixture
def own(till, limited, ada):
    """A case that Lime sees, in which there is something of everything."""
    return case_with_everything(OTHER, till, by=limited, told=ada)


@pytest.fixture
def hidden(limited, ada, own, apart):
    """One of another system, which Lime once followed, wrote in and was told of: before there was the limit."""
    apart(40_000)  # so that its number is none of an event
    limit = limited.limit
    User.objects.filter(pk=limited.pk).update(limit=None)
    before = User.objects.get(pk=limited.pk)
    case = case_with_everything(WORD, SystemFactory(name="Scale"), by=ada, told=before)
    merging.link(own, by=before, other=case)
    User.objects.filter(pk=limited.pk).update(limit=limit)
    return case


def addresses(case):
    """Every address of the desk that can be looked at, of this case and of what belongs to it."""
    number, incident = case.number, case.incident_id
    desk, of_incident = f"/desk/cases/{number}/", f"/desk/incidents/{incident}/"
    of_case = ("", "live/?after=0", "people/", "clocks/", "conversation/", "solved-before/", "tags/known/")
    of_case += ("merge/", "incident/", "next/", "previous/")
    yield from (desk + part for part in of_case)
    yield from (of_incident + part for part in ("", "live/?after=0", "cases/"))
    yield f"/desk/radar/?case={number}"
    yield f"/desk/notices/count/?case={number}&open=on"
    yield from (f"/desk/suggestions/{one.pk}/" for one in Suggestion.objects.all())
    yield from (f"/cases/{number}/", f"/cases/{number}/conversation/", f"/cases/{number}/live/?after=0")
    yield from (f"/attachments/{one.key}/" for one in case.attachments.all())
    yield from (f"/desk/mail/{one.key}/" for one in case.mails.all())


LISTS = [
    "/",
    "/desk/",
    "/desk/?status=all",
    *(f"/desk/?status={status}" for status in ("open", "investigating", "resolved", "closed", "snoozed")),
    f"/desk/?q={WORD}&status=all",
    f"/desk/?tag={WORD}",
    "/desk/?escalated=any",
    "/desk/?due=soon",
    "/desk/live/?newest=1&shown=",
    "/desk/palette/",
    f"/desk/palette/?q={WORD}",
    f"/desk/search/?q={WORD}",
    f"/desk/search/?q={WORD}.main@example.com",
    "/desk/search/?q=checkout",
    "/desk/radar/",
    "/desk/drafts/",
    "/desk/notices/",
    "/desk/notices/count/?open=on",
    "/desk/incidents/",
    "/desk/incidents/new/",
    "/desk/reports/",
    "/desk/reports/?by=team",
    "/desk/views/",
    "/desk/macros/",
    "/cases/new/",
]


def asked_for(word):
    """What a page repeats of the question, and of its own address."""
    return re.compile(rf'(?:<title>|value="|q=|tag=|“|Tag: |Tag: <b>){word}[^"”&]*')


def test_nothing_of_it_is_on_any_page(limited, own, hidden, browser_of):
    browser, found, walked = browser_of(limited), [], 0
    hidden_ones = Case.objects.filter(system__name="Scale")
    urls = chain(LISTS, addresses(own), *(addresses(case) for case in hidden_ones))
    for url in urls:
        for headers in ({}, {"HX-Request": "true"}):
            response = browser.get(url, headers=headers)
            text = response.content.decode(errors="replace") if not response.streaming else ""
            text = asked_for(WORD).sub("", text)
            walked += response.status_code == 200
            if WORD in text or WORD in response.get("Location", ""):
                found.append((url, headers, text[max(text.find(WORD) - 150, 0) : text.find(WORD) + 80]))
    assert not found, "\n".join(map(repr, found))
    assert walked > 80
    assert OTHER in browser.get("/desk/").content.decode()


def test_it_answers_as_a_case_that_does_not_exist(limited, own, hidden, browser_of):
    browser, none = browser_of(limited), "999999"
    differing = []
    for name in named_urls():
        if name not in MATRIX or not name.startswith(("case", "desk_")):
            continue
        for url, other in pairs_of(name, hidden, own, none):
            for method in ("GET", "POST"):
                answers = [
                    (response.status_code, response.get("Location"))
                    for response in (browser.generic(method, one) for one in (url, other))
                ]
                if answers[0] != answers[1]:
                    differing.append((name, method, *answers))
    assert differing == []


def pairs_of(name, hidden, own, none):
    """The address of what is hidden, and the same of what does not exist."""
    number = hidden.incident_id if name.startswith("desk_incident") else hidden.number
    mine = own.incident_id if name.startswith("desk_incident") else own.number
    for args, other in (([number], [none]), ([number, 1], [none, 1]), ([mine, hidden.number], [mine, none])):
        try:
            yield reverse(name, args=args), reverse(name, args=other)
        except NoReverseMatch:
            continue


def test_its_files_are_no_files(limited, own, hidden, browser_of):
    browser = browser_of(limited)
    for case, expected in ((own, 200), (hidden, 404)):
        file = case.attachments.get()
        assert browser.get(f"/attachments/{file.key}/").status_code == expected


def test_customers_are_counted_in_the_cases_that_they_see(till, limited, ada, browser_of):
    incident = incidents.open_incident(by=ada, title="Down", system=till, severity=3)
    cases = [CaseFactory(system=till), CaseFactory(system=till), CaseFactory(system=SystemFactory())]
    for case in cases:
        incidents.attach(case, by=ada, incident=incident)
    page = f"/desk/cases/{cases[0].number}/"
    assert "3 customers hit" in browser_of(ada).get(page).text
    assert "2 customers hit" in browser_of(limited).get(page).text


def test_only_who_sees_the_case_is_offered_to_be_mentioned(till, limited, ada, browser_of):
    seen, hidden = CaseFactory(system=till), CaseFactory(system=SystemFactory())
    for case, offered in ((seen, True), (hidden, False)):
        found = browser_of(ada).get("/desk/agents/", {"q": "li", "case": case.number}).text
        assert ("Lime" in found) is offered
    answer = browser_of(limited).get("/desk/agents/", {"q": "ad", "case": hidden.number})
    assert answer.status_code == 404


def test_a_limited_auditor_does_not_read_the_log_of_all(otto, limited, browser_of):
    assert browser_of(otto).get("/desk/audit/").status_code == 200
    otto.limit = limited.limit
    otto.save()
    assert browser_of(otto).get("/desk/audit/").status_code == 403
    assert "Audit log" not in browser_of(otto).get("/desk/").text
