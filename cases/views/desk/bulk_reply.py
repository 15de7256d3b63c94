"""The agents' side: one reply to many cases, looked at before it is sent."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import uuid4, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest, agents_only
from cases.actions import bulk
from cases.actions.replies import REPLY, may_get
from cases.forms.replies import ManyRepliesForm
from cases.models import Case, User
from cases.models.promise import PromiseTerms
from cases.queries.promises import promised_in
from cases.text.numbers import whole_number
from cases.text.placeholders import complaint, fill, has_any, values_of

from .case.composer_drafts import as_typed
from .incidents.updates import TEXT_CHANGED, digest_of

PREVIEWS = 5
LEFT_OUT_SHOWN = 50
READ = "number status spam merged_into customer claimed_email unproven system severity".split()


class Preview(NamedTuple):
    """What one customer reads, and what it promises them."""

    case: Case
    words: str
    promises: list[PromiseTerms]


class Audience:
    """Whom a reply to the chosen cases goes to, and who is left out and why."""

    def __init__(self, agent: User, numbers: Iterable[int], text: str) -> None:
        chosen = {*numbers}
        found = [*Case.objects.visible_to(agent).filter(number__in=chosen).order_by("number").only(*READ)]
        self.agent, self.text, self.at = agent, text, timezone.now()
        promising = bool(text and found and promised_in(text, found[0], self.at))
        answers = [(case, may_get(case, promising=promising)) for case in found]
        self.cases = [case for case, answer in answers if answer]
        self.left_out = [(case, answer.refusal) for case, answer in answers if not answer]
        self.gone = len(chosen) - len(found)
        self.numbers = [case.number for case in self.cases]

    @property
    def customers(self) -> int:
        """How many they are. Visitors are told apart by the address that they typed."""
        return len({case.customer_id or case.claimed_email or -case.number for case in self.cases})

    @property
    def unproven(self) -> int:
        return sum(case.unproven for case in self.cases)

    @property
    def left_out_shown(self) -> list[tuple[Case, str]]:
        return self.left_out[:LEFT_OUT_SHOWN]

    @property
    def unseen(self) -> int:
        return len(self.numbers) - PREVIEWS

    @cached_property
    def previews(self) -> list[Preview]:
        cases = Case.objects.filter(pk__in=self.numbers[:PREVIEWS]).select_related("system").order_by("pk")
        return [
            Preview(case, fill(self.text, values_of(case, self.agent)), promised_in(self.text, case, self.at))
            for case in cases
        ]

    def change(self, token: str) -> dict[str, str]:
        """What is sent, as `actions.replies.say` takes it."""
        return {"text": self.text, "token": token, "sent_at": self.at.isoformat()}


@agents_only
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_reply(request: AgentRequest) -> HttpResponse:
    """Show what each of the chosen cases gets; with `send`, send it as it was shown. Whoever comes by the address, say
    from signing in, gets the queue."""
    if request.method != "POST":
        return redirect("queue")
    numbers = {number for text in request.POST.get("cases", "").split() if (number := whole_number(text))}
    bulk.check_chosen(numbers)
    form, again = ManyRepliesForm(request.POST), ""
    if form.is_valid():
        text = form.cleaned_data["body"]
        token = uuid5(form.cleaned_data["token"] or uuid4(), repr((text, sorted(numbers))))
        if sent := request.user.bulks.filter(token=token).first():
            messages.info(request, "You’ve already sent this. Here’s the result.")
            return redirect("bulk", sent.pk)
        audience = Audience(request.user, numbers, text)
        again = TEXT_CHANGED if request.POST.get("seen") != digest_of(text) else ""
        if "send" in request.POST and audience.numbers and not again:
            count = len(audience.numbers)
            started = bulk.start(
                by=request.user,
                name=REPLY,
                value=audience.change(str(token)),
                label=f"Reply to {'1 case' if count == 1 else f'{count:,} cases'}",
                cases=audience.numbers,
                token=token,
            )
            return redirect("bulk", started.pk)
    return show(request, form, numbers, again=("send" in request.POST and again) or "")


def show(
    request: AgentRequest, form: ManyRepliesForm, numbers: Iterable[int], again: str = ""
) -> HttpResponse:
    """The page on which the reply is written. Raises Refused when no case was chosen, or too many."""
    chosen = sorted(numbers)
    bulk.check_chosen(chosen)
    text = form.cleaned_data.get("body", "") if form.is_bound else ""
    state = request.POST.get("query", "")
    context = {
        "form": as_typed(form),
        "audience": Audience(request.user, chosen, "" if form.errors else text),
        "text": text,
        "numbers": chosen,
        "personal": has_any(text),
        "complaint": complaint(text),
        "seen": digest_of(text),
        "again": again,
        "query": state,
        "back": f"{reverse('queue')}?{state}",
    }
    return render(request, "desk/bulk_reply.html", context, status=422 if form.errors else 200)
