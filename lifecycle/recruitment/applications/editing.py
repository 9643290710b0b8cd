"""Forms and their questions are kept here. What was answered before keeps the words it was asked in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lifecycle.recruitment.applications import questions
from lifecycle.recruitment.applications.models import Application, ApplicationForm, ApplicationQuestion
from partners.models import Event, Programme
from prm import references
from prm.refusals import Refused
from team.models import User

MOST_QUESTIONS = 40


class FormRefused(Refused):
    """The form or its question cannot be kept like this."""


@transaction.atomic
def add(name: str, slug: str, owner: User, by: User, at: datetime) -> ApplicationForm:
    """A new form; it stays closed until somebody opens it."""
    made = ApplicationForm(name=name, slug=slug, owner=owner, created_at=at)
    _save(made)
    _record("application_form_added", made, by, at)
    return made


@transaction.atomic
def change(
    form: ApplicationForm,
    name: str,
    slug: str,
    intro: str,
    programme: Programme | None,
    owner: User,
    by: User,
    at: datetime,
) -> None:
    """Another address leaves the former one leading nowhere."""
    form.name, form.slug, form.intro = name, slug, intro
    form.programme, form.owner = programme, owner
    _save(form)
    _record("application_form_changed", form, by, at)


@transaction.atomic
def switch(form: ApplicationForm, is_open: bool, by: User, at: datetime) -> None:
    """Open it to everybody, or close it. What was sent before goes on."""
    if not ApplicationForm.objects.filter(pk=form.pk, is_open=not is_open).update(is_open=is_open):
        raise FormRefused(_("It is so already."))
    form.is_open = is_open
    _record("application_form_opened" if is_open else "application_form_closed", form, by, at)


@transaction.atomic
def remove(form: ApplicationForm, by: User, at: datetime) -> None:
    """Only a form that nobody has answered goes; another one is closed."""
    if Application.objects.filter(form=form).exists():
        raise FormRefused(_("It was answered already: close it instead."))
    _record("application_form_removed", form, by, at)
    form.delete()


@transaction.atomic
def ask(
    question: ApplicationQuestion,
    words: str,
    kind: str,
    by: User,
    at: datetime,
    help: str = "",
    choices: Sequence[str] = (),
    is_required: bool = False,
    maps_to: str = "",
) -> ApplicationQuestion:
    """Keep a question, a new one at the end of its form."""
    question.words, question.help, question.kind = " ".join(words.split()), help.strip(), kind
    question.is_required, question.maps_to = is_required, maps_to
    question.choices = _choices(kind, choices)
    if fault := questions.fault(kind, maps_to, question.choices):
        raise FormRefused(fault)
    if question.pk is None:
        question.position = _next(question.form)
    try:
        with transaction.atomic():
            question.save()
    except IntegrityError:
        raise FormRefused(_("Another question of this form goes there already."))
    _record("application_form_changed", question.form, by, at)
    return question


@transaction.atomic
def drop(question: ApplicationQuestion, by: User, at: datetime) -> None:
    """Ask it no more. What was answered to it stays with the applications."""
    question.delete()
    _record("application_form_changed", question.form, by, at)


@transaction.atomic
def raise_up(question: ApplicationQuestion, by: User, at: datetime) -> None:
    """Ask it before the one that stands above it."""
    order = list(question.form.questions.select_for_update())
    place = next(n for n, each in enumerate(order) if each.pk == question.pk)
    if place == 0:
        return
    order[place - 1], order[place] = order[place], order[place - 1]
    for position, each in enumerate(order):
        ApplicationQuestion.objects.filter(pk=each.pk).update(position=position)
    _record("application_form_changed", question.form, by, at)


def _choices(kind: str, given: Sequence[str]) -> list[str]:
    """The choices of a question that has some: at least two, each once."""
    if kind not in {questions.Kind.CHOICE, questions.Kind.CHOICES}:
        return []
    choices = list(dict.fromkeys(" ".join(each.split())[:120] for each in given if each.strip()))
    if not 2 <= len(choices) <= questions.MOST_CHOICES:
        raise FormRefused(
            _("Choices: give 2 to {most}, each on a line of its own.").format(most=questions.MOST_CHOICES)
        )
    return choices


def _next(form: ApplicationForm) -> int:
    held = list(form.questions.values_list("position", flat=True))
    if len(held) >= MOST_QUESTIONS:
        raise FormRefused(_("A form has {most} questions at most.").format(most=MOST_QUESTIONS))
    return max(held, default=-1) + 1


def _save(form: ApplicationForm) -> None:
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        raise FormRefused(_("Another form has this address already. Choose another one."))


def _record(kind: str, form: ApplicationForm, by: User, at: datetime) -> None:
    Event.record(kind, at, by, about=references.to(form), note=form.name)
