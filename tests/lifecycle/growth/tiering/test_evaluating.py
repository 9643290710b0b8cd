"""Memberships are measured at night, all of them in a few questions."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lifecycle.growth import deals
from lifecycle.growth.models import Credit
from lifecycle.growth.tiering import criteria, editing, evaluating, recording, showing
from lifecycle.growth.tiering import rules as pure
from lifecycle.growth.tiering.criteria import Asked, Criterion
from lifecycle.growth.tiering.models import (
    Measurement,
    OwnMeasure,
    Standing,
    TierChange,
    TierCheck,
    TierRules,
)
from lifecycle.models import Registration
from partners import organisations
from partners.models import Contact, Membership, Partner, Programme
from prm import sweeper
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.growth.conftest import deal_with, phase
from tests.lifecycle.growth.tiering.conftest import (
    TODAY,
    certify,
    member,
    night,
    standing_of,
    tier,
    won,
)

DAY = timedelta(days=1)


def test_only_sourced_won_deals_of_the_months_and_currency_count(silver: Membership, alice: User) -> None:
    partner = silver.partner
    won(partner, alice, 100, currency="GBP")
    won(partner, alice, 200, on=date(2025, 6, 1))  # the day before the twelve months begin
    won(partner, alice, 400, on=date(2025, 6, 2))
    resold = deal_with(partner, alice, "Resold", amount=800, role=Credit.Role.RESOLD)
    deals.move(resold, phase("Won"), by=alice, at=MONDAY)
    deal_with(partner, alice, "Open", amount=1600)
    asked = Asked([partner.pk], TODAY, 12, "EUR", "revenue")
    known = criteria.known()["revenue"]
    assert known.measure(asked) == {partner.pk: 1_200_400}
    assert [row.worth for row in known.rows(asked)] == ["EUR 12,000", "EUR 4"]


def test_people_count_once_and_while_they_are_there(silver: Membership, alice: User) -> None:
    partner = silver.partner
    first = certify(partner, "Ada", alice)
    again = certify(partner, "Bo", alice)
    again.contact, again.name = first.contact, "Ada"
    again.save()
    gone = certify(partner, "Cy", alice)
    Contact.objects.filter(pk=gone.contact_id).update(left_on=TODAY)
    over = certify(partner, "Di", alice)
    over.valid_until = TODAY - DAY
    over.save()
    asked = Asked([partner.pk], TODAY, key="certified")
    known = criteria.known()["certified"]
    assert known.measure(asked) == {partner.pk: 1}
    assert len(known.rows(asked)) == 1


def test_accepted_registrations_count_by_the_day_they_were_asked_for(silver: Membership, alice: User) -> None:
    deal = deal_with(silver.partner, alice)
    facts = {"partner": silver.partner, "customer": deal.customer, "name": "Roll-out"}
    Registration.objects.create(**facts, asked_at=MONDAY, deal=deal, state="withdrawn")
    Registration.objects.create(**facts, asked_at=MONDAY)
    asked = Asked([silver.partner_id], TODAY, 12, key="registrations")
    known = criteria.known()["registrations"]
    assert known.measure(asked) == {silver.partner_id: 1}
    assert len(known.rows(asked)) == 1


def test_a_number_of_our_own_is_the_newest_of_the_day(silver: Membership, alice: User) -> None:
    staff = OwnMeasure.objects.create(name="Dedicated staff")
    for value, on in ((2, TODAY - 2 * DAY), (5, TODAY + DAY), (3, TODAY - DAY)):
        recording.record(silver.partner, staff, value, on, by=alice, at=MONDAY, note="They said so")
    key = f"own:{staff.pk}"
    asked, known = Asked([silver.partner_id], TODAY, key=key), criteria.known()[key]
    assert known.measure(asked) == {silver.partner_id: 3}
    (row,) = known.rows(asked)
    assert (row.ours, row.for_partner().ours) == ("Alice: They said so", "")


def test_the_night_keeps_where_each_stands(silver: Membership, rules: TierRules) -> None:
    night(rules)
    standing = standing_of(silver)
    assert (standing.direction, str(standing.earned), standing.rules) == ("stay", "Silver", rules)
    (shown,) = showing.of(silver.partner)
    assert [line.words for line in shown.next_lines] == [
        "0 of 2 certified people, 2 to go",
        "EUR 12,000 of EUR 50,000 revenue in 12 months, EUR 38,000 to go",
    ]
    assert [line.words for line in shown.lines] == ["EUR 12,000 of EUR 10,000 revenue in 12 months"]


def test_the_set_comes_to_what_the_pure_function_says_of_each(
    rules: TierRules, programme: Programme, alice: User
) -> None:
    rng = Random(7)
    names = ["Gold", "Silver", "Registered"]
    for n in range(12):
        partner = organisations.add(f"Firm {n}", by=alice, at=MONDAY, owner=alice)
        member(partner, programme, rng.choice(names), alice)
        for _deal in range(rng.randint(0, 2)):
            won(partner, alice, rng.choice([600_000, 2_600_000]))
        for person in range(rng.randint(0, 3)):
            certify(partner, f"Person {person}", alice)
    evaluating.keep(rules, TODAY, MONDAY)
    known = criteria.known()
    wanted = list(rules.requirements.all())
    ladder = evaluating.ladder(programme.tiers.all(), wanted, known)
    seen = set()
    for standing in Standing.objects.select_related("membership"):
        values = {}
        for each in wanted:
            partner = standing.membership.partner_id
            asked = Asked([partner], TODAY, each.months, each.currency, each.criterion)
            values[each.pk] = known[each.criterion].measure(asked).get(partner, 0)
        found = pure.outcome(ladder, standing.membership.tier_id, values)
        kept = (standing.earned_id, standing.to_id, standing.direction)
        assert kept == (found.earned, found.to, found.direction)
        seen.add(standing.direction)
    assert seen == {"rise", "stay", "fall"}


def test_it_asks_as_many_questions_for_30_as_for_3(
    rules: TierRules, programme: Programme, alice: User
) -> None:
    counts = []
    for most in (3, 30):
        for n in range(Membership.objects.count(), most):
            partner = organisations.add(f"Firm {n}", by=alice, at=MONDAY, owner=alice)
            member(partner, programme, "Silver", alice)
        with CaptureQueriesContext(connection) as asked:
            evaluating.keep(rules, TODAY + most * DAY, MONDAY)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


def test_a_second_night_writes_nothing_anew(silver: Membership, rules: TierRules, alice: User) -> None:
    won(silver.partner, alice, 9_000_000)
    certify(silver.partner, "Ada", alice)
    certify(silver.partner, "Bo", alice)
    night(rules)
    night(rules)
    night(rules, MONDAY + DAY)
    assert standing_of(silver).day == TODAY + DAY
    assert standing_of(silver).since == TODAY
    assert TierChange.objects.count() == 1


def test_the_sweep_measures_once_a_day_in_the_companys_zone(silver: Membership, rules: TierRules) -> None:
    assert evaluating.sweep(MONDAY) == 1
    assert evaluating.sweep(MONDAY) == 0
    row = TierCheck.objects.get()
    assert row.day == TODAY
    assert row.next_check_at is not None
    assert row.next_check_at.isoformat() == "2026-06-01T22:00:00+00:00"  # midnight in Berlin
    assert {"lifecycle.TierCheck", "lifecycle.Standing"} <= sweeper.swept_models()


def test_no_tier_depends_on_what_does_not_decide(
    silver: Membership, programme: Programme, ravi: User, alice: User
) -> None:
    """What an app above registers is told, and where it does not decide it counts neither way."""
    answers: dict[int, int] = {}
    asked = Criterion(
        "mood", "Mood", "in the mood", lambda asked: answers, lambda asked: [], absent=None, decides=False
    )
    criteria.register(asked)
    try:
        editing.drop(programme, tier("Gold"), "certified", by=ravi, at=MONDAY)
        editing.want(programme, tier("Gold"), "mood", 8, by=ravi, at=MONDAY)
        rules = editing.publish(programme, "Mood counts.", by=ravi, at=MONDAY)
        won(silver.partner, alice, 9_000_000)
        night(rules)
        assert standing_of(silver).direction == "rise"
        (shown,) = showing.of(silver.partner)
        said = "8 in the mood wanted, not known: it neither lifts nor lowers"
        assert said in [line.words for line in shown.next_lines]
        answers[silver.partner_id] = 7
        night(rules, MONDAY + DAY)
        assert standing_of(silver).direction == "rise"
        (shown,) = showing.of(silver.partner)
        assert "7 of 8 in the mood: it neither lifts nor lowers" in [line.words for line in shown.next_lines]
    finally:
        criteria._criteria.pop("mood")


def test_what_is_not_recorded_neither_lifts_nor_lowers(
    silver: Membership, programme: Programme, ravi: User, alice: User
) -> None:
    staff = OwnMeasure.objects.create(name="Dedicated staff")
    editing.want(programme, tier("Silver"), f"own:{staff.pk}", 2, by=ravi, at=MONDAY)
    rules = editing.publish(programme, "Staff counts.", by=ravi, at=MONDAY)
    night(rules)
    assert standing_of(silver).direction == "stay"
    recording.record(silver.partner, staff, 1, TODAY, by=alice, at=MONDAY)
    night(rules)
    assert (standing_of(silver).direction, str(standing_of(silver).to)) == ("fall", "Registered")
    assert Measurement.objects.count() == 1


def test_who_is_live_no_more_stands_nowhere(silver: Membership, rules: TierRules) -> None:
    night(rules)
    Partner.objects.filter(pk=silver.partner_id).update(status="ended", stage="ended")
    night(rules, MONDAY + DAY)
    assert not Standing.objects.exists()
