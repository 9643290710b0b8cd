"""Settings › Ideal Partner Profile in the browser's words: list, draft, publishing, reading."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners import organisations, profiles
from partners.models import Criterion, PartnerType, Profile
from partners.profiles import Entry
from partners.scoring import Thresholds
from prm.models import Job
from team.models import Company, Role, User
from tests.conftest import MONDAY, person

SKILL = Entry("skill", "Skill", Criterion.Kind.RATING, 10)


def draft_of(by: User, *entries: Entry) -> Profile:
    draft = profiles.start_draft(None, by=by, at=MONDAY)
    return profiles.edit(draft, entries or [SKILL], Thresholds(), "We learnt", by=by, at=MONDAY)


def typed(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The editor's form as a browser posts it."""
    sent = {
        "strong_at": 75,
        "possible_at": 60,
        "weak_at": 40,
        "why": "",
        "form-TOTAL_FORMS": len(rows),
        "form-INITIAL_FORMS": 0,
    }
    for number, row in enumerate(rows):
        whole = {"weight": 10, "kind": "rating", "source": "", "rule": "", "ORDER": number + 1} | row
        sent |= {f"form-{number}-{name}": value for name, value in whole.items()}
    return sent | more


def shown(client: Client, draft: Profile, name: str = "profile_edit") -> tuple[str, dict[str, Any]]:
    """A page about the draft: its address, and what it hands back of how the draft stood."""
    address = reverse(f"partners:{name}", args=[draft.pk])
    found = re.search(r'name="mark" value="(\d+)"', client.get(address).text)
    assert found
    return address, {"mark": found[1]}


def test_the_list_shows_what_is_live_and_what_is_drafted(
    client: Client, alice: User, ravi: User, reseller: PartnerType
) -> None:
    profiles.publish(draft_of(ravi), by=ravi, at=MONDAY)
    draft_of(ravi)
    client.force_login(alice)
    page = client.get(reverse("partners:profiles")).content.decode()
    assert "Version 1 is live since" in page
    assert "Draft v2" in page
    assert "Reseller" in page
    assert "Start a draft" not in page


def test_an_admin_starts_from_the_starter_of_the_type(
    client: Client, ravi: User, reseller: PartnerType
) -> None:
    client.force_login(ravi)
    assert 'value="reseller" selected' in client.get(reverse("partners:profiles")).content.decode()
    sent = {"kind": reseller.pk, "starter": "reseller"}
    answer = client.post(reverse("partners:profile_start"), sent)
    draft = Profile.objects.get(kind=reseller)
    assert (answer.status_code, answer["Location"]) == (
        303,
        reverse("partners:profile_edit", args=[draft.pk]),
    )
    assert "Sells to our market" in client.get(answer["Location"]).content.decode()


def test_a_second_draft_is_refused_in_words(client: Client, ravi: User) -> None:
    draft_of(ravi)
    client.force_login(ravi)
    answer = client.post(reverse("partners:profile_start"), {"kind": "", "starter": ""})
    assert answer.status_code == 422
    assert "There is a draft of General already" in answer.content.decode()


def test_the_editor_saves_adds_orders_and_removes(client: Client, ravi: User) -> None:
    draft = draft_of(ravi, SKILL, Entry("old", "Old", Criterion.Kind.RATING, 10))
    client.force_login(ravi)
    rows = [
        {"name": "Skill", "key": "skill", "weight": 30, "must_have": "on", "met_from": "60%", "ORDER": 2},
        {"name": "Old", "key": "old", "DELETE": "on", "ORDER": 3},
        {
            "name": "How large",
            "kind": "number",
            "source": "employees",
            "rule": "0=0, 50=0.5, 200=1",
            "ORDER": 1,
        },
    ]
    address, mark = shown(client, draft)
    answer = client.post(address, typed(*rows, why="Because", **mark))
    assert answer.status_code == 303
    size, skill = draft.criteria.all()
    assert (size.key, size.rule) == ("how-large", {"curve": [[0, 0], [50, 0.5], [200, 1]]})
    assert (skill.key, skill.weight, skill.must_have, skill.rule) == ("skill", 30, True, {"passes_at": 0.6})
    page = client.get(answer["Location"]).content.decode()
    assert '75 %<span class="visually-hidden"> of all weight</span>' in page
    assert "0=0, 50=0.5, 200=1" in page


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"kind": "number", "rule": "many"}, "“many” needs an equals sign"),
        ({"kind": "choice", "rule": "Gold=7"}, "“7” must be between 0 and 1"),
        ({"source": "employees"}, "Employees from the record needs “Number on a curve”."),
        ({"weight": 0}, "greater than or equal to 1"),
        ({"met_from": "0", "must_have": "on"}, "must be above 0"),
        ({"name": "日本"}, "Give it a key"),
    ],
)
def test_what_cannot_be_read_stays_and_is_named(
    client: Client, ravi: User, row: dict[str, Any], words: str
) -> None:
    draft = draft_of(ravi)
    client.force_login(ravi)
    sent = typed({"name": "Size"} | row, why="Kept as typed")
    answer = client.post(reverse("partners:profile_edit", args=[draft.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Kept as typed" in page
    assert draft.criteria.get().key == "skill"


def test_two_criteria_of_one_key_are_refused(client: Client, ravi: User) -> None:
    draft = draft_of(ravi)
    client.force_login(ravi)
    answer = client.post(
        reverse("partners:profile_edit", args=[draft.pk]), typed({"name": "Size"}, {"name": "size"})
    )
    assert answer.status_code == 422
    assert "Two criteria have the key “size”" in answer.content.decode()


def test_thresholds_must_descend(client: Client, ravi: User) -> None:
    draft = draft_of(ravi)
    client.force_login(ravi)
    sent = typed({"name": "Size"}, possible_at=80)
    answer = client.post(reverse("partners:profile_edit", args=[draft.pk]), sent)
    assert answer.status_code == 422
    assert "Thresholds must descend" in answer.content.decode()


def test_publishing_says_how_many_are_scored_anew_and_does_it(client: Client, ravi: User) -> None:
    organisations.add("Northwind", by=ravi, at=MONDAY)
    first = profiles.publish(draft_of(ravi), by=ravi, at=MONDAY)
    draft = draft_of(ravi)
    client.force_login(ravi)
    address, mark = shown(client, draft, "profile_publish")
    page = client.get(address).content.decode()
    assert "1 partner will be scored anew" in page
    assert "General v1 retires" in page
    answer = client.post(address, {"why": "Clearer words"} | mark)
    assert answer.status_code == 303
    draft.refresh_from_db()
    first.refresh_from_db()
    assert (draft.state, draft.why, first.state) == ("published", "Clearer words", "retired")
    assert Job.objects.filter(kind="score_all", about={"profile": draft.pk}).exists()
    assert "Clearer words" in client.get(answer["Location"]).content.decode()


def test_an_empty_draft_is_not_published(client: Client, ravi: User) -> None:
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    client.force_login(ravi)
    address, mark = shown(client, draft, "profile_publish")
    answer = client.post(address, {"why": ""} | mark)
    assert answer.status_code == 422
    assert "at least one criterion" in answer.content.decode()


def test_why_a_version_is_replaced_is_asked_for_at_its_field(client: Client, ravi: User) -> None:
    profiles.publish(draft_of(ravi), by=ravi, at=MONDAY)
    draft = draft_of(ravi)
    client.force_login(ravi)
    address, mark = shown(client, draft, "profile_publish")
    field = re.compile(r'<textarea name="why"[^>]*>')
    asked = field.search(client.get(address).text)
    assert asked
    assert " required" in asked[0]
    answer = client.post(address, {"why": " "} | mark)
    assert answer.status_code == 422
    wrong = field.search(answer.text)
    assert wrong
    assert 'aria-invalid="true"' in wrong[0]
    assert "Say why General v2 replaces General v1" in answer.text.split(wrong[0])[1]
    draft.refresh_from_db()
    assert draft.state == Profile.State.DRAFT


def test_a_draft_is_discarded(client: Client, ravi: User) -> None:
    draft = draft_of(ravi)
    client.force_login(ravi)
    _editor, mark = shown(client, draft)
    assert client.post(reverse("partners:profile_discard", args=[draft.pk]), mark).status_code == 303
    assert not Profile.objects.exists()


# --- two at one draft ---


def weights(draft: Profile) -> dict[str, int]:
    return {each.key: each.weight for each in profiles.criteria(draft)}


@pytest.fixture
def draft(ravi: User) -> Profile:
    return draft_of(ravi, SKILL, Entry("size", "Size", Criterion.Kind.RATING, 20))


@pytest.fixture
def olga(company: Company) -> User:
    return person("Olga", Role.ADMIN)


def heavier(draft: Profile, by: User, weight: int = 40) -> None:
    """Another admin leaves one criterion, and says that it weighs more."""
    later = MONDAY + timedelta(hours=1)
    profiles.edit(draft, [replace(SKILL, weight=weight)], Thresholds(), "We learnt", by=by, at=later)


MINE = (
    {"name": "Skill", "key": "skill", "weight": 15},
    {"name": "Size", "key": "size", "weight": 20},
    {"name": "", "weight": 10, "ORDER": ""},
)


def mine(**more: Any) -> dict[str, Any]:
    """The editor as it was opened on both criteria, one weight typed anew, its empty row left empty."""
    return typed(*MINE, why="My reason", **{"form-INITIAL_FORMS": 2}, **more)


def test_a_save_from_an_older_state_says_who_changed_what_and_keeps_what_was_typed(
    client: Client, draft: Profile, ravi: User, olga: User
) -> None:
    address, mark = opened_before(client, draft, ravi, olga)
    answer = client.post(address, mine(**mark))
    page = answer.text
    assert answer.status_code == 422
    assert "Olga changed General v1 meanwhile, 1 June 2026, 10:00. Nothing was done" in page
    assert "Size removed; Skill: weight 10 → 40" in page
    assert 'name="form-0-weight" value="15"' in page
    assert 'value="Size"' in page
    assert "My reason" in page
    assert page.count('type="checkbox" name="form-') == 5  # both can still be taken out, the empty row not
    assert weights(draft) == {"skill": 40}


def opened_before(client: Client, draft: Profile, ravi: User, olga: User) -> tuple[str, dict[str, str]]:
    """The editor of Ravi, opened before Olga changed the draft: its address and its mark."""
    client.force_login(ravi)
    address, mark = shown(client, draft)
    heavier(draft, by=olga)
    return address, mark


def sent_again(answer: Any) -> dict[str, str]:
    """What every button of the form sends on of how the draft stood."""
    return {"mark": re.findall(r'name="mark" value="(\d+)"', answer.text)[0]}


def over(answer: Any) -> dict[str, str]:
    """What the one button sends that goes over what others did."""
    return {"over": re.findall(r'<button[^>]* name="over" value="(\d+)"', answer.text)[0]}


def test_what_another_saved_is_not_gone_over_by_saving_as_usual(
    client: Client, draft: Profile, ravi: User, olga: User
) -> None:
    address, mark = opened_before(client, draft, ravi, olga)
    answer = client.post(address, mine(**mark))
    for _press in range(2):
        answer = client.post(address, mine(**sent_again(answer)))
        assert answer.status_code == 422
        assert "Olga changed General v1 meanwhile" in answer.text
    discard = reverse("partners:profile_discard", args=[draft.pk])
    assert client.post(discard, sent_again(answer)).status_code == 422
    assert weights(draft) == {"skill": 40}


def test_what_was_told_may_be_saved_over(client: Client, draft: Profile, ravi: User, olga: User) -> None:
    address, mark = opened_before(client, draft, ravi, olga)
    first = client.post(address, mine(**mark))
    heavier(draft, by=olga, weight=41)
    again = client.post(address, mine(**sent_again(first), **over(first)))
    assert "weight 40 → 41" in again.text
    assert "weight 10 → 40" not in again.text
    assert client.post(address, mine(**sent_again(again), **over(again))).status_code == 303
    assert weights(draft) == {"skill": 15, "size": 20}


def test_pressing_save_twice_is_no_quarrel(client: Client, draft: Profile, ravi: User) -> None:
    client.force_login(ravi)
    address, mark = shown(client, draft)
    assert [client.post(address, mine(**mark)).status_code for _press in range(2)] == [303, 303]


def test_what_cannot_be_read_tells_no_state_to_be_seen(
    client: Client, draft: Profile, ravi: User, olga: User
) -> None:
    address, mark = opened_before(client, draft, ravi, olga)
    unread = client.post(address, mine(strong_at="high", **mark))
    assert "Olga changed" not in unread.text
    assert "Olga changed" in client.post(address, mine(mark=unread.context["mark"])).text


def test_nothing_is_published_whose_effect_was_another(
    client: Client, draft: Profile, ravi: User, olga: User
) -> None:
    client.force_login(ravi)
    address, mark = shown(client, draft, "profile_publish")
    heavier(draft, by=olga)
    answer = client.post(address, {"why": "My reason"} | mark)
    assert answer.status_code == 422
    assert "Olga changed General v1 meanwhile" in answer.text
    assert "My reason" in answer.text
    draft.refresh_from_db()
    assert draft.state == Profile.State.DRAFT
    again = client.post(address, {"why": "My reason"} | sent_again(answer))
    assert again.status_code == 422
    assert client.post(address, {"why": "My reason"} | sent_again(again) | over(again)).status_code == 303
    draft.refresh_from_db()
    assert (draft.state, draft.why) == (Profile.State.PUBLISHED, "My reason")


def test_nothing_is_discarded_that_another_wrote_meanwhile(
    client: Client, draft: Profile, ravi: User, olga: User
) -> None:
    client.force_login(ravi)
    _editor, mark = shown(client, draft)
    heavier(draft, by=olga)
    answer = client.post(reverse("partners:profile_discard", args=[draft.pk]), mark)
    assert answer.status_code == 422
    assert "Olga changed General v1 meanwhile" in answer.text
    assert weights(draft) == {"skill": 40}


def test_what_was_typed_stays_where_the_draft_was_published_meanwhile(
    client: Client, draft: Profile, ravi: User, olga: User
) -> None:
    client.force_login(ravi)
    address, mark = shown(client, draft)
    profiles.publish(draft, by=olga, at=MONDAY)
    effect = reverse("partners:profile_effect", args=[draft.pk])
    beside = client.post(effect, mine(), headers={"HX-Request": "true"})
    assert "General v1 is published meanwhile and never changes" in beside.text
    answer = client.post(address, mine(**mark))
    assert answer.status_code == 422
    assert "Nothing is saved. General v1 is published meanwhile and never changes." in answer.text
    assert 'name="form-0-weight" value="15"' in answer.text
    assert "Save draft" not in answer.text


def test_a_published_version_is_not_asked_to_be_published(
    client: Client, draft: Profile, ravi: User, olga: User
) -> None:
    client.force_login(ravi)
    address, mark = shown(client, draft, "profile_publish")
    profiles.publish(draft, by=olga, at=MONDAY)
    for name in ("profile_edit", "profile_publish", "profile_effect", "profile_movers"):
        answer = client.get(reverse(f"partners:{name}", args=[draft.pk]), follow=True)
        assert answer.redirect_chain == [(draft.get_absolute_url(), 303)]
        assert "General v1 never changes. Start a draft to change it." in answer.text
    answer = client.post(address, {"why": "Twice"} | mark)
    assert answer.status_code == 422
    assert "General v1 is published and never changes. Start a draft." in answer.text
    assert Job.objects.filter(kind="score_all").count() == 1


def test_a_published_version_is_read_by_all_and_edited_by_nobody(
    client: Client, bob: User, ravi: User
) -> None:
    live = profiles.publish(draft_of(ravi), by=ravi, at=MONDAY)
    client.force_login(bob)
    page = client.get(live.get_absolute_url()).content.decode()
    assert "Skill" in page
    assert "100 %" in page
    client.force_login(ravi)
    assert client.get(reverse("partners:profile_edit", args=[live.pk])).status_code == 303
    answer = client.post(reverse("partners:profile_discard", args=[live.pk]))
    assert answer.status_code == 422
    assert "never changes" in answer.content.decode()


@pytest.mark.parametrize("name", ["profile_edit", "profile_publish", "profile_discard"])
def test_only_admins_change_the_profile(
    client: Client, alice: User, erin: User, ravi: User, name: str
) -> None:
    draft = draft_of(ravi)
    for one in (alice, erin):
        client.force_login(one)
        assert client.post(reverse(f"partners:{name}", args=[draft.pk])).status_code == 403
        assert client.post(reverse("partners:profile_start")).status_code == 403
    draft.refresh_from_db()
    assert draft.state == Profile.State.DRAFT


@pytest.mark.parametrize("name", ["profile", "profile_edit", "profile_publish"])
def test_an_unknown_version_is_not_found(client: Client, ravi: User, name: str) -> None:
    client.force_login(ravi)
    assert client.get(reverse(f"partners:{name}", args=[999])).status_code == 404


def test_wrong_methods_are_refused(client: Client, ravi: User) -> None:
    draft = draft_of(ravi)
    client.force_login(ravi)
    assert client.post(reverse("partners:profiles")).status_code == 405
    assert client.get(reverse("partners:profile_start")).status_code == 405
    assert client.get(reverse("partners:profile_discard", args=[draft.pk])).status_code == 405


@pytest.mark.parametrize("name", ["profile", "profile_edit", "profile_publish"])
def test_the_pages_take_as_many_queries_for_three_criteria_as_for_thirty(
    client: Client, ravi: User, django_assert_num_queries: Any, name: str
) -> None:
    few, many = ([Entry(f"c{n}", "C", Criterion.Kind.RATING, 1) for n in range(size)] for size in (3, 30))
    draft = draft_of(ravi, *few)
    client.force_login(ravi)
    address = reverse(f"partners:{name}", args=[draft.pk])
    client.get(address)  # the first request of a process also asks whether we are set up
    client.get(address)
    with CaptureQueriesContext(connection) as taken:
        client.get(address)
    profiles.edit(draft, many, Thresholds(), "", by=ravi, at=MONDAY)
    with django_assert_num_queries(len(taken)):
        client.get(address)
