"""Help asked for on deals of the sample company: a quote that waits, and a special price to decide on."""

from __future__ import annotations

from datetime import timedelta

from lifecycle.growth.helping import requests
from lifecycle.growth.helping.models import Help
from lifecycle.growth.models import Deal
from prm.samples import Sample

WORDS = {
    Help.Kind.QUOTE: "The buyer asks for a quote for three sites by the end of the week.",
    Help.Kind.PRICE: "A rival offers a tenth less. With this price we would win it.",
}


def make(sample: Sample) -> None:
    running = Deal.objects.open().filter(owner__isnull=False, amount__isnull=False).order_by("pk")
    deals = list(running.select_related("partner", "customer")[:2])
    for deal, kind in zip(deals, WORDS, strict=False):
        contact = deal.partner.contacts.first()
        if contact is None or deal.amount is None:
            continue
        price = deal.amount * 9 // 10 if kind == Help.Kind.PRICE else None
        at = sample.at - timedelta(hours=3)
        requests.ask(deal, deal.partner, kind, WORDS[kind], by=contact, at=at, price=price)
