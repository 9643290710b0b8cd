"""Filters of lists in the API, declared in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django_filters import (
    CharFilter,
    Filter,
    FilterSet,
    MultipleChoiceFilter,
)
from django_filters.fields import IsoDateTimeField

from prm.forms import DayField
from prm.listing import KeyFilter, YesNoFilter


class _Moment(IsoDateTimeField):
    """A moment within living memory or in sight."""

    def clean(self, value: Any) -> Any:
        try:
            moment = super().clean(value)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if moment:
            DayField().validate(moment.date())
        return moment


class MomentFilter(Filter):
    field_class = _Moment


class DayFilter(Filter):
    field_class = DayField


def filters(
    model: type[Model],
    keys: Iterable[str] | Mapping[str, str] = (),
    choices: Iterable[str] = (),
    texts: Iterable[str] = (),
    booleans: Iterable[str] = (),
    moments: Iterable[str] = (),
    days: Iterable[str] = (),
) -> type[FilterSet]:
    """A FilterSet: relations by the id of the other row, columns with choices by any of several values,
    texts as they stand; moments and days from (`…_from`) and before (`…_before`)."""
    paths = keys if isinstance(keys, Mapping) else {key: key for key in keys}
    found: dict[str, Filter] = {name: KeyFilter(field_name=path, min_value=0) for name, path in paths.items()}
    for name in choices:
        field: Any = model._meta.get_field(name)
        found[name] = MultipleChoiceFilter(field_name=name, choices=field.choices, distinct=False)
    found |= {name: CharFilter(field_name=name, max_length=300) for name in texts}
    found |= {name: YesNoFilter(field_name=name) for name in booleans}
    for names, kind in ((moments, MomentFilter), (days, DayFilter)):
        for name in names:
            short = name.removesuffix("_at").removesuffix("_on")
            found[f"{short}_from"] = kind(field_name=name, lookup_expr="gte")
            found[f"{short}_before"] = kind(field_name=name, lookup_expr="lt")
    meta = type("Meta", (), {"model": model, "fields": []})
    return type(f"{model.__name__}Filter", (FilterSet,), {**found, "Meta": meta})
