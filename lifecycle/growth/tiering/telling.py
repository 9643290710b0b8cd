"""What partners are told of their tier: drafted with the facts, changed and sent by a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations import messages
from conversations.models import Decision, Message
from lifecycle.growth.tiering import changing, showing
from lifecycle.growth.tiering.models import TierChange
from partners.models import Contact
from team.models import User

State = TierChange.State


@dataclass(frozen=True)
class Draft:
    """Words to begin with."""

    subject: str
    body: str


def is_due(change: TierChange) -> bool:
    """Whether there is something to tell the partner that nobody has told it."""
    return TierChange.objects.to_tell().filter(pk=change.pk).exists()


def draft(change: TierChange, until: date) -> Draft:
    """What a message would say: of a notice, or of what became of it."""
    names = {"programme": change.membership.programme, "before": change.before, "to": change.to}
    if change.waits_to_be_told:
        return Draft(_("Your tier {before} in {programme}").format(**names), _notice(change, until, names))
    said = _end(change)
    return Draft(_("Your tier in {programme}").format(**names), said.format(**names))


def _notice(change: TierChange, until: date, names: Mapping[str, object]) -> str:
    lines = showing.of_changes([change])[change.pk]
    missed = [f"– {line.name}: {line.words}" for line in lines if line.tone == "warn"]
    met = [f"– {line.name}: {line.words}" for line in lines if line.tone == "ok"]
    day, last = date_format(change.found_on, "j F Y"), date_format(until, "j F Y")
    parts = [
        _("By the rules of {programme}, as of {day}, you miss what {before} wants.").format(day=day, **names)
        if missed
        else _("We think of taking you from {before} to {to}.").format(**names)
    ]
    if change.reason:
        parts.append(change.reason)
    if missed:
        parts.append("\n".join([_("What is missing:"), *missed]))
    if met:
        parts.append("\n".join([_("What is met:"), *met]))
    parts += [
        _("You keep {before} until {last}, and stay there if what is missing has come by then.").format(
            last=last, **names
        ),
        _("If not, one of us decides whether you keep it, and tells you why; you can contest that."),
    ]
    return "\n\n".join(parts)


def _end(change: TierChange) -> str:
    if change.state == State.LIFTED:
        return _("Good news: you meet what {before} wants again. The notice is lifted, nothing changes.")
    if change.state == State.KEPT:
        return _("We have decided that you keep {before}.") + _why(change)
    if change.is_rise:
        return _("You rise to {to}. Congratulations!") + _why(change) + _gives(change)
    return _("From today your tier is {to}.") + _why(change)


def _gives(change: TierChange) -> str:
    rows = change.given.select_related("benefit").order_by("pk")
    lines = [f"– {each.benefit} ({str(each.benefit.get_repeats_display()).lower()})" for each in rows]
    said = "\n".join([_("With it we promise you:"), *lines])
    return "\n\n" + _plain(said) if lines else ""


def _plain(words: str) -> str:
    """Words of people within a sentence that is filled in after."""
    return words.replace("{", "{{").replace("}", "}}")


def _why(change: TierChange) -> str:
    about = Decision.objects.filter(about_kind="tier change", about_id=change.pk, withdrawn_at=None)
    last = about.order_by("at", "pk").last()
    if last is None:
        return ""
    why = "\n\n" + _plain(last.reason)
    if last.appeal_until is None:
        return why
    day = date_format(last.appeal_until, "j F Y")
    return why + "\n\n" + _("You can contest this until {day}.").format(day=day)


@transaction.atomic
def send(
    change: TierChange,
    to: Contact | None,
    subject: str,
    body: str,
    until: date | None,
    by: User,
    at: datetime,
) -> Message:
    """Send it; a notice runs from then until its day."""
    if not is_due(change):
        raise changing.ChangeRefused(_("There is nothing to tell them, or they were told already."))
    message = messages.start(change.partner, subject, body, by=by, at=at, to=to, membership=change.membership)
    if change.waits_to_be_told:
        changing.told(change, until or changing.earliest(change, at), message, at)
    else:
        changing.told_the_end(change, at)
    return message
