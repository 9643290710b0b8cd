"""The whole road of a rise and of a fall: found, announced, decided, contested, lifted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations import appeals, decisions
from conversations.decisions import DecisionRefused
from conversations.models import Commitment, Decision, Matter, Message
from lifecycle.growth.tiering import benefits, changing, telling
from lifecycle.growth.tiering.changing import ChangeRefused
from lifecycle.growth.tiering.models import Benefit, GivenBenefit, Standing, TierChange, TierRules
from partners import memberships, merging
from partners.memberships import MembershipRefused
from partners.models import Contact, Membership, Partner, Programme
from team.models import Notice, User
from tests.conftest import MONDAY, person
from tests.lifecycle.growth.tiering.conftest import (
    TODAY,
    certify,
    member,
    night,
    open_change,
    tier,
    won,
)
from tests.partners.test_importing import checked, reasons
from tests.programs import program

DAY = timedelta(days=1)
YES, NO = Decision.Answer.YES, Decision.Answer.NO


@pytest.fixture
def earned(silver: Membership, rules: TierRules, alice: User) -> Membership:
    """Northwind has all that Gold wants, and the night has found it."""
    won(silver.partner, alice, 4_000_000)
    for name in ("Ada", "Bo"):
        certify(silver.partner, name, alice)
    night(rules)
    return silver


@pytest.fixture
def missing(silver: Membership, rules: TierRules, ravi: User, erin: User) -> Membership:
    """Northwind is at Gold and misses it, and the night has found it."""
    memberships.change(silver, erin, MONDAY, tier("Gold"), None, decided=True)
    night(rules)
    silver.refresh_from_db()
    return silver


def announce(membership: Membership, by: User, nora: Contact) -> TierChange:
    change = open_change(membership)
    until = changing.earliest(change, MONDAY)
    words = telling.draft(change, until)
    telling.send(change, nora, words.subject, words.body, until, by=by, at=MONDAY)
    return change


def the_matter() -> Matter:
    related = ("partner__owner", "kind", "wait__conversation")
    return Matter.objects.open().select_related(*related).get()


def at_tier(membership: Membership) -> str:
    membership.refresh_from_db()
    membership.partner.refresh_from_db()
    assert membership.partner.tier == membership.tier
    return str(membership.tier)


# --- up -------------------------------------------------------------------------------------------------


def test_an_earned_rise_waits_for_a_head(earned: Membership, erin: User, alice: User) -> None:
    matter = the_matter()
    assert at_tier(earned) == "Silver"
    assert [each.person for each in matter.deciders.all()] == [erin]
    assert matter.wait.metric == "decision"
    assert Notice.objects.filter(person=alice, kind=changing.EARNED).count() == 1
    with pytest.raises(DecisionRefused):
        decisions.decide(matter, YES, "", by=alice, at=MONDAY)


def test_a_yes_gives_the_tier_and_what_it_gives_once(
    earned: Membership, rules: TierRules, erin: User, alice: User, ravi: User
) -> None:
    benefits.add(tier("Gold"), "A joint event", 30, "once", by=ravi, at=MONDAY)
    benefits.add(tier("Gold"), "A talk with our engineers", 14, "quarter", by=ravi, at=MONDAY)
    matter = the_matter()
    decisions.decide(matter, YES, "", by=erin, at=MONDAY)
    with pytest.raises(DecisionRefused):
        decisions.decide(matter, YES, "", by=erin, at=MONDAY)
    assert at_tier(earned) == "Gold"
    words = telling.draft(TierChange.objects.get(), TODAY).body
    assert "You have earned it by the rules." in words
    assert "– A talk with our engineers (every quarter)" in words
    owed = Commitment.objects.order_by("promised_for")
    assert [(each.owner, each.promised_for, each.visible_to_partner) for each in owed] == [
        (alice, TODAY + 14 * DAY, True),
        (alice, TODAY + 30 * DAY, True),
    ]
    night(rules, MONDAY + DAY)
    assert not TierChange.objects.open().exists()
    in_a_quarter = MONDAY + 95 * DAY
    assert benefits.sweep(in_a_quarter) == 1
    assert benefits.sweep(in_a_quarter) == 0
    assert Commitment.objects.count() == 3
    assert owed.filter(text="A talk with our engineers").count() == 2


def test_a_no_says_why_and_is_contested_before_a_second_person(
    earned: Membership, rules: TierRules, erin: User, nora: Contact
) -> None:
    hanna = person("Hanna", "head")
    decision = decisions.decide(the_matter(), NO, "One deal was refunded.", by=erin, at=MONDAY)
    assert at_tier(earned) == "Silver"
    assert decision.visible_to_partner
    night(rules, MONDAY + DAY)
    assert not TierChange.objects.open().exists()  # what was decided is not asked again at once
    appeals.contest(decision, "It was paid again.", nora, MONDAY + DAY)
    with pytest.raises(DecisionRefused):
        decisions.decide(the_matter(), YES, "", by=erin, at=MONDAY + DAY)
    decisions.decide(the_matter(), YES, "", by=hanna, at=MONDAY + DAY)
    assert at_tier(earned) == "Gold"
    assert TierChange.objects.get().state == TierChange.State.DONE


def test_a_rise_that_is_earned_no_more_is_not_asked_for(earned: Membership, rules: TierRules) -> None:
    earned.partner.certificates.update(withdrawn_at=MONDAY, withdrawn_reason="Cheated")
    night(rules, MONDAY + DAY)
    assert not Matter.objects.open().exists()
    assert TierChange.objects.get().state == TierChange.State.LIFTED


# --- down -----------------------------------------------------------------------------------------------


def test_a_fall_first_gives_notice_that_a_person_sends(
    missing: Membership, rules: TierRules, alice: User, nora: Contact
) -> None:
    assert not Matter.objects.exists()
    assert not Message.objects.exists()  # nothing leaves by itself
    assert Notice.objects.filter(person=alice, kind=changing.MISSED).count() == 1
    change = open_change(missing)
    assert change.waits_to_be_told
    assert str(change.to) == "Silver"
    night(rules, MONDAY + 200 * DAY)
    assert not Matter.objects.exists()  # and untold it goes nowhere
    words = telling.draft(change, changing.earliest(change, MONDAY))
    assert "EUR 12,000 of EUR 50,000 revenue in 12 months, EUR 38,000 to go" in words.body
    assert "30 August 2026" in words.body
    with pytest.raises(ChangeRefused, match="at the earliest 30 August 2026"):
        telling.send(change, nora, "Your tier", "Soon.", TODAY, by=alice, at=MONDAY)
    change.refresh_from_db()
    announce(missing, alice, nora)
    with pytest.raises(ChangeRefused):
        telling.send(change, nora, "Again", "Again.", None, by=alice, at=MONDAY)
    assert Message.objects.get().body == words.body


def test_after_the_notice_a_head_decides_and_the_no_takes_it_down(
    missing: Membership, rules: TierRules, erin: User, alice: User, nora: Contact, ravi: User
) -> None:
    yearly = benefits.add(tier("Gold"), "A joint event", 30, "year", by=ravi, at=MONDAY)
    change = announce(missing, alice, nora)
    given = GivenBenefit.objects.create(
        benefit=yearly, membership=missing, change=change, by=erin, began_on=TODAY, next_check_at=MONDAY
    )
    benefits.sweep(MONDAY)
    changing.sweep(MONDAY + 90 * DAY)
    assert not Matter.objects.open().exists()  # the last day has not passed
    over = MONDAY + 91 * DAY
    night(rules, over)
    changing.sweep(over)
    decision = decisions.decide(the_matter(), NO, "The notice is over.", by=erin, at=over)
    assert at_tier(missing) == "Silver"
    given.refresh_from_db()
    assert given.ended_at == over
    assert [str(each) for each in benefits.open_of(missing)] == ["A joint event"]
    assert benefits.sweep(over + 400 * DAY) == 0
    hanna = person("Hanna", "head")
    appeals.contest(decision, "We signed two deals.", nora, over + DAY)
    decisions.decide(the_matter(), YES, "", by=hanna, at=over + DAY)
    assert at_tier(missing) == "Gold"
    given.refresh_from_db()
    assert given.ended_at is None
    night(rules, over + 2 * DAY)
    assert not TierChange.objects.open().exists()


def test_who_comes_up_again_keeps_its_tier_and_is_told(
    missing: Membership, rules: TierRules, alice: User, nora: Contact
) -> None:
    change = announce(missing, alice, nora)
    won(missing.partner, alice, 4_000_000)
    for name in ("Ada", "Bo"):
        certify(missing.partner, name, alice)
    night(rules, MONDAY + 10 * DAY)
    change.refresh_from_db()
    assert change.state == TierChange.State.LIFTED
    assert Notice.objects.filter(person=alice, kind=changing.LIFTED).count() == 1
    assert changing.sweep(MONDAY + 100 * DAY) == 0
    assert telling.is_due(change)
    words = telling.draft(change, TODAY)
    telling.send(change, nora, words.subject, words.body, None, by=alice, at=MONDAY + 10 * DAY)
    change.refresh_from_db()
    assert not telling.is_due(change)
    assert "The notice is lifted" in Message.objects.latest("pk").body


def test_a_head_may_let_it_keep_its_tier(
    missing: Membership, rules: TierRules, erin: User, alice: User, nora: Contact
) -> None:
    change = announce(missing, alice, nora)
    over = MONDAY + 91 * DAY
    night(rules, over)
    changing.sweep(over)
    assert not telling.is_due(change)
    decisions.decide(the_matter(), YES, "", by=erin, at=over)
    assert at_tier(missing) == "Gold"
    assert telling.is_due(change)
    changing.told_the_end(change, over)
    assert not telling.is_due(change)
    night(rules, over + DAY)
    assert not TierChange.objects.open().exists()
    night(rules, over + 91 * DAY)
    assert open_change(missing).pk != change.pk  # after the days of a notice it is looked at again


# --- by hand --------------------------------------------------------------------------------------------


def test_a_tier_is_not_simply_written_down(silver: Membership, alice: User) -> None:
    with pytest.raises(MembershipRefused, match="change by a decision"):
        memberships.change(silver, alice, MONDAY, tier("Gold"), None)
    memberships.change(silver, alice, MONDAY, silver.tier, TODAY)  # its first day is
    assert at_tier(silver) == "Silver"


@pytest.mark.parametrize(("there", "refused"), [("Gold", True), ("Silver", False)])
def test_no_file_writes_it_down_either(silver: Membership, ravi: User, there: str, refused: bool) -> None:
    row = f"{silver.partner},{silver.programme},{there},https://northwind-tiers.example\n"
    imported = checked(f"Name,Programme,Tier,Website\n{row}", by=ravi)
    assert any("change by a decision" in reason for reason in reasons(imported)) == refused
    assert bool(imported.has_something) is not refused
    assert at_tier(silver) == "Silver"


def test_a_person_proposes_with_a_reason_and_does_not_decide(
    silver: Membership, rules: TierRules, erin: User
) -> None:
    hanna = person("Hanna", "head")
    with pytest.raises(ChangeRefused, match="Reason"):
        changing.propose(silver, tier("Gold"), "  ", by=erin, at=MONDAY)
    changing.propose(silver, tier("Gold"), "They open Spain for us.", by=erin, at=MONDAY)
    with pytest.raises(ChangeRefused, match="under way"):
        changing.propose(silver, tier("Registered"), "No.", by=erin, at=MONDAY)
    night(rules)  # the rules find nothing, and leave it alone
    with pytest.raises(DecisionRefused):
        decisions.decide(the_matter(), YES, "", by=erin, at=MONDAY)
    decisions.decide(the_matter(), YES, "", by=hanna, at=MONDAY)
    assert at_tier(silver) == "Gold"


def test_what_was_proposed_by_hand_is_taken_back(silver: Membership, alice: User, nora: Contact) -> None:
    change = changing.propose(silver, tier("Registered"), "They left two markets.", by=alice, at=MONDAY)
    announce(silver, alice, nora)
    changing.withdraw(change, "A mistake.", by=alice, at=MONDAY + DAY)
    with pytest.raises(ChangeRefused):
        changing.withdraw(change, "Again.", by=alice, at=MONDAY + DAY)
    assert telling.is_due(TierChange.objects.get())


def test_what_a_person_proposed_downwards_is_decided_after_its_notice(
    silver: Membership, alice: User, nora: Contact, erin: User
) -> None:
    changing.propose(silver, tier("Registered"), "They left two markets.", by=alice, at=MONDAY)
    announce(silver, alice, nora)
    changing.sweep(MONDAY + 91 * DAY)
    decisions.decide(the_matter(), NO, "As announced.", by=erin, at=MONDAY + 91 * DAY)
    assert at_tier(silver) == "Registered"


def test_a_retired_benefit_is_promised_no_more(earned: Membership, erin: User, ravi: User) -> None:
    made = benefits.add(tier("Gold"), "A talk", 14, "quarter", by=ravi, at=MONDAY)
    decisions.decide(the_matter(), YES, "", by=erin, at=MONDAY)
    benefits.retire(made, by=ravi, at=MONDAY)
    assert benefits.sweep(MONDAY + 95 * DAY) == 0
    assert Commitment.objects.count() == 1
    assert Benefit.objects.get().retired_at == MONDAY


def test_of_two_that_are_merged_one_change_goes_on(
    missing: Membership, rules: TierRules, programme: Programme, contoso: Partner, alice: User, erin: User
) -> None:
    member(contoso, programme, "Gold", erin)
    night(rules)
    assert TierChange.objects.open().count() == 2
    merging.merge_partners(contoso, missing.partner, {}, by=erin, at=MONDAY)
    night(rules, MONDAY + DAY)
    (left,) = TierChange.objects.open()
    assert left.partner == contoso
    assert Standing.objects.filter(membership__partner=contoso, membership__ends_on=None).count() == 1


# --- other programs -----------------------------------------------------------------------------------


def test_a_program_proposes_tells_and_takes_back_as_the_page_does(
    silver: Membership, alice: User, bob: User, nora: Contact, omar: Contact
) -> None:
    alices, url = program(alice), "/api/v1/tier-changes/"
    up = {"membership": silver.pk, "to": tier("Gold").pk, "reason": "They grow."}
    assert program(bob).send(url, up).status_code == 403
    made = alices.send(url, up)
    assert (made.status_code, made.json()["state"], made.json()["proposed_by"]) == (201, "asked", alice.pk)
    assert the_matter().about_id == made.json()["id"]
    twice = alices.send(url, up)
    assert (twice.status_code, "under way" in twice.json()["detail"]) == (409, True)
    here = f"{url}{made.json()['id']}"
    assert alices.send(f"{here}/withdraw/").json() == {"reason": ["This field is required."]}
    assert alices.send(f"{here}/withdraw/", {"reason": "Too early."}).json()["state"] == "lifted"
    assert not Matter.objects.open().exists()
    assert alices.send(f"{here}/withdraw/", {"reason": "Too early."}).status_code == 409

    down = alices.send(url, up | {"to": tier("Registered").pk}).json()
    here = f"{url}{down['id']}"
    assert (down["state"], alices.send(f"{here}/told/").status_code) == ("notice", 409)
    assert alices.send(f"{here}/tell/", {"to": omar.pk}).status_code == 409
    early = alices.send(f"{here}/tell/", {"to": nora.pk, "until": str(TODAY)})
    assert (early.status_code, "at the earliest" in early.json()["detail"]) == (409, True)
    told = alices.send(f"{here}/tell/", {"to": nora.pk, "subject": "Your tier"}).json()
    sent = Message.objects.get(subject="Your tier")
    assert (told["told_at"] is not None, sent.contact, "They grow." in sent.body) == (True, nora, True)
    assert told["notice_until"] == str(TierChange.objects.get(pk=down["id"]).notice_until)
    assert alices.send(f"{here}/tell/", {"to": nora.pk}).status_code == 409
