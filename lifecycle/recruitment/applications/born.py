"""The prospect that an application of a new firm becomes, with what its answers say of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from conversations import responsibility
from lifecycle.recruitment.applications.models import Application, ApplicationForm
from lifecycle.recruitment.applications.questions import CRITERION, FIELD
from partners import contacts, fits, memberships, organisations, ratings, rules, sources
from partners.models import Contact, Partner
from team.models import Region, User, Vertical

BY = "applicant"


def bear(application: Application, at: datetime) -> tuple[Partner, Contact]:
    """A new prospect and its contact. What the criteria of people are answered with is rated in the name of
    who looks after the form, as said by the applicant."""
    form, owner = application.form, owner_of(application.form)
    partner = organisations.add(
        application.organisation,
        by=BY,
        at=at,
        owner=owner,
        website=application.website,
        source=sources.known(sources.FORM),
        source_detail=form.name,
        kind=form.programme.kind if form.programme else None,
        **_facts(application.mapped),
    )
    contact = contacts.add(partner, application.person, by=BY, at=at, email=application.email)
    if form.programme is not None:
        memberships.join(partner, form.programme, by=BY, at=at, is_main=True)
        partner.refresh_from_db()
    _rate(partner, application, owner, at)
    return partner, contact


def owner_of(form: ApplicationForm) -> User:
    """Who looks after those that apply: whom the form names, or, where that one is gone, a head."""
    return form.owner if form.owner.is_active else responsibility.heads()[0]


def _facts(mapped: dict[str, Any]) -> dict[str, Any]:
    """The answers that go to fields of the partner."""
    facts = {key.removeprefix(FIELD): value for key, value in mapped.items() if key.startswith(FIELD)}
    if "region" in facts:
        facts["region"] = Region.objects.filter(name=facts["region"]).first()
    if "verticals" in facts:
        facts["verticals"] = list(Vertical.objects.filter(name__in=facts["verticals"]))
    return facts


def _rate(partner: Partner, application: Application, by: User, at: datetime) -> None:
    """Answer the criteria that are still asked of people, where the answer suits them."""
    standard = fits.standard_for(partner)
    if standard is None:
        return
    said = {
        key.removeprefix(CRITERION): value
        for key, value in application.mapped.items()
        if key.startswith(CRITERION)
    }
    open_ones = {each.key: rules.of(each).rule for each in standard.criteria if not each.source}
    note = f"Said in its application: {application.form}"
    given = {
        key: ratings.Answer(value, note)
        for key, value in said.items()
        if key in open_ones and open_ones[key].points(value) is not None
    }
    if given:
        ratings.assess(partner, given, by, at)
