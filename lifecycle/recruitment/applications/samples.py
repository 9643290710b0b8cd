"""A form of the sample company, and what came by it: to be decided, declined and contested, and of a firm
that was here already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from conversations import decisions
from conversations.models import Decision, Matter
from lifecycle.recruitment.applications import applying, editing
from lifecycle.recruitment.applications.models import Application, ApplicationForm, ApplicationQuestion
from lifecycle.recruitment.applications.questions import Kind
from partners.models import Programme
from prm.samples import Sample
from team.models import Role, User, Vertical

QUESTIONS = [
    ("In which country are you based?", Kind.COUNTRY, "field:country", True),
    ("How many people work for you?", Kind.NUMBER, "field:employees", True),
    ("Which industries do you sell to?", Kind.CHOICES, "field:verticals", False),
    ("Do you have people trained in our product?", Kind.YES_NO, "", False),
    ("What do you want to achieve with us?", Kind.LONG, "", True),
]
FIRMS = [
    ("Juniper Field Systems", "Tilda Moss", "juniper-field.example", 40, "yes"),
    ("Saltmarsh Digital", "Piet Haan", "saltmarsh.example", 6, "no"),
    ("Copperline Advisory", "Ama Boateng", "copperline.example", 120, "yes"),
]
GOAL = "Two of our customers ask for your product; we want to resell and support it."
NO = (
    "Thank you for your application. We say no for now: nobody at your firm is trained in our product yet. "
    "What would change our answer: two trained people. Tell us, and we look again."
)
CONTESTS = "Two of us were certified last week; we can send you the certificates."


def make(sample: Sample) -> None:
    people: dict[str, User] = sample.made["users"]
    heads = [person for person in people.values() if Role.HEAD in person.roles]
    owner = next((person for person in people.values() if Role.RECRUITMENT in person.roles), heads[0])
    form = _form(owner, sample.at - timedelta(days=30))
    came = [_came(form, firm, sample.at - timedelta(days=n + 1, hours=3)) for n, firm in enumerate(FIRMS)]
    _known(form, sample)
    first = _matter(came[1])
    no = decisions.decide(first, Decision.Answer.NO, NO, by=heads[0], at=sample.at - timedelta(days=1))
    decisions.appeal(no, CONTESTS, came[1].contact or applying.BY, sample.at - timedelta(hours=5))


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


def _came(form: ApplicationForm, firm: tuple[Any, ...], at: datetime) -> Application:
    name, person, domain, employees, trained = firm
    questions = list(form.questions.all())
    given = ["DE", employees, questions[2].choices[:2], trained, GOAL]
    answers = {question.pk: answer for question, answer in zip(questions, given, strict=True)}
    sent = applying.send(
        form, name, person, f"partners@{domain}", answers, at, website=f"https://www.{domain}"
    )
    return applying.confirm(sent, at + timedelta(minutes=6))


def _known(form: ApplicationForm, sample: Sample) -> None:
    """Somebody of a firm that is a partner already applies."""
    partner = next((each for each in sample.made["partners"] if each.domain), None)
    if partner is not None:
        firm = (partner.name, "Kim Larsen", partner.domain, 25, "no")
        _came(form, firm, sample.at - timedelta(hours=8))


def _matter(application: Application) -> Matter:
    return Matter.objects.get(about_kind="application", about_id=application.pk, ended_at=None)
