"""One packet, several renderings: page, paper, PDF, and what the address of a person of theirs gives."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from django.urls import reverse

from conversations import commitments
from conversations.commitments import Promise
from lifecycle.growth import customers, deals, phases
from partners.models import Contact
from prm import clock
from reviews.meetings import sharing, steps, writing
from reviews.meetings.packet import arranging, paper
from reviews.models import Review
from reviews.planning import goals, targets
from reviews.planning.measures import MEASURES
from team.models import User
from tests.conftest import MONDAY
from tests.reviews.conftest import DAY

needs_pango = pytest.mark.skipif(not paper.is_there(), reason="WeasyPrint or its Pango is missing")


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def fill(review: Review, alice: User) -> None:
    """More of everything than a section shows."""
    phases.seed()
    partner, customer = review.partner, customers.found("Baker Foods", MONDAY)
    for n in range(45):
        promised = Promise(
            f"Promise {n} of many words, so that a line is as long as it is in life", MONDAY.date()
        )
        commitments.make(partner, promised, by=alice, at=MONDAY - 9 * DAY, visible_to_partner=True)
        closes = (MONDAY + n * DAY).date()
        deals.start(
            partner, f"Deal {n}", customer, by=alice, at=MONDAY, amount=n + 1, expected_close_on=closes
        )
    for n in range(12):
        goals.add(partner, f"Goal {n}", by=alice, at=MONDAY, ours="Places in our course.")
    for quarter in targets.offered(MONDAY, "UTC")[:3]:
        for measure in MEASURES:
            aim = targets.Wanted(measure, 50, quarter.first, "EUR")
            targets.set_one(partner, aim, by=alice, at=MONDAY)
    for n in range(20):
        arranging.add_topic(review, f"Topic {n}", by=alice, at=MONDAY)


@needs_pango
def test_a_full_packet_is_a_file(client: Client, review: Review, alice: User) -> None:
    fill(review, alice)
    client.force_login(alice)
    address = reverse("reviews:pdf", args=[review.pk])
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="northwind-2026-06-30.pdf"'
    assert answer.content.startswith(b"%PDF-")


@needs_pango
def test_their_address_gives_the_same_file(
    client: Client, review: Review, nora: Contact, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, real = list[str](), paper.made
    monkeypatch.setattr(paper, "made", lambda html: made.append(html) or real(html))
    sharing_address = sharing.token(review, nora, MONDAY)
    theirs = reverse("reviews:shared_pdf", args=[sharing_address])
    assert client.get(theirs).status_code == 404
    steps.prepare(review, by=alice, at=MONDAY)
    sharing.send_pre_read(review, [nora], by=alice, at=MONDAY)
    writing.write(review, "We talked.", [nora], [alice])
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    Contact.objects.filter(pk=nora.pk).update(zone=alice.zone)
    shared = client.get(reverse("reviews:shared", args=[sharing_address])).content.decode()
    assert theirs in shared
    file = client.get(theirs)
    assert file["X-Robots-Tag"] == "noindex, nofollow"
    client.force_login(alice)
    ours = client.get(reverse("reviews:pdf", args=[review.pk]))
    assert file.content.startswith(b"%PDF-")
    assert ours.status_code == 200
    assert "We talked." not in made[0]  # minutes that were not sent
    assert made[0] == made[1]
    assert client.get(reverse("reviews:shared_pdf", args=[f"{sharing_address}x"])).status_code == 404
    Contact.objects.filter(pk=nora.pk).update(left_on=MONDAY.date() - DAY, is_primary=False)
    assert client.get(theirs).status_code == 302


def test_without_the_extra_it_says_so_and_printing_remains(
    client: Client, review: Review, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "_writer", lambda: None)
    client.force_login(alice)
    page = client.get(review.get_absolute_url()).content.decode()
    assert "PDFs are not set up on this machine: print it to a file." in page
    assert "As PDF" not in page
    answer = client.get(reverse("reviews:pdf", args=[review.pk]))
    assert answer.status_code == 503
    printed = reverse("reviews:print", args=[review.pk])
    assert printed in answer.content.decode()
    assert b"Review with Northwind" in client.get(printed).content


@needs_pango
def test_it_opens_no_other_address() -> None:
    """What stands in a packet is typed by both sides."""
    opened: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            opened.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Door)
    server.timeout = 0.01
    address = f"http://127.0.0.1:{server.server_port}/secret"
    assert paper.made(f'<img src="{address}"><img src="file:///etc/passwd"><p>Hello</p>').startswith(b"%PDF-")
    server.handle_request()
    server.server_close()
    assert opened == []
