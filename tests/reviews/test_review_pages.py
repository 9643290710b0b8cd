"""The pages of reviews: the list and its figure, the month, one review, the cadences."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partners import organisations
from partners.models import Partner, Tier
from prm import clock
from reviews import scheduling
from reviews.meetings import feeds, figures, listing, steps
from reviews.models import Review
from team.models import User
from tests.conftest import MONDAY
from tests.reviews.conftest import DAY, living


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def of(client: Client, **query: Any) -> list[str]:
    """The partners of the list's rows."""
    return [row.partner for row in client.get(reverse("reviews:reviews"), query).context["rows"]]


def test_the_list_narrows(client: Client, review: Review, alice: User, bob: User) -> None:
    other = living(organisations.add("Fabrikam", by=bob, at=MONDAY, owner=bob), signed_on=date(2025, 7, 31))
    scheduling.ensure_upcoming(MONDAY)
    client.force_login(alice)
    assert of(client) == ["Northwind", "Fabrikam"]
    assert of(client, owner="me") == ["Northwind"]
    assert of(client, owner=bob.pk) == ["Fabrikam"]
    assert of(client, owner="nobody") == []
    assert of(client, state="held") == []
    assert of(client, show="overdue") == []
    Review.objects.filter(partner=other).update(due_on=date(2026, 5, 29), slot_on=date(2026, 5, 1))
    assert of(client, show="overdue") == of(client, window="out") == ["Fabrikam"]
    wrong = client.get(reverse("reviews:reviews"), {"held": "x", "state": "?", "owner": "9" * 30})
    assert len(wrong.context["faults"]) == 3


def test_the_figure_opens_onto_what_it_counts(client: Client, alice: User) -> None:
    for n in range(12):
        living(organisations.add(f"Firm {n}", by=alice, at=MONDAY, owner=alice), signed_on=date(2025, 6, 8))
    scheduling.ensure_upcoming(MONDAY - DAY)
    long_ago, edge = MONDAY.date() - 15 * DAY, MONDAY.date() - 14 * DAY
    for n, review in enumerate(Review.objects.order_by("partner")):
        if n == 1:
            steps.move(review, date(2026, 6, 9), "theirs", "Ill", by=alice, at=MONDAY)
        if n in (6, 7, 11):  # cancelled by a colleague, by the partner, by the end of the partnership
            by = "sweep" if n == 11 else alice
            steps.cancel(review, "theirs" if n == 7 else "ours", "No time", by=by, at=MONDAY)
        if n == 0:
            Review.objects.filter(pk=review.pk).update(slot_on=MONDAY.date() - 20 * DAY)
        if n >= 6:  # 8 is not held in its window, that of 9 ends today, 10 was due before the year
            slot = {9: edge, 10: MONDAY.date() - 400 * DAY}.get(n, long_ago)
            Review.objects.filter(pk=review.pk).update(slot_on=slot)
        else:
            steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    client.force_login(alice)
    page = client.get(reverse("reviews:reviews"))
    share = page.context["in_window"]
    assert (share.k, share.n) == (4, 7)  # of 0, 2 to 5, 6 and 8
    for url, count in ((page.context["in_url"], 4), (page.context["counted_url"], 7)):
        assert client.get(reverse("reviews:reviews") + url).context["count"] == count
    assert str(figures.IN_WINDOW.words) in page.content.decode()
    assert len(of(client, window="theirs")) == 1


def test_a_month_shows_its_days(client: Client, review: Review, bob: User) -> None:
    client.force_login(bob)
    page = client.get(reverse("reviews:calendar"), {"month": "2026-06"}).content.decode()
    assert "Northwind" in page
    mine = client.get(reverse("reviews:calendar"), {"month": "2026-06", "owner": "me"}).content.decode()
    assert "Northwind" not in mine
    for month in ("0001-01", "9999-12", "2026-13", "\0", "x" * 5000):
        assert client.get(reverse("reviews:calendar"), {"month": month}).status_code == 200


def test_steps_are_taken_on_the_page(client: Client, review: Review, alice: User, bob: User) -> None:
    client.force_login(bob)
    assert client.post(reverse("reviews:prepare", args=[review.pk])).status_code == 403
    assert b"Prepare it" not in client.get(review.get_absolute_url()).content
    client.force_login(alice)
    assert client.get(reverse("reviews:prepare", args=[review.pk])).status_code == 405
    assert client.post(reverse("reviews:prepare", args=[review.pk])).status_code == 303
    assert client.post(reverse("reviews:prepare", args=[review.pk])).status_code == 409
    typed = {"to": "2026-06-29", "side": "theirs", "reason": ""}
    again = client.post(reverse("reviews:move", args=[review.pk]), typed)
    assert again.status_code == 422
    assert b"2026-06-29" in again.content
    moved = client.post(reverse("reviews:move", args=[review.pk]), {**typed, "reason": "Fair"}, follow=True)
    assert "0× by us, 1× by the partner" in moved.content.decode()
    assert client.post(reverse("reviews:close", args=[review.pk])).status_code == 409
    assert client.get(reverse("reviews:review", args=[10**18])).status_code == 404


def test_a_cancelled_one_says_by_whom_and_shows_no_figures(
    client: Client, review: Review, alice: User
) -> None:
    client.force_login(alice)
    assert "What is next" in client.get(review.get_absolute_url()).content.decode()
    steps.cancel(review, "theirs", "They merge", by=alice, at=MONDAY)
    page = client.get(review.get_absolute_url()).content.decode()
    assert "Cancelled by the partner: They merge" in page
    assert "What is next" not in page


def test_the_outcome_is_internal_until_it_is_shared(client: Client, review: Review, alice: User) -> None:
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    client.force_login(alice)
    address = reverse("reviews:decide", args=[review.pk])
    repair = {"outcome": "repair", "note": "Two trained", "look_again_on": ""}
    refused = client.post(address, repair)
    assert refused.status_code == 422
    assert b"Two trained" in refused.content
    page = client.post(address, {**repair, "outcome": "keep"}, follow=True).content.decode()
    assert "internal" in page
    client.post(reverse("reviews:share_outcome", args=[review.pk]))
    assert "the partner reads it" in client.get(review.get_absolute_url()).content.decode()


def test_another_partners_review_is_not_found(client: Client, review: Review, bob: User) -> None:
    bob.company.__class__.objects.update(reading="own")
    client.force_login(bob)
    assert client.get(review.get_absolute_url()).status_code == 404
    assert of(client) == []


def test_cadences_are_set(client: Client, programme: Any, grown: Partner, alice: User, ravi: User) -> None:
    gold, silver = Tier.objects.order_by("rank")
    client.force_login(ravi)
    address = reverse("reviews:cadences")
    assert client.post(address, {f"tier_{gold.pk}": 5, f"tier_{silver.pk}": 12}).status_code == 422
    assert client.post(address, {f"tier_{gold.pk}": 6, f"tier_{silver.pk}": 12}).status_code == 303
    assert scheduling.by_tier() == {gold.pk: 6, silver.pk: 12}
    client.force_login(alice)
    own = reverse("reviews:rhythm", args=[grown.pk])
    assert client.post(own, {"anchor_on": "2040-01-01", "months": ""}).status_code == 422
    assert client.post(own, {"anchor_on": "2026-01-31", "months": 3}).status_code == 303
    assert grown.rhythm.months == 3


def test_a_review_held_on_another_day_stands_on_that_day(client: Client, review: Review, alice: User) -> None:
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    weeks = listing.month(date(2026, 6, 1), Review.objects.filter(pk=review.pk), MONDAY.date())
    days = [cell.day for week in weeks for cell in week if cell.reviews]
    assert days == [MONDAY.date()]
    assert b"DTSTART;VALUE=DATE:20260601" in feeds.written(alice, MONDAY)
