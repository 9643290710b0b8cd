"""A form of the sample company, and which of its firms came by it: some to be decided, one of a firm that was
a partner already, one declined and contested."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from conversations import appeals
from conversations.models import Decision
from lifecycle.recruitment.applications import applying, editing, questions
from lifecycle.recruitment.applications.models import Application, ApplicationForm, ApplicationQuestion
from lifecycle.recruitment.applications.questions import Kind
from partners import sources
from partners.models import Contact, Partner, Programme, Status, Step
from prm.samples import Sample
from team.models import Role, User, Vertical

QUESTIONS = [
    ("In which country are you based?", Kind.COUNTRY, "field:country", True),
    ("How many people work for you?", Kind.NUMBER, "field:employees", True),
    ("Which industries do you sell to?", Kind.CHOICES, "field:verticals", False),
    ("Do you have people trained in our product?", Kind.YES_NO, "", False),
    ("What do you want to achieve with us?", Kind.LONG, "", True),
]
GOAL = "Two of our customers ask for your product; we want to resell and support it."
NO = (
    "Thank you for your application. We say no for now: nobody at your firm is trained in our product yet. "
    "What would change our answer: two trained people. Tell us, and we look again."
)
CONTESTS = "Two of us were certified last week; we can send you the certificates."
MOST = 3
State = Application.State


def make(sample: Sample) -> None:
    form = _form(_looks_after(sample), sample.at - timedelta(days=30))
    there = Partner.objects.filter(contacts__isnull=False, owner__isnull=False).order_by("pk").distinct()
    fresh = there.filter(status=Status.PROSPECT, step__in=[Step.IDENTIFIED, Step.CONTACTED])
    for n, partner in enumerate(fresh[:MOST]):
        at = sample.at - timedelta(days=n, hours=3)
        applying.arrived(_came(form, partner, at), at)
    for partner in there.filter(status=Status.LIVE)[:1]:
        known = _came(form, partner, sample.at - timedelta(hours=8), was_known=True)
        applying.arrived(known, sample.at - timedelta(hours=8))
    _contested(form, there.filter(status=Status.DECLINED, decisions__appeal=None), sample.at)


def _looks_after(sample: Sample) -> User:
    people: Iterable[User] = sample.made["users"].values()
    return min(people, key=lambda person: (Role.RECRUITMENT not in person.roles, person.pk))


def _form(owner: User, at: datetime) -> ApplicationForm:
    form = editing.add("Become a reseller", "reseller", owner, by=owner, at=at)
    programme = Programme.objects.filter(kind__name="Reseller").first()
    intro = "Tell us who you are and what you want to do with us. A person reads it."
    editing.change(form, form.name, form.slug, intro, programme, owner, by=owner, at=at)
    industries = list(Vertical.objects.values_list("name", flat=True)[:6])
    for words, kind, maps_to, required in QUESTIONS:
        asked, choices = ApplicationQuestion(form=form), industries if kind == Kind.CHOICES else []
        editing.ask(asked, words, kind, owner, at, choices=choices, is_required=required, maps_to=maps_to)
    editing.switch(form, is_open=True, by=owner, at=at)
    return form


def _came(
    form: ApplicationForm, partner: Partner, at: datetime, was_known: bool = False, state: str = State.ASKED
) -> Application:
    """What a firm of the sample answered."""
    contact = Contact.objects.current().filter(partner=partner).order_by("pk").first()
    asked = list(form.questions.all())
    given = [partner.country, partner.employees, asked[2].choices[:2], "no", GOAL]
    if not was_known:
        came_by = {"source": sources.known(sources.FORM), "source_detail": form.name}
        Partner.objects.filter(pk=partner.pk).update(**came_by)
    return Application.objects.create(
        form=form,
        state=state,
        organisation=partner.name,
        website=partner.website,
        person=str(contact or "Kim Larsen"),
        email=(contact.email if contact else "") or f"partners@{partner.domain or 'firm.example'}",
        answers=[questions.kept(each, answer) for each, answer in zip(asked, given, strict=True)],
        partner=partner,
        contact=None if was_known else contact,
        was_known=was_known,
        sent_at=at - timedelta(minutes=6),
        confirmed_at=at,
    )


def _contested(form: ApplicationForm, declined: Iterable[Partner], at: datetime) -> None:
    """The last of the declined firms came by the form, and contests it."""
    partner = next(iter(reversed(list(declined))), None)
    if partner is None:
        return
    no = Decision.objects.filter(partner=partner).latest("pk")
    application = _came(form, partner, no.at - timedelta(days=4), state=State.DECLINED)
    about = {"kind": applying.KIND, "about_kind": "application", "about_id": application.pk}
    Decision.objects.filter(pk=no.pk).update(reason=NO, **about)
    no.refresh_from_db()
    appeals.contest(no, CONTESTS, application.contact or applying.BY, at - timedelta(hours=5))
