"""Learn: the courses a partner's people can take, their quizzes, and the certificates they hold."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lifecycle import markdown
from lifecycle.onboarding.learning import listing, taking
from lifecycle.onboarding.learning.models import Certificate, Course, Enrolment, Lesson
from portal.door import PartnerRequest, for_contacts
from prm import clock, downloads, pages
from prm.access import found_or_404
from prm.refusals import Refused

SCREEN = "portal/course.html"


@for_contacts
@require_safe
def learn(request: PartnerRequest) -> HttpResponse:
    """What is offered, and how far this person is."""
    today = timezone.localdate(clock.now())
    mine = {row.course_id: row for row in Enrolment.objects.filter(contact=request.contact)}
    held = {row.course_id: row for row in _certificates(request)[::-1]}
    context = {
        "token": request.token,
        "partner": request.partner,
        "courses": [(each, mine.get(each.pk), held.get(each.pk)) for each in Course.objects.offered()],
        "certificates": [(each, *listing.state(each, today)) for each in held.values()],
    }
    return pages.shown(request, "portal/learn.html", context)


@for_contacts
@require_safe
def course(request: PartnerRequest, pk: int) -> HttpResponse:
    return pages.shown(request, SCREEN, _page(request, _offered(pk)))


@for_contacts
@require_POST
def hand_in(request: PartnerRequest, pk: int) -> HttpResponse:
    """The quiz is handed in; without one, the course was finished."""
    found, at = _offered(pk), clock.now()
    given = {
        question.pk: [int(n) for n in request.POST.getlist(f"q{question.pk}") if n.isdecimal() and len(n) < 4]
        for question in found.questions.all()
    }
    try:
        if found.pass_mark is None:
            taking.finish(found, by=request.contact, at=at)
            says = "You have finished it. Your certificate stands below."
        else:
            tried = taking.answer(found, given, by=request.contact, at=at)
            if not tried.is_passed:
                said: dict[str, Any] = {"given": given, "score": tried.score}
                return pages.again(request, SCREEN, _page(request, found, **said))
            says = f"Passed with {tried.score} %. Your certificate stands below."
    except Refused as refusal:
        said = {"given": given, "refusal": str(refusal)}
        return pages.again(request, SCREEN, _page(request, found, **said), status=409)
    return pages.done(request, reverse("portal:learn", args=[request.token]), says)


@for_contacts
@require_safe
def lesson_file(request: PartnerRequest, pk: int) -> FileResponse:
    """The file of a page of a course that is offered."""
    offered = Lesson.objects.filter(course__in=Course.objects.offered()).exclude(file="")
    found = found_or_404(offered, pk=pk)
    return downloads.of(found.file, found.file_name)


def _page(request: PartnerRequest, found: Course, **more: Any) -> dict[str, Any]:
    given = more.pop("given", {})
    return {
        "token": request.token,
        "partner": request.partner,
        "course": found,
        "lessons": [(each, markdown.in_html(each.body)) for each in found.lessons.all()],
        "questions": [
            (each, [(n, words, n in given.get(each.pk, ())) for n, words in enumerate(each.choices)])
            for each in found.questions.all()
        ],
        **more,
    }


def _certificates(request: PartnerRequest) -> list[Certificate]:
    """This person's, the newest first."""
    mine = Certificate.objects.filter(contact=request.contact).select_related("course")
    return list(mine.order_by("-issued_on", "-pk"))


def _offered(pk: int) -> Course:
    found: Course = found_or_404(Course.objects.offered(), pk=pk)
    return found
