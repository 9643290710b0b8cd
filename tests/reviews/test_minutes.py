"""Minutes, actions, the partner's own page, and both names."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from partners.models import Contact
from portal import passes
from prm import clock, outbox
from reviews.meetings import actions, feeds, sharing, signing, steps, writing
from reviews.meetings.steps import StepRefused
from reviews.models import Action, Minutes, Review
from team.models import User
from tests.conftest import MONDAY
from tests.reviews.conftest import DAY
from tests.sink import Sink
from tests.team.test_choosing import hire

State = Review.State
OURS = {"text": "Ask Baker", "side": "ours", "owner": "nordmann"}


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def held(review: Review, nora: Contact, alice: User) -> Review:
    writing.write(review, "We talked.\nOf prices.", [nora], [alice])
    return steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)


@pytest.fixture
def version(held: Review, alice: User) -> Minutes:
    return sharing.send_minutes(held, by=alice, at=MONDAY)


def page(review: Review) -> str:
    return reverse("reviews:minutes", args=[review.pk])


def typed(**more: Any) -> dict[str, Any]:
    return {"minutes": "We talked.", "on": "2026-06-01", **more}


def test_a_press_on_a_line_makes_an_action_and_keeps_what_was_typed(
    client: Client, review: Review, nora: Contact, alice: User
) -> None:
    client.force_login(alice)
    assert client.post(page(review), typed(line="Roll-out, Baker Foods")).status_code == 303
    action = Action.objects.get()
    assert (action.text, action.missing) == ("Roll-out, Baker Foods", ["an owner", "a date"])
    review.refresh_from_db()
    assert review.minutes == "We talked."
    prefix = f"a{action.pk}-"
    fields = {f"{prefix}text": "Ask Baker", f"{prefix}side": "ours", f"{prefix}owner": alice.pk}
    assert client.post(page(review), typed(**fields, do="hold", came=[nora.pk])).status_code == 303
    refused = client.get(review.get_absolute_url()).context["blockers"]
    assert "“Ask Baker” lacks a date" in refused
    late = client.post(page(review), typed(**fields, **{f"{prefix}due_on": "2026-05-01"}))
    assert late.status_code == 422
    assert "day has passed" in late.content.decode()
    assert client.post(page(review), typed(**fields, **{f"{prefix}due_on": "2026-06-05"})).status_code == 303
    action.refresh_from_db()
    assert action.commitment is not None
    assert action.commitment.owner == alice


def test_both_sign_and_a_change_voids_the_names(
    version: Minutes, held: Review, nora: Contact, alice: User
) -> None:
    signing.sign(version, "theirs", "Nora Berg", nora, MONDAY)
    with pytest.raises(StepRefused, match="signed already"):
        signing.sign(version, "theirs", "Nora Berg", nora, MONDAY)
    with pytest.raises(StepRefused, match="Nothing differs"):
        sharing.send_minutes(held, by=alice, at=MONDAY)
    signing.sign(version, "ours", "Alice", alice, MONDAY)
    assert Review.objects.get(pk=held.pk).state == State.SIGNED
    writing.write(held, "We talked.\nOf people.", [nora], [alice])
    second = sharing.send_minutes(held, by=alice, at=MONDAY + DAY)
    assert (second.number, second.signatures.count()) == (2, 0)
    assert version.signatures.count() == 2
    assert Review.objects.get(pk=held.pk).state == State.MINUTES
    with pytest.raises(StepRefused, match="newer version"):
        signing.sign(version, "theirs", "Nora Berg", nora, MONDAY)
    changes = [(each.sign, each.text) for each in signing.difference(version, second)]
    assert changes == [(" ", "We talked."), ("-", "Of prices."), ("+", "Of people.")]


def test_minutes_sent_late_leave_the_days_to_sign(held: Review, alice: User) -> None:
    version = sharing.send_minutes(held, by=alice, at=MONDAY + 15 * DAY)
    found = Review.objects.get(pk=held.pk)
    assert found.sign_by == date(2026, 6, 26), "eight working days, as after minutes on time"
    words = [each.words for each in signing.standing(found, version, date(2026, 6, 26))]
    assert words == ["not signed yet", "not signed yet"]
    assert any("silence counts" in why for why in steps.blockers(found, date(2026, 6, 26)))


def test_each_version_says_what_it_changed_to_both_sides(
    client: Client, version: Minutes, held: Review, nora: Contact, alice: User
) -> None:
    for n, words in enumerate(("Of people.", "Of places."), start=1):
        writing.write(held, f"We talked.\n{words}", [nora], [alice])
        sharing.send_minutes(held, by=alice, at=MONDAY + n * DAY)
    told = client.get(reverse("reviews:shared", args=[sharing.token(held, nora, clock.now())]))
    client.force_login(alice)
    for page in (told, *map(client.get, (held.get_absolute_url(), reverse("reviews:print", args=[held.pk])))):
        lines = re.findall("<(ins|del)>(.*?)</", page.text)
        assert lines == [
            ("del", "Of people."),
            ("ins", "Of places."),
            ("del", "Of prices."),
            ("ins", "Of people."),
        ]


def test_a_promise_made_after_the_minutes_is_to_be_sent_too(
    client: Client, version: Minutes, held: Review, nora: Contact, alice: User
) -> None:
    client.force_login(alice)
    assert not client.get(held.get_absolute_url()).context["unsent"]
    note = actions.note(held, "Two engineers", by=alice, at=MONDAY)
    wanted = actions.Wanted(note.text, "theirs", contact=nora, due_on=date(2026, 6, 20))
    actions.write(note, wanted, by=alice, at=MONDAY)
    assert "the partner does not read them yet" in client.get(held.get_absolute_url()).content.decode()
    second = sharing.send_minutes(held, by=alice, at=MONDAY + DAY)
    assert second.promises == ["Two engineers (Nora Berg, 20 June 2026)"]
    assert not client.get(held.get_absolute_url()).context["unsent"]


def test_silence_is_not_answered(version: Minutes, held: Review) -> None:
    review = Review.objects.get(pk=held.pk)
    assert [each.words for each in signing.standing(review, version, MONDAY.date())] == ["not signed yet"] * 2
    late = date(2026, 6, 16)
    assert [each.words for each in signing.standing(review, version, late)] == ["not answered"] * 2


def test_a_repair_needs_a_step_of_each_side(held: Review, nora: Contact, alice: User) -> None:
    result = steps.Result("repair", "Two trained", date(2026, 7, 1))
    with pytest.raises(StepRefused, match="each side"):
        steps.decide(held, result, by=alice, at=MONDAY)
    for side in ("ours", "theirs"):
        note = actions.note(held, f"Step of {side}", by=alice, at=MONDAY)
        wanted = actions.Wanted(note.text, side, alice, nora, date(2026, 6, 20))
        actions.write(note, wanted, by=alice, at=MONDAY)
    assert steps.decide(held, result, by=alice, at=MONDAY).look_again_on == date(2026, 7, 1)


def test_the_partner_adds_topics_reads_and_signs_by_its_own_address(
    client: Client, review: Review, nora: Contact, omar: Contact, alice: User, sink: Sink
) -> None:
    steps.prepare(review, by=alice, at=MONDAY)
    address = reverse("reviews:shared", args=[sharing.token(review, nora, clock.now())])
    assert client.post(address, {"do": "topic", "topic": "Our margins"}).status_code == 303
    assert review.topics.get().by_contact == nora
    assert client.post(address, {"do": "topic", "topic": ""}).status_code == 422
    assert not client.get(address).context.get("parts")
    with pytest.raises(StepRefused, match="e-mail"):
        sharing.send_pre_read(review, [omar], by=alice, at=MONDAY)
    sharing.send_pre_read(review, [nora], by=alice, at=MONDAY)
    outbox.deliver(MONDAY)
    (mail,) = sink.mails
    assert mail["To"] == nora.email
    assert address in re.sub(r"=\n", "", mail.get_payload())
    writing.write(review, "We talked.", [nora], [alice])
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    steps.decide(review, steps.Result("invest", "Internal words"), by=alice, at=MONDAY)
    version = sharing.send_minutes(review, by=alice, at=MONDAY)
    for _ in range(3):
        seen = client.get(address).content.decode()
    assert not version.signatures.exists()
    assert "We talked." in seen
    assert "Internal words" not in seen
    steps.share_outcome(review, by=alice, at=MONDAY)
    assert "Internal words" in client.get(address).content.decode()
    sign = {"do": "sign", "version": version.pk, "name": "N"}
    assert client.post(address, sign).status_code == 422
    assert client.post(address, {**sign, "version": 0, "name": "Nora Berg"}).status_code == 422
    assert client.post(address, {**sign, "name": "Nora Berg"}).status_code == 303
    assert version.signatures.get().contact == nora
    assert client.post(address, {"do": "topic", "topic": "Too late"}).status_code == 422


def test_the_address_opens_nothing_once_its_person_has_left(
    client: Client, review: Review, nora: Contact
) -> None:
    address = reverse("reviews:shared", args=[sharing.token(review, nora, clock.now())])
    Contact.objects.filter(pk=nora.pk).update(left_on=MONDAY.date(), is_primary=False)
    assert client.get(address).status_code == 410
    assert client.get(reverse("reviews:shared", args=["1-1:forged"])).status_code == 404
    assert "leads nowhere" in client.get(reverse("reviews:shared", args=["1-1:forged"])).content.decode()


def test_the_address_expires_and_says_where_a_fresh_one_is(
    client: Client, review: Review, nora: Contact
) -> None:
    for days, status in ((119, 200), (122, 410)):
        made = sharing.token(review, nora, clock.now() - timedelta(days=days))
        answer = client.get(reverse("reviews:shared", args=[made]))
        assert answer.status_code == status
    assert "expired" in answer.content.decode()


def test_the_portal_leads_to_it_and_to_nobody_elses(
    client: Client, review: Review, nora: Contact, omar: Contact, alice: User
) -> None:
    given = {who: passes.token(passes.give(who, 30, by=alice, at=MONDAY)) for who in (nora, omar)}
    mine = client.get(reverse("portal:reviews", args=[given[nora]])).content.decode()
    assert reverse("reviews:shared", args=[sharing.token(review, nora, clock.now())]) in mine
    assert (
        "No review is planned" in client.get(reverse("portal:reviews", args=[given[omar]])).content.decode()
    )
    assert "30 June 2026" in mine
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)  # before its day
    mine = client.get(reverse("portal:reviews", args=[given[nora]])).content.decode()
    assert "1 June 2026" in mine
    assert "30 June 2026" not in mine


def test_ones_calendar_opens_by_its_secret_address_alone(client: Client, review: Review, alice: User) -> None:
    address = feeds.address(alice).removeprefix(settings.BASE_URL)
    calendar = client.get(address).content.decode()
    assert "DTSTART;VALUE=DATE:20260630" in calendar
    assert "Business review: Northwind" in calendar
    client.force_login(alice)
    assert client.post(reverse("reviews:subscribe")).status_code == 303
    assert client.get(address).status_code == 404


def test_the_page_arranges_signs_and_prints(
    client: Client, version: Minutes, held: Review, alice: User, bob: User
) -> None:
    client.force_login(bob)
    assert client.get(page(held)).status_code == 403
    assert client.post(reverse("reviews:sign", args=[held.pk]), {"name": "Bob"}).status_code == 403
    assert "We talked." in client.get(reverse("reviews:print", args=[held.pk])).content.decode()
    client.force_login(alice)
    assert client.post(reverse("reviews:arrange", args=[held.pk]), {"key": "ask"}).status_code == 409
    signed = client.post(reverse("reviews:sign", args=[held.pk]), {"name": "Alice A"}, follow=True)
    assert "Alice A" in signed.content.decode()
    again = client.post(reverse("reviews:sign", args=[held.pk]), {"name": "Alice A"})
    assert again.status_code == 422


def test_it_does_not_close_over_what_the_partner_was_not_sent(
    client: Client, version: Minutes, nora: Contact, alice: User
) -> None:
    review = version.review
    steps.decide(review, steps.Result("keep"), by=alice, at=MONDAY)
    late = MONDAY + 30 * DAY
    note = actions.note(review, "Train two", by=alice, at=MONDAY)
    with pytest.raises(StepRefused, match="“Train two” lacks an owner and a date"):
        steps.close(review, by=alice, at=late)
    wanted = actions.Wanted("Train two", "theirs", contact=nora, due_on=date(2026, 6, 12))
    actions.write(note, wanted, by=alice, at=MONDAY)
    with pytest.raises(StepRefused) as refusal:
        steps.close(review, by=alice, at=late)
    assert refusal.value.reasons == [
        "minutes or promises were changed and not sent: open the minutes and send what is changed"
    ]
    client.force_login(alice)
    shown = client.get(review.get_absolute_url()).text
    assert "Close it" not in shown
    assert "Open the minutes and send what is changed" in shown
    sharing.send_minutes(review, by=alice, at=MONDAY)
    assert steps.close(review, by=alice, at=late).state == State.CLOSED


@pytest.mark.parametrize("number", [3, 60])
def test_an_action_is_given_to_who_is_chosen_or_called(
    client: Client, review: Review, alice: User, number: int
) -> None:
    hire(number)
    erika = User.objects.create_user("erika@acme.example", name="Érika Nordmann")
    for text in ("Ask Baker", "Send the offer"):
        actions.note(review, text, by=alice, at=MONDAY)
    action, other = Action.objects.order_by("pk")
    client.force_login(alice)
    kind = "<select" if number == 3 else '<input type="text"'
    shown = client.get(page(review)).text
    assert f'{kind} name="a{action.pk}-owner"' in shown
    assert shown.count("Ada Berg") == (3 * 3 if number == 3 else 0)
    sent = {f"a{each.pk}-{name}": value for each in (action, other) for name, value in OURS.items()}
    unclear = client.post(page(review), typed(**sent | {f"a{other.pk}-owner": "zoe"}))
    assert unclear.status_code == 422
    assert "No colleague is called “zoe”." in unclear.text
    came = [str(alice.pk), "nordmann"] if number == 60 else [alice.pk, erika.pk]
    assert client.post(page(review), typed(**sent, came_of_us=came)).status_code == 303
    assert set(review.came_of_us.all()) == {alice, erika}
    assert set(Action.objects.values_list("owner", flat=True)) == {erika.pk}
