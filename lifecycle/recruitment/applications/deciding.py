"""Our yes or no to an application: what one sees before, what each does, and what the applicant is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from conversations import decisions
from conversations.decision_kinds import DAY, Fact, Kind, Look, Starter
from conversations.decisions import DecisionRefused
from conversations.models import Decision, Matter
from lifecycle import transitions
from lifecycle.recruitment.applications import applying
from lifecycle.recruitment.applications.models import Application
from lifecycle.transitions import TransitionRefused
from partners import lists
from partners.models import EndReason, Partner, Status, Step
from prm import outbox
from prm.models import OutboxItem
from prm.outbox import Mail
from team.models import Role

ANSWERED = "application_answered"
STARTER = Starter(
    name="Applications",
    seconds=5 * DAY,
    yes=["We would like to talk with you about working together."],
    no=[
        "We have no room for partners of this kind in your region at the moment.",
        "We look for partners with people trained in the field; come back to us once you have them.",
        "We could not see from your answers whom you sell to. Tell us, and we look again.",
    ],
    lead_decides=False,
    roles=(Role.RECRUITMENT, Role.FULL_LIFECYCLE),
    appeal_days=30,
)
State = Application.State
FACTS_SHOWN = 12


def look(matters: Sequence[Matter]) -> Mapping[int, Look]:
    """The answers, and how the firm fits by what is known."""
    ids = [matter.about_id for matter in matters if matter.about_id is not None]
    rows = Application.objects.select_related("form", "partner").in_bulk(ids)
    reasons = EndReason.objects.filter(retired_at=None).order_by("position", "pk")
    sorts = [(str(pk), name) for pk, name in reasons.values_list("pk", "name")]
    return {each.pk: _look(each, rows[each.about_id], sorts) for each in matters if each.about_id in rows}


def _look(matter: Matter, application: Application, sorts: Sequence[tuple[str, str]]) -> Look:
    facts = [Fact(_("Application"), str(application.form), application.get_absolute_url())]
    facts += [Fact(each["words"], each["said"]) for each in application.said[:FACTS_SHOWN]]
    if application.was_known:
        facts.insert(0, Fact(_("Known"), _("It came from a firm that is here already: talk to them first.")))
    elif matter.partner.verdict:
        facts.append(Fact(_("Fit"), str(matter.partner.verdict_label)))
    if matter.appeals is not None:
        facts.insert(0, Fact(_("Declined"), matter.appeals.reason))
    title = _("{organisation} applies").format(organisation=application)
    return Look(title, facts, sorts=sorts if _declines(application, matter.partner) else ())


def _declines(application: Application, partner: Partner) -> bool:
    """Whether a no ends the talks: a firm that was here stays where it is."""
    return not application.was_known and partner.status in {Status.PROSPECT, Status.PARKED}


def decided(matter: Matter, decision: Decision, at: datetime) -> None:
    """A yes takes a new prospect to *qualified*, a no declines it. A firm that was here stays where it is,
    and does not read what somebody asked in its name."""
    application = Application.objects.select_related("partner", "form").get(pk=matter.about_id or 0)
    state = State.ACCEPTED if decision.is_yes else State.DECLINED
    Application.objects.filter(pk=application.pk).update(state=state)
    if application.was_known:
        Decision.objects.filter(pk=decision.pk).update(visible_to_partner=False)
        about = {"application": application.pk, "matter": matter.pk, "decision": decision.pk}
        outbox.put(ANSWERED, f"{ANSWERED}:{decision.pk}", at, about)
        return
    partner = Partner.objects.get(pk=matter.partner_id)
    if decision.is_yes:
        _qualify(partner, decision, at)
    elif _declines(application, partner):
        reason = _end_reason(matter.sort)
        transitions.decline(partner, "us", reason, decision.reason, decision.by, at, decision=decision)


def _qualify(partner: Partner, decision: Decision, at: datetime) -> None:
    """As far as the gates let it go; a declined one is talked with again first."""
    if partner.status == Status.DECLINED:
        transitions.reopen(partner, decision.by, at, reason=decision.reason)
    if partner.status == Status.PROSPECT and partner.step in {Step.IDENTIFIED, Step.CONTACTED}:
        try:
            transitions.advance(partner, Step.QUALIFIED, decision.by, at, reason=decision.reason)
        except TransitionRefused:  # somebody moved it meanwhile; the yes stands
            return


def _end_reason(sort: str) -> EndReason:
    """The reason that was chosen; where the list is empty, the one it begins with."""
    if sort:
        return EndReason.objects.get(pk=int(sort))
    first = EndReason.objects.filter(retired_at=None).order_by("position", "pk").first()
    if first is None:
        lists.seed()
        first = EndReason.objects.order_by("position", "pk")[0]
    return first


def contested(decision: Decision) -> None:
    """Only what is declined still is contested."""
    application = Application.objects.filter(pk=decision.about_id or 0, state=State.DECLINED).first()
    if application is None:
        raise DecisionRefused(_("This application is not declined any more."))
    if not application.was_known and decision.partner.status != Status.DECLINED:
        raise DecisionRefused(_("We are talking with you again already."))


def where_it_is_seen(matter: Matter) -> str:
    """The applicant's own page, for the end of what it is written."""
    application = Application.objects.get(pk=matter.about_id or 0)
    return _("Your application: {address}").format(address=applying.address(application))


DECIDES = Kind(applying.KIND, STARTER, look, decided, contested=contested, adds=where_it_is_seen)


# --- what somebody is mailed who applied in the name of a firm that was here ----------------------------


def still_stands(item: OutboxItem) -> bool:
    return Decision.objects.filter(pk=item.about["decision"], withdrawn_at=None).exists()


def compose(item: OutboxItem) -> Mail:
    decision = Decision.objects.select_related("by").get(pk=item.about["decision"])
    matter = Matter.objects.select_related("kind").get(pk=item.about["matter"])
    application = Application.objects.get(pk=item.about["application"])
    return Mail(
        to=[application.email],
        subject=str(matter.kind.name),
        body=decisions.in_words(matter, decision),
    )
