"""Tasks on the page: added, ticked, left out, taken up again."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from lifecycle import tasks
from lifecycle.models import Task
from partners.models import Partner
from team.models import Company, User
from tests.conftest import MONDAY


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def task(northwind: Partner, alice: User) -> Task:
    return tasks.add(northwind, "Send the price list", by=alice, at=MONDAY)


def to(name: str, pk: int) -> str:
    return reverse(f"lifecycle:task_{name}", args=[pk])


def test_it_is_added(alices: Client, northwind: Partner, bob: User) -> None:
    asked = {
        "text": "Write the guide",
        "side": "ours",
        "owner": bob.pk,
        "due_on": "2026-06-12",
        "stage": "onboarding",
    }
    assert alices.post(to("add", northwind.pk), asked | {"is_required": "on"}).status_code == 303
    task = Task.objects.get()
    assert (task.owner, task.due_on, task.is_required) == (bob, date(2026, 6, 12), True)
    page = alices.get(reverse("lifecycle:road", args=[northwind.pk])).content.decode()
    assert "Write the guide" in page
    assert alices.post(to("add", northwind.pk), {"text": ""}).status_code == 422


def test_it_is_ticked_and_opened_again(alices: Client, task: Task) -> None:
    there = reverse("lifecycle:road", args=[task.partner_id])
    response = alices.post(to("done", task.pk), {"next": there}, follow=True)
    assert response.redirect_chain == [(there, 303)]
    assert "Send the price list” is done" in response.content.decode()
    again = alices.post(to("done", task.pk), {"next": there}, follow=True)
    assert "was done or skipped already" in again.content.decode()
    alices.post(to("undone", task.pk))
    task.refresh_from_db()
    assert task.is_open


def test_it_is_left_out_with_a_reason(alices: Client, task: Task) -> None:
    assert alices.get(to("skip", task.pk)).status_code == 200
    assert alices.post(to("skip", task.pk), {"reason": " "}).status_code == 422
    assert alices.post(to("skip", task.pk), {"reason": "They have it"}).status_code == 303
    task.refresh_from_db()
    assert task.skipped_reason == "They have it"


@pytest.mark.parametrize("name", ["done", "undone", "skip"])
def test_only_whose_it_is_changes_it(client: Client, task: Task, bob: User, name: str) -> None:
    client.force_login(bob)
    assert client.post(to(name, task.pk), {"reason": "No"}).status_code == 403
    Company.objects.update(reading=Company.Reading.OWN)
    assert client.post(to(name, task.pk), {"reason": "No"}).status_code == 404


@pytest.mark.parametrize("name", ["done", "undone"])
def test_a_press_is_a_post(alices: Client, task: Task, name: str) -> None:
    assert alices.get(to(name, task.pk)).status_code == 405
