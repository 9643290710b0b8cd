"""Integrations: a checklist of both sides until one is live; who left, what blocks it, what is kept out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from conversations.models import Wait
from lifecycle import facts as facts_of
from lifecycle import tasks
from lifecycle.ending import endings
from lifecycle.models import (
    Evidence,
    FirstEvent,
    Integration,
    Obstacle,
    PlanTemplate,
    Product,
    Task,
)
from lifecycle.onboarding import approval, first_events, offers, plans, templates
from lifecycle.onboarding.integrating import environments, integrations, obstacles, watching
from lifecycle.onboarding.integrating.integrations import IntegrationRefused, Wanted
from lifecycle.onboarding.integrating.secrecy import SecretRefused
from lifecycle.onboarding.plans import PlanRefused
from partners import contacts, history, merging
from partners.models import Contact, EndReason, Event, Partner
from portal import passes
from prm import clock, sweeper
from team import people
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.lifecycle.onboarding.conftest import add, named

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START, TARGET = date(2026, 6, 1), date(2026, 7, 1)
LEAK = "https://ops:hunter2@sandbox.example/"


@pytest.fixture
def connect(db: None) -> Product:
    return Product.objects.create(name="Connect")


@pytest.fixture
def checklist(connect: Product, ravi: User) -> PlanTemplate:
    made = templates.add("Connect integration", None, by=ravi, at=MONDAY, product=connect)
    add(made, ravi, "Open the sandbox", 2)
    add(made, ravi, "Build the connector", 5, side="theirs", is_required=True)
    templates.publish(made, by=ravi, at=MONDAY)
    return made


@pytest.fixture
def nora(nora: Contact) -> Contact:
    Contact.objects.filter(pk=nora.pk).update(roles=["technical"])
    nora.refresh_from_db()
    return nora


@pytest.fixture
def integration(northwind: Partner, checklist: PlanTemplate, nora: Contact, alice: User) -> Integration:
    wanted = Wanted(alice, nora, TARGET, "Orders come in.")
    return integrations.begin(northwind, checklist, START, wanted, by=alice, at=MONDAY)


def build(alice: User) -> None:
    tasks.done(named("Build the connector"), by=alice, at=MONDAY)


def go_live(integration: Integration, by: User, on: date = START) -> Event:
    return integrations.go_live(integration, on, by=by, at=MONDAY)


def told(person: User, kind: str) -> list[str]:
    return list(Notice.objects.filter(person=person, kind=kind).order_by("pk").values_list("text", flat=True))


# --- begun ----------------------------------------------------------------------------------------------


def test_it_begins_with_the_checklist_of_the_product(
    integration: Integration, checklist: PlanTemplate, alice: User, bob: User, northwind: Partner
) -> None:
    assert list(integration.plan.tasks.values_list("text", "owner", "due_on")) == [
        ("Open the sandbox", alice.pk, date(2026, 6, 3)),
        ("Build the connector", None, date(2026, 6, 8)),
    ]
    assert facts_of.of(northwind).open_required_tasks == 0  # no gate waits for it
    again = (northwind, checklist, START, Wanted(alice))
    with pytest.raises(IntegrationRefused, match="integrates Connect already"):
        integrations.begin(*again, by=alice, at=MONDAY)
    with pytest.raises(PlanRefused, match="stop that"):
        plans.stop(integration.plan, "No need", by=alice, at=MONDAY)
    integrations.change(integration, {"our_contact": bob}, by=alice, at=MONDAY)
    assert named("Open the sandbox").owner == bob
    assert told(bob, integrations.GIVEN) == [
        "Alice named you the technical contact of Connect with Northwind"
    ]
    integrations.stop(integration, "Postponed", by=bob, at=MONDAY)
    assert {task.skipped_reason for task in integration.plan.tasks.all()} == {"Postponed"}
    assert integrations.begin(*again, by=alice, at=MONDAY).is_running


def test_a_plan_of_onboarding_runs_beside_it(
    integration: Integration, template: PlanTemplate, northwind: Partner, alice: User, client: Client
) -> None:
    plans.make(northwind, template, START, by=alice, at=MONDAY)
    assert facts_of.of(northwind).open_required_tasks == 1
    client.force_login(alice)
    page = client.get(northwind.get_absolute_url()).content.decode()
    assert all(words in page for words in ("Resellers", "Connect integration", "0 of 2", "0 of 3"))


def test_only_technical_contacts_of_the_partner(
    northwind: Partner, checklist: PlanTemplate, omar: Contact, alice: User
) -> None:
    with pytest.raises(IntegrationRefused, match="Omar Aziz is no technical contact of Northwind"):
        integrations.begin(northwind, checklist, START, Wanted(alice, omar), by=alice, at=MONDAY)
    assert not Integration.objects.exists()


def test_the_database_holds_one_per_pair(integration: Integration, northwind: Partner) -> None:
    other = Integration(partner=northwind, product=integration.product, begun_by=integration.begun_by)
    other.plan, other.begun_at = integration.plan, MONDAY
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


# --- live -----------------------------------------------------------------------------------------------


def test_live_waits_for_what_is_required_and_what_blocks(
    integration: Integration, northwind: Partner, nora: Contact, alice: User
) -> None:
    obstacle = obstacles.raise_one(integration, "It answers with 503.", True, by=alice, at=MONDAY)
    contacts.leave(nora, MONDAY.date(), by=alice, at=MONDAY)
    with pytest.raises(IntegrationRefused) as refusal:
        go_live(integration, alice)
    assert refusal.value.reasons == [
        "A technical contact of theirs is named",
        "“Build the connector” is done",
        "“It answers with 503.” is solved",
    ]
    lena = contacts.add(northwind, "Lena", by=alice, at=MONDAY, roles=["technical"])
    integrations.change(integration, {"their_contact": lena}, by=alice, at=MONDAY)
    obstacles.solve(obstacle, "A new certificate.", by=alice, at=MONDAY)
    build(alice)
    with pytest.raises(Exception, match="still to come"):
        go_live(integration, alice, on=MONDAY.date() + 2 * DAY)
    go_live(integration, alice)
    fact = Evidence.objects.get(partner=northwind, kind="integration_live")
    assert (fact.on, fact.note, fact.by) == (MONDAY.date(), "Connect with Northwind", alice)
    with pytest.raises(IntegrationRefused, match="live already"):
        go_live(integration, alice)


def test_it_counts_as_first_commercial_event_and_is_taken_back(
    integration: Integration, northwind: Partner, alice: User, ravi: User
) -> None:
    first_events.choose(None, "integration_live", by=ravi, at=MONDAY)
    sweeper.run(MONDAY, only="first events")
    build(alice)
    event = go_live(integration, alice)
    sweeper.run(MONDAY, only="first events")
    assert FirstEvent.objects.get(partner=northwind).happened_on == MONDAY.date()
    history.undo(event, by=alice, at=MONDAY + HOUR)
    integration.refresh_from_db()
    assert (integration.state, integration.live_on, integration.fact) == ("running", None, None)
    assert Evidence.objects.get(kind="integration_live").is_withdrawn
    sweeper.run(MONDAY + HOUR, only="first events")
    assert FirstEvent.objects.get(partner=northwind).happened_on is None


# --- reminded -------------------------------------------------------------------------------------------


def test_its_technical_contact_hears_of_the_day_once(integration: Integration, alice: User) -> None:
    for month, day, hour in ((6, 24, 0), (6, 24, 9), (7, 2, 1)):
        sweeper.run(datetime(2026, month, day, hour, 1, tzinfo=BERLIN), only="integrations")
    assert told(alice, watching.NEAR) == ["Connect with Northwind is meant to be live by 1 July 2026"]
    assert told(alice, watching.PASSED) == ["Connect with Northwind was meant to be live by 1 July 2026"]
    integration.refresh_from_db()
    assert integration.next_check_at is None


def test_it_asks_for_who_follows_a_technical_contact(
    client: Client, integration: Integration, nora: Contact, alice: User, bob: User, ravi: User
) -> None:
    integrations.change(integration, {"our_contact": bob}, by=alice, at=MONDAY)
    contacts.leave(nora, MONDAY.date(), by=alice, at=MONDAY)
    people.deactivate(bob, by=ravi)
    for _time in range(2):
        sweeper.run(MONDAY, only="integrations")
    assert told(alice, watching.MISSED) == [
        "Connect with Northwind needs another technical contact. Not there any more: Bob, Nora Berg"
    ]
    client.force_login(alice)
    page = client.get(integration.get_absolute_url()).content.decode()
    assert all(words in page for words in ("not here any more", "has left", "Name a successor"))


# --- obstacles and environments ----------------------------------------------------------------------------


def test_an_obstacle_is_somebodys(integration: Integration, nora: Contact, alice: User, bob: User) -> None:
    obstacle = obstacles.raise_one(integration, "No test data.", False, by=bob, at=MONDAY)
    assert (obstacle.owner, told(alice, obstacles.RAISED)) == (
        alice,
        ["Connect with Northwind: No test data."],
    )
    obstacles.change(obstacle, {"side": "theirs", "is_blocking": True}, by=alice, at=MONDAY)
    obstacle.refresh_from_db()
    assert (obstacle.owner, obstacle.contact, obstacle.is_blocking) == (None, nora, True)
    obstacles.solve(obstacle, "They sent some.", by=alice, at=MONDAY)
    with pytest.raises(IntegrationRefused, match="solved already"):
        obstacles.solve(obstacle, "Twice.", by=alice, at=MONDAY)
    obstacles.open_again(obstacle, by=alice, at=MONDAY)
    assert Obstacle.objects.open().get() == obstacle


def test_secrets_are_kept_out(integration: Integration, nora: Contact, alice: User) -> None:
    with pytest.raises(SecretRefused, match=r"Address: .* a password in an address"):
        environments.keep(integration, None, {"name": "Sandbox", "address": LEAK}, by=alice, at=MONDAY)
    with pytest.raises(SecretRefused, match="What it does"):
        integrations.change(integration, {"about": f"See {LEAK}"}, by=alice, at=MONDAY)
    with pytest.raises(SecretRefused, match="What is in the way"):
        obstacles.raise_one(integration, "password: hunter2", True, by=nora, at=MONDAY)
    with pytest.raises(SecretRefused, match="Note"):
        approval.finish(named("Build the connector"), "api_key: 9f8e7d6c5b4a", None, by=nora, at=MONDAY)
    assert not Wait.objects.exists()
    assert not integration.environments.exists()


def test_an_environment_has_a_name_of_its_own(integration: Integration, alice: User) -> None:
    sandbox = environments.keep(integration, None, {"name": "Sandbox"}, by=alice, at=MONDAY)
    with pytest.raises(IntegrationRefused, match="“Sandbox” already"):
        environments.keep(integration, None, {"name": "Sandbox"}, by=alice, at=MONDAY)
    environments.keep(integration, sandbox, {"state": "ready"}, by=alice, at=MONDAY)
    assert integration.environments.get().state == "ready"


def test_merged_partners_keep_one_that_stands(
    integration: Integration, northwind: Partner, contoso: Partner, checklist: PlanTemplate, alice: User
) -> None:
    other = integrations.begin(contoso, checklist, START, Wanted(alice), by=alice, at=MONDAY)
    merging.merge_partners(northwind, contoso, {}, by=alice, at=MONDAY)
    other.refresh_from_db()
    assert (other.partner, other.state, other.reason) == (
        northwind,
        "stopped",
        "Merged with another partner.",
    )
    assert Integration.objects.standing().get() == integration


def test_a_change_of_the_checklist_and_an_end_of_the_partnership_reach_it(
    integration: Integration, checklist: PlanTemplate, northwind: Partner, alice: User, bob: User, ravi: User
) -> None:
    integrations.change(integration, {"our_contact": bob}, by=alice, at=MONDAY)
    add(checklist, ravi, "Test it with them", 9)
    templates.publish(checklist, by=ravi, at=MONDAY)
    offers.take(integration.plan, 2, by=alice, at=MONDAY)
    assert named("Test it with them").owner == bob
    reason = EndReason.objects.create(name="Goals missed")
    endings.plan(northwind, "ours", reason, "", TARGET, None, by=alice, at=MONDAY)
    assert named("Connect with Northwind: switch it off on both sides").due_on == TARGET


# --- pages ----------------------------------------------------------------------------------------------


def send(client: Client, where: str, pk: int, **said: Any) -> Any:
    with clock.fixed(MONDAY):
        return client.post(reverse(f"lifecycle:{where}", args=[pk]), said, follow=True)


def test_it_is_carried_to_live_on_its_pages(
    client: Client, northwind: Partner, checklist: PlanTemplate, nora: Contact, alice: User
) -> None:
    client.force_login(alice)
    asked = {"checklist": checklist.pk, "our_contact": alice.pk, "their_contact": nora.pk}
    assert send(client, "integration_begin", northwind.pk, **asked, starts_on="x").status_code == 422
    page = send(client, "integration_begin", northwind.pk, **asked, starts_on="2026-06-01")
    found = Integration.objects.get()
    assert "To live: 2 of 3 met" in page.content.decode()
    place = {"kind": "test", "name": "Test", "host": "theirs", "state": "ready"}
    wrong = send(client, "environment_add", found.pk, **place, address=LEAK)
    assert wrong.status_code == 422
    assert all(words in wrong.content.decode() for words in ("keeps its secrets", LEAK))
    send(client, "environment_add", found.pk, **place, address="https://test.example/")
    send(client, "obstacle_add", found.pk, text="Slow.", side="ours", is_blocking="on")
    client.force_login(alice)
    listed = client.get(reverse("lifecycle:integrations") + "?blocked=1&person=me").content.decode()
    assert all(words in listed for words in ("1 integration", "1 blocking", "0 of 2"))
    refused = send(client, "integration_live", found.pk, on="2026-06-01")
    assert refused.status_code == 422
    assert "“Slow.” is solved" in refused.content.decode()
    send(client, "obstacle_solve", found.obstacles.get().pk, resolution="Two more servers.")
    build(alice)
    page = send(client, "integration_live", found.pk, on="2026-06-01").content.decode()
    assert "Live since 1 June 2026" in " ".join(page.split())
    assert "saw the integration Connect with Northwind live on 1 June 2026" in page


@pytest.mark.parametrize("asked", ["product=999", "person=x", "partner=" + "9" * 20, "state=x", "sort=x"])
def test_an_address_that_cannot_be_read(client: Client, alice: User, asked: str) -> None:
    client.force_login(alice)
    assert client.get(f"{reverse('lifecycle:integrations')}?{asked}").status_code == 200


def test_our_technical_contact_works_on_it_without_an_assignment(
    client: Client, integration: Integration, alice: User, bob: User
) -> None:
    client.force_login(bob)
    place = {"kind": "test", "name": "Test", "host": "ours", "state": "ready"}
    assert send(client, "environment_add", integration.pk, **place).status_code == 403
    integrations.change(integration, {"our_contact": bob}, by=alice, at=MONDAY)
    assert send(client, "environment_add", integration.pk, **place).status_code == 200
    assert integration.environments.get().name == "Test"


# --- the portal -----------------------------------------------------------------------------------------


@pytest.fixture
def key(nora: Contact, alice: User) -> str:
    return passes.token(passes.give(nora, 30, by=alice, at=MONDAY))


def test_they_see_it_do_their_part_and_are_answered(
    client: Client, integration: Integration, key: str, alice: User
) -> None:
    environments.keep(integration, None, {"name": "Sandbox EU"}, by=alice, at=MONDAY)
    here = reverse("portal:integration", args=[key, integration.pk])
    with clock.fixed(MONDAY + HOUR):
        page = client.get(here).content.decode()
        assert all(words in page for words in ("Sandbox EU", "Alice", "Nora Berg", "Nothing secret"))
        task = named("Build the connector")
        done = reverse("portal:finish_task", args=[key, task.pk])
        assert client.post(done, {"note": "Built.", "next": here}).headers["Location"] == here
        ask = reverse("portal:raise_obstacle", args=[key, integration.pk])
        wrong = client.post(ask, {"text": "password: hunter2"})
        assert (wrong.status_code, "hunter2" in wrong.content.decode()) == (422, True)
        page = client.post(
            ask, {"text": "503 since noon.", "is_blocking": "on"}, follow=True
        ).content.decode()
    assert all(words in page for words in ("503 since noon.", "blocking", "our answer by"))
    assert Task.objects.get(pk=task.pk).done_at is not None
    wait = Wait.objects.open().get()
    assert wait.conversation == Obstacle.objects.get().conversation
    assert told(alice, obstacles.RAISED) == ["Connect with Northwind: 503 since noon."]


def test_another_partners_is_not_found(
    client: Client, integration: Integration, omar: Contact, alice: User
) -> None:
    foreign = passes.token(passes.give(omar, 30, by=alice, at=MONDAY))
    with clock.fixed(MONDAY + HOUR):
        assert client.get(reverse("portal:integration", args=[foreign, integration.pk])).status_code == 404
        asked = reverse("portal:raise_obstacle", args=[foreign, integration.pk])
        assert client.post(asked, {"text": "x"}).status_code == 404
        assert (
            "No integration yet"
            in client.get(reverse("portal:integrations", args=[foreign])).content.decode()
        )
