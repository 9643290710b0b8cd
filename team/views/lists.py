"""The pages of a kept list: one view for every noun that is only a name in an order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team import lists, settings_pages
from team.forms import EntryForm
from team.models import Named, Region, Vertical
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "team/list.html"


@dataclass(frozen=True)
class KeptList:
    """A list under Settings: `/settings/lists/<slug>/` shows and adds, `…/<pk>/` changes an entry.

    `app` and `name` make its URL names: "team:regions" and "team:regions_entry".
    """

    noun: type[Named]
    app: str
    name: str
    title: str
    words: str

    @property
    def url(self) -> str:
        return reverse(f"{self.app}:{self.name}")

    def urls(self) -> list[URLPattern]:
        slug = self.name.replace("_", "-")
        return [
            path(f"settings/lists/{slug}/", self.page(), name=self.name),
            path(f"settings/lists/{slug}/<int:pk>/", self.entry(), name=f"{self.name}_entry"),
        ]

    def page(self) -> Callable[..., HttpResponse]:
        """The list, and the form that adds to it."""

        @login_required
        @require_http_methods(["GET", "HEAD", "POST"])
        def list_page(request: PersonRequest) -> HttpResponse:
            permitted_or_403(request.user, "edit settings")
            form = EntryForm(request.POST or None)
            if request.method == "POST" and form.is_valid():
                try:
                    added = lists.add(self.noun, form.cleaned_data["name"])
                    return pages.done(request, self.url, f"“{added}” is in the list.")
                except Refused as refusal:
                    form.add_error("name", str(refusal))
            answer = pages.again if form.is_bound else pages.shown
            return answer(request, SCREEN, self._context(form=form))

        return list_page

    def entry(self) -> Callable[..., HttpResponse]:
        """One entry: `do` says what (rename, up, down, retire, restore)."""

        @login_required
        @require_POST
        def list_entry(request: PersonRequest, pk: int) -> HttpResponse:
            permitted_or_403(request.user, "edit settings")
            entry = found_or_404(self.noun._default_manager.all(), pk=pk)
            try:
                says = change_entry(entry, request.POST.get("do", ""), request.POST.get("name", ""))
            except Refused as refusal:
                return pages.again(request, SCREEN, self._context(refusal=str(refusal)), status=409)
            return pages.done(request, self.url, says)

        return list_entry

    def _context(self, form: EntryForm | None = None, refusal: str = "") -> dict[str, Any]:
        return {
            "list": self,
            "entry_url": f"{self.app}:{self.name}_entry",
            "entries": self.noun._default_manager.order_by("position", "name"),
            "form": form or EntryForm(),
            "refusal": refusal,
        }


def change_entry(entry: Named, do: str, name: str) -> str:
    """Do one of the five things to the entry and say so; another is refused."""
    if do == "rename":
        form = EntryForm({"name": name})
        if not form.is_valid():
            raise lists.ListRefused(f"{entry}: {form.errors['name'][0]}")
        return f"It is called “{lists.rename(entry, form.cleaned_data['name'], clock.now())}” now."
    if do in {"up", "down"}:
        lists.move(entry, -1 if do == "up" else 1)
        return f"“{entry}” moved {do}."
    if do == "retire":
        lists.retire(entry, clock.now())
        return f"“{entry}” is offered no more. What carries it keeps it."
    if do == "restore":
        lists.restore(entry)
        return f"“{entry}” is offered again."
    raise lists.ListRefused("An entry can be renamed, moved, retired or restored.")


REGIONS = KeptList(
    Region, "team", "regions", "Regions", "Where partners are, and what a role can be narrowed to."
)
VERTICALS = KeptList(
    Vertical, "team", "verticals", "Verticals", "Which trades partners serve; a role can be narrowed to them."
)


@login_required
@require_safe
def all_lists(request: PersonRequest) -> HttpResponse:
    """Every list there is."""
    permitted_or_403(request.user, "edit settings")
    return pages.shown(request, "team/lists.html", {"lists": settings_pages.kept_lists()})
