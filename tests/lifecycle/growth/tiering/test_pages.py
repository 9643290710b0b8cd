"""The pages of tiers: rules are edited, shown with their effect and published; a change is worked on; the
partner sees its own way to the next tier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conversations.models import Message
from lifecycle.growth.tiering import changing, editing, recording
from lifecycle.growth.tiering.models import Benefit, OwnMeasure, TierChange, TierRules
from partners import memberships
from partners.models import Contact, Membership, Programme
from portal import passes
from prm import clock
from team.models import Company, Grant, Role, User
from tests.conftest import MONDAY, person
from tests.lifecycle.growth.tiering.conftest import TODAY, night, standing_of, tier, won
from tests.programs import program

DAY = timedelta(days=1)


@pytest.fixture
def admins(client: Client, ravi: User) -> Client:
    client.force_login(ravi)
    return client


def test_rules_are_edited_shown_with_their_effect_and_published(
    admins: Client, silver: Membership, rules: TierRules, programme: Programme
) -> None:
    page = rules.get_absolute_url()
    wanted = {
        "tier": tier("Silver").pk,
        "criterion": "revenue",
        "wanted": "13,000",
        "currency": "EUR",
        "months": 6,
    }
    assert admins.post(page, wanted).status_code == 303
    draft = editing.draft_of(programme)
    assert draft is not None
    assert draft.requirements.get(tier=tier("Silver")).wanted == 1_300_000
    assert rules.requirements.get(tier=tier("Silver")).wanted == 1_000_000  # what is published stays
    publish = reverse("lifecycle:tier_rules_publish", args=[programme.pk])
    with clock.fixed(MONDAY):
        effect = admins.get(publish).context["effect"]
    assert (effect.rise, effect.fall, effect.stay) == (0, 1, 0)
    assert [(str(moved.membership.partner), moved.to) for moved in effect.falling] == [
        ("Northwind", "Registered")
    ]
    assert admins.post(publish, {"why": "", "seen": draft.pk}).status_code == 422
    stale = admins.post(publish, {"why": "More is sold.", "seen": draft.pk + 1})
    assert stale.status_code == 422
    assert admins.post(publish, {"why": "More is sold.", "seen": draft.pk}).status_code == 303
    rules.refresh_from_db()
    assert rules.state == TierRules.State.RETIRED
    assert b"More is sold." in admins.get(page).content


def test_who_reads_own_partners_only_is_told_no_others_that_move(
    client: Client, silver: Membership, rules: TierRules, programme: Programme, erin: User, ravi: User
) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    editing.want(
        programme, tier("Silver"), "revenue", 1_300_000, by=ravi, at=MONDAY, months=6, currency="EUR"
    )
    petra = person("Petra", Role.PROGRAM, lead=erin)
    with clock.fixed(MONDAY):
        pages = {}
        for reader in (petra, ravi):
            client.force_login(reader)
            pages[reader] = client.get(reverse("lifecycle:tier_rules_publish", args=[programme.pk])).text
        told = program(petra).get(f"/api/v1/tier-rules/{programme.pk}/effect/").json()
    assert "1</b> would fall" in pages[petra]
    assert "of those that move is not named" in pages[petra]
    assert "Northwind" not in pages[petra]
    assert "Northwind" in pages[ravi]
    assert "not named" not in pages[ravi]
    assert (told["fall"], told["falling"], told["hidden"]) == (1, [], 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("wanted", ""), ("wanted", "0"), ("wanted", "-3"), ("wanted", "9" * 24), ("wanted", "many")),
        *(("tier", "999999"), ("criterion", "nothing"), ("months", "0"), ("currency", "XXX")),
        ("wanted", "1\0"),
    ],
)
def test_what_cannot_be_wanted_is_said(
    admins: Client, rules: TierRules, programme: Programme, field: str, value: str
) -> None:
    wanted = {
        "tier": tier("Gold").pk,
        "criterion": "revenue",
        "wanted": "5",
        "currency": "EUR",
        "months": "12",
    }
    page = admins.post(rules.get_absolute_url(), wanted | {field: value})
    assert page.status_code == 422
    assert page.context["form"].errors
    assert editing.draft_of(programme) is None


def test_a_programme_manager_keeps_rules_and_benefits(
    client: Client, bob: User, rules: TierRules, programme: Programme
) -> None:
    client.force_login(bob)
    assert client.get(rules.get_absolute_url()).status_code == 403
    Grant.objects.create(user=bob, role=Role.PROGRAM)
    add = reverse("lifecycle:tier_benefit_add", args=[programme.pk])
    given = {"tier": tier("Gold").pk, "text": "A joint event", "within_days": 30, "repeats": "year"}
    typed = {f"benefit-{name}": value for name, value in given.items()}
    assert client.post(add, typed | {"benefit-text": " "}).status_code == 422
    assert client.post(add, typed).status_code == 303
    made = Benefit.objects.get()
    assert client.post(reverse("lifecycle:tier_benefit_retire", args=[made.pk])).status_code == 303
    days = reverse("lifecycle:tier_rules_notice", args=[programme.pk])
    assert client.post(days, {"days": "0"}).status_code == 422
    assert client.post(days, {"days": "60"}).status_code == 303
    draft = editing.draft_of(programme)
    assert draft is not None
    assert draft.notice_days == 60
    first = draft.requirements.earliest("pk")
    drop = reverse("lifecycle:tier_requirement_drop", args=[first.pk])
    assert client.post(drop).status_code == 303
    assert draft.requirements.count() == 2


def test_a_notice_is_sent_from_the_page_of_the_tier(
    client: Client, silver: Membership, rules: TierRules, alice: User, nora: Contact
) -> None:
    memberships.change(silver, alice, MONDAY, tier("Gold"), None, decided=True)
    night(rules)
    client.force_login(alice)
    page = reverse("lifecycle:tier", args=[silver.pk])
    with clock.fixed(MONDAY):
        listed = client.get(reverse("lifecycle:tiers"), {"show": "tell"})
        assert [str(row.standing.membership.partner) for row in listed.context["rows"]] == ["Northwind"]
        form = client.get(page).context["tell_form"]
        typed = {
            "contact": nora.pk,
            "subject": form.initial["subject"],
            "body": "Dear Nora, …",
            "until": "2026-07-01",
            "once": "8a8f6f0e-0000-4000-8000-000000000001",
        }
        tell = reverse("lifecycle:tier_tell", args=[TierChange.objects.get().pk])
        early = client.post(tell, typed)
        assert early.status_code == 422
        assert b"Dear Nora" in early.content
        assert not Message.objects.exists()
        for _press in range(2):
            sent = client.post(tell, typed | {"until": "2026-08-30"})
            assert sent.status_code == 303
    assert Message.objects.get().contact == nora
    assert TierChange.objects.get().notice_until == TODAY + 90 * DAY


def test_a_tier_is_proposed_and_a_number_recorded(
    client: Client, silver: Membership, rules: TierRules, alice: User
) -> None:
    staff = OwnMeasure.objects.create(name="Dedicated staff")
    client.force_login(alice)
    record = reverse("lifecycle:tier_record", args=[silver.pk])
    typed = {"measure": staff.pk, "value": "3", "on": "2026-06-01", "note": "They said so"}
    with clock.fixed(MONDAY):
        assert client.post(record, typed | {"on": "2026-06-02"}).status_code == 422
        assert client.post(record, typed | {"value": "1" + "0" * 20}).status_code == 422
        assert client.post(record, typed).status_code == 303
    propose = reverse("lifecycle:tier_propose", args=[silver.pk])
    assert client.post(propose, {"to": tier("Silver").pk, "reason": "So."}).status_code == 422
    assert client.post(propose, {"to": tier("Gold").pk, "reason": "They open Spain."}).status_code == 303
    change = TierChange.objects.get()
    back = reverse("lifecycle:tier_withdraw", args=[change.pk])
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "Not yet."}).status_code == 303


def test_every_number_opens_onto_its_rows(
    client: Client, silver: Membership, rules: TierRules, alice: User
) -> None:
    night(rules)
    client.force_login(alice)
    wanted = rules.requirements.get(tier=tier("Silver"))
    page = client.get(reverse("lifecycle:tier_rows", args=[silver.pk, wanted.pk]))
    assert [row.worth for row in page.context["rows"]] == ["EUR 12,000"]
    assert b"EUR 12,000 of EUR 10,000 revenue" in page.content
    assert (
        reverse("lifecycle:tier_rows", args=[silver.pk, wanted.pk])
        in client.get(reverse("lifecycle:tier", args=[silver.pk])).content.decode()
    )
    partner = client.get(silver.partner.get_absolute_url()).content.decode()
    assert "EUR 12,000 of EUR 50,000 revenue in 12 months, EUR 38,000 to go" in partner


def test_a_partner_sees_its_own_way_and_nobody_elses(
    client: Client, silver: Membership, rules: TierRules, alice: User, nora: Contact, omar: Contact
) -> None:
    staff = OwnMeasure.objects.create(name="Dedicated staff")
    recording.record(silver.partner, staff, 3, TODAY, by=alice, at=MONDAY, note="Between us")
    night(rules)
    own = passes.token(passes.give(nora, 30, by=alice, at=clock.now()))
    other = passes.token(passes.give(omar, 30, by=alice, at=clock.now()))
    wanted = rules.requirements.get(tier=tier("Gold"), criterion="revenue")
    page = client.get(reverse("portal:tiers", args=[own])).content.decode()
    assert "EUR 12,000 of EUR 50,000 revenue in 12 months, EUR 38,000 to go" in page
    assert "By version 1 of the rules, as of 1 June 2026" in page
    rows = client.get(reverse("portal:tier_rows", args=[own, wanted.pk])).content.decode()
    assert "Baker" in rows
    assert "/deals/" not in rows
    assert "Between us" not in rows + page
    assert client.get(reverse("portal:tier_rows", args=[other, wanted.pk])).status_code == 404
    assert b"No tier is measured yet" in client.get(reverse("portal:tiers", args=[other])).content


def test_a_fall_nobody_was_told_of_is_not_shown_to_the_partner(
    client: Client, silver: Membership, rules: TierRules, alice: User, nora: Contact
) -> None:
    memberships.change(silver, alice, MONDAY, tier("Gold"), None, decided=True)
    night(rules)
    token = passes.token(passes.give(nora, 30, by=alice, at=clock.now()))
    address = reverse("portal:tiers", args=[token])
    assert b"You keep Gold until" not in client.get(address).content
    change = TierChange.objects.get()
    TierChange.objects.filter(pk=change.pk).update(told_at=MONDAY, notice_until=TODAY + 90 * DAY)
    assert b"You keep Gold until 30 August 2026" in client.get(address).content


def test_the_list_shows_who_is_near_a_change(
    client: Client, silver: Membership, rules: TierRules, alice: User
) -> None:
    night(rules)
    client.force_login(alice)
    address = reverse("lifecycle:tiers")
    assert client.get(address).context["count"] == 1
    assert client.get(address, {"show": "near"}).context["count"] == 0
    won(silver.partner, alice, 9_000_000)
    changing.propose(silver, tier("Gold"), "They open Spain.", by=alice, at=MONDAY)
    assert client.get(address, {"show": "asked"}).context["count"] == 1
    assert client.get(address, {"show": "\0", "programme": "9" * 30}).status_code == 200
    assert standing_of(silver).direction == "stay"
