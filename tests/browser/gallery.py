"""A page with every piece of the shell on it, and addresses that answer as the app's do."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_POST

from prm import clock, pages
from prm import urls as ours

handler400, handler403 = ours.handler400, ours.handler403
handler404, handler500 = ours.handler404, ours.handler500
sent: list[str] = []


class SayForm(forms.Form):
    words = forms.CharField(widget=forms.Textarea, max_length=40, help_text="At most forty letters.")
    kind = forms.ChoiceField(choices=[("call", "Call"), ("note", "Note")])
    on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    shared = forms.BooleanField(required=False)


def context(form: SayForm | None = None) -> dict[str, Any]:
    rows = [
        ("Hallgren & Co", "HC", "bad", "alert-triangle", "Overdue 38 min", 100),
        ("Meridian Systems", "MS", "warn", "clock", "1 h 12 min left", 95),
        ("Altus Integrators", "AI", "muted", "clock", "9 h left", 62),
    ]
    faces = [SimpleNamespace(initials="XY", colour=colour, is_person=colour % 2) for colour in range(8)]
    now = clock.now()
    return {
        "form": form or SayForm(),
        "rows": [
            {
                "face": SimpleNamespace(initials=i, colour=n),
                "name": name,
                "tone": t,
                "icon": icon,
                "words": w,
                "share": s,
            }
            for n, (name, i, t, icon, w, s) in enumerate(rows)
        ],
        "faces": faces,
        "now": now,
        "last_week": now - timedelta(days=7),
        "tones": ["ok", "warn", "bad", "info"],
        "sent": sent,
    }


@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    return pages.shown(request, "gallery.html", context())


@login_required
def dialog(request: HttpRequest) -> HttpResponse:
    return pages.shown(request, "gallery.html#say", context())


@login_required
@require_POST
def say(request: HttpRequest) -> HttpResponse:
    form = SayForm(request.POST)
    if not form.is_valid():
        return pages.again(request, "gallery.html#say", context(form))
    sent.append(form.cleaned_data["words"])
    return pages.done(
        request, "/gallery/", "Said.", undo="/gallery/undo/", fragment="gallery.html#sent", context=context()
    )


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    sent.pop()
    return pages.done(request, "/gallery/", "Taken back.")


@login_required
@require_POST
def no(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Ask whoever looks after Northwind.")


@login_required
@require_POST
def gone(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/accounts/login/?next=/gallery/")


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/dialog/", dialog),
    path("gallery/say/", say),
    path("gallery/undo/", undo),
    path("gallery/no/", no),
    path("gallery/gone/", gone),
    *ours.urlpatterns,
]
