"""The one history: what happened to a partner, who did it, and what it was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from partners.models.organisations import Partner
from partners.models.people import Contact
from prm import once
from prm.references import Reference
from team.models import User

KEY = ("key",)  # what makes an event unique
BY_ITSELF = {"sweep", "sweeper", "absence"}  # parts of the app that act when a time has come


class Event(models.Model):
    """Something that happened. Timeline, audit and Undo read it; verbs write it; nobody changes it."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, null=True, db_index=False, related_name="events"
    )
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    by_system = models.CharField(max_length=40, blank=True)
    changes = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    key = models.CharField(max_length=200, unique=True, null=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(by_user__isnull=False, by_contact=None, by_system="")
                    | Q(by_user=None, by_contact__isnull=False, by_system="")
                    | Q(by_user=None, by_contact=None) & ~Q(by_system="")
                ),
                name="one_actor_did_it",
            )
        ]
        indexes = [
            models.Index(fields=["partner", "-at", "-id"], name="timeline"),
            models.Index(fields=["about_kind", "about_id"], name="events_about_a_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.partner or ''}".strip()

    @property
    def about(self) -> Reference | None:
        return Reference(self.about_kind, self.about_id) if self.about_id is not None else None

    @property
    def actor(self) -> str:
        """Who did it, for a sentence."""
        return self.done_by(str(self.by_user or self.by_contact or ""))

    def done_by(self, person: str | None) -> str:
        """Who did it, where one has the name of the person, if it was one; what happens by itself when its
        time has come is done by the app."""
        return person or (_("The app") if self.by_system in BY_ITSELF else self.by_system)

    @classmethod
    def record(
        cls,
        kind: str,
        at: datetime,
        by: User | Contact | str,
        partner: Partner | None = None,
        about: Reference | None = None,
        changes: dict[str, Any] | None = None,
        note: str = "",
        key: str | None = None,
        undoes: Event | None = None,
    ) -> Event | None:
        """Write an event; `by` is a person, a contact, or a named part of the system.

        With a `key` the event is unique: None when that key stands already, and whoever
        asked must then leave the effect to the first.
        """
        event = cls.drafted(kind, at, by, partner, about, changes, note, key)
        event.undoes = undoes
        if key is None:
            event.save(force_insert=True)
            return event
        return event if once.add(event, KEY) else None

    @classmethod
    def record_all(cls, drafts: Sequence[Event]) -> list[Event]:
        """Write those of these, each drafted with a key, whose key does not stand yet; which were written."""
        return once.add_all(drafts, KEY)

    @classmethod
    def drafted(
        cls,
        kind: str,
        at: datetime,
        by: User | Contact | str,
        partner: Partner | None = None,
        about: Reference | None = None,
        changes: dict[str, Any] | None = None,
        note: str = "",
        key: str | None = None,
    ) -> Event:
        """An event, not written yet."""
        return cls(
            kind=kind,
            at=at,
            partner=partner,
            about_kind=about.kind if about else "",
            about_id=about.id if about else None,
            by_user=by if isinstance(by, User) else None,
            by_contact=by if isinstance(by, Contact) else None,
            by_system=by if isinstance(by, str) else "",
            changes=changes or {},
            note=note,
            key=key,
        )

    @classmethod
    def many(
        cls,
        kind: str,
        at: datetime,
        by: User | Contact | str,
        partners: Iterable[Partner],
        about: Reference | None = None,
        changes: Mapping[int, dict[str, Any]] | None = None,
    ) -> Iterator[Event]:
        """One event for each partner, not written yet; `changes` by the partner's id."""
        for partner in partners:
            yield cls.drafted(kind, at, by, partner, about, (changes or {}).get(partner.pk))
