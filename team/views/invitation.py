"""Where the link of an invitation leads."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from prm import clock, pages
from prm.refusals import Refused
from team import invitations
from team.forms import NewAccountForm
from team.models import Company, Invitation

SCREEN = "team/accept.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for name, zone and password; a link that leads nowhere any more says why."""
    invitation = invitations.behind(token)
    if invitation is None:
        raise Http404
    if reason := invitations.why_closed(invitation, clock.now()):
        return pages.again(request, SCREEN, {"reason": reason}, status=410)
    form = NewAccountForm(request.POST or None, known_email=invitation.email, initial=_known(invitation))
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.accept(invitation, **form.cleaned_data, at=clock.now())
            login(request, user)
            return pages.done(request, "/", f"Welcome, {user}.")
        except Refused as refusal:
            return pages.again(request, SCREEN, {"reason": str(refusal)}, status=410)
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, SCREEN, {"form": form, "invitation": invitation})


def _known(invitation: Invitation) -> dict[str, str]:
    ours = Company.objects.first()
    return {"name": invitation.name, "zone": ours.zone if ours else "UTC"}
