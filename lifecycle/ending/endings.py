"""An end is planned, what stands is settled, and on the last day the partnership ends by itself."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import responsibility
from conversations.commitments import end_of
from lifecycle import tasks, transitions
from lifecycle.ending import parts
from lifecycle.ending.models import Ending, Loose
from lifecycle.models.road import Task
from partners import repointing
from partners.models import EndReason, Event, Partner, Status
from partners.organisations import local_day
from prm import references, sweeper
from prm.refusals import Refused
from team import notices
from team.companies import zone_of
from team.models import User

SYSTEM = "sweep"
ENDED = "partnership_ended"


class EndingRefused(Refused):
    """The end cannot be planned or changed so."""


@transaction.atomic
def plan(
    partner: Partner,
    kind: str,
    end_reason: EndReason,
    note: str,
    last_on: date,
    settle_by: date | None,
    by: User,
    at: datetime,
) -> Ending:
    """Plan the end of a live partnership: each thing that stands gets a task, due by `settle_by` (the last
    day unless given). On the day after the last one it ends by itself."""
    held = Partner.objects.select_for_update(of=("self",)).select_related("owner").get(pk=partner.pk)
    if held.status != Status.LIVE:
        raise EndingRefused(_("Only a live partnership is ended; a prospect is declined."))
    if Ending.objects.planned().filter(partner=held).exists():
        raise EndingRefused(_("The end of {partner} is planned already.").format(partner=held))
    today, settle_by = local_day(at, zone_of(held.owner)), settle_by or last_on
    if last_on < today:
        raise EndingRefused(_("Last day: choose today or a day to come."))
    if settle_by > last_on:
        raise EndingRefused(_("Settled by: not after the last day."))
    ending = Ending.objects.create(
        partner=held,
        kind=kind,
        end_reason=end_reason,
        note=note,
        last_on=last_on,
        settle_by=settle_by,
        made_by=by,
        made_at=at,
        next_check_at=end_of(last_on, zone_of(held.owner)),
    )
    look_again(ending, by, at)
    Event.record("ending_planned", at, by, held, references.to(ending), note=f"{ending}. {end_reason}")
    return ending


@transaction.atomic
def look_again(ending: Ending, by: User, at: datetime) -> int:
    """List what stands by now and was not listed yet; how many things those are."""
    _planned(ending)
    known = set(ending.loose_ends.values_list("about_kind", "about_id"))
    added = 0
    for part in parts.all_parts():
        for thing in part.find(ending.partner):
            about = references.to(thing)
            if (about.kind, about.id) not in known:
                _list(ending, part, str(thing), about, by, at)
                added += 1
    return added


def _list(
    ending: Ending, part: parts.Part, words: str, about: references.Reference, by: User, at: datetime
) -> None:
    task = None if part.closes_itself else _task(ending, f"{words}: {part.usual}", by, at)
    Loose.objects.create(
        ending=ending,
        part=part.key,
        about_kind=about.kind,
        about_id=about.id,
        words=words[:300],
        outcome=part.usual,
        task=task,
    )


def _task(ending: Ending, text: str, by: User, at: datetime) -> Task:
    partner = ending.partner
    return tasks.add(partner, text[:300], by=by, at=at, due_on=ending.settle_by, stage=partner.stage)


@transaction.atomic
def say(loose: Loose, outcome: str, by: User, at: datetime) -> None:
    """Say what happens to one thing."""
    _planned(loose.ending)
    outcome = " ".join(outcome.split())[:300]
    if not outcome:
        raise EndingRefused(_("Say what happens to it."))
    Loose.objects.filter(pk=loose.pk).update(outcome=outcome)
    if loose.task is not None and loose.task.is_open:
        tasks.change(loose.task, {"text": f"{loose.words}: {outcome}"[:300]}, by=by, at=at)


@transaction.atomic
def call_off(ending: Ending, reason: str, by: User, at: datetime) -> None:
    """The partnership goes on; the tasks of the end are left out."""
    if not _close(ending, Ending.State.CALLED_OFF, at):
        raise EndingRefused(_("This end is not planned any more."))
    words = reason.strip() or _("The end was called off.")
    for loose in ending.loose_ends.select_related("task__partner"):
        if loose.task is not None and loose.task.is_open:
            tasks.skip(loose.task, words, by=by, at=at)
    Event.record("ending_called_off", at, by, ending.partner, references.to(ending), note=reason.strip())


# --- the last day ----------------------------------------------------------------------------------------


def sweep(at: datetime) -> int:
    """End every partnership whose last day is over."""
    due = Ending.objects.planned().select_related("partner__owner", "end_reason", "made_by")
    return sweeper.in_batches(due, at, check)


def check(ending: Ending, at: datetime) -> None:
    """It ends once: the partner goes, access is closed, and who looked after it is told what is left."""
    if not _close(ending, Ending.State.DONE, at):
        return
    partner = ending.partner
    if partner.status == Status.LIVE:
        transitions.end(partner, ending.end_reason, _words(ending), by=SYSTEM, at=at)
    for part in parts.all_parts():
        if part.close is not None:
            part.close(partner, ending.made_by, at)
    left = Task.objects.open().filter(pk__in=ending.loose_ends.values("task")).count()
    text = _("The partnership with {partner} has ended.").format(partner=partner)
    if left:
        text += " " + _("{n} things are still to be settled.").format(n=left)
    for person in responsibility.person_or_heads(partner.owner):
        about = references.to(ending)
        notices.give(person, ENDED, about, ending.next_check_at or at, at, text, ending.get_absolute_url())


def _words(ending: Ending) -> str:
    return f"{ending.get_kind_display()}. {ending.note}".strip()


def _close(ending: Ending, state: str, at: datetime) -> bool:
    closed = {"state": state, "closed_at": at, "next_check_at": None}
    return bool(Ending.objects.planned().filter(pk=ending.pk).update(**closed))


def _planned(ending: Ending) -> None:
    if not Ending.objects.planned().filter(pk=ending.pk).exists():
        raise EndingRefused(_("This end is not planned any more."))


def ways(row: Ending, at: datetime) -> list[repointing.Way]:
    """How a planned end stands aside where the partner it is merged into has its own."""
    return [{"state": Ending.State.CALLED_OFF, "closed_at": at, "next_check_at": None}]
