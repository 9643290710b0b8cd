"""Rates into a reporting currency: rows that never change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from prm.rates import Rate as Stated

DIGITS, PLACES = 15, 9  # what both databases keep exactly


class RateQuerySet(models.QuerySet["Rate"]):
    def standing(self) -> RateQuerySet:
        """Those that were neither corrected nor taken back."""
        return self.filter(replaced_at=None)

    def since_about(self, on: Any) -> RateQuerySet:
        """Of each pair of currencies what is needed from a day (or one that is given later) on: its last
        one up to then, and all later."""
        same = Rate.objects.standing().filter(reporting=OuterRef("reporting"), currency=OuterRef("currency"))
        last = same.filter(since_on__lte=on).order_by().values("currency").annotate(on=Max("since_on"))
        begins = Coalesce(Subquery(last.values("on")), date.min, output_field=models.DateField())
        return self.filter(since_on__gte=begins)


class Rate(models.Model):
    """What one unit of a currency is worth in a reporting currency, from a day on.

    A correction is a new row; the former one stays, with who replaced it and why.
    """

    reporting = models.CharField(max_length=3, help_text="ISO 4217.")
    currency = models.CharField(max_length=3, help_text="ISO 4217.")
    since_on = models.DateField()
    worth = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, help_text="In units of the reporting currency."
    )
    source = models.CharField(max_length=200, blank=True, help_text="Where it is from.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replaced_why = models.CharField(max_length=300, blank=True)

    objects = RateQuerySet.as_manager()

    class Meta:
        ordering = ["-since_on", "currency", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reporting", "currency", "since_on"],
                condition=Q(replaced_at=None),
                name="one_rate_of_a_currency_stands_from_a_day",
            ),
            models.CheckConstraint(condition=Q(worth__gt=0), name="a_rate_is_worth_something"),
            models.CheckConstraint(
                condition=~Q(currency=F("reporting")), name="a_currency_has_no_rate_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None, replaced_by=None, replaced_why="")
                | (Q(replaced_at__isnull=False, replaced_by__isnull=False) & ~Q(replaced_why="")),
                name="a_replaced_rate_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.stated.number} {self.reporting}"

    @property
    def stated(self) -> Stated:
        return Stated(self.currency, self.since_on, self.worth)


def stated(rows: QuerySet[Rate]) -> list[Stated]:
    """These rows as the rule reads them."""
    return [Stated(*row) for row in rows.order_by().values_list("currency", "since_on", "worth")]
