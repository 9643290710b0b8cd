"""Under one's own page: what one is told, how and when."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from prm import clock, pages
from prm.refusals import Refused
from team import preferences
from team.models import User
from team.notice_forms import TimesForm, WaysForm
from team.requests import PersonRequest

SCREEN = "team/told.html"


@login_required
@require_safe
def told(request: PersonRequest) -> HttpResponse:
    return pages.shown(request, SCREEN, _context(request.user))


@login_required
@require_POST
def times(request: PersonRequest) -> HttpResponse:
    form = TimesForm(preferences.times_of(request.user), request.POST)
    if form.is_valid():
        preferences.change_times(request.user, clock.now(), **form.cleaned_data)
        return pages.done(request, "team:told", "Your quiet hours and digest are set.")
    return pages.again(request, SCREEN, _context(request.user, times_form=form))


@login_required
@require_POST
def ways(request: PersonRequest) -> HttpResponse:
    form = WaysForm(preferences.ways_of(request.user), request.POST)
    if form.is_valid():
        try:
            preferences.choose(request.user, to=form.cleaned_data)
            return pages.done(request, "team:told", "From now on you are told this way.")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, SCREEN, _context(request.user, ways_form=form))


def _context(person: User, **forms: Any) -> dict[str, Any]:
    return {
        "times_form": TimesForm(preferences.times_of(person)),
        "ways_form": WaysForm(preferences.ways_of(person)),
        "zone": person.zone,
        **forms,
    }
