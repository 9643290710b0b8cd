"""One's own page: name, zone, theme, and leave with who stands in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team import people, preferences
from team.forms import LeaveForm, MeForm
from team.models import Leave, User
from team.requests import PersonRequest

SCREEN = "team/me.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: PersonRequest) -> HttpResponse:
    form = MeForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        preferences.look_again(form.instance, clock.now())
        return pages.done(request, "team:me", "Your page is changed.")
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, SCREEN, _context(request.user, me_form=form))


@login_required
@require_POST
def theme(request: PersonRequest) -> HttpResponse:
    """Change the colour theme and stay where one is."""
    wanted = request.POST.get("theme", "")
    if wanted not in User.Theme.values:
        return HttpResponse("That is no theme: system, light or dark.", status=422, content_type="text/plain")
    people.wear(request.user, wanted)
    return pages.done(request, pages.next_or(request, "/"))


@login_required
@require_POST
def add_leave(request: PersonRequest) -> HttpResponse:
    form = LeaveForm(request.user, request.POST)
    if form.is_valid():
        try:
            asked = dict(form.cleaned_data)
            told_at = clock.now() if asked.pop("told") else None
            leave = people.go_on_leave(request.user, **asked, told_at=told_at)
            who = f"{leave.delegate} stands in." if leave.delegate else "Nobody stands in yet."
            return pages.done(request, "team:me", f"Your leave is noted. {who}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, SCREEN, _context(request.user, leave_form=form))


@login_required
@require_POST
def remove_leave(request: PersonRequest, pk: int) -> HttpResponse:
    leave = found_or_404(Leave.objects.filter(user=request.user), pk=pk)
    leave.delete()
    return pages.done(request, "team:me", "The leave is removed.")


def _context(person: User, **forms: Any) -> dict[str, Any]:
    today = timezone.localdate(clock.now())
    return {
        "me_form": MeForm(instance=User.objects.get(pk=person.pk)),
        "leave_form": LeaveForm(person),
        "leaves": person.leaves.filter(ends_on__gte=today).select_related("delegate"),
        "today": today,
        **forms,
    }
