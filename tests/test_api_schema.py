"""The OpenAPI document is whole, and whatever it allows or forbids to be sent brings no fault of ours."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from drf_spectacular.drainage import GENERATOR_STATS
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import validate
from schemathesis import Case, openapi
from schemathesis.core import NotSet
from schemathesis.generation import GenerationMode
from schemathesis.transport.serialization import Binary

from prm.api.guide import guides
from prm.api.resources import every
from prm.api.schema import document
from tests.programs import Program, program
from tests.scene import Scene

EXAMPLES = {GenerationMode.POSITIVE: 3, GenerationMode.NEGATIVE: 2}  # of each operation

PARTS = 4
MADE = ("POST", "/api/v1/messages/")

KNOWN = {  # fields that name a row, and the thing of the scene that is there
    "partner": "partner",
    "conversation": "conversation",
    "contact": "contact",
    "successor": "contact",
    "owner": "bob",
    "user": "bob",
    "wait": "wait",
    "template": "plan template",
    "calendar": "calendar",
    "cause": "issue cause",
    "phase": "phase",
    "integration": "integration",
    "course": "course",
    "form": "application form",
    "to": "phase",
    "gone": "other",
    "requirement": "requirement",
    "measure": "tier measure",
}


def test_every_resource_and_door_says_what_it_is() -> None:
    operations = [
        (path, method, operation)
        for path, doors in document()["paths"].items()
        for method, operation in doors.items()
    ]
    assert {operation["tags"][0] for *_door, operation in operations} == {
        "index",
        *(each.noun for each in every()),
    }
    assert [(path, method) for path, method, each in operations if not each.get("description")] == []
    names = [operation["operationId"] for *_door, operation in operations]
    assert len(set(names)) == len(names)
    assert [guide.name for guide in guides().values() if not guide.fields or not guide.doors] == []


def test_the_index_names_every_resource_and_looks_as_its_example_says(scene: Scene) -> None:
    told = program(scene.people["ravi"]).get("/api/v1/").json()
    assert {each["name"] for each in told["results"]} == {each.noun for each in every() if each.is_told}
    answer = document()["paths"]["/api/v1/"]["get"]["responses"]["200"]["content"]["application/json"]
    validate(told, answer["schema"])
    (example,) = answer["schema"]["example"]["results"]
    found = next(each for each in told["results"] if each["name"] == example["name"])
    assert found.keys() == example.keys()
    assert found["url"].endswith("/api/v1/partners/")
    assert program(scene.people["ravi"]).get(found["url"]).status_code == 200


def test_a_row_is_told_in_the_words_of_its_resource() -> None:
    told = {name: each.get("description") for name, each in document()["components"]["schemas"].items()}
    assert told["ActionRow"] == "What somebody will do, noted in a review; then a promise."
    assert [name for name, words in told.items() if words and "`source`" in words] == []


def test_what_a_400_holds_is_described_and_is_so(scene: Scene) -> None:
    admin = program(scene.people["ravi"])
    for path, method, answer in (
        ("/api/v1/partners/", "post", admin.send("/api/v1/partners/", {"name": ""})),
        ("/api/v1/partners/", "post", admin.send("/api/v1/partners/", {"website": "fabrikam.com"})),
        ("/api/v1/partners/", "post", admin.generic("POST", "/api/v1/partners/", "{", "application/json")),
        ("/api/v1/partners/", "get", admin.get("/api/v1/partners/?limit=0")),
    ):
        told = document()["paths"][path][method]["responses"]["400"]
        assert answer.status_code == 400
        assert "by the name of its field" in told["description"]
        validate(answer.json(), told["content"]["application/json"]["schema"])


def test_every_door_says_what_it_answers_where_something_is_wrong(scene: Scene) -> None:
    for path, doors in document()["paths"].items():
        for method, each in doors.items():
            wrong = {code: told for code, told in each["responses"].items() if code.startswith("4")}
            assert {"401", "429"} <= wrong.keys(), (method, path)
            assert [code for code, told in wrong.items() if "content" not in told] == [], (method, path)
    told = document()["paths"]["/api/v1/reviews/{id}/pdf/"]["get"]["responses"]
    assert list(told["200"]["content"]) == ["application/pdf"]
    answer = program(scene.people["ravi"]).get("/api/v1/reviews/999999/pdf/")
    assert answer.status_code == 404
    named = told["404"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    validate(answer.json(), document()["components"]["schemas"][named])


def test_every_name_in_it_is_one_thing() -> None:
    document()
    assert not GENERATOR_STATS, "what it warned of stands in the output of this test"


def test_files_are_sent_beside_the_fields() -> None:
    body = document()["paths"]["/api/v1/messages/"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/json", "multipart/form-data"}
    assert set(body["multipart/form-data"]["schema"]["properties"]) == {"data", "files"}
    said = body["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert "files" not in document()["components"]["schemas"][said]["properties"]
    assert set(document()["paths"]["/api/v1/deals/"]["post"]["requestBody"]["content"]) == {
        "application/json"
    }
    (door,) = [
        each
        for each in guides()["messages"].doors
        if each.method == "POST" and each.path.endswith("messages/")
    ]
    assert {"body", "files"} <= {field.name for field in door.takes}


def test_a_step_takes_what_it_asks_and_every_example_is_one() -> None:
    schemas = document()["components"]["schemas"]
    advance = document()["paths"]["/api/v1/partners/{id}/advance/"]["post"]
    named = advance["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert set(schemas[named]["properties"]) == {"to", "reason", "seen"}
    assert schemas[named]["example"]["to"] == "onboarding"
    keep = document()["paths"]["/api/v1/conversations/{id}/reopen/"]["post"]
    assert "requestBody" not in keep
    for name, schema in schemas.items():
        if schema.get("properties"):
            validate(schema["example"], {**schema, "components": {"schemas": schemas}})
            assert set(schema["example"]) == set(schema["properties"]), name


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_that_it_allows_or_forbids_is_a_fault_of_ours(part: int, scene: Scene, settings: Any) -> None:
    """Each operation is asked of rows that are there, by somebody who may do all, and rolled back; as often
    as it takes, so that each is answered by itself and not by the limit of calls."""
    settings.API_CALLS_PER_MINUTE = 0
    admin = program(scene.people["ravi"])
    admin.raise_request_exception = False
    known = {name: scene.of(thing) for name, thing in KNOWN.items()}
    answers: list[tuple[int, str]] = []
    operations = [result.ok() for result in openapi.from_dict(document()).get_all_operations()]
    for operation in operations[part::PARTS]:
        for mode in EXAMPLES:
            answers += _tried(admin, operation, mode, known if mode == GenerationMode.POSITIVE else {})
    assert [answer for answer in answers if answer[0] >= 500] == []
    assert {200, 400, 409} <= {status for status, _asked in answers}
    assert [answer for answer in answers if answer[0] == 429] == []


def _tried(
    admin: Program, operation: Any, mode: GenerationMode, known: dict[str, int]
) -> list[tuple[int, str]]:
    """What some requests were answered with, beside what was asked."""
    path = {"id": _first(admin, operation.path)} if "{id}" in operation.path else None
    answers: list[tuple[int, str]] = []

    @settings(
        max_examples=EXAMPLES[mode],
        deadline=None,
        database=None,
        phases=[Phase.generate],
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=path))
    def tried(case: Case) -> None:
        asked = f"{case.method} {case.path} {case.query} {case.body!r}"[:500]
        answers.append((_status(admin, case, known), asked))

    tried()
    return answers


def _part(value: Any) -> Any:
    """A part of a form: a file where the document says so, else its words."""
    if isinstance(value, list):
        return [_part(each) for each in value]
    if isinstance(value, bytes | Binary):
        return SimpleUploadedFile("a.txt", value if isinstance(value, bytes) else value.data)
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _first(admin: Program, path: str) -> int:
    """A row of the resource, so that something is there."""
    rows = admin.get(f"/api/v1/{path.split('/')[3]}/?limit=1").json()["results"]
    return rows[0]["id"] if rows else 1


def _status(admin: Program, case: Case, known: dict[str, int]) -> int:
    address = case.path.replace("{id}", str((case.path_parameters or {}).get("id", 1)))
    sends: dict[str, Any] = {"QUERY_STRING": urlencode(case.query or {}, doseq=True)}
    if case.media_type == "multipart/form-data" and isinstance(case.body, dict):
        parts = {name: _part(value) for name, value in case.body.items()}
        sends |= {"data": encode_multipart(BOUNDARY, parts), "content_type": MULTIPART_CONTENT}
    elif not isinstance(case.body, NotSet):
        body = case.body
        if isinstance(body, dict):
            body = {name: known.get(name, value) for name, value in body.items()}
        sent = body if isinstance(body, bytes) else json.dumps(body)
        sends |= {"data": sent, "content_type": "application/json"}
    with transaction.atomic():
        answer = admin.generic(case.method.upper(), address, **sends)
        transaction.set_rollback(True)
    return answer.status_code
