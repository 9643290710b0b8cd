"""Fits: scored anew when something changed, by the version that is for the partner."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from partners import facts, fits, history, memberships, organisations, profiles, ratings
from partners.models import (
    Criterion,
    Event,
    Fit,
    Membership,
    Partner,
    PartnerType,
    Profile,
    Programme,
    Status,
    Verdict,
)
from partners.profiles import Entry
from partners.scoring import Thresholds
from prm import jobs
from prm.models import Job
from team.models import Region, User, Vertical
from tests.conftest import MONDAY

SIZE = Entry("size", "Size", Criterion.Kind.NUMBER, 40, {"curve": [[0, 0], [100, 1]]}, "employees")
SKILL = Entry("skill", "Skill", Criterion.Kind.RATING, 60)
LATER = MONDAY + timedelta(hours=1)


def publish(by: User, *entries: Entry, kind: PartnerType | None = None, at: Any = MONDAY) -> Profile:
    draft = profiles.start_draft(kind, by=by, at=at)
    profiles.edit(draft, entries, Thresholds(), "We learnt", by=by, at=at)
    return profiles.publish(draft, by=by, at=at)


def add(name: str, **facts: Any) -> Partner:
    return organisations.add(name, by="test", at=MONDAY, **facts)


def test_facts_alone_make_a_provisional_score(ravi: User) -> None:
    profile = publish(ravi, SIZE, SKILL)
    partner = add("Northwind", employees=80)
    fit = fits.refresh(partner, at=MONDAY)
    assert fit is not None
    assert (fit.profile, fit.score, fit.coverage, fit.verdict) == (profile, 80, 40, Verdict.STRONG)
    assert fit.is_provisional
    partner.refresh_from_db()
    assert (partner.score, partner.coverage, partner.verdict) == (80, 40, Verdict.STRONG)
    assert [(line.answer, line.points) for line in fit.lines.all()] == [(80, 0.8), (None, None)]


def test_a_rating_scores_anew_at_once_and_the_old_score_stays(ravi: User, alice: User) -> None:
    publish(ravi, SIZE, SKILL)
    partner = add("Northwind", employees=80)
    before = fits.refresh(partner, at=MONDAY)
    fit = ratings.rate(partner, "skill", 2, "Two engineers", by=alice, at=LATER)
    assert before is not None
    assert fit is not None
    assert (fit.score, fit.coverage, fit.verdict) == (56, 100, Verdict.WEAK)
    before.refresh_from_db()
    assert (before.is_current, before.score, before.lines.count()) == (False, 80, 2)
    event = Event.objects.get(kind="fit_changed")
    assert history.sentence(event) == "scored it 56, weak fit; was 80"
    assert str(event.actor) == "Profile"


def test_nothing_changed_makes_no_new_score(ravi: User) -> None:
    publish(ravi, SIZE, SKILL)
    partner = add("Northwind", employees=80)
    first = fits.refresh(partner, at=MONDAY)
    assert fits.refresh(partner, at=LATER) == first
    assert Fit.objects.count() == 1


def test_a_changed_fact_scores_anew(ravi: User) -> None:
    publish(ravi, SIZE)
    partner = add("Northwind", employees=80)
    fits.refresh(partner, at=MONDAY)
    Partner.objects.filter(pk=partner.pk).update(employees=10)
    fit = fits.refresh(partner, at=LATER)
    assert fit is not None
    assert (fit.score, partner.verdict) == (10, Verdict.NOT_A_FIT)


def test_without_any_answer_there_is_a_fit_without_score(ravi: User) -> None:
    publish(ravi, SIZE, SKILL)
    fit = fits.refresh(add("Northwind"), at=MONDAY)
    assert fit is not None
    assert (fit.score, fit.coverage, fit.verdict) == (None, 0, "")


def test_the_profile_of_the_type_wins(ravi: User, reseller: PartnerType) -> None:
    general, own = publish(ravi, SIZE), publish(ravi, SKILL, kind=reseller)
    one, other = add("Northwind", kind=reseller), add("Contoso")
    fits.refresh_many([one.pk, other.pk], at=MONDAY)
    assert one.fits.get().profile == own
    assert other.fits.get().profile == general


def test_a_partner_no_profile_is_for_loses_its_score(ravi: User, reseller: PartnerType) -> None:
    publish(ravi, SIZE, kind=reseller)
    partner = add("Northwind", kind=reseller, employees=80)
    fits.refresh(partner, at=MONDAY)
    Partner.objects.filter(pk=partner.pk).update(kind=None)
    assert fits.refresh(partner, at=LATER) is None
    partner.refresh_from_db()
    assert (partner.score, partner.coverage, partner.verdict) == (None, None, "")
    assert partner.fits.get().is_current is False


def test_every_fact_is_read_from_the_record(ravi: User, programme: Programme) -> None:
    asked = {
        "country": ("choice", {"options": [["NL", 1]]}),
        "region": ("choice", {"options": [["Benelux", 1]]}),
        "kind": ("choice", {"options": [["Reseller", 1]]}),
        "tier": ("choice", {"options": [["Gold", 1]]}),
        "city": ("choice", {"options": [["Utrecht", 1]]}),
        "verticals": ("overlap", {"wanted": ["Health", "Retail"]}),
        "certifications": ("overlap", {"wanted": ["ISO 27001"]}),
        "regions": ("overlap", {"wanted": ["Nordics", "Benelux"]}),
        "programmes": ("overlap", {"wanted": ["Reseller programme"]}),
    }
    publish(ravi, *(Entry(key, key, kind, 1, rule, key) for key, (kind, rule) in asked.items()))
    gold, benelux = programme.tiers.get(name="Gold"), Region.objects.create(name="Benelux")
    partner = add(
        "Northwind",
        country="NL",
        city="Utrecht",
        region=benelux,
        kind=programme.kind,
        tier=gold,
        certifications=["iso 27001"],
    )
    partner.verticals.add(Vertical.objects.create(name="Health"))
    place = Membership.objects.create(partner=partner, programme=programme, tier=gold, is_main=True)
    place.regions.add(Region.objects.create(name="Nordics"))
    fit = fits.refresh(partner, at=MONDAY)
    assert fit is not None
    points = {line.criterion.key: line.points for line in fit.lines.select_related("criterion")}
    assert points == {key: 0.5 if key == "verticals" else 1 for key in asked}
    bare = fits.refresh(add("Contoso"), at=MONDAY)
    assert bare is not None
    assert bare.coverage == 0


def test_facts_of_many_are_those_of_each(programme: Programme) -> None:
    gold, nordics = programme.tiers.get(name="Gold"), Region.objects.create(name="Nordics")
    whole = add("Northwind", country="NL", city="Utrecht", region=nordics, kind=programme.kind, tier=gold)
    Partner.objects.filter(pk=whole.pk).update(employees=37, certifications=["ISO 27001"])
    whole.verticals.set([Vertical.objects.create(name=name) for name in ("Health", "Arts")])
    place = Membership.objects.create(partner=whole, programme=programme, is_main=True)
    place.regions.add(nordics, Region.objects.create(name="Benelux"))
    left = Membership.objects.create(partner=add("Contoso"), programme=programme, ends_on=MONDAY.date())
    left.regions.add(nordics)
    each = facts.with_facts(Partner.objects.all())
    assert facts.of_many(Partner.objects.all(), facts.FACTS) == {
        partner.pk: facts.answers(partner, facts.FACTS) for partner in each
    }
    assert all(facts.answers(each.get(pk=whole.pk), facts.FACTS).values())


def test_scoring_many_takes_as_many_queries_as_scoring_few(
    ravi: User, django_assert_max_num_queries: Any
) -> None:
    publish(ravi, SIZE, SKILL)
    few = [add(f"Few {n}", employees=n).pk for n in range(3)]
    many = [add(f"Many {n}", employees=n).pk for n in range(30)]
    Fit.objects.all().delete()
    with django_assert_max_num_queries(20) as first:
        fits.refresh_many(few, at=MONDAY)
    with django_assert_max_num_queries(len(first)):
        assert fits.refresh_many(many, at=MONDAY) == 30


# --- all of them, after publishing --------------------------------------------------------------------


def test_publishing_scores_the_partners_it_is_for(ravi: User, reseller: PartnerType) -> None:
    add("Northwind", employees=80, kind=reseller)
    add("Contoso", employees=20)
    ended = add("Fabrikam", employees=50)
    Partner.objects.filter(pk=ended.pk).update(status=Status.DECLINED)
    own = publish(ravi, SIZE, kind=reseller)
    general = publish(ravi, SIZE)
    jobs.run_due(at=MONDAY)
    assert {(fit.partner.name, fit.profile) for fit in Fit.objects.all()} == {
        ("Northwind", own),
        ("Contoso", general),
    }
    assert Job.objects.latest("pk").says == "1 partners scored against General v1."


def test_a_new_version_leaves_the_old_scores_alone(ravi: User) -> None:
    partner = add("Northwind", employees=80)
    first = publish(ravi, SIZE)
    jobs.run_due(at=MONDAY)
    second = publish(ravi, Entry("size", "Size", "number", 1, {"curve": [[0, 0], [160, 1]]}, "employees"))
    jobs.run_due(at=MONDAY)
    was, now = partner.fits.get(profile=first), partner.fits.get(profile=second)
    assert (was.is_current, was.score, now.is_current, now.score) == (False, 80, True, 50)
    assert was.lines.get().points == 0.8


def test_scoring_all_goes_on_where_it_stopped(ravi: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fits, "CHUNK", 2)
    partners = [add(f"Partner {n}", employees=n) for n in range(5)]
    profile = publish(ravi, SIZE)
    fits.refresh_many([partner.pk for partner in partners[:3]], at=MONDAY)
    jobs.run_due(at=LATER)
    assert Fit.objects.filter(scored_at=MONDAY, profile=profile).count() == 3
    assert Fit.objects.filter(profile=profile, is_current=True).count() == 5


def test_a_version_replaced_meanwhile_stops_scoring(ravi: User) -> None:
    add("Northwind", employees=80)
    publish(ravi, SIZE)
    second = publish(ravi, SIZE)
    jobs.run_due(at=MONDAY)
    assert Fit.objects.get().profile == second
    assert "replaced meanwhile" in Job.objects.earliest("pk").says


def test_the_sweep_scores_who_came_by_another_door(ravi: User) -> None:
    publish(ravi, SIZE)
    partner = add("Northwind", employees=80)
    Fit.objects.all().delete()
    assert fits.catch_up(MONDAY) == 1
    assert fits.catch_up(MONDAY) == 0
    assert partner.fits.get().score == 80


# --- ratings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("size", 5, "“size” is not rated by people in General v1"),
        ("nothing", 5, "“nothing” is not rated by people"),
        ("skill", 7, "“7” is no answer to Skill: it asks for a rating 0–5"),
        ("skill", "high", "“high” is no answer"),
    ],
)
def test_an_answer_that_does_not_suit_is_refused(
    ravi: User, alice: User, key: str, value: Any, words: str
) -> None:
    publish(ravi, SIZE, SKILL)
    partner = add("Northwind")
    with pytest.raises(ratings.RatingRefused, match=words):
        ratings.rate(partner, key, value, "", by=alice, at=MONDAY)
    assert not partner.ratings.exists()


def test_without_a_profile_there_is_nothing_to_rate(alice: User) -> None:
    with pytest.raises(ratings.RatingRefused, match="No profile is published"):
        ratings.rate(add("Northwind"), "skill", 3, "", by=alice, at=MONDAY)


def test_the_same_answer_again_writes_nothing(ravi: User, alice: User) -> None:
    publish(ravi, SKILL)
    partner = add("Northwind")
    ratings.rate(partner, "skill", 3, "As seen", by=alice, at=MONDAY)
    ratings.rate(partner, "skill", 3, "As seen", by=alice, at=LATER)
    assert partner.ratings.count() == 1
    assert Event.objects.filter(kind="partner_rated").count() == 1


def test_an_answer_can_be_taken_back(ravi: User, alice: User) -> None:
    publish(ravi, SKILL)
    partner = add("Northwind")
    ratings.rate(partner, "skill", 3, "", by=alice, at=MONDAY)
    fit = ratings.rate(partner, "skill", None, "Was about another firm", by=alice, at=LATER)
    assert fit is not None
    assert fit.score is None
    assert partner.ratings.count() == 2


def test_undo_puts_the_former_answers_back(ravi: User, alice: User) -> None:
    publish(ravi, SKILL, Entry("b", "B", "yes_no", 5, {"wanted": True}))
    partner = add("Northwind")
    ratings.rate(partner, "skill", 3, "First", by=alice, at=MONDAY)
    given = {"skill": ratings.Answer(5), "b": ratings.Answer(True)}
    ratings.assess(partner, given, by=alice, at=LATER)
    event = Event.objects.get(kind="partner_rated", at=LATER)
    undone = history.undo(event, by=alice, at=LATER + timedelta(minutes=1))
    newest = fits.newest_ratings([partner.pk])[partner.pk]
    assert (newest["skill"].value, newest["skill"].note, newest["b"].value) == (3, "First", None)
    assert undone.undoes == event
    partner.refresh_from_db()
    assert partner.score == Decimal("60.0")


def test_undo_is_refused_once_it_was_rated_again(ravi: User, alice: User) -> None:
    publish(ravi, SKILL)
    partner = add("Northwind")
    ratings.rate(partner, "skill", 3, "", by=alice, at=MONDAY)
    ratings.rate(partner, "skill", 4, "", by=alice, at=LATER)
    with pytest.raises(history.UndoRefused, match="rated again since"):
        history.undo(Event.objects.get(kind="partner_rated", at=MONDAY), by=alice, at=LATER)


def test_answers_carry_over_to_the_next_version_by_key(ravi: User, alice: User) -> None:
    publish(ravi, SKILL)
    partner = add("Northwind")
    ratings.rate(partner, "skill", 4, "", by=alice, at=MONDAY)
    publish(ravi, SKILL, SIZE)
    jobs.run_due(at=LATER)
    assert partner.fits.get(is_current=True).coverage == 60


def test_an_answer_of_another_kind_counts_as_open_in_the_next_version(ravi: User, alice: User) -> None:
    publish(ravi, SKILL)
    partner = add("Northwind")
    ratings.rate(partner, "skill", 4, "", by=alice, at=MONDAY)
    publish(ravi, Entry("skill", "Skill", "yes_no", 1, {"wanted": True}))
    jobs.run_due(at=LATER)
    assert partner.fits.get(is_current=True).coverage == 0


# --- the verbs that change a fact ---------------------------------------------------------------------


def test_a_new_partner_is_scored_at_its_birth(ravi: User) -> None:
    publish(ravi, SIZE)
    assert add("Northwind", employees=80).score == 80


def test_a_corrected_fact_scores_anew_at_once_and_so_does_its_undo(ravi: User, alice: User) -> None:
    publish(ravi, SIZE)
    partner = add("Northwind", employees=80)
    event = organisations.change(partner, {"employees": 10}, by=alice, at=LATER)
    assert partner.score == 10
    assert event is not None
    history.undo(event, by=alice, at=LATER + timedelta(minutes=1))
    partner.refresh_from_db()
    assert partner.score == 80


def test_joining_a_programme_brings_the_profile_of_its_type(
    ravi: User, alice: User, programme: Programme
) -> None:
    publish(ravi, SIZE)
    gold = {"options": [["Gold", 1], ["Silver", 0.5]]}
    own = publish(ravi, Entry("tier", "Tier", "choice", 1, gold, "tier"), kind=programme.kind)
    partner = add("Northwind", employees=80)
    tiers = {tier.name: tier for tier in programme.tiers.all()}
    place = memberships.join(partner, programme, by=alice, at=LATER, tier=tiers["Silver"])
    fit = partner.fits.get(is_current=True)
    assert (fit.profile, fit.score) == (own, 50)
    memberships.change(place, by=alice, at=LATER, tier=tiers["Gold"], starts_on=None)
    assert partner.fits.get(is_current=True).score == 100
