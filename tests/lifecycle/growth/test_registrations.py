"""Deal registrations: what stands against them, who decides, how long they are protected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import appeals, decisions
from conversations.decisions import DecisionRefused
from conversations.models import Matter, Message
from lifecycle.growth import customers, deals, registrations
from lifecycle.growth.models import Credit, Customer, Deal, Product, Registration
from lifecycle.growth.registrations import RegistrationRefused
from partners import contacts
from partners.models import Contact, Event, Partner
from portal import passes
from prm import clock, sweeper
from team.models import Notice, User
from tests.conftest import MONDAY, person
from tests.lifecycle.conftest import onboarded, prospect
from tests.lifecycle.growth.conftest import phase

DAY = timedelta(days=1)
State = Registration.State
pytestmark = pytest.mark.usefixtures("pipeline")


@pytest.fixture
def northwind(alice: User) -> Partner:
    return onboarded("Northwind", alice)


@pytest.fixture
def contoso(alice: User) -> Partner:
    return onboarded("Contoso", alice)


@pytest.fixture
def nora(northwind: Partner, alice: User) -> Contact:
    return contacts.add(northwind, "Nora Berg", by=alice, at=MONDAY, email="nora@northwind.example")


@pytest.fixture
def omar(contoso: Partner, alice: User) -> Contact:
    return contacts.add(contoso, "Omar Aziz", by=alice, at=MONDAY, email="omar@contoso.example")


@pytest.fixture
def baker(db: None) -> Customer:
    return customers.found("Baker Foods", MONDAY, website="https://baker.example", country="DE")


def registered(
    partner: Partner, customer: Customer, by: Any, name: str = "Roll-out", **more: Any
) -> Registration:
    facts = {"words": "We met the CIO.", "amount": 5_000_000, "currency": "EUR"}
    return registrations.ask(partner, name, customer, by=by, at=MONDAY, **{**facts, **more})


def matter_of(registration: Registration) -> Matter:
    return Matter.objects.filter(about_kind="registration", about_id=registration.pk).latest("pk")


def decide(registration: Registration, answer: str, by: User, reason: str = "", at: Any = MONDAY) -> Any:
    decision = decisions.decide(matter_of(registration), answer, reason, by=by, at=at)
    registration.refresh_from_db()
    return decision


# --- asked and decided ------------------------------------------------------------------------------


def test_a_yes_makes_the_deal_and_protects_it(
    northwind: Partner, nora: Contact, baker: Customer, erin: User
) -> None:
    registration = registered(northwind, baker, nora)
    assert (registration.state, registration.deal) == (State.ASKED, None)
    decide(registration, "yes", erin)
    deal = registration.deal
    assert deal is not None
    assert (registration.state, registration.protected_until) == (State.PROTECTED, date(2026, 8, 30))
    assert (deal.partner, deal.customer, deal.amount, deal.owner) == (
        northwind,
        baker,
        5_000_000,
        northwind.owner,
    )
    assert [credit.role for credit in deal.credits.current()] == ["sourced"]
    told = Message.objects.filter(contact=nora, direction="out").latest("pk")
    assert "nobody else of our partners does" in told.body


def test_a_no_says_why_and_leaves_the_customer_free(
    northwind: Partner, contoso: Partner, nora: Contact, omar: Contact, baker: Customer, erin: User
) -> None:
    registration = registered(northwind, baker, nora)
    decide(registration, "no", erin, "There is too little yet.")
    assert (registration.state, Deal.objects.count()) == (State.DECLINED, 0)
    assert registrations.conflicts(registered(contoso, baker, omar)) == []


def test_a_declined_one_is_contested_before_somebody_else(
    northwind: Partner, nora: Contact, baker: Customer, erin: User
) -> None:
    hana = person("Hana", "head")
    registration = registered(northwind, baker, nora)
    no = decide(registration, "no", erin, "There is too little yet.")
    appeals.contest(no, "We have a signed letter of intent.", by=nora, at=MONDAY + DAY)
    with pytest.raises(DecisionRefused, match="second person"):
        decide(registration, "yes", erin, at=MONDAY + DAY)
    decide(registration, "yes", hana, at=MONDAY + DAY)
    assert registration.state == State.PROTECTED


def test_it_takes_the_open_deal_that_is_there(
    northwind: Partner, nora: Contact, baker: Customer, alice: User, erin: User
) -> None:
    running = deals.start(northwind, "Pilot", baker, by=alice, at=MONDAY)
    registration = registered(northwind, baker, nora)
    decide(registration, "yes", erin)
    assert (registration.deal, Deal.objects.count()) == (running, 1)


def test_it_is_asked_once_and_by_live_partners_only(
    northwind: Partner, nora: Contact, baker: Customer, alice: User
) -> None:
    registered(northwind, baker, nora)
    with pytest.raises(RegistrationRefused, match="registered Baker Foods already"):
        registered(northwind, baker, nora)
    with pytest.raises(RegistrationRefused, match="no live partner"):
        registered(prospect("Fabrikam", alice), baker, alice)


# --- what stands against it ---------------------------------------------------------------------------


def test_another_claim_on_the_same_domain_stands_against_it(
    northwind: Partner, contoso: Partner, nora: Contact, omar: Contact, baker: Customer, erin: User
) -> None:
    first = registered(contoso, baker, omar)
    same = customers.found("BAKER Foods Holding", MONDAY, website="http://shop.baker.example/x")
    second = registered(northwind, same, nora)
    (conflict,) = registrations.conflicts(second)
    assert conflict.words == "Contoso registered it on 1 June 2026 (to be decided)"
    facts = {
        fact.label: fact.value for fact in registrations.look([matter_of(second)])[matter_of(second).pk].facts
    }
    assert facts["Stands against it"] == conflict.words
    decide(first, "yes", erin)
    (conflict,) = registrations.conflicts(second)
    assert "(protected)" in conflict.words


def test_products_without_one_in_common_do_not_collide(
    northwind: Partner, contoso: Partner, nora: Contact, omar: Contact, baker: Customer
) -> None:
    platform, connect = (Product.objects.create(name=name) for name in ("Platform", "Connect"))
    registered(contoso, baker, omar, products=[platform])
    mine = registered(northwind, baker, nora, products=[connect])
    assert registrations.conflicts(mine) == []
    mine.products.add(platform)
    assert len(registrations.conflicts(mine)) == 1


def test_business_of_our_own_stands_against_it(
    northwind: Partner, contoso: Partner, nora: Contact, baker: Customer, alice: User
) -> None:
    deals.start(contoso, "Expansion", baker, by=alice, at=MONDAY)
    Customer.objects.filter(pk=baker.pk).update(is_ours=True, our_seller="Sam Seller")
    registration = registered(northwind, Customer.objects.get(), nora)
    words = [conflict.words for conflict in registrations.conflicts(registration)]
    assert words == ["The deal “Expansion” runs with Contoso (Qualifying)", "Sam Seller of ours sells there"]


def test_a_deal_the_partner_has_a_part_in_does_not(
    northwind: Partner, contoso: Partner, nora: Contact, baker: Customer, alice: User
) -> None:
    deal = deals.start(contoso, "Expansion", baker, by=alice, at=MONDAY)
    deals.credit(deal, northwind, Credit.Role.DELIVERED, by=alice, at=MONDAY)
    assert registrations.conflicts(registered(northwind, baker, nora)) == []


# --- protection -----------------------------------------------------------------------------------------


@pytest.fixture
def protected(northwind: Partner, nora: Contact, baker: Customer, erin: User) -> Registration:
    registration = registered(northwind, baker, nora)
    decide(registration, "yes", erin)
    return registration


def test_it_reminds_two_weeks_before_and_runs_out_once(
    protected: Registration, alice: User, contoso: Partner, omar: Contact
) -> None:
    for days in (70, 77, 78, 91, 92):
        for _turn in range(2):
            sweeper.run(MONDAY + days * DAY, only="registrations")
    kinds = list(
        Notice.objects.filter(person=alice, kind__startswith="registration").values_list("kind", flat=True)
    )
    assert sorted(kinds) == [registrations.NEAR, registrations.RAN_OUT]
    protected.refresh_from_db()
    assert (protected.state, protected.next_check_at) == (State.EXPIRED, None)
    assert registrations.conflicts(registered(contoso, protected.customer, omar))[0].words.startswith(
        "The deal"
    )


def test_progress_extends_it_and_reminds_anew(protected: Registration, alice: User) -> None:
    sweeper.run(MONDAY + 78 * DAY, only="registrations")
    told = Notice.objects.get(kind=registrations.NEAR)
    assert registrations.still_stands(told)
    registrations.extend(protected, date(2026, 10, 31), "Pilot runs.", by=alice, at=MONDAY + 78 * DAY)
    assert not registrations.still_stands(told)
    sweeper.run(MONDAY + 91 * DAY, only="registrations")
    protected.refresh_from_db()
    assert protected.state == State.PROTECTED
    sweeper.run(MONDAY + 140 * DAY, only="registrations")
    assert Notice.objects.filter(kind=registrations.NEAR).count() == 2


@pytest.mark.parametrize(
    ("until", "progress", "words"),
    [
        (date(2026, 10, 31), " ", "Progress"),
        (date(2026, 8, 30), "Pilot", "until 30 August 2026 already"),
        (date(2028, 1, 1), "Pilot", "at most 365 days"),
    ],
)
def test_an_extension_that_cannot_be_says_why(
    protected: Registration, alice: User, until: date, progress: str, words: str
) -> None:
    with pytest.raises(RegistrationRefused, match=words):
        registrations.extend(protected, until, progress, by=alice, at=MONDAY)


def test_a_closed_deal_needs_no_protection(protected: Registration, alice: User) -> None:
    assert protected.deal is not None
    deals.move(protected.deal, phase("Won"), by=alice, at=MONDAY + DAY)
    sweeper.run(MONDAY + 120 * DAY, only="registrations")
    protected.refresh_from_db()
    assert (protected.state, Notice.objects.filter(kind=registrations.RAN_OUT).count()) == (
        State.PROTECTED,
        0,
    )


def test_what_is_taken_back_is_decided_no_more(northwind: Partner, nora: Contact, baker: Customer) -> None:
    registration = registered(northwind, baker, nora)
    registrations.withdraw(registration, "Lost interest", by=nora, at=MONDAY)
    assert (registration.state, Matter.objects.open().count()) == (State.WITHDRAWN, 0)
    with pytest.raises(RegistrationRefused, match="does not stand"):
        registrations.withdraw(registration, "Again", by=nora, at=MONDAY)


# --- pages ------------------------------------------------------------------------------------------------


def typed(**other: Any) -> dict[str, Any]:
    first = {
        "name": "Roll-out",
        "customer": "Baker Foods",
        "website": "baker.example",
        "currency": "EUR",
        "amount": "50,000",
        "words": "We met the CIO.",
    }
    return {**first, **other}


def test_one_of_us_writes_it_down_for_them(
    client: Client, northwind: Partner, nora: Contact, bob: User, erin: User
) -> None:
    client.force_login(bob)
    page = client.post(reverse("lifecycle:registration_add", args=[northwind.pk]), typed(contact=nora.pk))
    registration = Registration.objects.get()
    assert page["Location"] == registration.get_absolute_url()
    matter = matter_of(registration)
    assert (matter.asked_by, matter.contact, matter.amount_minor) == (bob, nora, 5_000_000)
    assert "Waits for a decision" in client.get(registration.get_absolute_url()).content.decode()
    client.force_login(erin)
    assert "Roll-out, Baker Foods" in client.get(reverse("conversations:to_decide")).content.decode()


def test_the_list_narrows_to_what_ends_soon(client: Client, protected: Registration, alice: User) -> None:
    client.force_login(alice)
    for days, query, count in [
        (0, "", 1),
        (0, "state=protected&ends=14", 0),
        (80, "state=protected&ends=14", 1),
    ]:
        with clock.fixed(MONDAY + days * DAY):
            page = client.get(f"/registrations/?{query}")
        assert (page.context["count"], len(page.context["rows"])) == (count, count)


def test_a_customer_of_ours_is_said_by_who_may(
    client: Client, baker: Customer, alice: User, erin: User
) -> None:
    marketing = person("Mia", "marketing")
    client.force_login(marketing)
    assert client.post(baker.get_absolute_url(), {"is_ours": "on"}).status_code == 403
    client.force_login(alice)
    client.post(baker.get_absolute_url(), {"is_ours": "on", "our_seller": "Sam"})
    baker.refresh_from_db()
    assert (baker.is_ours, baker.our_seller) == (True, "Sam")
    assert Event.objects.get(kind="customer_ours").by_user == alice


def test_a_partner_registers_and_takes_back_by_its_pass(
    client: Client,
    northwind: Partner,
    contoso: Partner,
    nora: Contact,
    omar: Contact,
    baker: Customer,
    alice: User,
) -> None:
    other = registered(contoso, baker, omar, name="Canary deal")
    token = passes.token(passes.give(nora, 30, by=alice, at=clock.now()))
    address = reverse("portal:registrations", args=[token])
    assert "Nothing registered yet" in client.get(address).content.decode()
    once = client.get(address).context["form"]["once"].value()
    for _press in range(2):
        client.post(reverse("portal:register", args=[token]), typed(once=once))
    mine = Registration.objects.get(partner=northwind)
    shown = client.get(address).content.decode()
    assert ("Roll-out" in shown, "Canary" in shown, "Contoso" in shown) == (True, False, False)
    taken = reverse("portal:take_back_registration", args=[token, other.pk])
    assert client.post(taken).status_code == 404
    client.post(reverse("portal:take_back_registration", args=[token, mine.pk]))
    mine.refresh_from_db()
    assert mine.state == State.WITHDRAWN
    wrong = client.post(reverse("portal:register", args=[token]), typed(words="", amount="x"))
    assert set(wrong.context["form"].errors) == {"words", "amount"}
