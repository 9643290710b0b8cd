"""Who did what to which version of the profile, when and why."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from partners import history, profile_events, profiles
from partners.models import Criterion, Event, PartnerType, Profile
from partners.profiles import Entry
from partners.scoring import Thresholds
from team.models import User
from tests.conftest import MONDAY
from tests.partners.test_profile_pages import SKILL, draft_of

AS_USUAL = Thresholds()
SIZE = Entry("size", "Size", Criterion.Kind.NUMBER, 20, {"curve": [[0, 0], [200, 1]]}, "employees")


def said(family: str = "") -> list[str]:
    return [f"{event.actor} {history.sentence(event)}" for event in profile_events.of(family)]


def changed(draft: Profile, *entries: Entry, by: User, bounds: Thresholds = AS_USUAL, why: str = "") -> str:
    """What the history says of a change, after the name of the draft."""
    profiles.edit(draft, entries, bounds, why, by=by, at=MONDAY)
    return said()[0].partition(f"{draft}: ")[2]


def test_it_says_who_started_published_and_discarded_what(ravi: User, erin: User) -> None:
    first = profiles.start_draft(None, by=ravi, at=MONDAY, starter="general")
    profiles.publish(first, by=ravi, at=MONDAY, why="To begin with")
    second = profiles.start_draft(None, by=erin, at=MONDAY)
    profiles.discard(second, by=ravi, at=MONDAY)
    assert said() == [
        "Ravi discarded the draft General v2",
        "Erin started the draft General v2, a copy of General v1",
        "Ravi published General v1",
        "Ravi started the draft General v1, a copy of the starter “General”",
    ]
    assert [event.note for event in profile_events.of()] == ["", "", "To begin with", ""]


def test_a_change_says_what_differs(ravi: User) -> None:
    draft = draft_of(ravi)
    assert (
        changed(draft, SKILL, SIZE, by=ravi, why="We learnt") == "Size added (Number on a curve, weight 20)"
    )
    heavier = replace(SKILL, weight=30, must_have=True)
    assert (
        changed(draft, SIZE, heavier, by=ravi, bounds=Thresholds(80), why="We learnt")
        == "Strong fit from 75 → 80; Skill: must-have no → yes; Skill: weight 10 → 30; "
        "Order Skill, Size → Size, Skill"
    )
    assert (
        changed(draft, replace(SIZE, name="Staff", rule={"curve": [[0, 0], [50, 1]]}), by=ravi)
        == "Strong fit from 80 → 75; Why We learnt → nothing; Size: name Size → Staff; "
        "Size: rule 0=0, 200=1 → 0=0, 50=1; Skill removed"
    )


def test_two_criteria_of_one_name_are_told_apart(ravi: User) -> None:
    other = replace(SKILL, key="other")
    draft = draft_of(ravi, SKILL, other)
    told = changed(draft, replace(SKILL, weight=20), replace(other, weight=30), by=ravi, why="We learnt")
    assert told == "Skill (other): weight 10 → 30; Skill (skill): weight 10 → 20"


def test_saving_without_a_change_is_no_change(ravi: User) -> None:
    draft = draft_of(ravi)
    before = said()
    profiles.edit(draft, [SKILL], Thresholds(), "We learnt", by=ravi, at=MONDAY)
    assert said() == before


def test_the_page_shows_all_or_one_family(client: Client, ravi: User, reseller: PartnerType) -> None:
    general = draft_of(ravi)
    profiles.start_draft(reseller, by=ravi, at=MONDAY)
    client.force_login(ravi)
    address = reverse("partners:profile_history")
    whole = client.get(address).content.decode()
    assert "started the draft Reseller v1" in whole
    assert "started the draft General v1" in whole
    narrowed = client.get(address, {"of": general.pk}).content.decode()
    assert "started the draft Reseller v1" not in narrowed
    assert "Why nothing → We learnt" in narrowed


@pytest.mark.parametrize("name", ["profile", "profile_edit"])
def test_versions_and_editor_lead_to_it(client: Client, ravi: User, name: str) -> None:
    draft = draft_of(ravi)
    client.force_login(ravi)
    page = client.get(reverse(f"partners:{name}", args=[draft.pk])).content.decode()
    assert f"{reverse('partners:profile_history')}?of={draft.pk}" in page


def test_the_page_goes_on(client: Client, ravi: User) -> None:
    draft = draft_of(ravi)
    for weight in range(11, 41):
        profiles.edit(draft, [replace(SKILL, weight=weight)], Thresholds(), "We learnt", by=ravi, at=MONDAY)
    client.force_login(ravi)
    page = client.get(reverse("partners:profile_history"), {"of": draft.pk})
    assert "weight 39 → 40" in page.content.decode()
    older = client.get(reverse("partners:profile_history") + page.context["next_url"]).content.decode()
    assert "weight 39 → 40" not in older
    assert "started the draft General v1" in older
    assert Event.objects.filter(about_kind="profile").count() == 32
