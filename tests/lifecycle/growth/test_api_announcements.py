"""Announcements from other programs: the same verbs as the pages, and the same refusals."""

from __future__ import annotations

import pytest

from lifecycle.growth.announcing import writing
from lifecycle.growth.announcing.writing import Outline
from lifecycle.models import Announcement
from partners import contacts
from partners.models import Contact, Partner, Programme, Tier
from prm import clock, outbox
from team.models import Region, User
from tests.conftest import MONDAY
from tests.lifecycle.growth.test_referrals import make_live
from tests.programs import program

ALL = "/api/v1/announcements/"


@pytest.fixture
def pair(northwind: Partner, contoso: Partner, nora: Contact, omar: Contact, alice: User) -> list[Partner]:
    make_live(northwind, contoso)
    contacts.change(nora, {"roles": ["sales"]}, by=alice, at=MONDAY)
    return [northwind, contoso]


def test_one_is_drafted_looked_at_changed_sent_and_the_rest_told(
    pair: list[Partner], omar: Contact, alice: User
) -> None:
    alices = program(alice)
    made = alices.send(
        ALL, {"title": "New prices", "body": "From July.", "kind": "price", "roles": ["sales"]}
    )
    assert made.status_code == 201, made.content
    one = f"{ALL}{made.json()['id']}/"
    assert (made.json()["state"], made.json()["regions"], made.json()["of"]) == ("draft", [], None)
    before = alices.get(f"{one}standing/").json()
    assert before["by"] == [{"why": "can", "partners": 1}, {"why": "nobody", "partners": 1}]
    assert (before["entitled"], before["can"], before["left_out"]) == (2, 1, 1)
    changed = alices.send(one, {"title": "Prices", "stages": ["growth"]}, method="patch").json()
    assert (changed["title"], changed["body"], changed["stages"]) == ("Prices", "From July.", ["growth"])
    sent = alices.send(f"{one}send/").json()
    assert (sent["state"], sent["partners_told"], sent["partners_entitled"]) == ("sent", 0, 2)
    outbox.deliver(clock.now())
    assert alices.get(one).json()["partners_told"] == 1
    nobody = alices.send(f"{one}tell-rest/")
    assert (nobody.status_code, nobody.json()["detail"]) == (409, "Everybody who can be told was told.")
    contacts.change(omar, {"roles": ["sales"]}, by=alice, at=MONDAY)
    assert alices.send(f"{one}tell-rest/").status_code == 200
    again = alices.send(one, {"title": "Other"}, method="patch")
    assert (again.status_code, "write a correction" in again.json()["detail"]) == (409, True)


def test_what_is_out_is_corrected_and_withdrawn_and_a_draft_thrown_away(
    pair: list[Partner], alice: User
) -> None:
    alices, north = program(alice), Region.objects.create(name="North")
    made = writing.write(Outline("Prices", "Up.", roles=["sales"], who={"of": alice.pk}), alice, MONDAY)
    one = f"{ALL}{made.pk}/"
    assert alices.send(f"{one}correct/").status_code == 409  # it is a draft
    writing.send(made, alice, MONDAY)
    right = alices.send(f"{one}correct/", {"body": "Down.", "regions": ["north"]}).json()
    assert (right["corrects"], right["title"], right["body"]) == (made.pk, "Prices", "Down.")
    assert (right["roles"], right["regions"], right["of"]) == (["sales"], [north.pk], alice.pk)
    assert alices.send(f"{one}withdraw/", {"reason": ""}).json() == {
        "reason": ["This field may not be blank."]
    }
    gone = alices.send(f"{one}withdraw/", {"reason": "The prices stay."}).json()
    assert (gone["state"], gone["withdrawn_reason"]) == ("withdrawn", "The prices stay.")
    assert [row["id"] for row in alices.get(f"{ALL}?state=withdrawn").json()["results"]] == [made.pk]
    assert alices.delete(f"{ALL}{right['id']}/").status_code == 204
    assert alices.delete(one).status_code == 409


def test_whom_it_is_for_is_read_strictly(pair: list[Partner], programme: Programme, alice: User) -> None:
    gold = Tier.objects.get(name="Gold")
    alices, words = program(alice), {"title": "Prices", "body": "Up."}
    assert list(alices.send(ALL, {**words, "tier": [gold.pk]}).json()) == ["tier"]
    assert list(alices.send(ALL, {**words, "tiers": [0], "body": ""}).json()) == ["body", "tiers"]
    programme.tiers.update(retired_at=MONDAY)
    assert list(alices.send(ALL, {**words, "tiers": [gold.pk]}).json()) == ["tiers"]
    assert not Announcement.objects.exists()


def test_who_may_not_is_told_so_before_what_it_sends(pair: list[Partner], alice: User, bob: User) -> None:
    bobs, words = program(bob), {"title": "Prices", "body": "Up."}
    refused = bobs.send(ALL, words)
    assert (refused.status_code, "you look after" in refused.json()["detail"]) == (409, True)
    assert bobs.send(ALL, {**words, "of": bob.pk}).status_code == 201
    made = writing.write(Outline("Canary", "Up."), alice, MONDAY)
    for step in ("send", "tell-rest", "withdraw"):
        assert bobs.send(f"{ALL}{made.pk}/{step}/", {"nonsense": 1}).status_code == 403, step
    assert bobs.send(f"{ALL}{made.pk}/", {"nonsense": 1}, method="patch").status_code == 403
    assert bobs.delete(f"{ALL}{made.pk}/").status_code == 403
