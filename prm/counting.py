"""Counting in the database what need not be read."""

from django.db.models import Subquery


class Counted(Subquery):
    """How many rows a query gives; of one that is cut short, no more than it gives."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    empty_result_set_value = 0
