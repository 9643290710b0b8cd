"""Which person of a partner a row means, by an e-mail address of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Lower

from partners.importing.matching import chunks
from partners.models import Contact, ContactAddress


@dataclass
class People:
    """The people with some addresses, fetched in a few queries: {(partner, address): person}."""

    by_address: dict[tuple[int, str], Contact]

    @classmethod
    def of(cls, addresses: Iterable[str]) -> People:
        found: dict[tuple[int, str], Contact] = {}
        for some in chunks(set(addresses)):
            further = ContactAddress.objects.annotate(key=Lower("email")).filter(
                key__in=some, contact__withdrawn_at=None
            )
            for row in further.select_related("contact__partner"):
                found[row.contact.partner_id, row.email.lower()] = row.contact
            mains = Contact.objects.annotate(key=Lower("email")).filter(key__in=some, withdrawn_at=None)
            still_there_last = (F("left_on").asc(nulls_last=True), "-pk")
            for person in mains.select_related("partner").order_by(*still_there_last):
                found[person.partner_id, person.email.lower()] = person
        return cls(found)

    def one(self, partner: int, address: str) -> Contact | None:
        return self.by_address.get((partner, address))
