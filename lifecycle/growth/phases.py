"""The phases of the pipeline: what a company begins with, and how they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lifecycle.growth.models import Deal, Phase
from prm.refusals import Refused
from team import lists

STARTERS = (
    ("Qualifying", 10, Phase.Ends.OPEN),
    ("Solution", 30, Phase.Ends.OPEN),
    ("Proposal", 50, Phase.Ends.OPEN),
    ("Negotiation", 75, Phase.Ends.OPEN),
    ("Won", 100, Phase.Ends.WON),
    ("Lost", 0, Phase.Ends.LOST),
)


class PhaseRefused(Refused):
    """The phase cannot be kept so."""


def seed() -> None:
    """Write the phases a company begins with, where it has none."""
    if Phase.objects.exists():
        return
    Phase.objects.bulk_create(
        [
            Phase(name=name, probability=probability, ends=ends, position=position)
            for position, (name, probability, ends) in enumerate(STARTERS)
        ],
        ignore_conflicts=True,
    )


def add(name: str, probability: int) -> Phase:
    """A new open phase, after the last open one."""
    after = Phase.objects.filter(ends=Phase.Ends.OPEN).count()
    added = _kept(Phase(name=name, probability=probability, position=after))
    rest = list(Phase.objects.exclude(ends=Phase.Ends.OPEN))
    for position, phase in enumerate(rest, start=after + 1):
        phase.position = position
    Phase.objects.bulk_update(rest, ["position"])
    return added


@transaction.atomic
def change(phase: Phase, do: str, to: Mapping[str, Any], at: datetime) -> str:
    """Do one thing to the phase (save, up, down, retire, restore) and say so. Deals keep what they were:
    a changed probability counts for them from their next change on."""
    if do == "save":
        phase.name, phase.probability = to["name"], to["probability"]
        return _("“{phase}” is saved.").format(phase=_kept(phase))
    if do in {"up", "down"}:
        put(phase, phase.position + (-1 if do == "up" else 1))
        return _("“{phase}” moved {way}.").format(phase=phase, way=do)
    _must_be_open(phase)
    if do == "retire":
        _may_go(phase)
        lists.retire(phase, at)
        return _("“{phase}” is offered no more.").format(phase=phase)
    if do == "restore":
        lists.restore(phase)
        return _("“{phase}” is offered again.").format(phase=phase)
    raise PhaseRefused(_("A phase can be saved, moved, retired or restored."))


@transaction.atomic
def put(phase: Phase, place: int) -> None:
    """Give an open phase this place, from 0; won and lost stay the last ones."""
    _must_be_open(phase)
    order = list(Phase.objects.select_for_update().filter(ends=Phase.Ends.OPEN))
    order.remove(phase)
    order.insert(min(max(place, 0), len(order)), phase)
    for position, other in enumerate(order):
        other.position = position
    Phase.objects.bulk_update(order, ["position"])


def _must_be_open(phase: Phase) -> None:
    if phase.ends != Phase.Ends.OPEN:
        raise PhaseRefused(_("Won and lost stay where they are: a deal must be able to end."))


def _may_go(phase: Phase) -> None:
    if Deal.objects.open().filter(phase=phase).exists():
        raise PhaseRefused(_("Open deals stand in “{phase}”. Move them first.").format(phase=phase))
    others = Phase.objects.filter(ends=Phase.Ends.OPEN, retired_at=None).exclude(pk=phase.pk)
    if not others.exists():
        raise PhaseRefused(_("It is the last open phase; a deal must begin somewhere."))


def _kept(phase: Phase) -> Phase:
    try:
        with transaction.atomic():
            phase.save()
    except IntegrityError as error:
        raise PhaseRefused(
            _("“{name}” is a phase already, perhaps retired.").format(name=phase.name)
        ) from error
    return phase
