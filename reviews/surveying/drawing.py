"""The people of a survey: who could be asked, and the invitations that a draw makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from partners.models import Contact, Partner
from prm.models import BouncedAddress
from reviews.surveying import addresses, sampling
from reviews.surveying.models import Invitation, OptOut, Survey
from reviews.surveying.sampling import EVERY, Person
from team.models import User

VALID = timedelta(days=30)
CUTS = {cut: f"partner__{cut}__name" for cut in Survey.Cut.values}
NONE = "–"


def people(survey: Survey, by: User) -> QuerySet[Contact]:
    """Those of live partners that `by` reads whom it is meant for, whether they may be asked or not."""
    meant: dict[str, Any] = survey.who
    partners = Partner.objects.visible_to(by).live()
    for name, column in (("types", "kind__in"), ("tiers", "tier__in"), ("regions", "region__in")):
        if meant.get(name):
            partners = partners.filter(**{column: meant[name]})
    found = Contact.objects.filter(partner__in=partners, withdrawn_at=None, merged_into=None)
    if meant.get("roles"):
        keys = found.values_list("pk", "roles")
        wanted = set(meant["roles"])
        found = found.filter(pk__in=[pk for pk, roles in keys if wanted & set(roles)])
    return found.select_related("partner").order_by("pk")


def of(survey: Survey, by: User, at: datetime) -> list[Invitation]:
    """The invitations of a round, not written yet: those asked, and those left out with the reason."""
    cut = CUTS.get(survey.cut)
    rows = people(survey, by)
    found = list(rows)
    cells = dict(rows.values_list("pk", cut)) if cut else {}
    told = sampling.draw(persons(found, survey.kind, at), survey.size, survey.seed)
    return [
        invitation(survey, each, told[each.pk], at, cell=cells.get(each.pk) or (NONE if cut else ""))
        for each in found
    ]


def preview(survey: Survey, by: User, at: datetime) -> dict[str, int]:
    """How many would be asked ("") and left out now, by reason."""
    found = list(people(survey, by))
    told = sampling.draw(persons(found, survey.kind, at), survey.size, survey.seed or "preview")
    counted: dict[str, int] = {}
    for ground in told.values():
        counted[ground] = counted.get(ground, 0) + 1
    return counted


def persons(found: Iterable[Contact], kind: str, at: datetime) -> list[Person]:
    """What speaks against asking each of these; four queries."""
    contacts = list(found)
    out = set(OptOut.objects.values_list("contact", flat=True))
    dead = set(BouncedAddress.objects.filter(suppressed_until__gt=at).values_list("email", flat=True))
    asked_people, asked_at = _asked_lately(kind, at)
    return [
        Person(
            pk=each.pk,
            email=each.email,
            has_left=each.left_on is not None,
            do_not_contact=each.do_not_contact or each.partner.do_not_contact,
            opted_out=each.pk in out,
            bounces=each.email.lower() in dead,
            was_asked=each.pk in asked_people or each.email.lower() in asked_at,
        )
        for each in contacts
    ]


def _asked_lately(kind: str, at: datetime) -> tuple[set[int | None], set[str]]:
    """Whom and at which addresses we asked such a survey within the time for which it is not asked again."""
    lately = Invitation.objects.asked().filter(drawn_at__gt=at - EVERY[Survey.Kind(kind)])
    rows = lately.filter(Q(survey__kind=kind)).values_list("contact", Lower("email"))
    pairs = list(rows.order_by())
    return {pk for pk, _ in pairs if pk}, {email for _, email in pairs if email}


def invitation(survey: Survey, contact: Contact, left_out: str, at: datetime, **more: Any) -> Invitation:
    """An invitation, not written yet; of who is left out only the reason is kept."""
    made = Invitation(
        survey=survey,
        partner=contact.partner,
        contact=contact,
        email=contact.email,
        left_out=left_out,
        drawn_at=at,
        **more,
    )
    if not left_out:
        made.expires_at, made.next_check_at = at + VALID, at
        made.token_hash = addresses.hashed(addresses.token(made))
    return made
