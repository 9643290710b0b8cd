"""The company's page: its name, zone and reading rule."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from prm import clock, pages
from prm.refusals import Refused
from team import companies
from team.forms import CompanyForm
from team.models import Company
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "team/company.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    ours = Company.objects.select_related("calendar").get()
    form = CompanyForm(request.POST or None, instance=Company.objects.get(pk=ours.pk))
    if request.method == "POST" and form.is_valid():
        try:
            companies.change(ours, **form.cleaned_data, by=request.user, at=clock.now())
            return pages.done(request, "team:company", "The company is changed.")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, SCREEN, {"ours": ours, "company_form": form})
