"""Who may not do something through the API is told so before what it sends is read."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse

from prm.api.resources import Changes, Makes, every
from tests.programs import program
from tests.scene import Scene
from tests.test_permissions import NO, PEOPLE, TABLE, asked

NONSENSE = {"no such field": True}
ONCE = {  # unseen only once Alice did it
    "conversations:api_conversations-make-private",
    "conversations:api_later_replies-send-now",
}


def test_who_may_not_do_a_step_is_told_so_whatever_is_sent(scene: Scene) -> None:
    """Of each step of the API: what it takes is told to those who may do it."""
    steps = {name: each for name, each in TABLE.items() if each.by_token and each.method == "post"}
    for once in ONCE:
        del steps[once]
    wrong = {}
    for person in PEOPLE[1:]:
        told = program(scene.people[person])
        for name, address in steps.items():
            path = reverse(name, args=[scene.of(thing) for thing in address.of])
            got = asked(told, path, replace(address, data=NONSENSE))
            if got != address.expect[person]:
                wrong[name, person] = (got, address.expect[person])
    assert wrong == {}, "each: what it answered, and what the table says"


def test_who_may_not_change_a_row_is_told_so_whatever_is_sent(scene: Scene) -> None:
    """Bob looks after nothing: his role gives him customers; replies that go out later, their verb asks; the
    steps of sequences, cadences, calendars and the drafts of others he does not see."""
    bobs, answers = program(scene.people["bob"]), {}
    changed = {each.noun for each in every() if issubclass(each.resource, Changes)}
    for name, address in TABLE.items():
        if name.endswith("-detail") and address.by_token:
            path = reverse(name, args=[scene.of(thing) for thing in address.of])
            noun = path.split("/")[3]
            if noun in changed:
                answers[noun] = asked(bobs, path, replace(address, method="patch", data=NONSENSE))
    assert set(answers) == changed
    assert {noun for noun, got in answers.items() if got != NO} == {
        "calendars",
        "customers",
        "drafts",
        "later-replies",
        "review-cadences",
        "sequence-steps",
    }, answers


BY_READING = {
    "asks",
    "commitments",
    "drafts",
    "enrolments",
    "issues",
    "later-replies",
    "messages",
    "obstacles",
    "registrations",
    "review-topics",
}
BY_ROLE = {"announcements", "applications", "imports", "partners", "referrals"}
OWN = {"leaves"}
NAMED = {  # what a new row may name, and the thing of the scene that is there
    "partner": "partner",
    "contact": "contact",
    "conversation": "conversation",
    "deal": "deal",
    "form": "application form",
    "integration": "integration",
    "membership": "membership",
    "objective": "objective",
    "of": "partner",
    "other": "other",
    "review": "review",
    "wait": "asked for",
}


def test_who_may_not_make_a_row_is_told_so_whatever_else_is_sent(scene: Scene) -> None:
    """Bob looks after nothing: what he makes, he makes by reading the partner, by his role or for himself."""
    bobs, answers = program(scene.people["bob"]), {}
    for each in every():
        if issubclass(each.resource, Makes):
            named = {name: scene.of(NAMED[name]) for name in each.resource.new().fields if name in NAMED}
            answers[each.noun] = bobs.send(f"/api/v1/{each.noun}/", NONSENSE | named).status_code
    assert {noun for noun, got in answers.items() if got != 403} == BY_READING | BY_ROLE | OWN, answers
