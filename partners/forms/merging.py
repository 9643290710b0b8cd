"""Which value to have, of each field in which two rows differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from partners.models import Contact, Partner

KEPT, GONE = "kept", "gone"
EMPTY: list[Any] = [None, "", []]


class MergeForm(forms.Form):
    """One choice for each field that differs: the kept one's value, or the other's."""

    def __init__(
        self,
        kept: Partner | Contact,
        gone: Partner | Contact,
        names: Sequence[str],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.gone = gone
        self.same: list[tuple[str, str]] = []
        for name in names:
            mine, theirs = getattr(kept, name), getattr(gone, name)
            label = _(name.replace("_", " ").capitalize())
            if mine == theirs:
                self.same += [(label, shown(kept, name))] if mine not in EMPTY else []
                continue
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[(KEPT, shown(kept, name)), (GONE, shown(gone, name))],
                initial=GONE if mine in EMPTY else KEPT,
                widget=forms.RadioSelect,
            )

    def chosen(self) -> dict[str, Any]:
        """The values to take over from the one that goes."""
        return {name: getattr(self.gone, name) for name, whose in self.cleaned_data.items() if whose == GONE}


def shown(row: Partner | Contact, name: str) -> str:
    """A value as a person reads it."""
    value = getattr(row, name)
    if name == "roles" and isinstance(row, Contact):
        value = row.role_labels
    if value in EMPTY:
        return _("nothing")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
