"""Every page's links, forms and HTMX attributes lead somewhere, with and without script."""

from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from cases.actions import (
    attachments,
    bulk,
    checklists,
    conversation,
    copies,
    drafts,
    escalations,
    incident_updates,
    incidents,
    invitations,
    merging,
    notifications,
    outgoing,
    promises,
    rating,
    requests,
    resolution,
    secrets,
    snooze,
    splitting,
    triage,
)
from cases.actions.incoming import receive
from cases.mail.invitations import link_of
from cases.models import Bulk, Macro, Promise
from tests.factories import CaseFactory, IncidentFactory, TeamFactory, UserFactory, upload
from tests.markup import Browser
from tests.sign_in.conftest import Person

VOID = {
    "input",
    "meta",
    "link",
    "br",
    "hr",
    "img",
    "path",
    "circle",
    "rect",
    "line",
    "polyline",
    "polygon",
    "ellipse",
}


CARD = "My card is 4111 1111 1111 1111."
ABOUT_SIGNING_IN = [
    "account_profile",
    "mfa_index",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_add_webauthn",
]
PROMISE = "We will send an update in 20 minutes."


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.elements, self.ids = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.elements.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])


def customer_at_home(user):
    """Who has just signed in."""
    user.keep_address(verified=True)
    return Person(user).signs_in().browser


def leads_somewhere(address):
    try:
        resolve(urlsplit(address).path)
    except Resolver404:
        return False
    return True


MADE: dict[str, Page] = {}


@pytest.fixture
def pages(request):
    """Made once for all tests here, which only read them."""
    if not MADE:
        MADE.update(request.getfixturevalue("made"))
    return MADE


@pytest.fixture
def made(case, cleo, mona, ada, adam, visitor, browser_of, settings):
    settings.SHOW_KEPT_MAIL = True
    triage.set_severity(case, by=ada, severity=1)
    triage.set_priority(case, by=ada, priority=4)
    resolved, closed = CaseFactory(customer=cleo), CaseFactory(customer=cleo)
    resolution.resolve(resolved, by=ada, resolution="Done.")
    resolution.close(closed, by=ada)
    for _ in range(60):
        conversation.reply(case, by=ada, body="Hm.")
    macro = Macro.objects.create(
        name="Look", owner=ada, body="Looking, {customer}.", priority=2, tags=["seen"]
    )
    Macro.objects.create(name="To me", assignee="me")
    notifications.follow(case, by=ada)
    copies.add(case, by=ada, address="bert@elsewhere.example")
    conversation.add_note(case, by=adam, body="@ada look at this, @nobody.")
    files = [attachments.receive(upload(name), by=cleo) for name in ("a.png", "b.png")]
    conversation.reply(case, by=cleo, body="", attachments=files[:1])
    held = outgoing.wait(case, by=ada, kind="reply", composer="reply", fields={}, body="Soon.")
    outgoing.leave(held, at=timezone.now() + timedelta(hours=1))
    with_secret = conversation.reply(case, by=cleo, body=CARD)
    for kind, text in {"reply": "body", "note": "body", "resolve": "resolution"}.items():
        drafts.keep(case, by=ada, kind=kind, fields={text: PROMISE}, seen=0)
    conversation.reply(case, by=ada, body=PROMISE)  # which is proposed
    part = splitting.split(case, by=ada, event=2, summary="Coins", system=case.system)
    rated, worded = CaseFactory(customer=cleo), CaseFactory(customer=cleo)
    for one, word in ((rated, ""), (worded, "Quick.")):
        resolution.close(one, by=ada)
        rating.rate(one, by=cleo, good=True, word=word)
    merged, host = CaseFactory(customer=cleo), CaseFactory(customer=cleo)
    merging.merge(merged, by=ada, into=host)
    merging.link(case, by=ada, other=host)
    triage.set_tags(case, by=ada, tags=["vip"])
    checklists.add(case, by=ada, items=["Call the bank", "Write it down"])
    checklists.tick(case, by=ada, item=case.checklist.earliest("pk").pk, done=True)
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
    requests.ask(case, by=ada, what="the log")
    requests.ask(case, by=ada, what="a photo")
    requests.ask(case, by=ada, what="the password", secret=True)
    secrets.give(case, by=cleo, body="Sesame.", request=case.requests.latest("pk").pk)
    given = case.requests.latest("pk").pk
    snooze.snooze(case, by=ada, until=timezone.now() + timedelta(hours=1))
    incident = IncidentFactory(system=case.system, by=ada)
    incident_updates.update(incident, by=ada, body="News.")
    incidents.attach(case, by=ada, incident=incident)
    customer, agent = browser_of(cleo), browser_of(ada)
    crossing = {"resolution": "Half a", "after": 2}
    running = bulk.start(by=ada, name="priority", value="1", label="Priority: P1", cases=[case.number])
    found = {
        "home": visitor.get("/"),
        "report": visitor.get(reverse("case_new")),
        "sign in": visitor.get(reverse("account_login")),
        "sign up": visitor.get(reverse("account_signup")),
        "code": visitor.get(reverse("account_request_login_code")),
        "kept mail": visitor.get(reverse("kept_mail")),
        "not found": visitor.get("/nowhere/"),
        "status": visitor.get(reverse("incidents")),
        "incident": visitor.get(reverse("incident", args=[incident.number])),
        "report, known": visitor.get(reverse("case_new"), {"system": incident.system.pk}),
        "report, chosen": visitor.post(
            reverse("case_new"), {"system": incident.system.pk, "incident": incident.number}
        ),
        "reply, refused": customer.post(
            reverse("case_replies", args=[closed.number]), {"body": "Hm.", "attachments": files[1].key}
        ),
        "reply with a secret": customer.post(reverse("case_replies", args=[case.number]), {"body": CARD}),
        "report with a secret": customer.post(reverse("case_new"), {"description": CARD}),
        "note with a secret": agent.post(reverse("desk_notes", args=[case.number]), {"body": CARD}),
        "customer at the desk": browser_of(adam).get(
            reverse("customer_page", args=[cleo.pk]), {"list": "past"}
        ),
        "organisation at the desk": browser_of(adam).get(
            reverse("organisation_page", args=[cleo.organisation_id])
        ),
        "card": agent.get(reverse("customer_card", args=[cleo.pk])),
        "card, wrong": agent.post(reverse("organisation_card", args=[cleo.organisation_id])),
        "person": browser_of(adam).get(reverse("person", args=[cleo.pk])),
        "person, another address": browser_of(adam).post(reverse("person_erasure", args=[cleo.pk])),
        "secret": agent.post(reverse("desk_secret", args=[case.number, given])),
        "removal": agent.get(reverse("desk_removal", args=[case.number, with_secret.sequence])),
        "list": customer.get(reverse("cases")),
        "queue": agent.get(reverse("queue")),
        "queue, other columns": agent.get(reverse("queue"), {"columns": "summary,why,team"}),
        "queue, narrowed": agent.get(reverse("queue"), {"severity": 2, "tag": "x"}),
        "palette": agent.get(reverse("palette"), {"q": "reader"}),
        "search": agent.get(reverse("search")),
        "search, found": agent.get(reverse("search"), {"q": "reader"}),
        "search, nothing found": agent.get(reverse("search"), {"q": "zebra", "status": "open"}),
        "views": agent.get(reverse("views")),
        "bulk": agent.get(reverse("bulk", args=[running.pk])),
        "bulk, asked": agent.post(reverse("bulk_start"), {"change": "priority=1", "scope": "view"}),
        "split": agent.get(reverse("desk_split", args=[case.number, with_secret.sequence])),
        "split, wrong": agent.post(reverse("desk_split", args=[case.number, with_secret.sequence])),
        "split off": agent.get(reverse("desk_case", args=[part.number])),
        "checklist, wrong": agent.post(reverse("desk_checklist", args=[case.number])),
        "bulk, reply": agent.post(reverse("bulk_start"), {"change": "reply=", "case": case.number}),
        "bulk, reply looked at": agent.post(
            reverse("bulk_reply"),
            {"body": f"{{customer}}: {PROMISE}", "cases": f"{case.number} {closed.number}"},
        ),
        "drafts": agent.get(reverse("drafts")),
        "no drafts": browser_of(adam).get(reverse("drafts")),
        "draft discarded": agent.post(
            reverse("desk_draft_note", args=[case.number]), {"body": "Half a note", "discard": "1"}
        ),
        "draft changed elsewhere": agent.post(
            reverse("desk_draft_reply", args=[case.number]), {"body": "Other words"}
        ),
        "requests looked for": agent.post(
            reverse("desk_requests_found", args=[host.number]), {"body": "Could you send us the log?"}
        ),
        "previewed": agent.post(reverse("desk_preview_note", args=[host.number]), {"body": "**Note** this"}),
        "asked for nothing": agent.post(reverse("desk_requests", args=[host.number])),
        "crossing answers": browser_of(adam).post(reverse("desk_resolution", args=[case.number]), crossing),
        "notices": agent.get(reverse("notices")),
        "no notices": browser_of(adam).get(reverse("notices")),
        "macros": agent.get(reverse("macros")),
        "macro": agent.get(reverse("macro", args=[macro.pk])),
        "macro to delete": agent.get(reverse("macro_deletion", args=[macro.pk])),
        "macro chosen": agent.get(reverse("desk_case", args=[case.number]), {"macro": macro.pk}),
    }
    manager, invited = (
        browser_of(mona),
        invitations.invite("eva@example.com", by=mona, organisation=mona.organisation),
    )
    found["people"] = manager.get(reverse("organisation"))
    found["person to remove"] = manager.get(reverse("organisation_removal", args=[cleo.pk]))
    found["invitation"] = Browser().get(link_of(invited), follow=True)
    office = browser_of(adam, proven=True)
    for step in (
        "setup",
        *(f"setup_{name}" for name in ("system", "team", "colleagues", "mail", "hours", "level")),
    ):
        found[step] = office.get(reverse(step))
    found["setup, first case"] = office.get(reverse("setup_case"))
    found["invitation, none"] = manager.get(reverse("invitation"))
    found |= {name: customer_at_home(cleo).get(reverse(name)) for name in ABOUT_SIGNING_IN}
    told = CaseFactory(customer=cleo, system=case.system)
    resolution.resolve(told, by=ada, resolution="Swapped it.", is_bug=True)
    resolution.reopen(told, by=ada)
    found["bug, closed without a root cause"] = agent.post(reverse("desk_closure", args=[told.number]))
    resolution.resolve(told, by=ada, resolution="Swapped it.", root_cause="Dust.")
    found["files"] = agent.get(reverse("desk_files", args=[case.number]))
    found["clocks"] = agent.get(reverse("desk_clocks", args=[case.number]))
    found["solved before"] = agent.get(reverse("desk_solved_before", args=[case.number]))
    found["solved before, put into the reply"] = agent.get(
        reverse("desk_case", args=[case.number]), {"solved": f"case-{told.number}"}
    )
    lone = CaseFactory(summary="Zebra", description="Zebra.")
    found["nothing solved before"] = agent.get(reverse("desk_solved_before", args=[lone.number]))
    found["merge"] = agent.get(reverse("desk_merge", args=[case.number]), {"into": host.number})
    found["people"] = browser_of(adam).get(reverse("people"))
    found["absence"] = browser_of(adam).get(reverse("absence", args=[ada.pk]))
    found["leaving"] = browser_of(adam).get(reverse("leave", args=[ada.pk]))
    found["account"] = browser_of(adam).get(reverse("account_merge", args=[cleo.pk]))
    into = UserFactory(name="Cleo Two")
    found["accounts"] = browser_of(adam).get(reverse("account_merge", args=[cleo.pk]), {"into": into.email})
    for name in ("system", "summary", "organisation"):
        found[name] = agent.get(reverse(f"desk_{name}", args=[case.number]))
    found["customer"] = agent.get(reverse("desk_customer", args=[case.number]))
    found["forward"] = agent.get(reverse("desk_forward", args=[case.number]))
    receive(b"Subject: Watches\nX-Spam-Flag: YES\nFrom: king@spam.example\n\nBuy.", trusted="mx")
    found["held mail"] = agent.get(reverse("mail_held"))
    found["customer, chosen"] = agent.get(reverse("desk_customer", args=[case.number]), {"to": ada.email})
    found["merge, not chosen"] = agent.get(reverse("desk_merge", args=[case.number]))
    found["desk, conversation of a merged case"] = agent.get(reverse("desk_conversation", args=[case.number]))
    found["customer, conversation of a merged case"] = customer.get(
        reverse("case_conversation", args=[merged.number])
    )
    outage = incidents.open_incident(
        system=case.system, title="Down", by=ada, severity=1, cases=[resolved.number]
    )
    incident_updates.add_note(outage, by=ada, body="Hm.")
    found["incidents"] = agent.get(reverse("desk_incidents"))
    found["incident to come"] = agent.get(reverse("desk_incident_new"), {"case": case.number})
    words = {"body": f"{PROMISE} We look, {{customer}}.", "status": "identified"}
    found["update"] = agent.post(reverse("desk_incident_update", args=[outage.number]), words)
    incident_updates.update(outage, by=ada, body="We look.", cases=[resolved.number])
    found["incident, telling"] = agent.get(reverse("desk_incident", args=[outage.number]))
    bulk.run(Bulk.objects.latest("pk"))
    incident_updates.resolve(outage, by=ada, resolution="Done.")
    found["cases of an incident"] = agent.get(reverse("desk_incident_cases", args=[outage.number]))
    found["incident, resolved"] = agent.get(reverse("desk_incident", args=[outage.number]))
    engineers = TeamFactory()
    engineers.members.add(ada)
    asked = CaseFactory(customer=cleo)
    escalations.escalate(asked, by=ada, team=engineers, note="Is it stuck?")
    found["escalated, wrong"] = agent.post(reverse("desk_escalation", args=[asked.number]), {"note": "Hm."})
    found["answered, wrong"] = agent.post(reverse("desk_escalation_answer", args=[asked.number]))
    found["answered, of no team"] = agent.post(
        reverse("desk_escalation_answer", args=[case.number]), {"note": "Hm."}
    )
    found["queue, escalated"] = agent.get(reverse("queue"), {"escalated": "mine"})
    found["reports, nothing"] = agent.get(reverse("reports"))
    past = timezone.now() - timedelta(hours=1)
    Promise.objects.filter(ended_at=None).update(due_at=past, broken_at=past)
    found["reports"] = agent.get(reverse("reports"), {"sort": "name"})
    states = {
        "escalated": asked,
        "open": case,
        "resolved": resolved,
        "closed": closed,
        "merged": merged,
        "host": host,
        "rated": rated,
        "worded": worded,
    }
    for name, one in states.items():
        found[f"customer, {name}"] = customer.get(reverse("case", args=[one.number]))
        found[f"desk, {name}"] = agent.get(reverse("desk_case", args=[one.number]))
    return {name: Page(response.text) for name, response in found.items()}


def each(pages, *names):
    for page, parsed in pages.items():
        for tag, attrs in parsed.elements:
            if any(name in attrs for name in names):
                yield page, tag, attrs, parsed


def test_every_link_and_form_and_fetch_leads_somewhere(pages):
    for page, _, attrs, _ in each(pages, "href", "action", "hx-get", "hx-post"):
        for name in ("href", "action", "hx-get", "hx-post"):
            address = attrs.get(name)
            if not address or address.startswith(("#", "?", "mailto:", "/static/", "https://")):
                continue
            assert leads_somewhere(address), f"{page}: {name}={address}"


def test_every_target_and_include_exists(pages):
    for page, _, attrs, parsed in each(pages, "hx-target", "hx-include", "hx-select"):
        for name in ("hx-target", "hx-include", "hx-select"):
            for selector in attrs.get(name, "").split(","):
                wanted = selector.strip().split(" ")[0]
                if wanted.startswith("#"):
                    assert wanted[1:] in parsed.ids, f"{page}: {name}={selector}"


def test_every_fetch_works_without_script(pages):
    for page, tag, attrs, _ in each(pages, "hx-get", "hx-post"):
        if "data-live" in attrs or attrs.get("hx-trigger", "").startswith("load"):
            continue
        # Who is here is known live or not at all, and what may be one outage stands on the page of incidents too.
        if attrs.get("data-hears") in ("people", "radar"):
            continue
        if tag == "datalist":  # offers what others typed, or nothing
            continue
        if tag == "a":
            assert attrs.get("href"), page
        elif tag == "button":
            assert attrs.get("formaction"), page
        else:
            assert tag == "form", page
            assert attrs.get("action"), page


def test_every_post_form_carries_its_token(pages):
    for page, parsed in pages.items():
        posts = sum(
            tag == "form" and attrs.get("method", "").lower() == "post" for tag, attrs in parsed.elements
        )
        tokens = sum(attrs.get("name") == "csrfmiddlewaretoken" for _, attrs in parsed.elements)
        assert tokens == posts, page


def test_nothing_needs_inline_script_or_style(pages):
    for page, parsed in pages.items():
        for tag, attrs in parsed.elements:
            assert tag != "style", page
            assert tag != "script" or attrs.get("src"), page
            assert "style" not in attrs, f"{page}: {tag} {attrs}"
            assert not [name for name in attrs if name.startswith(("on", "hx-on", "hx-vals"))], (
                f"{page}: {attrs}"
            )
            assert "[" not in attrs.get("hx-trigger", ""), page


def test_no_id_stands_twice_on_a_page(pages):
    for page, parsed in pages.items():
        doubles = {one for one in parsed.ids if parsed.ids.count(one) > 1}
        assert not doubles, f"{page}: {doubles}"


def test_every_page_sends_the_strict_policy(visitor, db):
    policy = visitor.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
