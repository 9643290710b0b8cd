"""What other programs say, promise and decide: the verbs of the pages, and nothing that one may not see."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conversations import (
    asks,
    commitments,
    decisions,
    drafts,
    late_logs,
    messages,
    private_threads,
    reply_templates,
    threads,
)
from conversations.commitments import Promise
from conversations.models import Commitment, Conversation, Message, Wait
from partners import lists
from partners.models import Contact, Partner
from prm import clock
from prm.models import OutboxItem
from prm.references import Reference
from team.models import User
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


def asked(partner: Partner, contact: Contact | None = None) -> Message:
    return messages.receive(partner, "email", "When?", at=clock.now(), contact=contact, subject="Dates")


def test_a_message_that_came_in_opens_a_wait_and_one_of_ours_closes_it(
    alices: Program, alice: User, northwind: Partner, nora: Contact
) -> None:
    sent = {
        "partner": northwind.pk,
        "direction": "in",
        "channel": "email",
        "body": "When?",
        "contact": nora.pk,
    }
    came = alices.send(f"{API}/messages/", {**sent, "subject": "Dates", "external_id": "<1@x>"})
    assert came.status_code == 201, came.content
    again = alices.send(f"{API}/messages/", {**sent, "subject": "Dates", "external_id": "<1@x>"})
    assert again.json()["id"] == came.json()["id"]
    (wait,) = alices.get(f"{API}/waits/?state=open&partner={northwind.pk}").json()["results"]
    assert (wait["metric"], wait["state"], wait["answered_by"]) == ("first", "open", None)
    answer = {"conversation": wait["conversation"], "channel": "email", "body": "On Friday."}
    said = alices.send(f"{API}/messages/", answer).json()
    assert (said["author"], said["direction"], said["visible_to_partner"]) == (alice.pk, "out", True)
    met = alices.get(f"{API}/waits/{wait['id']}/").json()
    assert (met["state"], met["answered_by"], met["answer"]) == ("met", alice.pk, said["id"])


def test_with_send_it_goes_out_as_the_reply_of_the_page_does(
    alices: Program, northwind: Partner, nora: Contact
) -> None:
    conversation = asked(northwind, nora).conversation_id
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    holding = {
        "conversation": conversation,
        "channel": "email",
        "body": "Soon.",
        "send": True,
        "holding": True,
    }
    promises = [{"text": "Send the dates", "promised_for": day}]
    sent = alices.send(f"{API}/messages/", {**holding, "promises": promises})
    assert sent.status_code == 201, sent.content
    assert sent.json()["subject"] == "Re: Dates"
    (promise,) = alices.get(f"{API}/commitments/?made_in={sent.json()['id']}").json()["results"]
    assert (promise["text"], promise["side"], promise["status"]) == ("Send the dates", "ours", "open")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"channel": "email", "body": "Hello"}, "partner"),
        ({"partner": 1, "channel": "email", "body": ""}, "body"),
        ({"partner": 1, "channel": "fax", "body": "Hello"}, "channel"),
        ({"partner": 1, "channel": "call", "body": "Hello", "occurred_at": "0001-01-01"}, "occurred_at"),
        ({"partner": 1, "channel": "call", "body": "Hello", "send": True}, "send"),
        ({"partner": 1, "channel": "email", "body": "Hello", "send": True}, "subject"),
        ({"partner": 1, "channel": "call", "body": "Hello", "external_id": "x"}, "external_id"),
        ({"partner": 1, "channel": "call", "body": "Hello", "answers": [9]}, "answers"),
    ],
)
def test_what_cannot_be_read_is_named(
    alices: Program, northwind: Partner, sent: dict[str, Any], field: str
) -> None:
    if "partner" in sent:
        sent = {**sent, "partner": northwind.pk}
    answer = alices.send(f"{API}/messages/", sent)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not Message.objects.exists()


def test_a_moment_without_a_zone_is_read_where_its_person_is(alices: Program, northwind: Partner) -> None:
    sent = {"partner": northwind.pk, "channel": "call", "body": "A call.", "occurred_at": "2026-06-01T08:00"}
    told = alices.send(f"{API}/messages/", sent).json()
    assert told["occurred_at"] == "2026-06-01T06:00:00Z"
    assert told["recorded_at"].endswith("Z")


def test_a_promise_is_made_moved_and_kept(alices: Program, alice: User, northwind: Partner) -> None:
    today = clock.now().date()
    first, later = ((today + timedelta(days=days)).isoformat() for days in (3, 9))
    made = alices.send(
        f"{API}/commitments/", {"partner": northwind.pk, "text": "Send the deck", "promised_for": first}
    ).json()
    assert (made["owner"], made["original_promised_for"]) == (alice.pk, first)
    here = f"{API}/commitments/{made['id']}"
    moved = alices.send(f"{here}/move/", {"to": later, "consent": "stated"}).json()
    assert (moved["promised_for"], moved["original_promised_for"]) == (later, first)
    assert alices.send(f"{here}/keep/").json()["status"] == "kept"
    refused = alices.send(f"{here}/break/", {"reason": "No time"})
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "This promise is kept by its first date already.",
    )


def test_another_ones_promise_stays(bob: User, alice: User, northwind: Partner) -> None:
    promise = Promise("Send the deck", (clock.now() + timedelta(days=3)).date())
    made = commitments.make(northwind, promise, by=alice, at=clock.now())
    assert program(bob).send(f"{API}/commitments/{made.pk}/keep/").status_code == 403
    assert Commitment.objects.get().status == "open"


def test_a_decision_is_made_by_who_may(alices: Program, alice: User, erin: User, northwind: Partner) -> None:
    at = clock.now()
    about = Reference("person", alice.pk)
    conversation = asked(northwind).conversation
    matter = decisions.ask(late_logs.KIND, northwind, alice, at, about=about, conversation=conversation)
    sent = {"wait": matter.wait_id, "answer": "no", "reason": "Too late."}
    assert alices.send(f"{API}/decisions/", sent).status_code == 403
    erins = program(erin)
    unsaid = erins.send(f"{API}/decisions/", {**sent, "reason": ""})
    assert (unsaid.status_code, unsaid.json()["detail"]) == (409, "Say why not: whoever asked reads it.")


def test_what_is_private_comes_out_nowhere(alice: User, bob: User, northwind: Partner, nora: Contact) -> None:
    secret = messages.receive(
        northwind, "email", "CANARY", at=clock.now(), contact=nora, subject="CANARY subject"
    ).conversation
    deed = Promise("CANARY deed", clock.now().date() + timedelta(days=9))
    reply = messages.reply(secret, "CANARY too", by=alice, at=clock.now(), promises=[deed])
    private_threads.make_private(secret, by=alice, at=clock.now())
    bobs = program(bob)
    for noun in ("conversations", "messages", "waits", "commitments", "decisions", "partners", "contacts"):
        assert "CANARY" not in bobs.get(f"{API}/{noun}/").content.decode(), noun
    wait = Wait.objects.get()
    for path in (f"conversations/{secret.pk}", f"messages/{reply.pk}", f"waits/{wait.pk}"):
        assert bobs.get(f"{API}/{path}/").status_code == 404
    Message.objects.filter(pk=secret.messages.earliest("pk").pk).update(external_id="<secret@x>")
    told = {"partner": northwind.pk, "direction": "in", "channel": "email", "body": "Hm"}
    again = bobs.send(f"{API}/messages/", {**told, "external_id": "<secret@x>"})
    assert again.status_code == 409
    assert "CANARY" not in again.content.decode()
    written = bobs.send(f"{API}/messages/", {"conversation": secret.pk, "channel": "note", "body": "Hm"})
    assert (written.status_code, list(written.json())) == (400, ["conversation"])
    assert "CANARY" in program(alice).get(f"{API}/messages/").content.decode()


def with_file(them: Program, path: str, fields: dict[str, Any], **files: Any) -> Any:
    """Sent as a program sends files: the fields as JSON in one part, the files beside it."""
    return them.post(path, {"data": json.dumps(fields), **files})


def pdf(name: str = "dates.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")


def test_files_go_out_with_a_reply_and_come_back_as_downloads(
    alices: Program, alice: User, bob: User, northwind: Partner, nora: Contact
) -> None:
    conversation = asked(northwind, nora).conversation_id
    reply = {"conversation": conversation, "channel": "email", "body": "Here.", "send": True}
    wanted = (clock.now() + timedelta(days=9)).date().isoformat()
    sent = with_file(
        alices, f"{API}/messages/", {**reply, "wanted_by": wanted}, files=[pdf(), pdf("map.pdf")]
    )
    assert sent.status_code == 201, sent.content
    assert sent.json()["wanted_by"] == wanted
    first, _second = sent.json()["attachments"]
    told = alices.get(f"{API}/attachments/{first}/").json()
    assert (told["name"], told["message"], told["refused"]) == ("dates.pdf", sent.json()["id"], "")
    file = alices.get(f"{API}/attachments/{first}/file/")
    assert b"".join(file.streaming_content) == b"%PDF-1.4\n%%EOF\n"
    assert file.headers["Content-Disposition"] == 'attachment; filename="dates.pdf"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    private_threads.make_private(Conversation.objects.get(pk=conversation), alice, clock.now())
    assert program(bob).get(f"{API}/attachments/{first}/file/").status_code == 404


def test_a_file_that_is_not_what_it_says_goes_nowhere(
    alices: Program, northwind: Partner, nora: Contact
) -> None:
    begin = {"partner": northwind.pk, "contact": nora.pk, "channel": "email", "subject": "Dates"}
    begin |= {"body": "Here.", "send": True}
    wrong = SimpleUploadedFile("dates.pdf", b"MZ")
    refused = with_file(alices, f"{API}/messages/", begin, files=[wrong])
    assert (refused.status_code, Message.objects.count()) == (409, 0)
    assert "is not that of a .pdf file" in refused.json()["detail"]
    logged = with_file(alices, f"{API}/messages/", {**begin, "send": False}, files=[pdf()])
    assert (logged.status_code, list(logged.json())) == (400, ["files"])
    as_text = alices.send(f"{API}/messages/", {**begin, "files": ["dates.pdf"]})
    assert (as_text.status_code, list(as_text.json())) == (400, ["files"])
    loose = alices.post(f"{API}/messages/", {"partner": northwind.pk, "files": [pdf()]})
    assert (loose.status_code, "data" in loose.json()["detail"]) == (400, True)


def test_an_entry_is_corrected_moved_and_withdrawn(alices: Program, bob: User, northwind: Partner) -> None:
    sent = {"partner": northwind.pk, "channel": "call", "body": "A cal.", "minutes": 5}
    entry = alices.send(f"{API}/messages/", sent).json()
    here = f"{API}/messages/{entry['id']}"
    assert program(bob).send(f"{here}/correct/", {"body": "No."}).status_code == 403
    assert alices.send(f"{here}/correct/", {}).status_code == 400
    fresh = alices.send(f"{here}/correct/", {"body": "A call."}).json()
    assert (fresh["corrects"], fresh["body"], fresh["minutes"]) == (entry["id"], "A call.", 5)
    assert alices.get(f"{here}/").json()["withdrawn_reason"] == "Corrected"
    assert alices.send(f"{here}/correct/", {"body": "A talk."}).status_code == 409
    other = alices.send(f"{API}/messages/", {**sent, "subject": "Another"}).json()["conversation"]
    there = f"{API}/messages/{fresh['id']}"
    assert alices.send(f"{there}/move/", {"into": other}).json()["conversation"] == other
    gone = alices.send(f"{there}/withdraw/", {"reason": "It was another firm."}).json()
    assert gone["withdrawn_reason"] == "It was another firm."


def test_conversations_are_handed_over_merged_and_given_away(
    alices: Program, bob: User, northwind: Partner, contoso: Partner, nora: Contact
) -> None:
    first, second = (asked(northwind, nora).conversation, asked(northwind).conversation)
    alone = program(bob).send(f"{API}/conversations/{first.pk}/give/", {"partner": contoso.pk})
    assert alone.status_code == 403
    here = f"{API}/conversations/{first.pk}"
    assert alices.send(f"{here}/hand-over/", {"to": bob.pk}).json()["responsible"] == bob.pk
    assert alices.send(f"{here}/merge/", {"into": second.pk}).json()["id"] == second.pk
    there = f"{API}/conversations/{second.pk}"
    assert alices.send(f"{there}/give/", {"partner": contoso.pk}).json()["partner"] == contoso.pk
    assert alices.send(f"{there}/give/", {"partner": northwind.pk}).status_code == 403


def test_a_conversation_is_made_private_by_who_is_in_it(
    alices: Program, bob: User, northwind: Partner, nora: Contact
) -> None:
    here = f"{API}/conversations/{asked(northwind, nora).conversation_id}"
    assert program(bob).send(f"{here}/make-private/").status_code == 409
    assert alices.send(f"{here}/make-private/").json()["private_since"]
    assert program(bob).send(f"{here}/share/").status_code == 404
    assert alices.send(f"{here}/share/").json()["private_since"] is None


def test_a_clock_stands_still_for_what_the_partner_knows_of(alices: Program, northwind: Partner) -> None:
    asked(northwind)
    (wait,) = alices.get(f"{API}/waits/").json()["results"]
    here = f"{API}/waits/{wait['id']}"
    until = (clock.now() + timedelta(days=5)).date().isoformat()
    away = alices.send(f"{here}/pause/", {"ground": "absence", "until": until})
    assert (away.status_code, list(away.json())) == (400, ["ground"])
    paused = alices.send(f"{here}/pause/", {"ground": "they_asked", "until": until}).json()
    assert paused["due_at"] > wait["due_at"]
    assert alices.send(f"{here}/resume/").json()["due_at"] < paused["due_at"]
    assert alices.send(f"{here}/resume/").status_code == 409
    assert alices.send(f"{here}/rebase/").status_code in {200, 409}


def test_a_no_is_contested_for_somebody_there(
    alices: Program, erin: User, northwind: Partner, nora: Contact
) -> None:
    lists.seed()
    asked = {"side": "us", "end_reason": "No answer"}
    alices.send(f"{API}/partners/{northwind.pk}/decline/", asked)
    (decision,) = alices.get(f"{API}/decisions/").json()["results"]
    here = f"{API}/decisions/{decision['id']}/contest/"
    assert alices.send(here, {"words": "We did.", "contact": nora.pk}).status_code == 200
    assert alices.send(here, {"words": "We did."}).status_code == 409
    waits = alices.get(f"{API}/waits/?metric=decision").json()["results"]
    assert [wait["state"] for wait in waits] == ["open"]


def test_templates_are_the_companys_and_ones_own(alices: Program, alice: User, bob: User) -> None:
    reply_templates.add("Ours", "en", "Dear {contact},", by=alice, at=clock.now(), mine=False)
    reply_templates.add("Mine", "en", "Hello.", by=alice, at=clock.now(), mine=True)
    names = [each["name"] for each in alices.get(f"{API}/reply-templates/").json()["results"]]
    assert names == ["Mine", "Ours"]
    assert [each["name"] for each in program(bob).get(f"{API}/reply-templates/").json()["results"]] == [
        "Ours"
    ]


def test_a_colleague_is_asked_for_what_holds_an_answer_up(
    alices: Program, northwind: Partner, nora: Contact
) -> None:
    wait = asked(northwind, nora).conversation.waits.get()
    fields = {"name": "Legal", "email": "legal@acme.example", "question": "May we?", "wanted_by": in_days(2)}
    both = {"wait": ["Name one wait or one commitment."]}
    assert alices.send(f"{API}/asks/", fields).json() == both
    made = alices.send(f"{API}/asks/", {**fields, "wait": wait.pk})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["about_kind"], told["about"], told["partner"]) == ("wait", wait.pk, northwind.pk)
    assert OutboxItem.objects.filter(kind=asks.MAIL, about={"ask": told["id"]}).exists()
    late = alices.send(f"{API}/asks/", {**fields, "wait": wait.pk, "wanted_by": in_days(-1)})
    assert (late.status_code, late.json()["detail"]) == (
        409,
        "That day has passed. Choose today or a later one.",
    )
    gone = alices.send(f"{API}/asks/{told['id']}/withdraw/").json()
    assert gone["withdrawn_at"] is not None
    assert alices.send(f"{API}/asks/{told['id']}/withdraw/").status_code == 409


def test_a_reply_that_goes_out_later_is_moved_sent_and_taken_back(
    alices: Program, alice: User, bob: User, northwind: Partner, nora: Contact
) -> None:
    conversation = asked(northwind, nora).conversation
    fields = {"conversation": conversation.pk, "body": "On Friday."}
    past = alices.send(f"{API}/later-replies/", {**fields, "goes_out_at": moment(-1)})
    assert (past.status_code, "has passed" in past.json()["detail"]) == (409, True)
    promise = {"text": "Send the dates", "promised_for": in_days(5)}
    made = alices.send(
        f"{API}/later-replies/", {**fields, "goes_out_at": moment(24), "promises": [promise]}
    ).json()
    assert (made["writer"], made["contact"]) == (alice.pk, nora.pk)
    assert [each["text"] for each in made["promises"]] == ["Send the dates"]
    path = f"{API}/later-replies/{made['id']}/"
    assert program(bob).send(path, {"goes_out_at": moment(48)}, "patch").status_code == 409
    moved = alices.send(path, {"goes_out_at": moment(48)}, "patch").json()
    assert moved["goes_out_at"] > made["goes_out_at"]
    sent = alices.send(f"{path}send-now/").json()
    assert (sent["body"], sent["author"], sent["direction"]) == ("On Friday.", alice.pk, "out")
    assert conversation.waits.get(metric="first").state == Wait.State.MET
    assert Commitment.objects.get().made_in_id == sent["id"]
    assert alices.get(path).status_code == 404
    again = alices.send(f"{API}/later-replies/", {**fields, "goes_out_at": moment(24)}).json()
    assert alices.send(f"{API}/later-replies/{again['id']}/", method="delete").status_code == 204
    assert drafts.find(drafts.reply_in(conversation.pk), alice) is not None


def in_days(count: int) -> str:
    return (clock.now() + timedelta(days=count)).date().isoformat()


def moment(hours: int) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


def test_messages_stand_in_the_order_they_were_said(alices: Program, northwind: Partner) -> None:
    sent = {"partner": northwind.pk, "channel": "call", "direction": "out"}
    for day in ("02", "01"):
        said = alices.send(f"{API}/messages/", {**sent, "body": day, "occurred_at": f"2026-06-{day}T09:00Z"})
        assert said.status_code == 201, said.content
    told = alices.get(f"{API}/messages/?partner={northwind.pk}&sort=occurred_at").json()["results"]
    assert [each["body"] for each in told] == ["01", "02"]


def test_waits_are_narrowed_to_who_answers_and_to_who_looks_after_the_partner(
    alices: Program, alice: User, bob: User, northwind: Partner
) -> None:
    threads.take_over(asked(northwind).conversation, by=bob, at=clock.now())

    def found(query: str) -> list[tuple[int, int]]:
        told = alices.get(f"{API}/waits/?{query}").json()["results"]
        return [(each["partner"], each["responsible"]) for each in told]

    assert found(f"responsible={bob.pk}") == [(northwind.pk, bob.pk)]
    assert found(f"responsible={alice.pk}") == []
    assert found(f"owner={alice.pk}&state=open") == [(northwind.pk, bob.pk)]
    assert found(f"owner={bob.pk}") == []
