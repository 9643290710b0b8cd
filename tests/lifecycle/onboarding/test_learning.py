"""Courses, quizzes and certificates: taken in the portal, checked by anybody, renewed in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lifecycle.models import Evidence
from lifecycle.onboarding.learning import courses, quiz, renewing, taking
from lifecycle.onboarding.learning.courses import CourseRefused
from lifecycle.onboarding.learning.models import Certificate, Course, Enrolment
from partners.models import Contact, Event, Partner
from portal import digests, passes
from prm import clock, sweeper
from team.models import Grant, Notice, Role, User
from tests.conftest import MONDAY

DAY = timedelta(days=1)
FACTS = {"about": "", "link": "", "pass_mark": 60, "valid_months": 12, "counts": True}


@pytest.fixture
def course(ravi: User) -> Course:
    """Two questions, of which both have to be right."""
    made = courses.describe(None, {**FACTS, "title": "Selling"}, by=ravi, at=MONDAY)
    courses.write_lesson(made, None, "Why", "# Heading\n\n**Bold** <script>", None, by=ravi, at=MONDAY)
    courses.write_question(made, None, "Which city?", "Rome\n*Paris", by=ravi, at=MONDAY)
    courses.write_question(made, None, "Which numbers?", "*1\n*2\n3", by=ravi, at=MONDAY)
    courses.publish(made, by=ravi, at=MONDAY)
    return Course.objects.get()


def answers(course: Course, *ticked: list[int]) -> dict[int, list[int]]:
    return dict(zip(course.questions.values_list("pk", flat=True), ticked, strict=True))


def passed(course: Course, by: Contact, at: Any = MONDAY) -> Certificate:
    assert taking.answer(course, answers(course, [1], [0, 1]), by=by, at=at).is_passed
    return Certificate.objects.filter(course=course, contact=by).latest("pk")


@pytest.mark.parametrize(
    ("typed", "fault"),
    [("One", "between two"), ("A\nA\n*B", "the same"), ("A\nB", "a star"), ("*A\n*B", "a star")],
)
def test_a_question_needs_choices_right_and_wrong(typed: str, fault: str) -> None:
    with pytest.raises(quiz.Unreadable, match=fault):
        quiz.read(typed)


def test_an_answer_is_right_when_exactly_the_right_choices_are_ticked() -> None:
    assert quiz.read(" *Paris \n\nRome") == quiz.Choices(["Paris", "Rome"], [0])
    assert quiz.score([[0], [0, 1], [2]], [[0], [0], [2]]) == 66


def test_it_is_passed_in_the_portal_and_checked_by_anybody(
    client: Client, course: Course, nora: Contact, northwind: Partner, alice: User
) -> None:
    token = passes.token(passes.give(nora, 300, by=alice, at=MONDAY))
    hand_in = reverse("portal:hand_in", args=[token, course.pk])
    first, second = course.questions.all()
    with clock.fixed(MONDAY):
        page = client.get(reverse("portal:course", args=[token, course.pk])).content.decode()
        assert "<strong>Bold</strong> &lt;script&gt;" in page
        assert not Enrolment.objects.exists()  # looking records nothing
        wrong = client.post(hand_in, {f"q{first.pk}": [1], f"q{second.pk}": [0]})
        assert "50 % of the answers are right, 60 % pass" in wrong.content.decode()
        right = client.post(hand_in, {f"q{first.pk}": [1], f"q{second.pk}": [0, 1]}, follow=True)
    certificate = Certificate.objects.get()
    assert certificate.number in right.content.decode()
    assert (certificate.name, certificate.valid_until) == ("Nora Berg", date(2027, 5, 31))
    assert Evidence.objects.filter(partner=northwind, kind="training_done").count() == 1
    check = reverse("lifecycle:verified", args=[certificate.number.lower()])
    for at, word in ((MONDAY, "valid"), (MONDAY + 366 * DAY, "expired")):
        with clock.fixed(at):
            said = client.get(check).content.decode()
        assert f">{word}</span>" in said
        assert "Nora Berg" in said
    taking.withdraw(certificate, "She left the programme", by=alice, at=MONDAY)
    assert ">withdrawn</span>" in client.get(check).content.decode()
    assert client.get(reverse("lifecycle:verified", args=["2222-2222-2222"])).status_code == 404


def test_what_is_offered_keeps_a_page_and_a_question(client: Client, course: Course, ravi: User) -> None:
    client.force_login(ravi)
    first, last = course.questions.all()
    remove = {"do": "remove"}
    assert (
        client.post(reverse("lifecycle:quiz_question", args=[course.pk, first.pk]), remove).status_code == 303
    )
    refused = client.post(reverse("lifecycle:quiz_question", args=[course.pk, last.pk]), remove)
    assert "add one, or take the mark away" in refused.content.decode()
    page = course.lessons.get()
    refused = client.post(reverse("lifecycle:lesson", args=[course.pk, page.pk]), remove)
    assert "add a page, or a link" in refused.content.decode()
    courses.retire(course, by=ravi, at=MONDAY)
    assert client.post(reverse("lifecycle:lesson", args=[course.pk, page.pk]), remove).status_code == 303
    notes = list(Event.objects.filter(kind="course_changed").order_by("pk").values_list("note", flat=True))
    assert notes[1:4] == [
        "Selling: page “Why” written",
        "Selling: question “Which city?” written",
        "Selling: question “Which numbers?” written",
    ]
    assert notes[5:] == [
        "Selling: “Which city?” taken out",
        "Selling: offered no more",
        "Selling: “Why” taken out",
    ]


def test_what_is_offered_gets_a_pass_mark_only_with_a_question(
    client: Client, course: Course, ravi: User
) -> None:
    courses.describe(course, {**FACTS, "pass_mark": None}, by=ravi, at=MONDAY)
    for question in course.questions.all():
        courses.take_out(question, by=ravi, at=MONDAY)
    client.force_login(ravi)
    address = course.get_absolute_url()
    refused = client.post(address, {"title": "Selling well", "pass_mark": 80, "counts": "on", "do": "save"})
    assert (refused.status_code, "add one, or take the mark away" in refused.text) == (409, True)
    assert 'value="Selling well"' in refused.text  # typed, and not lost
    assert "<h1>Selling</h1>" in refused.text
    course.refresh_from_db()
    assert (course.title, course.pass_mark) == ("Selling", None)


def test_it_is_tried_five_times_a_day_and_passed_once(course: Course, nora: Contact) -> None:
    for _ in range(taking.MOST_A_DAY):
        taking.answer(course, {}, by=nora, at=MONDAY)
    with pytest.raises(CourseRefused, match="tomorrow"):
        taking.answer(course, {}, by=nora, at=MONDAY)
    passed(course, nora, MONDAY + 2 * DAY)
    with pytest.raises(CourseRefused, match="passed this course already"):
        taking.answer(course, {}, by=nora, at=MONDAY + 5 * DAY)


def told(kind: str) -> list[str]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("person__name", flat=True))


def test_whoever_looks_after_it_is_reminded_twice_and_once_it_is_over(
    course: Course, nora: Contact, omar: Contact
) -> None:
    first, other = passed(course, nora), passed(course, omar)
    end = MONDAY + 365 * DAY
    for before, count in ((61, 0), (59, 2), (50, 2), (29, 4)):
        sweeper.run(end - before * DAY, only="certificates")
        sweeper.run(end - before * DAY, only="certificates")
        assert len(told(renewing.ENDS)) == count
    renewed = passed(course, nora, end - 20 * DAY)
    notice = Notice.objects.filter(kind=renewing.ENDS, cause_id=first.pk).latest("pk")
    assert not renewing.still_stands(notice)
    sweeper.run(end + DAY, only="certificates")
    assert list(Notice.objects.filter(kind=renewing.ENDED).values_list("cause_id", flat=True)) == [other.pk]
    assert renewed.valid_until is not None


def test_the_digest_tells_its_holder(course: Course, nora: Contact, omar: Contact) -> None:
    passed(course, nora)
    end = MONDAY + 365 * DAY

    def keys(to: Contact, before: int) -> list[str]:
        found = digests.said_to(to, end - before * DAY).get("Your certificates", [])
        return [line.key.rpartition(":")[2] for line in found]

    assert [keys(nora, before) for before in (62, 50, 40, 20)] == [[], ["60"], ["60"], ["30"]]
    assert keys(omar, 20) == []
    passed(course, nora, end - 20 * DAY)
    assert keys(nora, 19) == []


def test_nobody_sees_the_courses_of_others(
    client: Client, course: Course, nora: Contact, omar: Contact, alice: User
) -> None:
    certificate = passed(course, nora)
    token = passes.token(passes.give(omar, 300, by=alice, at=MONDAY))
    with clock.fixed(MONDAY):
        page = client.get(reverse("portal:learn", args=[token])).content.decode()
    assert "Selling" in page
    assert certificate.number not in page
    assert "None yet" in page


def test_they_are_kept_on_pages(client: Client, nora: Contact, alice: User, bob: User) -> None:
    client.force_login(bob)
    home = reverse("lifecycle:courses")
    assert client.post(home, {"title": "Selling"}).status_code == 403
    Grant.objects.create(user=bob, role=Role.ENABLEMENT)
    client.post(home, {"title": "Selling", "pass_mark": 50, "counts": "on"})
    assert client.post(home, {"title": "Selling"}).status_code == 422
    course = Course.objects.get()
    page = course.get_absolute_url()
    refused = client.post(page, {"do": "publish"})
    assert (refused.status_code, "nothing to learn from" in refused.content.decode()) == (409, True)
    lesson = {"title": "Why", "body": "Words", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.4\n")}
    client.post(reverse("lifecycle:lesson_add", args=[course.pk]), lesson)
    kept = course.lessons.get()
    assert client.get(reverse("lifecycle:lesson_file", args=[kept.pk])).status_code == 200
    assert client.post(page, {"do": "publish"}).status_code == 409  # a mark without a question
    add = reverse("lifecycle:quiz_question_add", args=[course.pk])
    assert client.post(add, {"text": "Which?", "choices": "A\nB"}).status_code == 422
    client.post(add, {"text": "Which?", "choices": "A\n*B"})
    edit = reverse("lifecycle:quiz_question", args=[course.pk, course.questions.get().pk])
    assert "*B" in client.get(edit).content.decode()
    client.post(page, {"do": "publish"})
    enrol = reverse("lifecycle:enrol", args=[nora.pk])
    client.post(enrol, {"course": course.pk})
    assert Enrolment.objects.get().by == bob
    assert "Nora Berg" in client.get(page).content.decode()
    course.refresh_from_db()
    certificate = passed_by(course, nora)
    assert certificate.number in client.get(reverse("lifecycle:certificates")).content.decode()
    client.post(reverse("lifecycle:certificate_withdraw", args=[certificate.pk]), {"reason": "A mistake"})
    certificate.refresh_from_db()
    assert certificate.withdrawn_reason == "A mistake"


def passed_by(course: Course, person: Contact) -> Certificate:
    taking.answer(course, answers(course, [1]), by=person, at=MONDAY)
    return Certificate.objects.get(contact=person)
