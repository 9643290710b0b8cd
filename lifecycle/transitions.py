"""The only writer of a partner's status, stage and step after its birth.

Each verb checks, claims the partner by the state it expects to find, writes visit and event in one
transaction, and raises `TransitionRefused` with words when a rule or somebody quicker says no.
`Undo` is `take_back`: it works while the partner still stands as the step left it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import appeals, decisions
from conversations.models import Decision, Matter
from lifecycle import facts, gates
from lifecycle.gates import Place
from partners import followers, history
from partners.history import UndoRefused
from partners.models import EndReason, Event, Partner, Stage, Status, Step, Visit
from partners.organisations import local_day
from prm.references import Reference
from prm.refusals import Refused
from team.companies import zone_of
from team.models import User
from team.roles import may, permitted_or_403

COLUMNS = (
    "status",
    "stage",
    "step",
    "stage_since",
    "step_since",
    "signed_on",
    "parked_until",
    "end_reason_id",
    "end_note",
)
STATE = ("status", "stage", "step", "stage_since", "step_since", "parked_until")
ON_THE_ROAD = frozenset({Status.PROSPECT, Status.LIVE})
MOVES = ("moved", "parked", "unparked", "declined", "reopened", "ended")


class TransitionRefused(Refused):
    """The partner stays where it is. `can_override` says whether a reason from a head would move it."""

    def __init__(self, detail: str, reasons: Sequence[str] = (), can_override: bool = False) -> None:
        super().__init__(detail, reasons)
        self.can_override = can_override


@dataclass(frozen=True)
class Side:
    """Who declined: the word on the page and the kind of the decision."""

    word: str | Promise
    decision: str


DECLINED = "prospect declined"
SIDES = {
    "us": Side(gettext_lazy("by us"), DECLINED),
    "them": Side(gettext_lazy("by them"), "declined by prospect"),
}


@transaction.atomic
def advance(
    partner: Partner, to: Place | str, by: User | str, at: datetime, reason: str = "", seen: str = ""
) -> Event:
    """Move to a step of recruitment or a stage. For a head, `reason` overrides an unmet gate;
    for the end it names the end reason ("Strategy changed", or "Strategy changed: and a note").
    `seen` is the place where the mover saw it; standing elsewhere, it does not move."""
    to = gates.place(to)
    if seen and gates.here(partner.stage, partner.step) != seen:
        raise TransitionRefused(_overtaken(partner))
    if to == Stage.ENDED:
        named, _colon, note = reason.partition(":")
        return end(partner, _end_reason_named(named.strip()), note.strip(), by=by, at=at)
    _hold(partner)
    known = facts.of(partner)
    if gates.here(known.stage, known.step) == to and known.status in ON_THE_ROAD:
        words = _("{partner} stands in {place} already.")
        raise TransitionRefused(words.format(partner=partner, place=to.label))
    _refuse_wrong_turn(partner, known, to, _("{partner} cannot move to {place}. {why}."))
    overridden = _overridden(partner, gates.unmet(known, to), to, by, reason)
    went = {"place": [partner.place_label, str(to.label)], "overridden": overridden}
    return _write(partner, "moved", _arrival(partner, to, at), by, at, note=reason, extra=went)


def _refuse_wrong_turn(partner: Partner, known: gates.Facts, to: Place, words: str) -> None:
    if why := gates.wrong_turn(known, to):
        raise TransitionRefused(words.format(partner=partner, place=to.label, why=why), [why])


def _overridden(
    partner: Partner, unmet: list[gates.Condition], to: Place, by: User | str, reason: str
) -> list[str]:
    """The unmet conditions that `by` overrides with a reason; refuses where it may not."""
    texts = [condition.text for condition in unmet]
    can_override = all(condition.of_the_gate for condition in unmet)
    may_override = isinstance(by, User) and may(by, "override gate", partner)
    if texts and not (can_override and may_override and reason.strip()):
        words = _("{partner} cannot move to {place} yet. Still missing: {missing}.")
        detail = words.format(partner=partner, place=to.label, missing="; ".join(texts))
        raise TransitionRefused(detail, texts, can_override=can_override)
    return texts


def _arrival(partner: Partner, to: Place, at: datetime) -> dict[str, Any]:
    """The columns of a partner that has arrived at `to`."""
    if isinstance(to, Step):
        return {"step": to.value, "step_since": at}
    return {
        "status": Status.LIVE.value,
        "stage": to.value,
        "step": "",
        "stage_since": at,
        "step_since": at,
    }


@transaction.atomic
def sign(partner: Partner, on: date, by: User | str, at: datetime, about: Reference) -> Event | None:
    """The evidence `about` says that the agreement was signed: the first such day is kept, and a
    prospect enters the step *signed*. None where neither changes."""
    after: dict[str, Any] = {}
    if partner.signed_on is None:
        after["signed_on"] = on
    if partner.status == Status.PROSPECT and partner.step != Step.SIGNED:
        after |= _arrival(partner, Step.SIGNED, at)
    return _write(partner, "signed", after, by, at, about=about) if after else None


@transaction.atomic
def unsign(partner: Partner, on: date | None, by: User | str, at: datetime, about: Reference) -> Event | None:
    """The evidence `about` was withdrawn; `on` is the earliest signing day still evidenced.

    A day that evidence gave follows what is left of it; a prospect with none left goes back to the
    step it signed from. A live partner stays where it is, and a day known otherwise is kept.
    """
    signings = Event.objects.filter(partner=partner, kind="signed").order_by("-pk")
    changes = [signing.changes for signing in signings]
    after: dict[str, Any] = {"signed_on": on} if any("signed_on" in change for change in changes) else {}
    if on is None and partner.status == Status.PROSPECT and partner.step == Step.SIGNED:
        former = [change["step"][0] for change in changes if "step" in change]
        after |= {"step": (former or [Step.NEGOTIATING.value])[0], "step_since": at}
    return _write(partner, "unsigned", after, by, at, about=about) if after else None


@transaction.atomic
def park(partner: Partner, until: date, by: User | str, at: datetime, reason: str = "") -> Event:
    """Put a prospect aside until a day; on that day it comes back by itself."""
    if partner.status != Status.PROSPECT:
        words = _("Only a prospect can be parked; {partner} is {status}.")
        raise TransitionRefused(words.format(partner=partner, status=_status_word(partner)))
    if until <= local_day(at, zone_of(by)):
        raise TransitionRefused(_("Park it until a day that is still to come."))
    after = {"status": Status.PARKED.value, "parked_until": until}
    return _write(partner, "parked", after, by, at, note=reason)


@transaction.atomic
def unpark(partner: Partner, by: User | str, at: datetime, reason: str = "") -> Event:
    """Take a parked prospect up again, at the step where it was left."""
    if partner.status != Status.PARKED:
        raise TransitionRefused(_("{partner} is not parked.").format(partner=partner))
    after = {"status": Status.PROSPECT.value, "parked_until": None}
    return _write(partner, "unparked", after, by, at, note=reason)


@transaction.atomic
def decline(
    partner: Partner,
    side: str,
    end_reason: EndReason,
    note: str,
    by: User,
    at: datetime,
    decision: Decision | None = None,
) -> Event:
    """End the talks with a prospect; `side` is "us" or "them". The decision, the one that said so already
    or a new one, carries the reason, written so that the partner can read it; ours can be contested until a
    day."""
    if partner.status not in {Status.PROSPECT, Status.PARKED}:
        refusal = _("Only a prospect can be declined; {partner} is {status}.")
        raise TransitionRefused(refusal.format(partner=partner, status=_status_word(partner)))
    words = f"{end_reason}. {note}".strip() if note else str(end_reason)
    kind = SIDES[side].decision
    decision = decision or Decision.objects.create(
        partner=partner,
        kind=kind,
        answer=Decision.Answer.NO,
        reason=words,
        appeal_until=decisions.contestable_until(kind, at) if kind == DECLINED else None,
        visible_to_partner=kind == DECLINED,
        by=by,
        at=at,
    )
    after = {
        "status": Status.DECLINED.value,
        "parked_until": None,
        "end_reason_id": end_reason.pk,
        "end_note": note,
    }
    extra = {"side": side, "decision": decision.pk}
    return _write(partner, "declined", after, by, at, note=words, leaves=True, extra=extra)


@transaction.atomic
def reopen(partner: Partner, by: User | str, at: datetime, reason: str = "") -> Event:
    """Talk with a declined prospect again: a new visit begins, at the step where it was left."""
    if partner.status != Status.DECLINED:
        words = _("Only a declined prospect can be reopened; {partner} is not declined.")
        raise TransitionRefused(words.format(partner=partner))
    after = {
        "status": Status.PROSPECT.value,
        "stage_since": at,
        "step_since": at,
        "end_reason_id": None,
        "end_note": "",
    }
    appeals.drop(partner, DECLINED, _("It is talked with again."), by, at)
    return _write(partner, "reopened", after, by, at, note=reason, enters=True)


@transaction.atomic
def end(partner: Partner, end_reason: EndReason | None, note: str, by: User | str, at: datetime) -> Event:
    """End a live partnership, with its reason."""
    _hold(partner)
    known = facts.of(partner, end_reason=str(end_reason or ""))
    _refuse_wrong_turn(partner, known, Stage.ENDED, _("{partner} cannot be ended. {why}."))
    missing = gates.unmet(known, Stage.ENDED)
    if missing or end_reason is None:
        texts = [condition.text for condition in missing]
        refusal = _("{partner} cannot be ended yet. Still missing: {missing}.")
        raise TransitionRefused(refusal.format(partner=partner, missing="; ".join(texts)), texts)
    after = {
        "status": Status.ENDED.value,
        "stage": Stage.ENDED.value,
        "step": "",
        "stage_since": at,
        "step_since": at,
        "end_reason_id": end_reason.pk,
        "end_note": note,
    }
    words = f"{end_reason}. {note}".strip() if note else str(end_reason)
    return _write(partner, "ended", after, by, at, note=words, leaves=True)


@transaction.atomic
def take_back(event: Event, by: User, at: datetime) -> Event:
    """Undo: everything the step changed is as it was, with the times it had.

    The visit it closed runs on and the one it opened never was, so that a mistake of minutes
    counts in no duration; both events stay.
    """
    partner = event.partner
    if partner is None or event.by_system:
        raise UndoRefused(_("Nobody pressed a button here, so there is no Undo."))
    permitted_or_403(by, "advance stage", partner)
    if Matter.objects.filter(decision=event.changes.get("decision", 0)).exists():
        words = _("{partner} asked, and was told our answer. Reopen it instead.")
        raise UndoRefused(words.format(partner=partner))
    _hold(partner)
    columns = [column for column in COLUMNS if column in event.changes]
    before = {column: _read(column, event.changes[column][0]) for column in columns}
    after = {column: _read(column, event.changes[column][1]) for column in columns}
    later = Event.objects.filter(partner=partner, kind__in=MOVES, pk__gt=event.pk, undone_by=None)
    if later.exists() or not Partner.objects.filter(pk=partner.pk, **after).update(**before):
        words = _("{partner} has moved on since. Move it back by hand, if it should go back.")
        raise UndoRefused(words.format(partner=partner))
    _restore_visits(event)
    if "decision" in event.changes:
        decisions.take_back(Decision.objects.get(pk=event.changes["decision"]), by, at)
    for column, value in before.items():
        setattr(partner, column, value)
    if "stage" in before:
        followers.follow([partner.pk])
    undone = {column: event.changes[column][::-1] for column in columns}
    return _recorded("taken_back", at, by, partner, undone, history.sentence(event), undoes=event)


def _restore_visits(event: Event) -> None:
    closed, opened = event.changes.get("visit", [None, None])
    Visit.objects.filter(pk=opened).delete()
    Visit.objects.filter(pk=closed).update(left_at=None)


def _write(
    partner: Partner,
    kind: str,
    after: dict[str, Any],
    by: User | str,
    at: datetime,
    note: str = "",
    enters: bool = False,
    leaves: bool = False,
    extra: dict[str, Any] | None = None,
    about: Reference | None = None,
) -> Event:
    """Claim the partner by the state it was read in, write it, its visits and the event."""
    expected = {column: getattr(partner, column) for column in STATE}
    if not Partner.objects.filter(pk=partner.pk, merged_into=None, **expected).update(**after):
        raise TransitionRefused(_overtaken(partner))
    changes = {c: [_kept(getattr(partner, c)), _kept(value)] for c, value in after.items()}
    if leaves or enters or "stage" in after:
        changes["visit"] = [
            _leave(partner, at) if not enters else None,
            _enter(partner, after.get("stage", partner.stage), at) if not leaves else None,
        ]
    for column, value in after.items():
        setattr(partner, column, value)
    if "stage" in after:
        followers.follow([partner.pk])
    return _recorded(kind, at, by, partner, changes | (extra or {}), note, about=about)


def _recorded(
    kind: str,
    at: datetime,
    by: User | str,
    partner: Partner,
    changes: dict[str, Any],
    note: str = "",
    undoes: Event | None = None,
    about: Reference | None = None,
) -> Event:
    event = Event.record(kind, at, by, partner, about, changes=changes, note=note, undoes=undoes)
    assert event is not None  # only a keyed event can stand already
    return event


def _leave(partner: Partner, at: datetime) -> int | None:
    visit = Visit.objects.filter(partner=partner, left_at=None).first()
    if visit is None:
        return None
    Visit.objects.filter(pk=visit.pk).update(left_at=max(at, visit.entered_at))
    return visit.pk


def _enter(partner: Partner, stage: str, at: datetime) -> int:
    return Visit.objects.create(partner=partner, stage=stage, entered_at=at).pk


def _overtaken(partner: Partner) -> str:
    now = Partner.objects.filter(pk=partner.pk).first()
    if now is None or now.merged_into_id:
        return _("{partner} was merged with another partner meanwhile.").format(partner=partner)
    where = now.place_label if now.status in ON_THE_ROAD else now.get_status_display()
    words = _("{partner} was moved by someone else meanwhile: it stands in {place} now.")
    return words.format(partner=partner, place=where)


def _hold(partner: Partner) -> None:
    """Let nobody write its evidence or stage until this transaction ends."""
    followers.hold([partner.pk])
    Partner.objects.select_for_update(of=("self",)).filter(pk=partner.pk).values("pk").first()


def _end_reason_named(name: str) -> EndReason | None:
    """The end reason called so; None for no name. An unknown name is refused with those there are."""
    if not name:
        return None
    known = {str(reason).casefold(): reason for reason in EndReason.objects.filter(retired_at=None)}
    if name.casefold() not in known:
        words = _("“{name}” is no end reason. Use one of: {names}.")
        raise TransitionRefused(words.format(name=name, names=", ".join(map(str, known.values()))))
    return known[name.casefold()]


def _status_word(partner: Partner) -> str:
    return str(partner.get_status_display()).lower()


def _kept(value: Any) -> Any:
    """A column's value as the event keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _read(column: str, kept: Any) -> Any:
    if kept is None:
        return None
    if column in {"stage_since", "step_since"}:
        return datetime.fromisoformat(kept)
    return date.fromisoformat(kept) if column in {"signed_on", "parked_until"} else kept
