"""The agents' side: one update of an incident to all of its cases, looked at before it is sent."""

import re
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from cases.access import AgentRequest, agents_only
from cases.actions import incident_updates
from cases.forms.incidents import UpdateForm
from cases.models import Case, Incident, IncidentEvent, Refused, Status, User
from cases.queries.incident_cases import WHOSE
from cases.text.numbers import whole_number
from cases.text.placeholders import complaint, fill, has_any, values_for_all, values_of
from cases.views.desk.case.composer_drafts import as_typed
from cases.views.desk.case.composer_promises import ComposerPromises

from .page import get_incident_or_404, sent_only, to_event

LISTED = 50
MOST_NAMED = 5  # of the numbers that are none
_WORDS = re.compile(r"[^\s,;]+")
CASES_CHANGED = "The attached cases have changed. Check the recipients again."
SHOWN = "The incident is now on the status page, so everyone would see this. Please check it again."
HIDDEN = "The incident is no longer on the status page, so only its cases would get this."
TEXT_CHANGED = "You changed the text. Check the preview, then send."


class Audience:
    """Who gets an update: the cases of the incident that can be written in, without those that were unchecked."""

    def __init__(self, incident: Incident, posted: QueryDict) -> None:
        found = incident.cases.filter(merged_into=None).order_by("pk")
        whole = list(found.annotate(whose=WHOSE).values_list("pk", "whose", "status"))
        self.all = [number for number, _, status in whole if status != Status.CLOSED]
        self.closed = len(whole) - len(self.all)
        offered, checked = posted.get("listed", "").split(), {*posted.getlist("case")}
        self.typed = posted.get("without", "")
        named = {text: whole_number(text.removeprefix("#")) for text in _WORDS.findall(self.typed)}
        there = {number for number, _, _ in whole}
        self.unknown = [text for text, number in named.items() if number not in there]
        unchecked = {whole_number(text) for text in offered if text not in checked} | {*named.values()}
        self.without = {number for number in self.all if number in unchecked}
        self.numbers = [number for number in self.all if number not in self.without]
        customers = {number: whose for number, whose, _ in whole}
        self.customers = len({customers[number] for number in self.numbers})
        self.listed = sorted(self.without | {*self.all[:LISTED]})
        self.unlisted = len(self.all) - len(self.listed)

    @property
    def complaint(self) -> str:
        """What is wrong with the numbers that were typed, in a sentence."""
        if not self.unknown:
            return ""
        named = ", ".join(f"“{text[:20]}”" for text in self.unknown[:MOST_NAMED])
        more = len(self.unknown) - MOST_NAMED
        return f"No case of this incident is {named}{f' or {more:,} more' if more > 0 else ''}."

    @property
    def digest(self) -> str:
        return digest_of(self.all)

    def rows(self, text: str, agent: User) -> list[tuple[Case, bool, str]]:
        """The cases that are listed, whether each gets it, and what its customer reads."""
        cases = (
            Case.objects.filter(pk__in=self.listed).select_related("system", "organisation").order_by("pk")
        )
        return [(case, case.pk not in self.without, fill(text, values_of(case, agent))) for case in cases]


def digest_of(what: Any) -> str:
    return sha256(repr(what).encode()).hexdigest()[:32]


@agents_only
@sent_only
def update(request: AgentRequest, number: int) -> HttpResponse:
    """Show who gets the update and what they read; with `send`, send it as it was shown."""
    incident = get_incident_or_404(request.user, number)
    incident_updates.may_speak_for(incident, request.user).check()
    form, audience, again = UpdateForm(request.POST), Audience(incident, request.POST), ""
    promises = _promises(incident, request.POST)
    if audience.complaint:
        form.add_error(None, audience.complaint)
    if form.is_valid():
        token = _token_of(request.POST, form)
        if IncidentEvent.objects.filter(token=token).exists():
            messages.info(request, "You’ve already sent this.")
            return to_event(request, number)
        again = _what_changed(request.POST, incident, form, audience)
        if "send" in request.POST and not again and _sent(request, incident, form, audience, promises, token):
            return to_event(request, number)
    context = _preview(request, incident, form, audience) | {"again": "send" in request.POST and again}
    context["composer_promises"] = promises
    return render(request, "desk/incidents/update.html", context, status=422 if form.errors else 200)


def _sent(
    request: AgentRequest,
    incident: Incident,
    form: UpdateForm,
    audience: Audience,
    promises: ComposerPromises,
    token: UUID,
) -> bool:
    said = {"body": form.cleaned_data["body"], "status": form.cleaned_data["status"]}
    try:
        said["promises"] = promises.terms().promises or ()
        incident_updates.update(incident, by=request.user, cases=audience.numbers, token=token, **said)
    except ValidationError as problem:
        form.add_error(None, problem)
    except Refused as refused:
        form.add_error(None, str(refused))
    return not form.errors


def _promises(incident: Incident, posted: QueryDict) -> ComposerPromises:
    """What the update promises, as if it were a reply in a case that is as bad."""
    case = Case(system_id=incident.system_id, severity=incident.severity)
    return ComposerPromises(case, posted.get("body", ""), posted, running=[])


def _preview(
    request: AgentRequest, incident: Incident, form: UpdateForm, audience: Audience
) -> dict[str, Any]:
    text = form.cleaned_data.get("body", "")
    if text and not form.errors:
        try:
            incident_updates.check_may_be_told(incident, text)
            incident_updates.check_is_read(incident, audience.numbers)
        except Refused as refused:
            form.add_error(None, str(refused))
    return {
        "incident": incident,
        "form": as_typed(form),
        "text": text,
        "audience": audience,
        "rows": audience.rows(text, request.user),
        "personal": has_any(text),
        "for_all": fill(text, values_for_all(incident.system)),
        "complaint": complaint(text),
        "text_digest": _digest_of_text(form),
    }


def _digest_of_text(form: UpdateForm) -> str:
    return digest_of([form.cleaned_data.get("body"), form.cleaned_data.get("status")])


def _what_changed(posted: QueryDict, incident: Incident, form: UpdateForm, audience: Audience) -> str:
    """What differs from the page that was looked at, in a sentence."""
    if posted.get("public_seen") != ("yes" if incident.public else "no"):
        return SHOWN if incident.public else HIDDEN
    if posted.get("cases_seen") != audience.digest:
        return CASES_CHANGED
    return TEXT_CHANGED if posted.get("text_seen") != _digest_of_text(form) else ""


def _token_of(posted: QueryDict, form: UpdateForm) -> UUID:
    """What this page is known by: sent twice it counts once, and with other words or cases anew."""
    said = [posted.get(name) for name in ("body", "status", "cases_seen", "listed", "without")]
    return uuid5(form.cleaned_data["token"] or uuid4(), repr((said, sorted(posted.getlist("case")))))
