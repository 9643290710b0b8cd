"""The promise of set-up: what falls due when, and that a change leaves open waits alone."""

from datetime import date, datetime

import pytest

from conversations import messages, policies
from conversations.models import Policy
from partners import memberships
from partners.models import Contact, Event, Partner, Programme
from prm.calendars import NoWorkingTime
from team.models import Company, Region, User
from tests.conftest import BERLIN, MONDAY

FRIDAY_AT_THREE = datetime(2026, 6, 5, 15, 0, tzinfo=BERLIN)
OFFICE = {str(day): [["09:00", "17:00"]] for day in range(5)}


@pytest.mark.parametrize(
    ("mode", "days", "due"),
    [
        ("elapsed", [], datetime(2026, 6, 6, 15, 0, tzinfo=BERLIN)),
        ("working_days", [], datetime(2026, 6, 8, 15, 0, tzinfo=BERLIN)),
        ("working_days", [date(2026, 6, 8)], datetime(2026, 6, 9, 15, 0, tzinfo=BERLIN)),
        ("business_hours", [], datetime(2026, 6, 10, 15, 0, tzinfo=BERLIN)),
    ],
)
def test_set_up_shows_when_a_message_of_friday_afternoon_falls_due(
    mode: str, days: list[date], due: datetime
) -> None:
    assert policies.preview(mode, "Europe/Berlin", OFFICE, days, FRIDAY_AT_THREE) == due


def test_a_half_day_is_a_working_day() -> None:
    half = {date(2026, 6, 8): [["09:00", "12:00"]]}
    due = policies.preview("working_days", "Europe/Berlin", OFFICE, half, FRIDAY_AT_THREE)
    assert due == datetime(2026, 6, 8, 15, 0, tzinfo=BERLIN)


def test_hours_without_any_working_day_are_refused() -> None:
    with pytest.raises(NoWorkingTime):
        policies.preview("working_days", "Europe/Berlin", {"0": []}, [], FRIDAY_AT_THREE)


def test_the_promise_is_made_once(db: None) -> None:
    made = policies.found("working_days", at=MONDAY)
    assert list(policies.in_order()) == [made]
    assert (made.mode, made.first_seconds) == (Policy.Mode.WORKING_DAYS, 24 * 3600)
    with pytest.raises(policies.PolicyRefused):
        policies.found("elapsed", at=MONDAY)


def test_an_unknown_mode_is_refused(db: None) -> None:
    with pytest.raises(policies.PolicyRefused):
        policies.found("sometimes", at=MONDAY)


# --- versions -----------------------------------------------------------------------------------------


@pytest.fixture
def standard(company: Company) -> Policy:
    return Policy.objects.get()


def test_a_change_is_a_new_version_and_the_same_terms_are_none(standard: Policy, ravi: User) -> None:
    changed = policies.revise(standard, ravi, MONDAY, mode="working_days", name="Two days")
    assert (changed.version, changed.family, str(changed)) == (2, "standard", "Two days v2")
    assert list(policies.in_order()) == [changed]
    event = Event.objects.get(kind="policy_changed")
    assert event.changes == {"mode": ["elapsed", "working_days"], "name": ["Standard", "Two days"]}
    assert policies.revise(standard, ravi, MONDAY, mode="working_days") == changed
    assert Policy.objects.count() == 2


def test_a_new_version_keeps_for_whom_it_holds(standard: Policy, ravi: User, programme: Programme) -> None:
    gold = programme.tiers.get(name="Gold")
    made = policies.add(ravi, MONDAY, name="Gold", first_seconds=4 * 3600, tiers=[gold])
    changed = policies.revise(made, ravi, MONDAY, next_seconds=3600)
    assert list(changed.tiers.all()) == [gold]
    assert (changed.first_seconds, changed.next_seconds, changed.version) == (4 * 3600, 3600, 2)
    policies.revise(changed, ravi, MONDAY, tiers=[])
    assert Event.objects.filter(kind="policy_changed").first().changes == {"tiers": ["Gold", ""]}


@pytest.mark.parametrize("terms", [{"name": " "}, {"first_seconds": 0}, {"next_seconds": 10**9}])
def test_a_policy_that_promises_nothing_readable_is_refused(
    standard: Policy, ravi: User, terms: dict[str, object]
) -> None:
    with pytest.raises(policies.PolicyRefused):
        policies.revise(standard, ravi, MONDAY, **terms)
    assert Policy.objects.get() == standard


def test_switched_off_and_on_again(standard: Policy, ravi: User) -> None:
    newest = policies.revise(standard, ravi, MONDAY, priority=1)
    policies.switch_off(standard, ravi, MONDAY)
    assert (list(policies.in_order()), list(policies.switched_off())) == ([], [newest])
    for step in (policies.switch_off, lambda *args: policies.revise(*args, priority=2)):
        with pytest.raises(policies.PolicyRefused, match="switched off"):
            step(standard, ravi, MONDAY)
    policies.switch_on(standard, ravi, MONDAY)
    assert (list(policies.in_order()), list(policies.switched_off())) == ([newest], [])
    with pytest.raises(policies.PolicyRefused, match="on already"):
        policies.switch_on(standard, ravi, MONDAY)


# --- which one holds ------------------------------------------------------------------------------------


def test_the_highest_priority_holds_then_the_one_made_first(
    standard: Policy, ravi: User, northwind: Partner
) -> None:
    second = policies.add(ravi, MONDAY, name="Second")
    assert policies.matching(northwind) == standard
    revised = policies.revise(standard, ravi, MONDAY, next_seconds=60)
    assert revised.pk > second.pk
    assert policies.matching(northwind) == revised
    higher = policies.revise(second, ravi, MONDAY, priority=5)
    assert policies.matching(northwind) == higher


def test_it_holds_for_its_tiers_types_regions_and_channel(
    standard: Policy, ravi: User, alice: User, northwind: Partner, contoso: Partner, programme: Programme
) -> None:
    gold, silver = programme.tiers.order_by("rank")
    nordics = Region.objects.create(name="Nordics")
    memberships.join(northwind, programme, by=alice, at=MONDAY, tier=gold, is_main=True)
    Partner.objects.filter(pk=contoso.pk).update(region=nordics)
    northwind.refresh_from_db()
    contoso.refresh_from_db()

    def add(name: str, **scope: object) -> Policy:
        return policies.add(ravi, MONDAY, name=name, priority=9, **scope)

    top = add("Top", tiers=[gold, silver], kinds=[programme.kind])
    north = add("North", regions=[nordics])
    chat = policies.add(ravi, MONDAY, name="Chat", priority=10, channel="chat")
    assert policies.matching(northwind, "email") == top
    assert policies.matching(contoso, "email") == north
    assert policies.matching(northwind, "chat") == chat
    silver_only = policies.revise(top, ravi, MONDAY, tiers=[silver])
    assert policies.matching(northwind, "email") == standard
    other = memberships.join(
        northwind, Programme.objects.create(name="Other", kind=programme.kind), by=alice, at=MONDAY
    )
    assert policies.matching(northwind, "email", other) == standard
    other.tier = silver
    assert policies.matching(northwind, "email", other) == silver_only


def test_a_partner_that_rises_keeps_the_open_promise_and_gets_the_new_one_next(
    standard: Policy, ravi: User, alice: User, nora: Contact, programme: Programme
) -> None:  # P09
    gold, silver = programme.tiers.order_by("rank")
    hours = {"mode": "business_hours", "priority": 1}
    policies.add(
        ravi, MONDAY, name="Gold", first_seconds=4 * 3600, next_seconds=4 * 3600, tiers=[gold], **hours
    )
    eight = {"first_seconds": 8 * 3600, "next_seconds": 8 * 3600}
    slow = policies.add(ravi, MONDAY, name="Silver", tiers=[silver], **eight, **hours)
    place = memberships.join(nora.partner, programme, by=alice, at=MONDAY, tier=silver, is_main=True)
    wednesday = datetime(2026, 6, 3, 10, 0, tzinfo=BERLIN)
    nora.partner.refresh_from_db()
    before = messages.receive(nora.partner, "email", "?", wednesday).conversation
    memberships.change(place, alice, wednesday, tier=gold, starts_on=None)
    nora.partner.refresh_from_db()
    after = messages.receive(nora.partner, "email", "!", wednesday).conversation
    assert (before.waits.get().policy, after.waits.get().policy.name) == (slow, "Gold")
    assert after.waits.get().due_at == datetime(2026, 6, 3, 14, 0, tzinfo=BERLIN)
