"""What a draft would change is what publishing it changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners import effects, fits, organisations, profiles, ratings
from partners.effects import Proposal
from partners.models import Event, Fit, Partner, PartnerType, Profile, Rating, Step, Verdict
from partners.profiles import Entry, ProfileRefused
from partners.scoring import Thresholds
from prm.models import Job
from team.models import Company, Notice, Role, User
from team.roles import may
from tests.conftest import MONDAY, person
from tests.partners.test_fits import SIZE, SKILL, publish
from tests.partners.test_profile_pages import typed
from tests.programs import program

BOUNDS = Thresholds()
CITY = Entry("city", "City", "choice", 50, {"options": [["Berlin", 1.0]], "other": 0.0}, "city")
SPONSOR = Entry("sponsor", "Sponsor", "rating", 30)


@pytest.fixture
def firms(ravi: User, alice: User, bob: User) -> list[Partner]:
    """Twelve partners, scored by what they are and by a rating; one is in contract talks."""
    publish(ravi, SIZE, SKILL)
    made = []
    for n in range(12):
        more: dict[str, Any] = {"city": "Berlin" if n % 2 else "Graz", "owner": bob if n % 3 else alice}
        partner = organisations.add(f"Firm {n}", by=ravi, at=MONDAY, employees=10 * n, **more)
        if n % 4:
            ratings.rate(partner, "skill", n % 6, "", by=alice, at=MONDAY)
        Rating.objects.create(partner=partner, key="sponsor", value=5 - n % 6, by=alice, at=MONDAY)
        fits.refresh(partner, MONDAY)
        made.append(partner)
    Partner.objects.filter(pk=made[5].pk).update(step=Step.NEGOTIATING)
    return made


def draft_of(by: User, *entries: Entry, bounds: Thresholds = BOUNDS) -> Profile:
    draft = profiles.start_draft(None, by=by, at=MONDAY)
    return profiles.edit(draft, entries, bounds, "We learnt", by=by, at=MONDAY)


def verdicts() -> dict[int, str]:
    return dict(Fit.objects.filter(is_current=True).values_list("partner", "verdict"))


def scored(profile: Profile, by: User) -> None:
    profiles.publish(profile, by=by, at=MONDAY)
    fits.score_all(Job.objects.get(kind="score_all", about={"profile": profile.pk}), lambda done, total: None)


@pytest.mark.parametrize(
    "entries",
    [
        (replace(SIZE, weight=90), SKILL),
        (SIZE, replace(SKILL, must_have=True, rule={"passes_at": 0.6})),
        (replace(SIZE, rule={"curve": [[0, 0], [40, 1]]}), SKILL),
        (SIZE, SKILL, CITY, SPONSOR),
        (SKILL,),
    ],
    ids=["weights", "must-have", "another rule", "new criteria", "one fewer"],
)
def test_what_it_says_is_what_publishing_does(
    firms: list[Partner], ravi: User, entries: tuple[Entry, ...]
) -> None:
    draft = draft_of(ravi, *entries)
    before, effect = verdicts(), effects.of(Proposal.of(draft))
    scored(draft, ravi)
    after = verdicts()
    ways = Counter(
        (effects.RANK[after[pk]] > effects.RANK[was]) - (effects.RANK[after[pk]] < effects.RANK[was])
        for pk, was in before.items()
    )
    assert (effect.up, effect.down, effect.stay) == (ways[1], ways[-1], ways[0])
    assert {mover.partner.pk: mover.then for mover in effect.movers} == {
        pk: after[pk] for pk, was in before.items() if after[pk] != was
    }
    spread = [band.then for band in effect.bands]
    now = Fit.objects.filter(is_current=True, score__isnull=False).values_list("score", flat=True)
    assert spread == [sum(min(int(score) // 10, 9) == n for score in now) for n in range(10)]


def test_a_mover_says_why_and_whether_it_is_in_contract_talks(firms: list[Partner], ravi: User) -> None:
    effect = effects.of(
        Proposal.of(
            draft_of(ravi, replace(SIZE, must_have=True, rule={"curve": [[0, 0], [500, 0], [501, 1]]}), SKILL)
        )
    )
    moved = {mover.partner.pk: mover for mover in effect.movers}
    talks = moved[firms[5].pk]
    assert talks.is_in_contract_talks
    assert talks.then == Verdict.NOT_A_FIT
    assert talks.reasons[0] == "must-have not met: Size"
    assert not any(mover.is_in_contract_talks for pk, mover in moved.items() if pk != firms[5].pk)


def test_thresholds_alone_are_a_reason(firms: list[Partner], ravi: User) -> None:
    effect = effects.of(Proposal.of(draft_of(ravi, SIZE, SKILL, bounds=Thresholds(99, 98, 40))))
    assert effect.up == 0
    assert {(mover.now, tuple(mover.reasons)) for mover in effect.movers} == {
        (Verdict.STRONG, ("Strong fit from 75 → 99", "Possible fit from 60 → 98")),
        (Verdict.POSSIBLE, ("Possible fit from 60 → 98",)),
    }


@pytest.mark.parametrize("bounds", [Thresholds(70, 50, 30), Thresholds(85, 70, 20)])
def test_a_threshold_is_named_beside_a_weight_where_without_it_the_partner_moved_less(
    firms: list[Partner], ravi: User, bounds: Thresholds
) -> None:
    entries = replace(SIZE, weight=90), SKILL
    draft = draft_of(ravi, *entries, bounds=bounds)
    by_weights = {
        mover.partner.pk: mover.then for mover in effects.of(Proposal.written(draft, entries, BOUNDS)).movers
    }
    found = Counter[tuple[bool, bool]]()
    for mover in effects.of(Proposal.of(draft)).movers:
        further = effects.RANK[mover.then] - effects.RANK[by_weights.get(mover.partner.pk, mover.now)]
        thresholds = [reason for reason in mover.reasons if " fit from " in reason]
        assert bool(thresholds) is (further > 0 if mover.is_up else further < 0), mover
        found[bool(thresholds), len(mover.reasons) > len(thresholds)] += 1
    assert found[True, True]  # beside a weight


def test_what_was_asked_and_not_answered_is_named_where_it_keeps_a_partner_from_a_strong_fit(
    firms: list[Partner], ravi: User
) -> None:
    must = replace(SKILL, must_have=True)
    draft = draft_of(ravi, SIZE, must)
    (mover,) = (each for each in effects.of(Proposal.of(draft)).movers if each.partner == firms[8])
    assert (mover.now, mover.then) == (Verdict.STRONG, Verdict.POSSIBLE)
    assert mover.reasons == ["must-have not answered: Skill"]
    easier = replace(SIZE, rule={"curve": [[0, 0], [40, 1]]}), must
    rising = effects.of(Proposal.written(draft, easier, BOUNDS)).movers
    (mover,) = (each for each in rising if each.partner == firms[4])
    assert (mover.now, mover.then) == (Verdict.WEAK, Verdict.POSSIBLE)
    assert mover.reasons == ["Size +60.0"]
    scored(draft, ravi)
    (mover,) = (each for each in effects.of(Proposal.of(draft_of(ravi, SIZE, SKILL))).movers if each.is_up)
    assert (mover.partner, mover.reasons) == (firms[8], ["no unanswered must-have any more: Skill"])


def test_many_partners_cost_as_many_questions_as_few(firms: list[Partner], ravi: User) -> None:
    proposal = Proposal.of(draft_of(ravi, replace(SIZE, weight=90), SKILL, CITY))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            effects.of(proposal)
        return len(queries)

    few = asked()
    for n in range(30):
        fits.refresh(organisations.add(f"More {n}", by=ravi, at=MONDAY, employees=n), MONDAY)
    assert asked() == few


def test_what_is_being_written_shows_its_effect_and_saves_nothing(
    client: Client, firms: list[Partner], ravi: User
) -> None:
    draft = draft_of(ravi, SIZE, SKILL)
    client.force_login(ravi)
    address = reverse("partners:profile_effect", args=[draft.pk])
    assert 'Stay</dt><dd class="big num">12<' in client.get(address).content.decode()
    rows = {"name": "Size", "key": "size", "kind": "number", "source": "employees", "rule": "0=0, 1000=1"}
    sent = typed(rows | {"weight": 900}, {"name": "Skill", "key": "skill", "weight": 1})
    page = client.post(address, sent, headers={"HX-Request": "true"}).content.decode()
    assert "nothing saved yet" in page
    assert "Not a fit" in page
    assert "<html" not in page
    assert {each.weight for each in draft.criteria.all()} == {SIZE.weight, SKILL.weight}
    unread = client.post(address, typed(rows | {"rule": "what?"}), headers={"HX-Request": "true"})
    assert "cannot be read yet" in unread.content.decode()


def test_each_owner_is_told_once_with_the_names(
    firms: list[Partner], ravi: User, alice: User, bob: User
) -> None:
    draft = draft_of(ravi, replace(SIZE, must_have=True, rule={"curve": [[0, 0], [500, 0], [501, 1]]}), SKILL)
    scored(draft, ravi)
    fits.score_all(Job.objects.get(kind="score_all", about={"profile": draft.pk}), lambda done, total: None)
    told = dict(Notice.objects.filter(kind="profile_moved").values_list("person", "text"))
    assert set(told) == {alice.pk, bob.pk}
    assert "General v2 gives" in told[bob.pk]
    assert "Firm 1" in told[bob.pk]
    assert "Firm 3" not in told[bob.pk]
    assert Notice.objects.filter(kind="profile_moved").count() == 2


def test_a_version_that_replaces_another_says_why(firms: list[Partner], ravi: User) -> None:
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    with pytest.raises(ProfileRefused, match="Say why General v2 replaces General v1"):
        profiles.publish(draft, by=ravi, at=MONDAY, why=" ")
    assert not Event.objects.filter(kind="profile_published", about_id=draft.pk).exists()


def test_two_versions_stand_side_by_side(client: Client, firms: list[Partner], ravi: User) -> None:
    draft = draft_of(ravi, replace(SIZE, weight=140), CITY, bounds=Thresholds(80, 60, 40))
    lines = {line.name: line for line in profiles.differences(Profile.objects.get(number=1), draft)}
    assert (lines["Size"].weight_was, lines["Size"].weight_now) == (40, 74)
    assert [name for name, line in lines.items() if line.was is None] == ["City"]
    assert [name for name, line in lines.items() if line.now is None] == ["Skill"]
    client.force_login(ravi)
    page = client.get(reverse("partners:profile_compare", args=[draft.pk])).content.decode()
    assert "General v2 beside General v1" in page


def test_a_version_is_compared_with_none_but_another_of_its_family(
    client: Client, firms: list[Partner], ravi: User, reseller: PartnerType
) -> None:
    address = reverse("partners:profile_compare", args=[draft_of(ravi, SIZE).pk])
    of_resellers = profiles.start_draft(reseller, by=ravi, at=MONDAY)
    client.force_login(ravi)
    given = ["", Profile.objects.get(number=1, kind=None).pk, of_resellers.pk, "zzz", "9" * 20]
    assert [client.get(address, {"with": each}).status_code for each in given] == [200, 200, 404, 404, 404]


def test_what_moves_a_partner_is_named_in_the_direction_of_its_move(firms: list[Partner], ravi: User) -> None:
    draft = draft_of(ravi, replace(SIZE, weight=90), SKILL, SPONSOR)
    movers = effects.of(Proposal.of(draft)).movers
    assert {mover.is_up for mover in movers} == {True, False}
    for mover in movers:
        signs = {reason.rsplit(" ", 1)[-1][0] for reason in mover.reasons if reason[-1].isdigit()}
        assert signs <= ({"+"} if mover.is_up else {"−"}), mover


def test_the_one_weight_that_changed_is_named(firms: list[Partner], ravi: User) -> None:
    movers = effects.of(Proposal.of(draft_of(ravi, replace(SIZE, weight=90), SKILL))).movers
    assert movers
    assert all(any(reason.startswith("Size") for reason in mover.reasons) for mover in movers)


def test_all_that_move_are_told_in_a_file(
    client: Client, firms: list[Partner], ravi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "SHOWN", 1)
    draft = draft_of(ravi, replace(SIZE, must_have=True, rule={"curve": [[0, 0], [500, 0], [501, 1]]}), SKILL)
    client.force_login(ravi)
    address = reverse("partners:profile_movers", args=[draft.pk])
    assert address in client.get(reverse("partners:profile_effect", args=[draft.pk])).text
    lines = client.get(address).getvalue().decode().splitlines()
    moved = effects.of(Proposal.of(draft), most=None)
    assert len(lines) == 1 + moved.moved > 2
    talks = next(line for line in lines if "Firm 5" in line)
    assert ",yes," in talks
    assert "must-have not met: Size" in talks


def test_thresholds_in_the_wrong_order_are_said_beside_the_effect(
    client: Client, firms: list[Partner], ravi: User
) -> None:
    draft = draft_of(ravi, SIZE, SKILL)
    client.force_login(ravi)
    sent = typed({"name": "Size", "key": "size"}, strong_at=20, possible_at=60)
    said = client.post(reverse("partners:profile_effect", args=[draft.pk]), sent).text
    assert "Strong fit from: Thresholds must descend from 100 at most: strong 20, possible 60" in said
    assert "Move up" not in said


def test_shares_follow_what_is_typed_and_say_how_far_they_are_from_what_holds(
    client: Client, firms: list[Partner], ravi: User
) -> None:
    draft = draft_of(ravi, SIZE, SKILL)
    client.force_login(ravi)
    page = client.get(reverse("partners:profile_edit", args=[draft.pk])).text
    assert "v1 holds since" in page
    assert page.count(">=</b>") == 2 + 3  # each weighs what it weighed, each verdict begins where it began
    keys = [each.key for each in profiles.criteria(draft)]
    rows = [{"name": key, "key": key, "weight": 30} for key in keys]
    sent = typed(*rows, **{"form-INITIAL_FORMS": 2})
    said = client.post(reverse("partners:profile_effect", args=[draft.pk]), sent).text
    assert "weights add to 60; shares are worked out from it" in said
    assert said.count('hx-swap-oob="true"') == 3 + 3
    assert said.count('50 %<span class="visually-hidden"> of all weight</span>') == 2
    assert f"{30 - SIZE.weight:+d}" in said


def test_a_program_reads_what_the_page_shows(firms: list[Partner], ravi: User) -> None:
    draft = draft_of(ravi, replace(SIZE, weight=90), replace(SKILL, must_have=True, rule={"passes_at": 0.9}))
    effect = effects.of(Proposal.of(draft))
    told = program(ravi).get(f"/api/v1/profiles/{draft.pk}/effect/").json()
    assert told["bands"] == [
        {"scores": band.words, "now": band.now, "then": band.then} for band in effect.bands
    ]
    assert sum(band["now"] for band in told["bands"]) > 0
    talking = {each["partner"]: each["is_in_contract_talks"] for each in told["movers"]}
    assert [partner for partner, talks in talking.items() if talks] == [firms[5].pk]
    assert len(talking) > 1


@pytest.mark.parametrize("role", Role.values)
def test_whoever_may_see_who_moves_reads_all_partners(role: str, company: Company) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    one = person("Kim", role)
    assert may(one, "edit profile") is (role == Role.ADMIN)
    assert not (may(one, "edit profile") and one.reads_own_only)
