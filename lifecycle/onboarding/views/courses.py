"""Courses as they are kept, who takes them, and certificates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lifecycle.forms import ReasonForm
from lifecycle.onboarding.learning import courses, listing, taking
from lifecycle.onboarding.learning.forms import CourseForm, EnrolForm, LessonForm, QuestionForm
from lifecycle.onboarding.learning.models import Certificate, Course, Enrolment, Lesson, Question
from lifecycle.views.asking import Question as Asked
from lifecycle.views.asking import answer
from partners.models import Contact, Partner
from prm import clock, downloads, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

LIST, SCREEN = "lifecycle/onboarding/courses.html", "lifecycle/onboarding/course.html"
PART = "lifecycle/onboarding/course_part.html"
ENROL = Asked("Enrol in a course", "It stands in the portal under Learn.", "Enrol")
WITHDRAW = Asked("Withdraw the certificate", "Whoever checks its number reads that.", "Withdraw it")
SHOWN = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def courses_page(request: PersonRequest) -> HttpResponse:
    """All courses, and the form that adds one."""
    form = CourseForm(request.POST or None)
    if request.method == "POST":
        permitted_or_403(request.user, "keep courses")
        if form.is_valid():
            try:
                added = courses.describe(None, form.cleaned_data, by=request.user, at=clock.now())
                return pages.done(request, added, _("The course is begun. Fill it, then publish it."))
            except Refused as refusal:
                form.add_error("title", str(refusal))
    passed = Count("enrolments", filter=Q(enrolments__passed_at__isnull=False), distinct=True)
    rows = Course.objects.annotate(taken=Count("enrolments", distinct=True), passed=passed)
    context = {"form": form, "courses": rows, "may_keep": may(request.user, "keep courses")}
    return pages.again(request, LIST, context, 422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def course(request: PersonRequest, pk: int) -> HttpResponse:
    """One course: its pages, its quiz, who takes it; `do` says what to do with it."""
    found, at = _course(pk), clock.now()
    first = {name: getattr(found, name) for name in CourseForm.base_fields}
    form, refusal = CourseForm(request.POST or None, initial=first), ""
    if request.method == "POST":
        permitted_or_403(request.user, "keep courses")
        try:
            if says := _do(found, request.POST.get("do", "save"), form, request, at):
                return pages.done(request, found, says)
        except Refused as refused:
            refusal = str(refused)
            found.refresh_from_db()  # what was refused stands in the form alone
            if request.POST.get("do", "save") != "save":
                form = CourseForm(initial=first)
    seen = Enrolment.objects.filter(course=found, contact__partner__in=_partners(request))
    context = {
        "course": found,
        "lessons": found.lessons.all(),
        "questions": found.questions.all(),
        "enrolments": seen.select_related("contact__partner", "by")[:SHOWN],
        "form": form,
        "refusal": refusal,
        "may_keep": may(request.user, "keep courses"),
    }
    status = 409 if refusal else 422 if form.errors else 200
    return pages.again(request, SCREEN, context, status)


def _do(found: Course, do: str, form: CourseForm, request: PersonRequest, at: datetime) -> str:
    """Do it, and what to say of it; nothing where the form cannot be read."""
    if do == "publish":
        courses.publish(found, request.user, at)
        return _("The course is offered to partners.")
    if do == "retire":
        courses.retire(found, request.user, at)
        return _("The course is offered no more. Certificates hold on.")
    if form.is_valid():
        courses.describe(found, form.cleaned_data, request.user, at)
        return _("The course is saved.")
    return ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: PersonRequest, pk: int, part: int | None = None) -> HttpResponse:
    """A page of a course: written, changed, or with `do=remove` taken out."""
    found = _kept(request, pk)
    kept = found_or_404(found.lessons.all(), pk=part) if part else None
    first = {"title": kept.title, "body": kept.body} if kept else {}
    form = LessonForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and (done := _part(request, found, kept, form)):
        return done
    context = {"course": found, "part": kept, "form": form, "noun": _("page")}
    return pages.again(request, PART, context, 422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: PersonRequest, pk: int, part: int | None = None) -> HttpResponse:
    """A question of the quiz: written, changed, or with `do=remove` taken out."""
    found = _kept(request, pk)
    kept = found_or_404(found.questions.all(), pk=part) if part else None
    first = {"text": kept.text, "choices": kept.typed} if kept else {}
    form = QuestionForm(request.POST or None, initial=first)
    if request.method == "POST" and (done := _part(request, found, kept, form)):
        return done
    context = {"course": found, "part": kept, "form": form, "noun": _("question")}
    return pages.again(request, PART, context, 422 if form.errors else 200)


def _part(
    request: PersonRequest, found: Course, kept: Lesson | Question | None, form: LessonForm | QuestionForm
) -> HttpResponse | None:
    by, at = request.user, clock.now()
    if kept is not None and request.POST.get("do") == "remove":
        try:
            courses.take_out(kept, by, at)
            return pages.done(request, found, _("It is taken out."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    elif form.is_valid():
        try:
            form.write(found, kept, by, at)
            return pages.done(request, found, _("It is saved."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return None


@login_required
@require_safe
def lesson_file(request: PersonRequest, pk: int) -> FileResponse:
    """The file of a page."""
    found = found_or_404(Lesson.objects.exclude(file=""), pk=pk)
    return downloads.of(found.file, found.file_name)


@login_required
@require_http_methods(["GET", "POST"])
def enrol(request: PersonRequest, pk: int) -> HttpResponse:
    """One of us asks a contact to take a course."""
    people = Contact.objects.current().filter(partner__in=_partners(request)).select_related("partner")
    contact = found_or_404(people, pk=pk)
    permitted_or_403(request.user, "write to partner", contact.partner)
    form = EnrolForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        taking.enrol(asked["course"], contact, by=request.user, at=at)

    says = _("{contact} finds the course in the portal.").format(contact=contact)

    def back() -> str:
        return reverse("partners:contact", args=[contact.pk])

    return answer(request, contact.partner, ENROL, form, act, says, back)


@login_required
@require_safe
def certificates(request: PersonRequest) -> HttpResponse:
    """Certificates, the first to end first."""
    asked = request.GET.dict()
    today = timezone.localdate(clock.now())
    context = {
        "rows": listing.rows(listing.certificates(request.user, asked), today),
        "views": listing.columns(asked),
        "may_keep": may(request.user, "keep courses"),
        "most": listing.SHOWN,
    }
    return pages.shown(request, "lifecycle/onboarding/certificates.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    seen = Certificate.objects.visible_to(request.user).select_related("partner__owner", "course")
    found = found_or_404(seen, pk=pk)
    permitted_or_403(request.user, "keep courses")
    form = ReasonForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        taking.withdraw(found, asked["reason"], by=request.user, at=at)

    says = _("The certificate holds no more.")
    return answer(request, found.partner, WITHDRAW, form, act, says, found.get_absolute_url)


@require_safe
def verified(request: HttpRequest, number: str) -> HttpResponse:
    """What a certificate's number says, to anybody who has it."""
    found = Certificate.objects.select_related("course").filter(number=number.upper()).first()
    today = timezone.localdate(clock.now())
    word, tone = listing.state(found, today) if found else ("", "")
    context = {"certificate": found, "number": number, "word": word, "tone": tone}
    shown = pages.again(request, "lifecycle/onboarding/verified.html", context, 200 if found else 404)
    shown["X-Robots-Tag"] = "noindex, nofollow"
    return shown


def _course(pk: int) -> Course:
    found: Course = found_or_404(Course.objects.all(), pk=pk)
    return found


def _kept(request: PersonRequest, pk: int) -> Course:
    permitted_or_403(request.user, "keep courses")
    return _course(pk)


def _partners(request: PersonRequest) -> QuerySet[Partner]:
    return Partner.objects.visible_to(request.user)
