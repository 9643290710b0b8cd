"""The daily reading: what it counts, that it begins once, survives being killed, and tells once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import messages
from conversations.models import Conversation, Wait
from partners import organisations
from partners.models import Contact, Event, Partner, Stage, Status
from prm import jobs
from prm.models import Job
from reviews.health import formulas, reckoning, scoring, snapshots
from reviews.health.models import HealthFormula, HealthRun, Snapshot
from reviews.health.scoring import Reading, Rules
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.reviews.conftest import living
from tests.reviews.health.conftest import answered, asked, newest, promised, read, weighing

DAY = timedelta(days=1)


def test_a_score_is_read_from_the_record_and_adds_up(known: Partner) -> None:
    read(MONDAY)
    found = newest(known)
    told = {key: tuple(line[:3]) for key, line in found.lines.items()}
    # known: answers 15, ours 15, theirs 10, contact 12, said 10 of 100 weighed; 62 share 100 points
    assert found.coverage == 62
    assert told == {
        "answers": (121, 242, 4),  # two of four, all as old
        "ours": (242, 242, 2),
        "theirs": (81, 161, 2),  # kept 3 days ago, broken 4 days ago
        "contact": (137, 194, 4),  # 60 days ago, 30 of them free: .7071
        "said": (145, 161, 1),  # 9 of 10
    }
    assert found.score == sum(points for points, _most, _n in told.values()) == 726
    assert (found.colour, found.stands) == ("healthy", "healthy")
    known.refresh_from_db()
    assert (known.health, known.health_colour) == (726, "healthy")


def test_older_events_weigh_less_and_those_of_a_year_ago_nothing(grown: Partner, alice: User) -> None:
    promised(grown, alice, MONDAY.date() - 60 * DAY, "broken")
    promised(grown, alice, MONDAY.date() - 1 * DAY)
    promised(grown, alice, MONDAY.date() - 366 * DAY, "broken")
    weighing(alice, ours=1)
    read(MONDAY)
    line = newest(grown).lines["ours"]
    assert line[2] == 2
    assert line[0] == round(1000 * 0.9885 / (0.9885 + 0.5))  # the day before yesterday's against the half


def test_answers_expire_and_confidential_ones_are_never_in_it(
    grown: Partner, nora: Contact, alice: User
) -> None:
    weighing(alice, said=1)
    answered(nora, alice, MONDAY - 367 * DAY, 0)
    answered(nora, alice, MONDAY - DAY, 0, confidential=True)
    read(MONDAY)
    assert newest(grown).score is None
    answered(nora, alice, MONDAY - 300 * DAY, 8)
    read(MONDAY + DAY)
    assert (newest(grown).score, newest(grown).lines["said"][2]) == (800, 1)


def test_how_they_answer_is_known_only_where_we_named_a_day(
    client: Client, grown: Partner, nora: Contact, alice: User
) -> None:
    weighing(alice, their_answers=1)
    messages.start(grown, "No day", "Which?", alice, MONDAY - 30 * DAY, to=nora)
    read(MONDAY)
    assert newest(grown).score is None
    for days, after in ((20, 1), (16, 6), (10, 0)):  # in time, late, never
        at = MONDAY - days * DAY
        by = at.date() + 3 * DAY
        sent = messages.start(grown, f"{days} ago", "Which?", alice, at, to=nora, wanted_by=by)
        if after:
            talk = sent.conversation
            messages.receive(grown, "email", "This.", at + after * DAY, conversation=talk, contact=nora)
    read(MONDAY + DAY)
    assert newest(grown).lines["their_answers"][2] == 3
    assert 300 < (newest(grown).score or 0) < 350  # the one of three, a little older than the others
    client.force_login(alice)
    rows = client.get(reverse("reviews:health_rows", args=[grown.pk, "their_answers"])).text
    assert "answered by then" in rows
    assert "not answered" in rows


def test_a_day_is_read_once_whatever_runs_twice(known: Partner, contoso: Partner) -> None:
    assert snapshots.sweep(MONDAY) == 1
    assert snapshots.sweep(MONDAY) == 0
    assert Job.objects.filter(kind=snapshots.JOB).count() == 1
    jobs.run_due(MONDAY)
    job = Job.objects.get(kind=snapshots.JOB)
    assert (job.state, job.says) == ("done", "Health of 1 partners")  # a prospect has none
    before = list(Snapshot.objects.values())
    Job.objects.update(state="waiting")
    jobs.run_due(MONDAY)
    assert list(Snapshot.objects.values()) == before
    assert snapshots.sweep(MONDAY + DAY) == 1


def test_a_job_that_was_killed_goes_on_and_comes_to_the_same(
    known: Partner, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reckoning, "CHUNK", 2)
    for n in range(6):
        firm = living(organisations.add(f"Firm {n}", by=alice, at=MONDAY, owner=alice))
        for k in range(n + 1):
            promised(firm, alice, MONDAY.date() - (k + 1) * DAY, "broken" if k % 3 else "kept")
    weighing(alice, ours=3, answers=2)
    read(MONDAY)
    facts = ("partner", "score", "coverage", "stands", "lines")
    whole = list(Snapshot.objects.order_by("partner").values(*facts))
    assert len(whole) == 7
    Snapshot.objects.all().delete()
    HealthRun.objects.all().delete()

    def dies(*_given: Any) -> None:
        raise KeyboardInterrupt

    snapshots.sweep(MONDAY)
    run = HealthRun.objects.get()
    assert snapshots.step(run) == 2
    with monkeypatch.context() as patched:
        patched.setattr(snapshots, "_push", dies)  # within the second transaction
        with pytest.raises(KeyboardInterrupt):
            snapshots.step(run)
    assert Snapshot.objects.count() == 2
    jobs.run_due(MONDAY)
    assert list(Snapshot.objects.order_by("partner").values(*facts)) == whole
    assert HealthRun.objects.get().ended_at == MONDAY


def test_what_a_run_that_never_ended_left_out_is_compared_with_the_day_before(
    known: Partner, alice: User
) -> None:
    read(MONDAY)
    HealthRun.objects.create(day=(MONDAY + DAY).date(), formula=newest(known).formula, at=MONDAY + DAY)
    for n in range(4):
        asked(known, MONDAY + n * timedelta(minutes=5), in_time=False)
        promised(known, alice, MONDAY.date(), "broken")
    read(MONDAY + 2 * DAY)
    assert Notice.objects.filter(kind="health_changed").count() == 1


def test_many_at_once_come_to_what_each_comes_to_alone(known: Partner, contoso: Partner, alice: User) -> None:
    other = living(contoso)
    promised(other, alice, MONDAY.date() - DAY, "broken")
    asked(other, MONDAY - 5 * DAY)
    rules, both = formulas.current(MONDAY).rules, sorted([known.pk, other.pk])
    together = reckoning.readings(both, rules, MONDAY)
    assert together == {pk: reckoning.readings([pk], rules, MONDAY)[pk] for pk in both}
    assert together[known.pk] != together[other.pk]


def test_a_changed_colour_is_told_once_to_who_looks_after_it(known: Partner, alice: User) -> None:
    read(MONDAY)
    assert not Notice.objects.filter(kind="health_changed").exists()  # the first reading changes nothing
    for n in range(3):
        promised(known, alice, MONDAY.date(), "broken")
        asked(known, MONDAY + n * timedelta(minutes=5), in_time=False)
    run = read(MONDAY + DAY)
    found = newest(known)
    assert found.stands == "watch"
    notice = Notice.objects.get(kind="health_changed")
    assert notice.person == alice
    assert notice.url == reverse("reviews:health", args=[known.pk])
    assert "Watch, was Healthy" in notice.text
    assert "We keep our promises −" in notice.text
    event = Event.objects.get(kind="health_changed")
    assert (event.partner, event.changes["colour"]) == (known, ["healthy", "watch"])
    snapshots.step(run)
    snapshots.sweep(MONDAY + DAY)
    jobs.run_due(MONDAY + DAY)
    assert Notice.objects.filter(kind="health_changed").count() == 1


@pytest.mark.parametrize(
    ("back", "stands", "told"),
    [
        (800, "healthy", []),
        (500, "watch", ["Watch, was Healthy: 50.0, was 80.0. In between there was insufficient data."]),
        (690, "healthy", []),  # back at the threshold, with less than five points between
    ],
)
def test_a_colour_that_was_lost_is_told_and_compared_when_it_is_back(
    known: Partner, monkeypatch: pytest.MonkeyPatch, back: int, stands: str, told: list[str]
) -> None:
    scores = [800 if back == 500 else 715, None, None, back, back if back == 500 else 715]

    def readings(partners: list[int], rules: Rules, at: datetime) -> dict[int, Reading]:
        score = scores[(at - MONDAY).days]
        shown = "" if score is None else scoring.colour(score, rules)
        return {pk: Reading(score, 30 if score is None else 100, shown) for pk in partners}

    monkeypatch.setattr(reckoning, "readings", readings)
    for n in range(3):
        read(MONDAY + n * DAY)
    lost = Notice.objects.get(kind="health_changed")
    assert f"insufficient data, was Healthy {scores[0] / 10}: 30 % of what is weighed" in lost.text
    read(MONDAY + 3 * DAY)
    assert newest(known).stands == stands
    read(MONDAY + 4 * DAY)
    since = Notice.objects.filter(kind="health_changed").exclude(pk=lost.pk)
    assert [each.text.split(": ", 1)[1] for each in since] == told


def test_old_readings_keep_their_version(known: Partner, ravi: User) -> None:
    read(MONDAY)
    first = Snapshot.objects.values().get()
    weighing(ravi, ours=1, why="Only promises.")
    assert Snapshot.objects.values().get() == first
    read(MONDAY + DAY)
    assert newest(known).score == 1000
    assert [row.formula.number for row in Snapshot.objects.select_related("formula").order_by("day")] == [
        1,
        2,
    ]
    assert HealthFormula.objects.get(number=1).state == "retired"


def test_a_partner_that_is_live_no_more_has_no_health(known: Partner, contoso: Partner) -> None:
    read(MONDAY)
    living(contoso)
    Partner.objects.filter(pk=known.pk).update(status=Status.ENDED, stage=Stage.ENDED)
    read(MONDAY + DAY)
    known.refresh_from_db()
    assert (known.health, known.health_colour) == (None, "")
    assert Snapshot.objects.filter(partner=known).count() == 1


# --- the pages ------------------------------------------------------------------------------------------


def test_its_page_shows_parts_trend_and_the_reasons(client: Client, known: Partner, alice: User) -> None:
    client.force_login(alice)
    page = reverse("reviews:health", args=[known.pk])
    assert "No health yet" in client.get(page).content.decode()
    read(MONDAY)
    for n in range(4):
        promised(known, alice, MONDAY.date(), "broken")
        asked(known, MONDAY + n * timedelta(minutes=5), in_time=False)
    read(MONDAY + DAY)
    answer = client.get(page)
    (change,) = answer.context["changes"]
    assert sum(reason.moved for reason in change.reasons) == change.now.score - change.was.score
    assert change.reasons[0].key in {"ours", "answers"}
    assert len(answer.context["picture"].dots) == 2
    shown = answer.context["health"]
    lines = [line for part in shown.parts for line in part.lines]
    assert sum(line.points or 0 for line in lines) == shown.snapshot.score
    told = answer.content.decode()
    assert shown.points in told
    assert "Healthy → Watch" in told


def test_each_line_opens_onto_exactly_its_rows(client: Client, known: Partner, alice: User) -> None:
    client.force_login(alice)
    read(MONDAY)
    for key, line in newest(known).lines.items():
        answer = client.get(reverse("reviews:health_rows", args=[known.pk, key]))
        behind = answer.context["behind"]
        assert (behind.count, behind.private) == (line[2], 0), key
        assert len(behind.shown) == line[2]


def test_what_is_private_to_others_is_counted_but_not_shown(
    client: Client, known: Partner, bob: User
) -> None:
    hidden = Wait.objects.filter(partner=known)[0].conversation
    Conversation.objects.filter(pk=hidden.pk).update(subject="canary-7", private_since=MONDAY)
    read(MONDAY)
    client.force_login(bob)
    answer = client.get(reverse("reviews:health_rows", args=[known.pk, "answers"]))
    assert (answer.context["behind"].count, answer.context["behind"].private) == (4, 1)
    assert "canary-7" not in answer.content.decode()


@pytest.mark.parametrize("key", ["nothing", "answer"])
def test_an_unknown_measure_is_not_found(client: Client, known: Partner, alice: User, key: str) -> None:
    client.force_login(alice)
    assert client.get(reverse("reviews:health_rows", args=[known.pk, key])).status_code == 404
