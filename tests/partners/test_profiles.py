"""Versions of a profile: draft, published, retired."""

import pytest

from partners import profile_events, profiles, rules, scoring
from partners.models import Criterion, Event, PartnerType, Profile
from partners.profiles import Entry
from partners.scoring import Thresholds
from partners.starters import STARTERS
from prm.models import Job
from prm.references import resolve
from team.models import User
from tests.conftest import MONDAY

ONE = Entry("skill", "Skill", Criterion.Kind.RATING, 10)


def published(by: User, kind: PartnerType | None = None, *entries: Entry) -> Profile:
    draft = profiles.start_draft(kind, by=by, at=MONDAY)
    profiles.edit(draft, entries or [ONE], Thresholds(), "We learnt", by=by, at=MONDAY)
    return profiles.publish(draft, by=by, at=MONDAY)


def asked(profile: Profile) -> list[scoring.Criterion]:
    return [rules.of(criterion) for criterion in profiles.criteria(profile)]


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_can_be_published_as_it_stands(name: str, ravi: User) -> None:
    draft = profiles.start_draft(None, by=ravi, at=MONDAY, starter=name)
    assert draft.criteria.count() == len(STARTERS[name].rows)
    assert draft.criteria.filter(must_have=True).exists()
    entries = profiles.starter_entries(name)
    assert profiles.publish(
        profiles.edit(draft, entries, Thresholds(), "We learnt", ravi, MONDAY), ravi, MONDAY
    )


def test_the_starters_use_every_kind_of_criterion() -> None:
    assert {row.kind for starter in STARTERS.values() for row in starter.rows} == set(Criterion.Kind)


def test_a_draft_begins_as_a_copy_of_what_is_published(ravi: User, reseller: PartnerType) -> None:
    first = published(ravi, reseller, ONE, Entry("b", "B", Criterion.Kind.YES_NO, 5, {"wanted": True}))
    draft = profiles.start_draft(reseller, by=ravi, at=MONDAY)
    assert (draft.family, draft.number) == ("Reseller", 2)
    assert asked(draft) == asked(first)


def test_one_draft_at_a_time(ravi: User, reseller: PartnerType) -> None:
    profiles.start_draft(reseller, by=ravi, at=MONDAY)
    profiles.start_draft(None, by=ravi, at=MONDAY)
    with pytest.raises(profiles.ProfileRefused, match="a draft of Reseller already"):
        profiles.start_draft(reseller, by=ravi, at=MONDAY)


def test_publishing_retires_the_former_and_has_partners_scored(ravi: User) -> None:
    first, second = published(ravi), published(ravi)
    first.refresh_from_db()
    assert (first.state, first.retired_at) == (Profile.State.RETIRED, MONDAY)
    assert second.published_at == MONDAY
    assert Job.objects.filter(kind="score_all", about={"profile": second.pk}).exists()
    event = Event.objects.get(kind="profile_published", about_id=second.pk)
    assert profile_events.words(event) == "published General v2, which follows General v1"
    assert event.about is not None
    assert resolve([event.about]) == {event.about: second}


def test_types_and_the_general_profile_live_side_by_side(ravi: User, reseller: PartnerType) -> None:
    general, own = published(ravi), published(ravi, reseller)
    assert profiles.published(None) == general
    assert profiles.published(reseller) == own


def test_a_published_version_never_changes(ravi: User) -> None:
    live = published(ravi)
    for change in (
        lambda: profiles.edit(live, [], Thresholds(), "", by=ravi, at=MONDAY),
        lambda: profiles.publish(live, by=ravi, at=MONDAY),
        lambda: profiles.discard(live, by=ravi, at=MONDAY),
    ):
        with pytest.raises(profiles.ProfileRefused, match="General v1 is published and never changes"):
            change()
    assert live.criteria.get().key == "skill"


def test_a_retired_version_never_changes(ravi: User) -> None:
    first = published(ravi)
    published(ravi)
    with pytest.raises(profiles.ProfileRefused, match="retired"):
        profiles.edit(first, [], Thresholds(), "", by=ravi, at=MONDAY)


def test_an_empty_profile_is_not_published(ravi: User) -> None:
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    with pytest.raises(profiles.ProfileRefused, match="at least one criterion"):
        profiles.publish(draft, by=ravi, at=MONDAY)
    draft.refresh_from_db()
    assert draft.state == Profile.State.DRAFT


@pytest.mark.parametrize(
    ("entries", "bounds", "words"),
    [
        ([ONE, ONE], Thresholds(), "Two criteria have the key “skill”"),
        ([Entry("a", "A", "number", 1, source="size")], Thresholds(), "no field of the record"),
        ([Entry("a", "A", "rating", 1, source="employees")], Thresholds(), "choose “number on a curve”"),
        ([Entry("a", "A", "rating", 0)], Thresholds(), "weight of 1 or more"),
        ([ONE], Thresholds(60, 60, 40), "Thresholds must descend"),
        ([ONE], Thresholds(101, 60, 40), "Thresholds must descend"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused_in_words(
    ravi: User, entries: list[Entry], bounds: Thresholds, words: str
) -> None:
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    with pytest.raises(profiles.ProfileRefused, match=words):
        profiles.edit(draft, entries, bounds, "", by=ravi, at=MONDAY)
    assert not draft.criteria.exists()


def test_an_edit_adds_changes_removes_and_orders(ravi: User) -> None:
    draft = profiles.start_draft(None, by=ravi, at=MONDAY, starter="general")
    kept = draft.criteria.get(key="skill")
    now = [Entry("new", "New", Criterion.Kind.YES_NO, 3, {"wanted": False}), ONE]
    profiles.edit(draft, now, Thresholds(80, 50, 20), "Because", by=ravi, at=MONDAY)
    assert [(each.key, each.position) for each in draft.criteria.all()] == [("new", 0), ("skill", 1)]
    assert draft.criteria.get(key="skill").pk == kept.pk
    draft.refresh_from_db()
    assert (draft.strong_at, draft.possible_at, draft.weak_at, draft.why) == (80, 50, 20, "Because")


def test_a_discarded_draft_is_gone_and_remembered(ravi: User) -> None:
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    profiles.discard(draft, by=ravi, at=MONDAY)
    assert not Profile.objects.exists()
    assert (
        profile_events.words(Event.objects.get(kind="profile_discarded")) == "discarded the draft General v1"
    )
    with pytest.raises(profiles.ProfileRefused, match="discarded meanwhile"):
        profiles.publish(draft, by=ravi, at=MONDAY)


def test_families_keep_apart_and_keep_their_name(ravi: User, reseller: PartnerType) -> None:
    general = PartnerType.objects.create(name="General")
    assert profiles.start_draft(general, by=ravi, at=MONDAY).family == f"General {general.pk}"
    profiles.discard(profiles.start_draft(None, by=ravi, at=MONDAY), by=ravi, at=MONDAY)
    first = published(ravi, reseller)
    reseller.name = "Value-added reseller"
    reseller.save()
    assert profiles.start_draft(reseller, by=ravi, at=MONDAY).family == first.family
