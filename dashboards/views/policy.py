"""What we promise, under Settings: round the clock or on working days."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from conversations import policies
from dashboards.setup import PROMISES, examples
from prm import clock, pages
from team.models import Company
from team.requests import PersonRequest
from team.roles import permitted_or_403


class PolicyForm(forms.Form):
    promise = forms.ChoiceField(
        label="What you promise a partner who writes",
        choices=list(PROMISES.items()),
        widget=forms.RadioSelect,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: PersonRequest) -> HttpResponse:
    """Show the promise with an example, and change it for what opens from now on."""
    permitted_or_403(request.user, "edit settings")
    current = policies.current()
    form = PolicyForm(request.POST or None, initial={"promise": current.mode if current else ""})
    if request.method == "POST" and form.is_valid():
        policies.change(form.cleaned_data["promise"], by=request.user, at=clock.now())
        return pages.done(request, "dashboards:policy", "The promise is changed for what comes from now on.")
    zone = Company.objects.values_list("zone", flat=True).get()
    shown = examples(zone, timezone.localdate(clock.now()))
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, "dashboards/policy.html", {"form": form, "examples": shown, "current": current})
