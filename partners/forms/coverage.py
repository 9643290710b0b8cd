"""What the pages of the numbers wanted ask beside the numbers themselves."""

from __future__ import annotations

import io
from copy import copy
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.coverage import lists, wanting
from partners.coverage.wanting import Numbers, Place
from prm import tables
from prm.listing import key_in
from prm.refusals import Refused


class WhyForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("It stays beside the change."),
    )
    mark = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    @property
    def reason(self) -> dict[str, Any]:
        """Why, and what was seen before: as `wanting.want` takes both."""
        return {"why": self.cleaned_data["why"], "seen": wanting.seen_at(key_in(self.cleaned_data["mark"]))}

    def refuse(self, refusal: Refused) -> None:
        """Say it; with what it tells, what stands now was seen."""
        self.add_error(None, str(refusal))
        told: Any = copy(self.data)
        told["mark"] = wanting.mark()
        self.data = told


class SegmentsForm(WhyForm):
    """A list of segments, pasted or as a file; all of it goes in, or nothing."""

    text = forms.CharField(
        label=gettext_lazy("Paste a table"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "The first row names the columns: Type, Region, Vertical, Live partners, Certified people."
        ),
    )
    file = forms.FileField(label=gettext_lazy("Or choose a file, CSV or XLSX"), required=False)
    field_order = ("text", "file", "why", "mark")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.numbers: dict[Place, Numbers] = {}
        if "text" in cleaned and "file" in cleaned:
            self._read("file" if cleaned["file"] else "text", cleaned)
        return cleaned

    def _read(self, name: str, cleaned: dict[str, Any]) -> None:
        file, text = cleaned["file"], cleaned["text"]
        if not file and not text.strip():
            self.add_error("text", _("Paste a table, or choose a file."))
            return
        try:
            table = tables.read(file or io.BytesIO(text.encode()), file.name if file else "")
            self.numbers = lists.read(table)
        except lists.ListRefused as refusal:
            self.add_error(name, refusal.said)
        except tables.Unreadable as refusal:
            self.add_error(name, str(refusal))
