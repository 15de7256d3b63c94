"""The steps of set-up, each with how it stands."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse

from cases.models import User
from cases.queries import setup
from cases.queries.brand import brand
from cases.text.lists import listed

NAMED = 3  # in a sentence, of what may be many


@dataclass(frozen=True)
class Step:
    """`says` is how it stands. What is `required` is not skipped."""

    name: str
    title: str
    says: str
    label: str  # of what leads to its page
    done: bool
    required: bool = False
    skipped: bool = False

    @property
    def is_open(self) -> bool:
        return not (self.done or self.skipped)

    @property
    def address(self) -> str:
        return reverse(f"setup_{self.name}")


def steps(by: User) -> list[Step]:
    known = setup.needed(by)
    found = [_brand(), _system(known), _team(known), _colleagues(by), _mail(), _hours(), _level(), _case(by)]
    return [replace(step, skipped=step.name in known.skipped) for step in found]


SKIPPABLE = ("brand", "colleagues", "mail", "hours", "level", "case")


def not_ready(by: User) -> str:
    """What customers need and is missing, in words, or nothing. One query."""
    known = setup.needed(by)
    missing = {
        "a system": not known.has_system,
        "who hears of new cases": not known.is_heard,
        "mail": not settings.MAIL_GOES and "mail" not in known.skipped,
    }
    return listed(words for words, is_missing in missing.items() if is_missing)


def _brand() -> Step:
    ours = brand()
    says = "Your name, logo and colour, and what the first page says. Customers read them everywhere."
    if ours.version:
        says = f"On pages and in mail you are “{ours.name}”."
    return Step("brand", "Name and brand", says, "Name and brand", bool(ours.version))


def _system(known: setup.Needed) -> Step:
    names = [system.name for system in setup.public_systems()[: NAMED + 1]]
    says = "What customers report problems with: a product, a service, a shop. They need at least one to write to you."
    if known.has_system:
        says = f"Customers report problems with {_some(names)}."
    return Step(
        "system", "A system", says, "Systems" if names else "Add a system", known.has_system, required=True
    )


def _team(known: setup.Needed) -> Step:
    names = [str(person) for person in setup.hearers().order_by("name")[: NAMED + 1]]
    says = "Nobody is notified of new cases yet. Choose who is."
    if names:
        says = f"{_some(names)} {'get' if len(names) > 1 else 'gets'} each new case that no other team takes."
    return Step(
        "team", "Who hears of new cases", says, "Change" if names else "Choose", known.is_heard, required=True
    )


def _colleagues(by: User) -> Step:
    names = [str(person) for person in setup.colleagues(by)[: NAMED + 1]]
    waiting = setup.invited().count()
    says = "You’re alone at the desk. Invite your colleagues."
    if names:
        says = f"{_some(names)} {'are' if len(names) > 1 else 'is'} at the desk with you."
    if waiting:
        says += f" {waiting} invitation{'s wait' if waiting > 1 else ' waits'} for an answer."
    return Step("colleagues", "Colleagues", says, "Invite a colleague", bool(names or waiting))


def _mail() -> Step:
    last = setup.last_mail()
    works = bool(last and settings.MAIL_SERVER.hostname and setup.went(last))
    if settings.SHOW_KEPT_MAIL:
        says = "This is the demo: email is kept on its own page, not sent."
    elif not settings.MAIL_GOES:
        says = "No mail server is set up, so no email is sent: no answers, no sign-in codes, no invitations."
    elif not last:
        says = f"Email goes out through {settings.MAIL_SERVER.hostname}. Send yourself a test."
    elif works:
        says = f"Email goes out through {settings.MAIL_SERVER.hostname}. The last one was accepted."
    else:
        says = f"The last email wasn’t sent: {last.reason}."
    return Step("mail", "Mail", says, "Test it" if settings.MAIL_SERVER.hostname else "How to set it", works)


def _hours() -> Step:
    hours = setup.business_hours()
    says = "When your team works, in your time zone. Promises and service levels count only these hours."
    if hours:
        says = f"{hours.name}, by the clock of {hours.time_zone}."
    return Step("hours", "Business hours", says, "Change" if hours else "Set them", bool(hours))


def _level() -> Step:
    policy = setup.usual_policy()
    says = "How soon you answer and resolve. Choose one of three; the queue then shows what’s due next."
    if policy:
        counted = f"in {policy.business_hours}" if policy.business_hours else "day and night"
        says = f"“{policy}” holds for every case that has no other, {counted}."
    return Step("level", "A service level", says, "Look at it" if policy else "Choose one", bool(policy))


def _case(by: User) -> Step:
    case, answered = setup.first_case(by)
    says = "Report a problem as a customer would, then answer it."
    if case:
        says = f"Case {case.number}, “{case.summary}”, " + (
            "was answered." if answered else "waits for your answer."
        )
    return Step("case", "Your first case", says, "Try it", answered)


def _some(names: list[str]) -> str:
    return listed(names[:NAMED]) + (" and more" if len(names) > NAMED else "")
