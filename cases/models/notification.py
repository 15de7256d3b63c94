"""What people are told of what happens in cases: on the desk, and by mail."""

from typing import NamedTuple, Self

from django.db import models

from .event import Event
from .people import User
from .rights import Right


class Why(models.TextChoices):
    """Why an event concerns somebody. Where it does for several reasons, the first of these is said."""

    MENTIONED = "mentioned", "mentioned you"
    ASSIGNED = "assigned", "assigned a case to you"
    NEW = "new", "new for your team"
    CRITICAL = "critical", "critical now"
    REPLIED = "replied", "answered in your case"
    AWAY = "away", "needs someone, its assignee is away"
    WARNED = "warned", "soon due"
    BROKEN = "broken", "overdue"
    UNTAKEN = "untaken", "taken by nobody"
    ESCALATED = "escalated", "escalated to your team"
    ANSWERED = "answered", "answered an escalation"
    RATED = "rated", "rated your help"
    HELD = "held", "not sent yet"
    FOLLOWED = "followed", "in a case you follow"
    OWN = "own", "in a case that you reported"


class Way(models.TextChoices):
    """How somebody is told."""

    DESK = "desk", "On the desk"
    MAIL = "mail", "By mail"
    PUSH = "push", "By push"
    DIGEST = "digest", "In the morning"


class Happening(NamedTuple):
    """What one may choose to hear of: by which ways, and by which one hears of it who has chosen nothing."""

    label: str
    usual: frozenset[Way] = frozenset({Way.DESK, Way.MAIL, Way.PUSH})
    ways: frozenset[Way] = frozenset(Way)


HAPPENINGS: dict[Why, Happening] = {
    Why.NEW: Happening("A new case for my team"),
    Why.CRITICAL: Happening("A case of mine, or one of my team that nobody has taken, becomes critical"),
    Why.ASSIGNED: Happening("A case is given to me"),
    Why.MENTIONED: Happening("A note mentions me"),
    Why.REPLIED: Happening("A customer answers in my case, or in one of my team that nobody has taken"),
    Why.AWAY: Happening("A case of my team needs someone while its assignee is away"),
    Why.WARNED: Happening("Something in my case is due soon"),
    Why.BROKEN: Happening("Something in my case, or of those whom I lead, is overdue"),
    Why.UNTAKEN: Happening("Nobody takes a case of a team that I lead"),
    Why.ESCALATED: Happening("A case is escalated to my team"),
    Why.ANSWERED: Happening("A team answers my escalation"),
    Why.RATED: Happening("A customer rates our help in my case as bad"),
    Why.HELD: Happening("Something I sent was kept back"),
    Why.FOLLOWED: Happening("Someone writes in a case that I follow", usual=frozenset({Way.DESK, Way.PUSH})),
    Why.OWN: Happening(
        "An answer in a case that I reported", frozenset({Way.MAIL}), frozenset({Way.MAIL, Way.DIGEST})
    ),
}


def happenings_for(person: User) -> dict[Why, Happening]:
    """What this person may hear of at all: agents of the desk, and whoever may report a problem of their own."""
    if person.may(Right.WORK_ON_CASES):
        return HAPPENINGS
    if person.may(Right.READ_DESK):
        return {}
    return {Why.OWN: HAPPENINGS[Why.OWN]}


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, agent: User) -> Self:
        """What this agent was told, without what lies beyond their limit by now."""
        told = self.filter(agent=agent)
        return told.filter(agent.limit.within("event__case__")) if agent.limit else told


class Notification(models.Model):
    """Something that an agent is told of on the desk: an event, and why it concerns them."""

    Why = Why

    agent = models.ForeignKey(User, models.CASCADE, related_name="notices", db_index=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="notices", db_index=False)
    why = models.CharField(max_length=9, choices=Why)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "agent"], name="told_once")]
        indexes = [
            models.Index(fields=["agent", "-id"], name="notices_of_agent"),
            models.Index(fields=["agent"], condition=models.Q(read_at__isnull=True), name="notices_not_read"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id}: {self.why} in event {self.event_id}"


class ToMail(models.Model):
    """An event of which somebody is yet to be told by mail, soon or in the morning, or by push. Once that is sent there
    is none."""

    person = models.ForeignKey(User, models.CASCADE, related_name="to_mail", db_index=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    why = models.CharField(max_length=9, choices=Why)
    way = models.CharField(max_length=6, choices=Way, default=Way.MAIL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "way", "event"], name="to_mail_once")]

    def __str__(self) -> str:
        return f"{self.person_id} is to be emailed of event {self.event_id}: {self.why}"
