"""The bell, its page, and the page where one chooses what to be told."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client

from prm import clock
from prm.references import Reference
from team import notices, preferences
from team.models import Notice, NoticeTimes, User
from tests.conftest import MONDAY

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_kinds", dict(notices._kinds))
    notices.register("test warning", at_once=True, why="You look after this partner.", deadline=True)
    notices.register("test news", at_once=False, why="You read the news.", name="News")


def tell(person: User, cause: int = 7, kind: str = "test warning", due: datetime = MONDAY) -> Notice:
    notices.give(person, kind, Reference("wait", cause), due, MONDAY, text=f"Wait {cause} is due", url="/x/")
    return Notice.objects.get(person=person, cause_id=cause)


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_the_page_lists_the_own_ones_only(client: Client, alice: User, bob: User) -> None:
    tell(alice, 1)
    tell(bob, 2)
    client.force_login(alice)
    page = client.get("/notices/").content.decode()
    assert "Wait 1 is due" in page
    assert "Wait 2 is due" not in page


def test_an_empty_page_says_what_will_stand_there(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "Nothing to tell you" in client.get("/notices/").content.decode()


def test_opening_a_notice_marks_it_read(client: Client, alice: User) -> None:
    tell(alice)
    client.force_login(alice)
    answer = client.post(f"/notices/{Notice.objects.get().pk}/read/")
    assert (answer.status_code, answer["Location"]) == (303, "/x/")
    assert notices.unread(alice) == 0


def test_anothers_notice_is_not_found(client: Client, alice: User, bob: User) -> None:
    tell(alice)
    client.force_login(bob)
    assert client.post(f"/notices/{Notice.objects.get().pk}/read/").status_code == 404
    assert client.get(f"/notices/{Notice.objects.get().pk}/read/").status_code == 405


def test_all_are_read_at_once(client: Client, alice: User, bob: User) -> None:
    tell(alice, 1)
    tell(alice, 2)
    tell(bob, 3)
    client.force_login(alice)
    assert client.post("/notices/read/").status_code == 303
    assert (notices.unread(alice), notices.unread(bob)) == (0, 1)


def test_older_notices_follow_by_keyset(client: Client, alice: User) -> None:
    for cause in range(30):
        tell(alice, cause)
    client.force_login(alice)
    first = client.get("/notices/").context["page"]
    second = client.get("/notices/", {"before": first.older}).context["page"]
    assert (len(first.rows), len(second.rows), second.older) == (25, 5, "")
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


def test_the_bell_rings_for_what_needs_a_person_only(desk: Client, alice: User) -> None:
    tell(alice, 1, kind="test news")
    assert 'aria-label="Notices"' in desk.get("/notices/").text
    tell(alice, 2)
    assert 'aria-label="Notices, 1 new"' in desk.get("/notices/").text


def test_each_says_why_it_came_and_where_to_stop_it(desk: Client, alice: User) -> None:
    tell(alice)
    page = desk.get("/notices/").text
    assert "You look after this partner." in page
    assert 'href="/settings/me/notices/#kind-test-warning"' in page
    assert 'id="kind-test-warning"' in desk.get("/settings/me/notices/").text


def test_the_views_part_what_needs_me_from_the_rest(desk: Client, alice: User) -> None:
    tell(alice, 1, kind="test news")
    tell(alice, 2)
    notices.snooze(tell(alice, 3, due=MONDAY + 9 * HOUR), until=MONDAY + HOUR, by=alice, at=MONDAY)

    def listed(query: str) -> set[int]:
        return {
            number for number in (1, 2, 3) if f"Wait {number} is due" in desk.get(f"/notices/{query}").text
        }

    assert (listed(""), listed("?show=needs"), listed("?show=hidden")) == ({1, 2}, {2}, {3})
    assert listed("?show=nonsense") == {1, 2}


@pytest.mark.parametrize(
    ("show", "words"),
    [("", "Nothing to tell you"), ("needs", "Nothing needs you"), ("hidden", "Nothing is hidden")],
)
def test_an_empty_view_says_so(desk: Client, show: str, words: str) -> None:
    assert words in desk.get("/notices/", {"show": show}).text


def test_hiding_offers_only_what_ends_before_the_due_time(desk: Client, alice: User) -> None:
    tell(alice, due=MONDAY + 1.5 * HOUR)
    with clock.fixed(MONDAY):
        page = desk.get("/notices/").text
    assert 'value="60"' in page
    assert 'value="120"' not in page


def test_hidden_and_shown_again_by_undo(desk: Client, alice: User) -> None:
    notice = tell(alice, due=MONDAY + 9 * HOUR)
    with clock.fixed(MONDAY):
        desk.post(f"/notices/{notice.pk}/snooze/", {"minutes": "60"})
        page = desk.get("/notices/").text
        assert "Hidden until 10:00." in page
        assert "Wait 7 is due" not in page
        desk.post(f"/notices/{notice.pk}/wake/")
    assert "Wait 7 is due" in desk.get("/notices/").text


@pytest.mark.parametrize(
    ("minutes", "words"), [("240", "It is due at"), ("17", "Select a valid choice"), ("", "required")]
)
def test_a_refused_hiding_says_why(desk: Client, alice: User, minutes: str, words: str) -> None:
    notice = tell(alice, due=MONDAY + HOUR)
    with clock.fixed(MONDAY):
        answer = desk.post(f"/notices/{notice.pk}/snooze/", {"minutes": minutes})
    assert answer.status_code == 422
    assert words in answer.text
    assert notices.unread(alice) == 1


def test_anothers_notice_cannot_be_hidden(desk: Client, bob: User) -> None:
    notice = tell(bob, due=MONDAY + 9 * HOUR)
    assert desk.post(f"/notices/{notice.pk}/snooze/", {"minutes": "30"}).status_code == 404
    assert desk.post(f"/notices/{notice.pk}/wake/").status_code == 404


TIMES = {"quiet_from": "22:00", "quiet_until": "07:15", "digest_at": "09:00"}


def test_quiet_hours_and_digest_are_set(desk: Client, alice: User) -> None:
    assert desk.post("/settings/me/notices/times/", TIMES).status_code == 303
    times = NoticeTimes.objects.get(person=alice)
    assert (times.quiet_from, times.quiet_until, times.digest_at, times.quiet_weekends) == (
        time(22),
        time(7, 15),
        time(9),
        False,
    )
    assert 'value="07:15"' in desk.get("/settings/me/notices/").text


def test_an_unreadable_time_is_named_and_nothing_is_set(desk: Client) -> None:
    answer = desk.post("/settings/me/notices/times/", {**TIMES, "quiet_until": "25:00"})
    assert answer.status_code == 422
    assert "Write a time of day like 08:30." in answer.text
    assert 'value="22:00"' in answer.text
    assert not NoticeTimes.objects.exists()


def ways(**changed: str) -> dict[str, str]:
    return {
        f"way-{kind}": changed.get(kind.replace(" ", "_"), registered.way)
        for kind, registered in notices.kinds().items()
    }


def test_a_way_is_chosen(desk: Client, alice: User) -> None:
    assert desk.post("/settings/me/notices/ways/", ways(test_news="off")).status_code == 303
    assert preferences.ways_of(alice)["test news"] == "off"
    assert list(alice.notice_choices.values_list("kind", flat=True)) == ["test news"]


def test_a_late_reply_cannot_be_switched_off(desk: Client, alice: User) -> None:
    answer = desk.post("/settings/me/notices/ways/", ways(test_news="app", wait_breached="off"))
    assert answer.status_code == 422
    assert "off is not one of the available choices" in answer.text
    assert not alice.notice_choices.exists()


def test_moving_to_another_zone_moves_what_waits_to_be_mailed(desk: Client, alice: User) -> None:
    tell(alice, kind="test news")
    Notice.objects.update(next_check_at=MONDAY + 23.5 * HOUR)
    with clock.fixed(MONDAY):
        desk.post("/settings/me/", {"name": "Alice", "zone": "Asia/Tokyo", "theme": "system"})
    assert Notice.objects.get().next_check_at == MONDAY


def test_what_only_admins_are_told_is_theirs_to_choose(desk: Client, ravi: User) -> None:
    assert "An address takes no mail" not in desk.get("/settings/me/notices/").text
    desk.force_login(ravi)
    assert "An address takes no mail" in desk.get("/settings/me/notices/").text
