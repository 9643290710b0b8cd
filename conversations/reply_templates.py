"""Reply templates: the company's, kept by admins, and one's own."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from conversations import filling, records
from conversations.models import ReplyTemplate
from conversations.starter_templates import STARTERS
from partners.models import Event
from prm import search
from prm.refusals import Refused
from team.models import User

LONGEST = 10_000  # letters


class TemplateRefused(Refused):
    """The template cannot be kept like this."""


def seed() -> None:
    """Write the templates a company begins with, English and German, where it shares none."""
    if not ReplyTemplate.objects.shared().exists():
        ReplyTemplate.objects.bulk_create(
            ReplyTemplate(name=name, language=language, text=text) for name, language, text in STARTERS
        )


@transaction.atomic
def add(name: str, language: str, text: str, by: User, at: datetime, mine: bool = False) -> ReplyTemplate:
    """Keep a template, for the company or for `by` alone."""
    return _save(ReplyTemplate(owner=by if mine else None), name, language, text, "template_added", by, at)


@transaction.atomic
def change(template: ReplyTemplate, name: str, language: str, text: str, by: User, at: datetime) -> None:
    """What was sent with it stays as it was sent."""
    _save(template, name, language, text, "template_changed", by, at)


@transaction.atomic
def remove(template: ReplyTemplate, by: User, at: datetime) -> None:
    ReplyTemplate.objects.filter(pk=template.pk).delete()
    if template.is_shared:
        Event.record("template_removed", at, by, note=_note(template))


def find(user: User, typed: str, language: str = "") -> list[ReplyTemplate]:
    """The templates this person can use in which every word typed stands: those in the language of the
    reader first, and among them one's own."""
    words = search.fold(typed).split()
    found = [each for each in ReplyTemplate.objects.visible_to(user) if _holds(each, words)]
    return sorted(found, key=lambda each: (each.language != language, each.is_shared))


def _holds(template: ReplyTemplate, words: list[str]) -> bool:
    said = search.fold(f"{template.name} {template.get_language_display()} {template.text}")
    return all(word in said for word in words)


def _save(
    template: ReplyTemplate, name: str, language: str, text: str, kind: str, by: User, at: datetime
) -> ReplyTemplate:
    template.name, template.language = " ".join(name.split()), language
    template.text = filling.checked(records.words(text))
    if not template.name or not template.text:
        raise TemplateRefused("Give it a name and a text.")
    if len(template.text) > LONGEST:
        raise TemplateRefused(f"This is too long ({len(template.text)} letters; {LONGEST} at most).")
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError:
        where = f"“{template.name}” in {template.get_language_display()}"
        raise TemplateRefused(
            f"There is a template {where} already. Change that one, or choose another name."
        )
    if template.is_shared:
        Event.record(kind, at, by, note=_note(template))
    return template


def _note(template: ReplyTemplate) -> str:
    return f"{template.name} ({template.get_language_display()})"
