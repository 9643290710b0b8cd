"""A partner's own goals, and what we do for each. Either side writes them down; both read them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import responsibility
from partners.models import Contact, Event, Partner
from prm import addresses, references
from prm.refusals import Refused
from reviews.planning.models import Goal
from team import notices
from team.models import User

CHANGED, WRITTEN = "joint_plan_changed", "goal_written"
MOST = 12  # open goals of a partner
State = Goal.State


class PlanRefused(Refused):
    """The joint plan stays as it is."""


def words_of(text: str, most: int = 300) -> str:
    """What was typed, on one line."""
    found = " ".join(text.replace("\0", "").split())
    if not found:
        raise PlanRefused(_("Words: say what it is about."))
    if len(found) > most:
        raise PlanRefused(_("Words: {most} letters at most.").format(most=most))
    return found


def told(text: str) -> str:
    """What was typed over several lines."""
    return text.replace("\0", "").replace("\r\n", "\n").strip()


@transaction.atomic
def add(partner: Partner, text: str, by: User | Contact, at: datetime, ours: str = "") -> Goal:
    """Write down what a partner wants for itself; what we do for it, we say."""
    held = Partner.objects.select_for_update(of=("self",)).select_related("owner").get(pk=partner.pk)
    if held.goals.filter(state=State.OPEN).count() >= MOST:
        raise PlanRefused(_("{n} goals are pursued already. End one first.").format(n=MOST))
    who = {"by_user": by} if isinstance(by, User) else {"by_contact": by}
    goal = Goal.objects.create(partner=held, text=words_of(text), ours=told(ours), created_at=at, **who)
    _note(goal, _("a goal: {goal}"), by, at)
    if isinstance(by, Contact):
        _tell(goal, by, at)
    return goal


@transaction.atomic
def change(goal: Goal, text: str, by: User | Contact, at: datetime, ours: str | None = None) -> Goal:
    """Put it in other words; what we do for it changes only where it is given."""
    held = _open(goal)
    held.text = words_of(text)
    if ours is not None:
        held.ours = told(ours)
    held.save(update_fields=["text", "ours"])
    _note(held, _("a goal: {goal}"), by, at)
    return held


@transaction.atomic
def end(goal: Goal, state: str, by: User | Contact, at: datetime) -> Goal:
    """It is reached, or not pursued any more."""
    held = _open(goal)
    if state not in {State.REACHED, State.DROPPED}:
        raise PlanRefused(_("A goal is reached or dropped."))
    held.state, held.ended_at = state, at
    held.save(update_fields=["state", "ended_at"])
    said = _("a goal is reached: {goal}") if state == State.REACHED else _("a goal is dropped: {goal}")
    _note(held, said, by, at)
    return held


def _open(goal: Goal) -> Goal:
    held = Goal.objects.select_for_update(of=("self",)).select_related("partner").get(pk=goal.pk)
    if not held.is_open:
        raise PlanRefused(_("This goal has ended."))
    return held


def _tell(goal: Goal, by: Contact, at: datetime) -> None:
    """Who looks after the partner hears of a goal that it wrote down itself."""
    said = _("{partner} wrote down a goal: {goal}").format(partner=goal.partner, goal=goal)
    url = addresses.of("reviews:joint_plan", goal.partner_id)
    for person in responsibility.person_or_heads(goal.partner.owner):
        notices.give(person, WRITTEN, references.to(goal), at, at, said, url)


def _note(goal: Goal, said: str, by: User | Contact, at: datetime) -> None:
    Event.record(CHANGED, at, by, goal.partner, note=said.format(goal=goal))
