"""Our plan, in the portal: theirs to complete, some of it waiting for our yes; never another partner's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conversations import decisions
from conversations.models import Decider, Matter
from lifecycle import tasks
from lifecycle.models import Evidence, Plan, PlanTemplate, TaskFile
from lifecycle.onboarding import approval, plans
from lifecycle.tasks import TaskRefused
from partners.models import Contact, Event, Partner
from portal import digests, passes
from prm import clock
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.lifecycle.onboarding.conftest import named

PDF = b"%PDF-1.4\n%%EOF\n"
HOUR = timedelta(hours=1)


@pytest.fixture
def plan(northwind: Partner, template: PlanTemplate, alice: User) -> Plan:
    return plans.make(northwind, template, date(2026, 6, 1), by=alice, at=MONDAY)


@pytest.fixture(autouse=True)
def now() -> object:
    with clock.fixed(MONDAY + HOUR):
        yield


def token(contact: Contact, by: User) -> str:
    return passes.token(passes.give(contact, 30, by=by, at=MONDAY))


def send(client: Client, token: str, text: str, **said: object) -> object:
    return client.post(reverse("portal:finish_task", args=[token, named(text).pk]), said, follow=True)


def test_they_hand_in_and_read_why_it_comes_back(
    client: Client,
    plan: Plan,
    nora: Contact,
    alice: User,
) -> None:
    key = token(nora, alice)
    page = client.get(reverse("portal:plan", args=[key])).content.decode()
    assert "Hold the kick-off" in page
    assert page.count("It is done") == 1  # theirs alone
    file = SimpleUploadedFile("plan.pdf", PDF)
    said = send(client, key, "Write the joint plan", note="See page 2.", file=file)
    assert "Waits for approval" in said.content.decode()
    matter = Matter.objects.get()
    assert [row.person for row in Decider.objects.filter(matter=matter)] == [alice]
    with pytest.raises(TaskRefused, match="waits for our yes"):
        tasks.done(named("Write the joint plan"), by=alice, at=MONDAY)
    decisions.decide(matter, "no", "The targets are missing.", by=alice, at=MONDAY + HOUR)
    page = client.get(reverse("portal:plan", args=[key])).content.decode()
    assert "The targets are missing." in page
    assert "Action required" in page
    send(client, key, "Write the joint plan", note="Targets added.")
    decisions.decide(Matter.objects.latest("pk"), "yes", "", by=alice, at=MONDAY + HOUR)
    task = named("Write the joint plan")
    assert (task.state, task.done_by_contact, task.note) == ("done", nora, "Targets added.")
    kinds = Event.objects.filter(about_kind="task", about_id=task.pk).order_by("pk")
    said = ["task_handed_in", "task_sent_back", "task_handed_in", "task_done"]
    assert [event.kind for event in kinds] == said


def test_evidence_is_wanted_and_kept(
    client: Client,
    plan: Plan,
    nora: Contact,
    northwind: Partner,
    alice: User,
) -> None:
    tasks.add(northwind, "Train two", by=alice, at=MONDAY, side="theirs", plan=plan)
    Partner.objects.get(pk=northwind.pk).tasks.filter(text="Train two").update(evidence="training_done")
    key = token(nora, alice)
    refused = send(client, key, "Train two")
    assert (refused.status_code, "a note or a file" in refused.content.decode()) == (422, True)
    send(client, key, "Train two", file=SimpleUploadedFile("names.exe", PDF), note="Both")
    assert named("Train two").is_open
    send(client, key, "Train two", file=SimpleUploadedFile("names.pdf", PDF), note="Both passed.")
    fact = Evidence.objects.get(partner=northwind, kind="training_done")
    assert (fact.file_name, "Both passed." in fact.note, named("Train two").fact) == ("names.pdf", True, fact)
    assert Notice.objects.get(kind="task_done_by_partner").person == alice
    kept = TaskFile.objects.get()
    assert client.get(reverse("portal:task_file", args=[key, kept.pk])).status_code == 200
    client.force_login(alice)
    assert client.get(kept.get_absolute_url()).status_code == 200


def test_the_digest_names_what_they_have_to_do_now(plan: Plan, nora: Contact, alice: User) -> None:
    friday = MONDAY + timedelta(days=4)

    def said(at: datetime) -> list[str]:
        return [line.words for line in digests.said_to(nora, at).get("Your tasks", [])]

    assert said(friday) == []  # ours comes first
    tasks.done(named("Hold the kick-off"), by=alice, at=MONDAY)
    assert said(MONDAY) == []
    assert said(friday) == ["Write the joint plan: by Monday 8 June"]
    approval.finish(named("Write the joint plan"), "Here.", None, by=nora, at=friday)
    assert said(friday) == []
    decisions.decide(Matter.objects.get(), "no", "No targets.", by=alice, at=friday)
    assert said(friday) == ["Write the joint plan: sent back, No targets."]


def test_a_stopped_plan_asks_nobody(
    client: Client,
    plan: Plan,
    nora: Contact,
    alice: User,
) -> None:
    send(client, token(nora, alice), "Write the joint plan", note="Here.")
    plans.stop(plan, "They start over", by=alice, at=MONDAY + HOUR)
    assert not Matter.objects.open().exists()
    assert named("Write the joint plan").state == "skipped"


def test_another_partners_person_finds_nothing(
    client: Client,
    plan: Plan,
    nora: Contact,
    omar: Contact,
    alice: User,
) -> None:
    tasks.add(plan.partner, "Check their credit", by=alice, at=MONDAY)
    theirs, other = token(nora, alice), token(omar, alice)
    send(client, theirs, "Write the joint plan", note="Secret", file=SimpleUploadedFile("plan.pdf", PDF))
    assert "Check their credit" not in client.get(reverse("portal:plan", args=[theirs])).content.decode()
    page = client.get(reverse("portal:plan", args=[other])).content.decode()
    assert "There is no plan yet" in page
    assert "joint plan" not in page
    task = named("Write the joint plan")
    assert client.post(reverse("portal:finish_task", args=[other, task.pk]), {}).status_code == 404
    file = reverse("portal:task_file", args=[other, TaskFile.objects.get().pk])
    assert client.get(file).status_code == 404
    ours = reverse("portal:finish_task", args=[theirs, named("Hold the kick-off").pk])
    assert client.post(ours, {}).status_code == 404
