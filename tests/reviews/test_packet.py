"""The packet: what both sides may read, arranged, frozen, restated."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from conversations import commitments, messages
from conversations.commitments import Promise
from conversations.models import Commitment
from lifecycle.growth import customers, deals, phases
from lifecycle.growth.investing import investments
from lifecycle.growth.investing.investments import Spent
from lifecycle.growth.models import Deal, Phase
from lifecycle.models import Course
from lifecycle.onboarding.learning import taking
from partners.models import Contact, Event, Partner
from prm import clock
from reviews.issues import raising
from reviews.issues.models import Severity
from reviews.meetings import actions, sharing, steps, writing
from reviews.meetings.packet import arranging, shown
from reviews.meetings.packet.shown import Part
from reviews.models import Packet, Review
from reviews.planning import targets
from team import rates
from team.models import Company, User
from tests.conftest import BERLIN, MONDAY
from tests.programs import program
from tests.reviews.conftest import DAY

CANARY = "Secret margin talk"


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=BERLIN)


def part(review: Review, key: str, when: datetime = MONDAY) -> Part:
    return next(each for each in shown.parts(review, when) if each.key == key)


def figures(found: Part) -> dict[str, str]:
    return {row["name"]: str(row["value"]) for row in found.values.get("figures", [])}


@pytest.fixture
def won(grown: Partner, alice: User) -> Deal:
    phases.seed()
    customer = customers.found("Baker Foods", MONDAY)
    deal = deals.start(grown, "Roll-out", customer, by=alice, at=MONDAY - 9 * DAY, amount=1_250_000)
    deals.move(deal, Phase.objects.get(ends="won"), by=alice, at=MONDAY - DAY)
    deal.refresh_from_db()
    return deal


def test_it_tells_of_the_time_and_keeps_what_is_ours(
    review: Review, won: Deal, nora: Contact, alice: User
) -> None:
    commitments.make(review.partner, Promise(CANARY, date(2026, 6, 1)), by=alice, at=MONDAY)
    told = Promise("Send prices", date(2026, 6, 1))
    commitments.make(review.partner, told, by=alice, at=MONDAY, visible_to_partner=True)
    asked = messages.receive(review.partner, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    messages.reply(asked.conversation, "Soon.", by=alice, at=MONDAY + timedelta(hours=1))
    when = MONDAY + 3 * DAY
    assert [row["text"] for row in part(review, "promises", when).values["lines"]] == ["Send prices"]
    assert figures(part(review, "responses", when)) == {"Answered in time": "1 of 1"}
    assert part(review, "results", when).values["lines"][0]["text"] == "Roll-out, Baker Foods"
    assert CANARY not in str([each.values for each in shown.parts(review, when)])


def test_a_manager_orders_hides_and_comments_until_it_is_held(review: Review, won: Deal, alice: User) -> None:
    arranging.arrange(review, "ask", "up")
    arranging.arrange(review, "ask", "comment", "Send us your two best people.\0")
    arranging.arrange(review, "deals", "hide")
    keys = [each.key for each in shown.parts(review, MONDAY)]
    assert keys[-2:] == ["ask", "following"]
    assert part(review, "ask").comment == "Send us your two best people."
    assert part(review, "deals").is_hidden
    with pytest.raises(steps.StepRefused, match="no such section"):
        arranging.arrange(review, "nothing", "hide")
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    with pytest.raises(steps.StepRefused, match="held by now"):
        arranging.arrange(review, "ask", "hide")


def test_frozen_it_stays_and_later_corrections_stand_beside(review: Review, won: Deal, alice: User) -> None:
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    packet = Packet.objects.get()
    assert packet.fingerprint == shown.fingerprint(packet.values)
    Deal.objects.filter(pk=won.pk).update(amount=900_000)
    deals.start(won.partner, "Another", won.customer, by=alice, at=MONDAY, amount=5)
    review.refresh_from_db()
    results = part(review, "results", MONDAY + 9 * DAY)
    assert "EUR 12,500" in figures(results).values()
    assert [(each.was, each.now) for each in results.restated] == [("EUR 12,500", "EUR 9,000")]
    assert Packet.objects.get().values == packet.values


def test_what_was_empty_when_it_was_held_is_restated_too(review: Review, grown: Partner, alice: User) -> None:
    phases.seed()
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    review.refresh_from_db()
    assert part(review, "results", MONDAY + DAY).is_empty
    customer = customers.found("Baker Foods", MONDAY)
    late = deals.start(grown, "Roll-out", customer, by=alice, at=MONDAY + DAY, amount=1_250_000)
    deals.move(late, Phase.objects.get(ends="won"), by=alice, at=MONDAY + DAY)
    Deal.objects.update(closed_on=MONDAY.date() - DAY)
    results = part(review, "results", MONDAY + 9 * DAY)
    assert not results.is_empty
    assert ("–", "EUR 12,500") in [(each.was, each.now) for each in results.restated]


def test_what_came_later_that_day_restates_nothing(review: Review, nora: Contact, alice: User) -> None:
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    review.refresh_from_db()
    afternoon = MONDAY + timedelta(hours=2)
    raising.raise_one(review.partner, "No licences", "None at all.", Severity.SERIOUS, nora, afternoon)
    targets.set_one(review.partner, targets.Wanted("brought", 3, date(2026, 4, 1)), by=alice, at=afternoon)
    for key in ("issues", "targets"):
        assert part(review, key, MONDAY + 9 * DAY).is_empty, key


def test_a_day_on_which_a_packet_was_frozen_is_shared_with_the_next_and_each_row_is_in_one(
    review: Review, grown: Partner, nora: Contact, alice: User
) -> None:
    phases.seed()
    customer, end = customers.found("Baker Foods", MONDAY), Phase.objects.get(ends="won")
    for n, measure in enumerate(("won_sourced", "brought", "certified")):
        targets.set_one(grown, targets.Wanted(measure, 9 + n, date(2026, 4, 1), "EUR"), by=alice, at=MONDAY)

    def happens(when: datetime) -> None:
        """All on that Monday."""
        deal = deals.start(grown, f"Deal {when}", customer, by=alice, at=when, amount=1_000_000)
        deals.move(deal, end, by=alice, at=when, closed_on=MONDAY.date())
        course = Course.objects.create(title=f"{when}", published_at=MONDAY, created_at=MONDAY)
        taking.record(course, nora, taking.Result(MONDAY.date(), is_passed=True), by=alice, at=when)
        spent = Spent("hours", MONDAY.date(), "Workshop", minutes=60, is_shown=True)
        investments.log(grown, spent, by=alice, at=when)

    happens(MONDAY)
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)  # it is frozen with what came at that moment
    review.refresh_from_db()
    frozen = {key: part(review, key).values for key in ("exchange", "results", "targets")}
    told = figures(part(review, "exchange"))
    assert (told["Certificates of your people"], told["Time of ours"]) == ("1", "1 h")
    for hours in (2, 4):
        happens(MONDAY + timedelta(hours=hours))
    happens(MONDAY + DAY)  # entered a day late, of that Monday
    for key, values in frozen.items():
        found = part(review, key, MONDAY + 9 * DAY)
        assert (found.values, found.restated) == (values, []), key

    following = Review.objects.ahead().get(partner=grown)
    assert following.since_on == MONDAY.date() + DAY
    steps.hold(following, MONDAY.date() + 9 * DAY, by=alice, at=MONDAY + 9 * DAY)
    following.refresh_from_db()
    told = figures(part(following, "exchange", MONDAY + 10 * DAY))
    assert (told["Certificates of your people"], told["Time of ours"]) == ("3", "3 h")
    got = {row["key"]: row["value"] for row in part(following, "exchange").values["got"]}
    assert got == {"brought": 3, "sourced_EUR": "EUR 30,000"}
    assert {row["key"]: row["value"] for row in part(following, "results").values["figures"]}["sourced"] == 3
    Deal.objects.filter(name=f"Deal {MONDAY}").update(amount=900_000)  # a correction stands beside, in one
    restated = part(review, "results", MONDAY + 20 * DAY).restated
    assert [(each.was, each.now) for each in restated] == [("EUR 10,000", "EUR 9,000")]
    assert not part(following, "results", MONDAY + 20 * DAY).restated


def test_a_promise_settled_after_the_freezing_is_told_by_the_next_packet(
    review: Review, grown: Partner, alice: User
) -> None:
    def promised(text: str, on: date) -> Commitment:
        made = Promise(text, on)
        return commitments.make(grown, made, by=alice, at=MONDAY - 9 * DAY, visible_to_partner=True)

    today = MONDAY.date()
    first = [promised("Kept that day", today), promised("Broken later", today), promised("Late", today - DAY)]
    commitments.keep(promised("Kept before", today), by=alice, at=MONDAY - DAY)
    steps.hold(review, today, by=alice, at=MONDAY)
    review.refresh_from_db()
    told = {row["name"]: row["value"] for row in part(review, "promises").values["figures"]}
    assert (told["We kept by the first date"], told["We owe, not due yet"]) == ("1 of 2", 2)
    commitments.keep(first[0], by=alice, at=MONDAY + timedelta(hours=4))
    commitments.break_(first[1], "Forgotten", by=alice, at=MONDAY + DAY)
    commitments.keep(first[2], by=alice, at=MONDAY + DAY)
    following = Review.objects.ahead().get(partner=grown)
    shown_now = part(following, "promises", MONDAY + 9 * DAY).values
    assert [each["text"] for each in shown_now["lines"]] == ["Late", "Kept that day", "Broken later"]
    told = {row["name"]: row["value"] for row in shown_now["figures"]}
    assert told["We kept by the first date"] == "1 of 3"


def test_a_promise_that_was_not_kept_after_all_is_restated(
    review: Review, grown: Partner, alice: User
) -> None:
    made = [
        commitments.make(grown, Promise(text, date(2026, 6, 4)), by=alice, at=MONDAY, visible_to_partner=True)
        for text in ("One", "Two", "Three", "Four")
    ]
    events = [commitments.keep(each, by=alice, at=at(6, 3)) for each in made[:3]]
    steps.hold(review, date(2026, 6, 9), by=alice, at=at(6, 9))
    review.refresh_from_db()
    assert part(review, "promises", at(6, 9)).restated == []
    commitments.keep(made[3], by=alice, at=at(6, 10))  # the next packet tells it
    assert part(review, "promises", at(6, 11)).restated == []
    assert events[0] is not None
    commitments.undo(events[0], by=alice, at=at(6, 11))
    found = part(review, "promises", at(6, 12))
    assert {row["name"]: row["value"] for row in found.values["figures"]} == {
        "We kept by the first date": "3 of 4",
        "We kept by a date agreed beforehand": "0 of 4",
        "We were late with, or broke": "1 of 4",
    }
    assert [(each.name, each.was, each.now) for each in found.restated] == [
        ("We kept by the first date", "3 of 4", "2 of 4"),
        ("We were late with, or broke", "1 of 4", "2 of 4"),
    ]


def test_a_promise_taken_back_at_once_is_nowhere(review: Review, grown: Partner, alice: User) -> None:
    slip = Promise("For another partner", MONDAY.date() + DAY)
    made = commitments.make(grown, slip, by=alice, at=MONDAY, visible_to_partner=True)
    given = Event.objects.get(kind="promise_made", about_id=made.pk)
    commitments.undo_made(given, by=alice, at=MONDAY + timedelta(seconds=5))
    assert "For another partner" not in str(part(review, "promises", MONDAY + 2 * DAY).values)


def test_a_review_held_east_of_us_leaves_nothing_between_two_packets(
    review: Review, grown: Partner, alice: User
) -> None:
    Company.objects.update(zone="America/New_York")
    alice.zone = "Asia/Singapore"
    at = datetime(2026, 6, 9, 22, tzinfo=ZoneInfo("America/New_York"))  # the tenth in Singapore
    steps.hold(review, date(2026, 6, 10), by=alice, at=at)
    hours = Spent("hours", date(2026, 6, 10), "Workshop", minutes=60, is_shown=True)
    investments.log(grown, hours, by=alice, at=at + timedelta(hours=3))
    following = Review.objects.ahead().get(partner=grown)
    assert (following.since_on, following.since_at is not None) == (date(2026, 6, 11), True)
    assert figures(part(following, "exchange", at + 9 * DAY))["Time of ours"] == "1 h"


def test_what_is_entered_after_a_packet_that_was_frozen_days_later_corrects_it(
    review: Review, grown: Partner, alice: User
) -> None:
    phases.seed()
    Review.objects.update(created_at=MONDAY - 9 * DAY)
    held_on = MONDAY.date() - DAY
    steps.hold(review, held_on, by=alice, at=MONDAY)
    review.refresh_from_db()
    customer = customers.found("Baker Foods", MONDAY)
    deal = deals.start(grown, "Late", customer, by=alice, at=MONDAY + DAY, amount=1_000_000)
    deals.move(deal, Phase.objects.get(ends="won"), by=alice, at=MONDAY + DAY, closed_on=held_on)
    assert part(review, "results", MONDAY + 9 * DAY).restated
    following = Review.objects.ahead().get(partner=grown)
    assert following.since_at is None
    assert part(following, "results", MONDAY + 9 * DAY).is_empty


def test_several_currencies_are_told_in_one_and_a_corrected_rate_is_restated(
    review: Review, won: Deal, alice: User, ravi: User
) -> None:
    rate = rates.state(rates.Wanted("GBP", date(2026, 5, 1), Decimal("1.2")), by=ravi, at=MONDAY)
    pounds = deals.start(
        won.partner, "Pilot", won.customer, by=alice, at=MONDAY, amount=100_000, currency="GBP"
    )
    deals.move(pounds, Phase.objects.get(ends="won"), by=alice, at=MONDAY)
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    was = "≈ EUR 13,700 at 1 GBP = 1.2 EUR of 1 May 2026"
    assert was in figures(part(review, "results")).values()
    rates.correct(rate, Decimal("1.1"), "A slip.", by=ravi, at=MONDAY)
    review.refresh_from_db()
    results = part(review, "results", MONDAY + 9 * DAY)
    assert was in figures(results).values()
    now = "≈ EUR 13,600 at 1 GBP = 1.1 EUR of 1 May 2026"
    assert [(each.was, each.now) for each in results.restated] == [(was, now)]


def test_the_next_review_opens_with_what_was_promised(review: Review, nora: Contact, alice: User) -> None:
    writing.write(review, "We talked.", [nora], [alice])
    note = actions.note(review, "Train two", by=alice, at=MONDAY)
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    wanted = actions.Wanted("Train two", "theirs", contact=nora, due_on=date(2026, 6, 12))
    actions.write(note, wanted, by=alice, at=MONDAY)
    promise = note.commitment
    assert promise is not None
    assert not promise.visible_to_partner
    sharing.send_minutes(review, by=alice, at=MONDAY)
    promise.refresh_from_db()
    assert promise.visible_to_partner
    following = Review.objects.ahead().get()
    assert figures(shown.parts(following, at(6, 12))[0]) == {"You owe, not due yet": "1"}
    assert figures(shown.parts(following, at(6, 13))[0]) == {
        "You kept by the first date": "0 of 1",
        "You kept by a date agreed beforehand": "0 of 1",
        "You were late with, or broke": "1 of 1",
    }
    commitments.keep(promise, by=alice, at=at(6, 10))
    first = shown.parts(following, at(6, 20))[0]
    assert [(row["text"], row["pill"]) for row in first.values["last"]] == [
        ("Train two", "kept by its first date")
    ]
    assert figures(first)["You kept by the first date"] == "1 of 1"


def test_promises_are_three_figures_and_what_was_withdrawn_says_who_and_why(
    review: Review, nora: Contact, alice: User, client: Client
) -> None:
    def promised(text: str, day: int, side: str = "ours", shared: bool = True) -> Commitment:
        made = Promise(text, date(2026, 6, day), side, contact=nora if side == "theirs" else None)
        return commitments.make(review.partner, made, by=alice, at=MONDAY, visible_to_partner=shared)

    commitments.keep(promised("Kept", 3), by=alice, at=at(6, 2))
    for text, when, consent in (("Moved", 2, "stated"), ("Moved alone", 2, "none")):
        moved = promised(text, 3)
        commitments.renegotiate(moved, date(2026, 6, 5), consent, by=alice, at=at(6, when))
        commitments.keep(moved, by=alice, at=at(6, 4))
    commitments.break_(promised("Broken", 3), "Forgotten", by=alice, at=at(6, 2))
    promised("Past", 4)
    promised("Today still", 9)
    commitments.withdraw(promised("Off", 8), "You changed the plan.", by=alice, at=at(6, 3))
    commitments.withdraw(promised("Hidden", 8, shared=False), CANARY, by=alice, at=at(6, 3))
    found = part(review, "promises", at(6, 9))
    assert figures(found) == {
        "We kept by the first date": "1 of 5",
        "We kept by a date agreed beforehand": "1 of 5",
        "We were late with, or broke": "3 of 5",
        "We owe, not due yet": "1",
    }
    notes = {row["text"]: row["note"] for row in found.values["lines"]}
    assert notes["Moved"] == "Alice · 5 Jun 2026, moved from 3 Jun 2026 with consent beforehand"
    assert notes["Moved alone"] == "Alice · 5 Jun 2026, moved from 3 Jun 2026"
    said = "withdrawn on 3 Jun 2026 by Alice: You changed the plan."
    assert [(row["text"], row["note"]) for row in found.values["withdrawn"]] == [
        ("Off", f"Alice · 8 Jun 2026 · {said}")
    ]
    client.force_login(alice)
    with clock.fixed(at(6, 9)):
        steps.prepare(review, by=alice, at=at(6, 9))
        sharing.send_pre_read(review, [nora], by=alice, at=at(6, 9))
        addresses = [
            review.get_absolute_url(),
            reverse("reviews:print", args=[review.pk]),
            reverse("reviews:shared", args=[sharing.token(review, nora, at(6, 9))]),
        ]
        pages = [client.get(address).content.decode() for address in addresses]
        pages.append(program(alice).get(f"/api/v1/reviews/{review.pk}/packet/").content.decode())
    for page in pages:
        assert said in page
        assert CANARY not in page


def test_it_tells_how_both_sides_answer(review: Review, nora: Contact, alice: User) -> None:
    asked = messages.receive(review.partner, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    messages.reply(
        asked.conversation, "Which?", alice, MONDAY + timedelta(hours=1), wanted_by=date(2026, 6, 2)
    )
    messages.receive(review.partner, "email", "This.", MONDAY + DAY, asked.conversation, contact=nora)
    found = figures(part(review, "responses", MONDAY + 3 * DAY))
    assert found == {"Answered in time": "1 of 1", "You answered by the day we asked for": "1 of 1"}
