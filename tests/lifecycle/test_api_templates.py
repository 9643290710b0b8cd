"""Templates of plans from other programs: written, published, taken over by plans; files of tasks."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile

from lifecycle.models import Task, TaskFile
from partners.models import Partner
from prm import clock
from team.models import User
from tests.programs import Program, program

API = "/api/v1"
HERE = f"{API}/plan-templates/"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


@pytest.fixture
def ravis(ravi: User) -> Program:
    return program(ravi)


def written(them: Program, pk: int, **task: Any) -> Any:
    return them.send(f"{HERE}{pk}/write-task/", task)


def keys(told: Any) -> dict[str, str]:
    return {task["text"]: task["key"] for task in told["tasks"]}


def test_a_template_is_written_published_and_followed(
    ravis: Program, alices: Program, northwind: Partner
) -> None:
    made = ravis.send(HERE, {"name": "First weeks"}).json()
    assert (made["published"], made["draft"], made["tasks"]) == (None, 1, [])
    here = f"{HERE}{made['id']}/"
    assert ravis.send(f"{here}publish/").status_code == 409  # it has no task
    bare = written(ravis, made["id"], side="ours")
    assert (bare.status_code, set(bare.json())) == (400, {"text", "offset_days"})
    meet = keys(written(ravis, made["id"], text="Meet", offset_days=1).json())["Meet"]
    told = written(ravis, made["id"], text="Train", offset_days=5, side="theirs", waits_for=[meet]).json()
    circle = written(ravis, made["id"], key=meet, waits_for=[keys(told)["Train"]])
    assert (circle.status_code, "would wait for" in circle.json()["detail"]) == (409, True)
    strange = written(ravis, made["id"], key=meet, waits_for=["00000000-0000-4000-8000-000000000000"])
    assert (strange.status_code, list(strange.json())) == (400, ["waits_for"])
    assert ravis.send(f"{here}publish/").json()["published"] == 1

    plan = alices.send(
        f"{API}/plans/", {"partner": northwind.pk, "template": "First weeks", "starts_on": "2027-01-04"}
    ).json()
    follows = f"{API}/plans/{plan['id']}"
    assert alices.get(f"{follows}/offer/").json()["version"] is None
    renamed = written(ravis, made["id"], key=meet, text="Meet in person").json()
    assert (renamed["published"], renamed["draft"], set(keys(renamed))) == (1, 2, {"Meet in person", "Train"})
    ravis.send(f"{here}take-out-task/", {"key": keys(renamed)["Train"]})
    written(ravis, made["id"], text="Launch", offset_days=9)
    ravis.send(f"{here}publish/")
    offer = alices.get(f"{follows}/offer/").json()
    assert (offer["version"], offer["added"], len(offer["changed"]), len(offer["removed"])) == (
        2,
        ["Launch"],
        1,
        1,
    )
    assert alices.send(f"{follows}/take-over/", {"seen": 1}).status_code == 409
    assert alices.send(f"{follows}/take-over/", {"seen": 2}).status_code == 200
    texts = Task.objects.filter(plan=plan["id"], skipped_at=None).values_list("text", flat=True)
    assert set(texts) == {"Meet in person", "Launch"}


def test_admins_keep_templates_and_others_read_their_names(
    ravis: Program, alices: Program, bob: User
) -> None:
    made = ravis.send(HERE, {"name": "First weeks"}).json()
    here = f"{HERE}{made['id']}/"
    written(ravis, made["id"], text="Meet", offset_days=1)
    told = alices.get(here).json()
    assert (told["name"], told["tasks"]) == ("First weeks", None)
    assert alices.send(here, {"name": "Mine"}, "patch").status_code == 403
    assert ravis.send(here, {"name": "First quarter"}, "patch").json()["kind"] is None
    assert ravis.send(HERE, {"name": "First quarter"}).status_code == 409
    ravis.send(f"{here}publish/")
    assert ravis.send(f"{here}retire/").json()["retired_at"] is not None
    assert ravis.send(f"{here}restore/").json()["retired_at"] is None
    assert ravis.send(f"{here}discard/").status_code == 409
    written(ravis, made["id"], text="Train", offset_days=2)
    assert ravis.send(f"{here}discard/").json()["draft"] is None


def test_files_of_tasks_come_as_downloads(alices: Program, northwind: Partner) -> None:
    task = alices.send(f"{API}/tasks/", {"partner": northwind.pk, "text": "Send it", "side": "theirs"}).json()
    file = ContentFile(b"%PDF-1.4\n%%EOF\n", name="plan.pdf")
    kept = TaskFile.objects.create(task_id=task["id"], file=file, name="plan.pdf", at=clock.now())
    (told,) = alices.get(f"{API}/task-files/?task={task['id']}").json()["results"]
    assert (told["name"], told["task"]) == ("plan.pdf", task["id"])
    read = alices.get(f"{API}/task-files/{kept.pk}/file/")
    assert b"".join(read.streaming_content) == b"%PDF-1.4\n%%EOF\n"
