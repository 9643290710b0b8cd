"""The doors of other programs to partners; each calls the verb that the pages call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import CharFilter, FilterSet

from partners import assignments, contacts, duplicates, memberships, organisations
from partners.api import inputs, rows
from partners.filters import Lists, PartnerFilter, looks_for_words
from partners.models import Assignment, Contact, Partner, Visit, seen_by
from prm import clock, search
from prm.api.filters import DayFilter, filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Typed, step
from prm.paging import Order
from prm.refusals import Refused
from team.api.permits import permitted, permitted_anywhere, permitted_towards
from team.roles import permitted_or_403


class Narrowed(PartnerFilter):
    """What the list of partners is narrowed by, and what programs look a partner up by."""

    name = CharFilter(method="by_name", max_length=200, help_text="All of it, in small or capital letters.")
    signed_from = DayFilter(field_name="signed_on", lookup_expr="gte")
    signed_before = DayFilter(field_name="signed_on", lookup_expr="lt")

    def by_name(self, rows: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return rows.filter(sort_name=search.fold(value))


class Partners(Reads, Makes, Changes):
    noun, words = "partners", "Outside organisations: prospects, live, parked, declined and ended ones."
    model, row = Partner, rows.PartnerRow
    new, changed = inputs.NewPartner, inputs.PartnerChange
    filterset_class = Narrowed
    sorts = USUAL_SORTS | {
        "name": Order("sort_name", nullable=False),
        "created_at": Order("created_at", nullable=False),
        "last_touch_at": Order("last_touch_at"),
        "score": Order("score"),
    }

    def seen(self) -> QuerySet[Partner]:
        return Partner.objects.visible_to(self.user)

    def filters(self, address: QueryDict, rows: QuerySet[Any]) -> FilterSet:
        return Narrowed(address, rows, self.user, Lists.named_in(address))

    def order(self) -> Order:
        return replace(super().order(), by_ids=looks_for_words(self.address))

    may_make = permitted_anywhere("add partner")

    def make(self, typed: Typed) -> Partner:
        at = clock.now()
        if not typed.pop("anyway"):
            domains = [organisations.own_domain(typed.get("website", "")), *typed.get("domains", ())]
            self._must_be_another(typed["name"], filter(None, domains), typed)
        programme, tier = typed.pop("programme", None), typed.pop("tier", None)
        if tier is not None and programme is None:
            programme = tier.programme
        partner = organisations.add(by=self.user, at=at, owner=typed.pop("owner", self.user), **typed)
        if programme is not None:
            memberships.join(partner, programme, by=self.user, at=at, tier=tier)
        return partner

    may_change = permitted("change partner")

    def change(self, thing: Partner, typed: Typed) -> None:
        at, anyway = clock.now(), typed.pop("anyway", False)
        if not anyway:
            self._must_stay_another(thing, typed)
        if "owner" in typed:
            permitted_or_403(self.user, "assign partner", thing)
            assignments.set_owner(thing, to=typed.pop("owner"), by=self.user, at=at)
        organisations.change(thing, typed, by=self.user, at=at)

    def _must_stay_another(self, thing: Partner, typed: Typed) -> None:
        """Only what is newly told can make it look like another."""
        name = typed["name"] if typed.get("name", thing.name) != thing.name else ""
        domain = organisations.own_domain(typed.get("website", ""))
        new = [domain] if domain and typed["website"] != thing.website else []
        known = set(thing.domains.values_list("domain", flat=True)) if typed.get("domains") else set()
        new += [each for each in typed.get("domains", ()) if each not in known]
        if name or new:
            self._must_be_another(name, new, {"country": thing.country, **typed}, thing.pk)

    def _must_be_another(
        self, name: str, domains: Iterable[str], typed: Typed, besides: int | None = None
    ) -> None:
        """Refused where it looks like partners that are known; those one may not see are not named."""
        found = duplicates.like(name, domains, typed.get("country", ""), exclude=besides)
        if not found:
            return
        seen = dict(self.seen().filter(pk__in=[each.pk for each in found]).values_list("pk", "name"))
        reasons = [_("%(name)s (%(pk)d) looks alike.") % {"name": seen[pk], "pk": pk} for pk in seen]
        if len(found) > len(seen):
            reasons.append(_("A partner that you may not see looks alike."))
        raise Refused(_("This may be known already. Where it is another, send “anyway”: true."), reasons)


class Contacts(Reads, Makes, Changes):
    noun, words = "contacts", "The people of partners, those who left among them."
    model, row = Contact, rows.ContactRow
    new, changed = inputs.NewContact, inputs.ContactChange
    filterset_class = filters(
        Contact, keys=["partner"], texts=["email"], booleans=["is_primary", "do_not_contact"]
    )
    sorts = USUAL_SORTS | {"name": Order("name", nullable=False)}

    def seen(self) -> QuerySet[Contact]:
        return Contact.objects.filter(seen_by(self.user), merged_into=None)

    may_make = permitted_towards("change partner", "partner")

    def make(self, typed: Typed) -> Contact:
        partner = typed.pop("partner")
        self._must_be_another(typed)
        return contacts.add(partner, by=self.user, at=clock.now(), **typed)

    may_change = permitted("change partner")

    def change(self, thing: Contact, typed: Typed) -> None:
        self._must_be_another(typed, thing)
        contacts.change(thing, typed, by=self.user, at=clock.now())

    def _must_be_another(self, typed: Typed, contact: Contact | None = None) -> None:
        """Refused where somebody has one of the newly told addresses."""
        if typed.pop("anyway", False):
            return
        before = set()
        if contact is not None:
            before = {contact.email.lower(), *contact.addresses.values_list("email", flat=True)}
        told = [typed.get("email", ""), *typed.get("addresses", ())]
        new = [email for email in told if email and email.lower() not in before]
        if duplicates.with_address(new, exclude=contact.pk if contact else None):
            raise Refused(_("Somebody has this address already. Where it is another, send “anyway”: true."))

    @step(permitted("change partner"), inputs.Leaving, related=("partner",))
    def leave(self, thing: Contact, typed: Typed) -> None:
        """The contact leaves on a day: its access ends, its words stay."""
        successor = typed.get("successor")
        contacts.leave(thing, on=typed["on"], by=self.user, at=clock.now(), successor=successor)

    @step(permitted("change partner"), inputs.Reason, related=("partner",))
    def withdraw(self, thing: Contact, typed: Typed) -> None:
        """Take back an entry that was wrong; it stays with its reason."""
        contacts.withdraw(thing, typed["reason"], by=self.user, at=clock.now())

    @step(permitted("change partner"), related=("partner",))
    def primary(self, thing: Contact, typed: Typed) -> None:
        """Make this the partner's primary contact."""
        contacts.make_primary(thing, by=self.user, at=clock.now())


class Assignments(Reads, Makes):
    noun, words = "assignments", "Who of us looks after a partner, in a role, from a day to a day."
    model, row, new = Assignment, rows.AssignmentRow, inputs.NewAssignment
    filterset_class = filters(
        Assignment,
        keys=["partner", "user"],
        choices=["role"],
        booleans=["is_owner"],
        days=["starts_on", "ends_on"],
    )
    sorts = USUAL_SORTS | {"starts_on": Order("starts_on", nullable=False)}

    def seen(self) -> QuerySet[Assignment]:
        return Assignment.objects.filter(seen_by(self.user))

    may_make = permitted_towards("assign partner", "partner")

    def make(self, typed: Typed) -> Assignment:
        partner = typed.pop("partner")
        return assignments.assign(partner, by=self.user, at=clock.now(), **typed)

    @step(permitted("assign partner"), inputs.OnDay, related=("partner", "user"))
    def end(self, thing: Assignment, typed: Typed) -> None:
        """End it on a day. The owner's leaves the partner in Unassigned."""
        assignments.end(thing, on=typed["on"], by=self.user, at=clock.now())


class Visits(Reads):
    noun, words = "visits", "Stays of partners in a stage; one is open until it is declined or ended."
    model, row = Visit, rows.VisitRow
    filterset_class = filters(Visit, keys=["partner"], choices=["stage"], moments=["entered_at", "left_at"])
    sorts = USUAL_SORTS | {"entered_at": Order("entered_at", nullable=False)}

    def seen(self) -> QuerySet[Visit]:
        return Visit.objects.filter(seen_by(self.user))
