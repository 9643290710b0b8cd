"""Where the partner reads and signs an agreement, without an account. Looking records nothing."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lifecycle.recruitment import agreements
from lifecycle.recruitment.forms import SignForm
from lifecycle.recruitment.models import AgreementVersion, Signature
from prm import clock, downloads, pages
from prm.refusals import Refused
from team.addresses import address_of

SCREEN = "lifecycle/recruitment/sign.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    version = _behind(token)
    if reason := agreements.why_closed(version):
        return pages.again(request, SCREEN, {"version": version, "reason": reason}, status=410)
    contact = version.agreement.sent_to
    form = SignForm(request.POST or None, initial={"name": contact.name if contact else ""})
    if form.is_bound and form.is_valid() and contact is not None:
        name, side = form.cleaned_data["name"], Signature.Side.THEIRS
        try:
            agreements.sign(version, side, name, contact, clock.now(), address_of(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    signed = version.signatures.filter(side=Signature.Side.THEIRS).first()
    context = {"version": version, "token": token, "form": form, "signed": signed}
    return pages.again(request, SCREEN, context, status=422 if form.errors else 200)


@never_cache
@require_safe
def file(request: HttpRequest, token: str) -> FileResponse:
    """The file that belongs to the terms."""
    version = _behind(token)
    if agreements.why_closed(version) or not version.file:
        raise Http404
    return downloads.of(version.file, version.file_name)


def _behind(token: str) -> AgreementVersion:
    version = agreements.behind(token)
    if version is None:
        raise Http404
    return version
