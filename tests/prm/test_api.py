"""The manners of the API: errors, paging, filters, times, keys, limits."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from partners import organisations
from partners.models import Contact, Partner, PartnerType, Programme, Tier
from portal import passes
from prm import clock
from prm.api.throttling import CALLS
from prm.models import OnceKey
from team.models import Company, Region, User
from tests.conftest import MONDAY
from tests.programs import Program, program

LIST = "/api/v1/partners/"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


def test_a_partner_is_told_with_the_fields_that_programs_rely_on(alices: Program, northwind: Partner) -> None:
    told = alices.get(f"{LIST}{northwind.pk}/").json()
    wanted = "name legal_name website domain kind country region tier stage step owner status signed_on"
    assert set(wanted.split()) <= set(told)
    assert told["created_at"] == "2026-06-01T07:00:00Z"
    assert (told["name"], told["stage"], told["step"]) == ("Northwind", "recruitment", "identified")


def test_a_partner_is_made_as_the_page_makes_it(alices: Program, alice: User, programme: Programme) -> None:
    region = Region.objects.create(name="Nordics")
    gold = Tier.objects.get(programme=programme, name="Gold")
    sent = {"name": "Fabrikam", "website": "fabrikam.com", "country": "SE", "region": "nordics"}
    made = alices.send(LIST, {**sent, "programme": programme.pk, "tier": gold.pk})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["domain"], told["owner"], told["region"]) == ("fabrikam.com", alice.pk, region.pk)
    assert (told["tier"], told["kind"]) == (gold.pk, PartnerType.objects.get().pk)
    partner = Partner.objects.get()
    assert partner.visits.get().left_at is None
    changed = alices.send(f"{LIST}{partner.pk}/", {"city": "Malmö", "owner": None}, "patch")
    assert changed.json()["city"] == "Malmö"
    assert changed.json()["owner"] is None
    assert changed.json()["country"] == "SE"


def test_what_looks_like_a_known_partner_is_made_only_when_it_is_another(alices: Program) -> None:
    assert alices.send(LIST, {"name": "Fabrikam AG"}).status_code == 201
    doubted = alices.send(LIST, {"name": "Fabrikam GmbH"})
    assert doubted.status_code == 409
    assert "Fabrikam AG" in doubted.json()["reasons"][0]
    assert alices.send(LIST, {"name": "Fabrikam GmbH", "anyway": True}).status_code == 201


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": ["x"]}, "name"),
        ({"name": "Fabrikam", "country": "XX"}, "country"),
        ({"name": "Fabrikam", "zone": "Mars"}, "zone"),
        ({"name": "Fabrikam", "owner": 2**70}, "owner"),
        ({"name": "Fabrikam", "owner": True}, "owner"),
        ({"name": "Fabrikam", "region": "Nowhere"}, "region"),
        ({"name": "Fabrikam", "employees": -1}, "employees"),
        ({"name": "Fabrikam", "stage": "growth"}, "stage"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(alices: Program, sent: dict[str, Any], field: str) -> None:
    answer = alices.send(LIST, sent)
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "This cannot be read as JSON: Expecting"),
        (b"[]", "Send one JSON object, with the fields by their names."),
        (b"\xff", "This is no UTF-8. Send JSON in UTF-8."),
        (b"[" * 100_000, "This cannot be read as JSON: it is nested too deeply."),
        (b'{"name": NaN}', "This cannot be read as JSON: NaN is no JSON number."),
        (b'{"name": ' + b"9" * 5000 + b"}", "This cannot be read as JSON: a number is too long."),
    ],
)
def test_what_is_no_json_object_is_a_400_in_our_words(alices: Program, body: bytes, words: str) -> None:
    answer = alices.post(LIST, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(words)


def test_who_sends_no_token_is_told_the_way(client: Client, company: Company) -> None:
    answer = client.get(LIST)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")
    for way in ("Authorization: Token prm_", "Settings › Your API tokens", "manage.py api_token EMAIL"):
        assert way in answer.json()["detail"]


HALF, NUL = chr(0xD800), chr(0)


@pytest.mark.parametrize("text", [HALF, NUL, f"Mars {HALF} Earth"])
@pytest.mark.parametrize(
    ("path", "field", "wrap"),
    [
        (LIST, "name", str),
        (LIST, "country", str),
        (LIST, "region", str),
        (LIST, "certifications", lambda text: ["ISO 9001", text]),
        ("/api/v1/messages/", "direction", str),
        ("/api/v1/drafts/", "typed", lambda text: {text: "of it"}),
        (f"{LIST}1/advance/", "to", str),
    ],
)
def test_what_no_database_keeps_is_refused_by_its_field(
    alices: Program, northwind: Partner, path: str, field: str, wrap: Any, text: str
) -> None:
    answer = alices.send(path.replace("/1/", f"/{northwind.pk}/"), {field: wrap(text)})
    assert answer.status_code == 400, answer.content
    assert list(answer.json()) == [field]
    assert "Leave it out" in answer.json()[field][0]


@pytest.mark.parametrize("name", [HALF, NUL])
def test_a_field_whose_name_no_answer_can_tell_is_refused(alices: Program, name: str) -> None:
    answer = alices.send(LIST, {"name": "Fabrikam", name: 1})
    assert answer.status_code == 400
    assert "The name of a field" in answer.json()["detail"]


def test_whole_characters_spelt_out_come_in_whole(alices: Program) -> None:
    answer = alices.post(LIST, rb'{"name": "Fabrikam \ud83d\ude80"}', content_type="application/json")
    assert answer.json()["name"] == "Fabrikam " + chr(0x1F680)


@pytest.mark.parametrize(
    "part", [b'"data"\r\n\r\n{"subject": "+2AA-"}', b'"+2AA-"; filename="a.txt"\r\n\r\nHello']
)
def test_half_a_character_comes_in_by_no_other_character_set(alices: Program, part: bytes) -> None:
    body = b"--B\r\nContent-Disposition: form-data; name=" + part + b"\r\n--B--\r\n"
    content = "multipart/form-data; boundary=B; charset=utf-7"
    assert alices.post("/api/v1/messages/", body, content_type=content).status_code == 400


def test_another_kind_of_body_is_refused_and_the_answer_is_json_whatever_is_asked(alices: Program) -> None:
    assert alices.post(LIST, {"name": "Fabrikam"}).status_code == 415
    assert alices.get(LIST, headers={"Accept": "text/html"}).headers["Content-Type"] == "application/json"
    gone = alices.get("/api/v1/nothing/", headers={"Accept": "text/html"})
    assert (gone.status_code, gone.headers["Content-Type"]) == (404, "application/json")
    assert alices.put(f"{LIST}1/").status_code == 405


def test_what_is_too_much_for_one_request_is_a_413_with_the_limit(alices: Program) -> None:
    alices.raise_request_exception = False
    large = "x" * (3 * 2**20)
    files = {f"file{n}": SimpleUploadedFile("a.txt", b"x") for n in range(101)}
    told = [
        alices.send(LIST, {"name": large}),
        alices.post("/api/v1/messages/", {"data": large}),
        alices.post("/api/v1/messages/", {f"field{n}": "x" for n in range(2001)}),
        alices.post("/api/v1/messages/", files),
    ]
    assert [answer.status_code for answer in told] == [413] * 4
    assert [answer.json()["detail"] for answer in told] == [
        "This is too large: without its files, a request holds at most 2 MB.",
        "This is too large: without its files, a request holds at most 2 MB.",
        "These are too many fields: a request holds at most 2000.",
        "These are too many files: a request holds at most 100.",
    ]
    assert not Partner.objects.exists()


def test_a_broken_gate_is_a_409_with_what_is_missing(alices: Program, northwind: Partner) -> None:
    advance = f"{LIST}{northwind.pk}/advance/"
    assert alices.send(advance, {"to": "contacted"}).json()["step"] == "contacted"
    refused = alices.send(advance, {"to": "onboarding"})
    assert refused.status_code == 409
    assert "Agreement is signed" in refused.json()["reasons"]
    assert "cannot move to Onboarding yet" in refused.json()["detail"]
    ended = alices.send(advance, {"to": "ended"}).json()
    assert ended["detail"] == "Northwind cannot be ended. It is a prospect: decline it instead of ending it."
    assert alices.send(advance, {"to": "the moon"}).status_code == 400
    northwind.refresh_from_db()
    assert northwind.step == "contacted"


def test_whoever_does_not_look_after_it_reads_and_may_not_change(bob: User, northwind: Partner) -> None:
    bobs = program(bob)
    assert bobs.get(f"{LIST}{northwind.pk}/").status_code == 200
    for path, method in ((f"{LIST}{northwind.pk}/", "patch"), (f"{LIST}{northwind.pk}/advance/", "post")):
        refused = bobs.send(path, {"to": "contacted"} if method == "post" else {"city": "Bonn"}, method)
        assert refused.status_code == 403
        assert "whoever looks after Northwind" in refused.json()["detail"]


def test_what_one_may_not_see_is_not_there(bob: User, alice: User, northwind: Partner) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    bobs = program(bob)
    assert bobs.get(LIST).json()["results"] == []
    assert bobs.get(f"{LIST}{northwind.pk}/").status_code == 404
    assert bobs.send(f"{LIST}{northwind.pk}/advance/", {"to": "contacted"}).status_code == 404
    hidden = bobs.send("/api/v1/contacts/", {"partner": northwind.pk, "name": "Eve"})
    assert list(hidden.json()) == ["partner"]
    doubted = bobs.send(LIST, {"name": "Northwind"})
    assert doubted.status_code == 409
    assert "Northwind" not in doubted.content.decode()


def test_what_a_partners_people_come_in_by_opens_nothing_here(nora: Contact, alice: User) -> None:
    text = passes.token(passes.give(nora, 30, by=alice, at=clock.now()))
    there = Client()
    there.get(reverse("portal:reviews", args=[text]))
    assert there.get(LIST).status_code == 401
    assert Client(headers={"Authorization": f"Token {text}"}).get(LIST).status_code == 401


def test_the_index_says_what_one_may_add(alice: User, ravi: User, client: Client) -> None:
    def addable(told: Program) -> set[str]:
        return {each["name"] for each in told.get("/api/v1/").json()["results"] if each["may_add"]}

    assert "partners" in addable(program(alice))
    assert "regions" not in addable(program(alice))
    assert {"partners", "regions"} <= addable(program(ravi))
    assert "visits" not in addable(program(ravi))
    assert addable(program(ravi, "read")) == set()
    assert client.get("/api/v1/").status_code == 401


def test_options_tell_nothing(alices: Program) -> None:
    assert alices.options(LIST).status_code == 405


def test_a_list_is_paged_both_ways_and_sorted(alices: Program, alice: User) -> None:
    for n in range(5):
        organisations.add(f"Firm {n}", by=alice, at=MONDAY)
    first = alices.get(f"{LIST}?limit=2&sort=-name").json()
    assert [each["name"] for each in first["results"]] == ["Firm 4", "Firm 3"]
    assert first["previous"] is None
    second = alices.get(first["next"]).json()
    assert [each["name"] for each in second["results"]] == ["Firm 2", "Firm 1"]
    assert alices.get(second["previous"]).json()["results"] == first["results"]
    last = alices.get(second["next"]).json()
    assert (len(last["results"]), last["next"]) == (1, None)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("sort=password", "sort"),
        ("after=x", "after"),
        ("stagee=growth", "stagee"),
        ("stagee=", "stagee"),
        ("stage=moon", "stage"),
        ("came_from=tomorrow", "came_from"),
    ],
)
def test_a_list_that_is_asked_for_wrongly_says_by_what(alices: Program, query: str, named: str) -> None:
    answer = alices.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert list(answer.json()) == [named]


def test_what_an_address_leaves_empty_is_not_asked_for(alices: Program, northwind: Partner) -> None:
    for query in ("status=&owner=&came_from=&limit=&sort=&after=", "stage=&stage=recruitment", "q="):
        answer = alices.get(f"{LIST}?{query}")
        assert [each["id"] for each in answer.json()["results"]] == [northwind.pk], query
    assert alices.get(f"{LIST}?stage=&stage=growth").json()["results"] == []
    assert alices.get("/api/v1/waits/?state=&partner=&opened_from=").json()["results"] == []


def test_the_filters_of_the_list_of_partners_hold_here_too(alices: Program, alice: User) -> None:
    mine = organisations.add("Mine", by=alice, at=MONDAY, owner=alice)
    organisations.add("Nobodys", by=alice, at=MONDAY)
    assert [each["id"] for each in alices.get(f"{LIST}?owner=me&stage=recruitment").json()["results"]] == [
        mine.pk
    ]
    assert alices.get(f"{LIST}?q=mine").json()["results"][0]["name"] == "Mine"
    assert alices.get(f"{LIST}?stage=growth").json()["results"] == []


def test_sent_twice_under_one_key_it_is_made_once(alices: Program, bob: User) -> None:
    once = {"headers": {"Idempotency-Key": "order 17"}}
    first, second = (alices.send(LIST, {"name": "Fabrikam"}, **once) for _try in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.json()["id"] == second.json()["id"]
    assert program(bob).send(LIST, {"name": "Tailspin"}, **once).status_code == 201


def test_another_request_under_a_key_is_refused_and_says_so(alices: Program, northwind: Partner) -> None:
    once = {"headers": {"Idempotency-Key": "order 17"}}
    assert alices.send(LIST, {"name": "Fabrikam", "city": "Bonn"}, **once).status_code == 201
    assert alices.send(LIST, {"city": "Bonn", "name": "Fabrikam"}, **once).status_code == 200
    for path, sent in (
        (LIST, {"name": "Tailspin", "city": "Bonn"}),
        ("/api/v1/contacts/", {"partner": northwind.pk, "name": "Eve"}),
        (f"{LIST}{northwind.pk}/advance/", {"to": "contacted"}),
    ):
        refused = alices.send(path, sent, **once)
        assert refused.status_code == 409
        assert "this one was not" in refused.json()["detail"]
    assert not Partner.objects.filter(name="Tailspin").exists()


def test_another_file_under_a_key_is_another_request(alices: Program, northwind: Partner) -> None:
    def sent(content: bytes) -> Any:
        data = json.dumps({"partner": northwind.pk, "kind": "kick_off_held", "on": "2026-05-31"})
        parts = {"data": data, "file": SimpleUploadedFile("minutes.txt", content)}
        return alices.post("/api/v1/evidence/", parts, headers={"Idempotency-Key": "minutes"})

    answers = [sent(content) for content in (b"Hello", b"Hello", b"Hullo")]
    assert [answer.status_code for answer in answers] == [201, 200, 409], answers[0].content


def test_a_key_of_before_that_kept_no_request_still_holds(alices: Program) -> None:
    once = {"headers": {"Idempotency-Key": "order 17"}}
    made = alices.send(LIST, {"name": "Fabrikam"}, **once).json()["id"]
    OnceKey.objects.update(answer=f"partners {made}")
    assert alices.send(LIST, {"name": "Fabrikam"}, **once).json()["id"] == made


def test_a_step_sent_twice_under_one_key_is_done_once(alices: Program, northwind: Partner) -> None:
    once = {"headers": {"Idempotency-Key": "move 17"}}
    advance = f"{LIST}{northwind.pk}/advance/"
    first = alices.send(advance, {"to": "contacted"}, **once)
    assert first.json()["step"] == "contacted"
    assert alices.send(advance, {"to": "identified"}).json()["step"] == "identified"
    second = alices.send(advance, {"to": "contacted"}, **once)
    assert (second.status_code, second.headers["Idempotency-Replayed"]) == (200, "true")
    assert second.json()["step"] == "identified"
    northwind.refresh_from_db()
    assert northwind.step == "identified"
    assert alices.send(advance, {"to": "qualified"}, **once).status_code == 409


def test_a_refused_request_leaves_its_key_unspent(alices: Program) -> None:
    alices.send(LIST, {"name": "Fabrikam"})
    once = {"headers": {"Idempotency-Key": str(uuid.uuid4())}}
    assert alices.send(LIST, {"name": "Fabrikam"}, **once).status_code == 409
    assert not OnceKey.objects.exists()
    assert alices.send(LIST, {"name": "Fabrikam", "anyway": True}, **once).status_code == 201


def test_too_many_calls_a_minute_are_turned_away(alices: Program, settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = 2
    CALLS.one_more("somebody else", 0)  # forgets the minute that runs
    answers = [alices.get(LIST) for _call in range(6)]  # three of them in one minute, wherever it turns
    away = [answer for answer in answers if answer.status_code == 429]
    assert away
    assert int(away[0].headers["Retry-After"]) <= 60


def test_the_document_stands_open_and_names_every_resource(client: Client, company: Company) -> None:
    document = client.get("/api/schema/").json()
    assert document["openapi"].startswith("3.")
    assert "/api/v1/partners/{id}/advance/" in document["paths"]
    for path in ("/api/v1/partners/", "/api/v1/partners/{id}/advance/"):
        takes = {each["name"] for each in document["paths"][path]["post"]["parameters"]}
        assert "Idempotency-Key" in takes
    assert "Idempotency-Key" not in json.dumps(document["paths"]["/api/v1/partners/{id}/"])
