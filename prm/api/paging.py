"""Long lists by keyset: `results`, with the addresses of the pages before and after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination

from prm import paging
from prm.paging import Order, Page

USUAL, MOST = 50, 200
PARAMETERS = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    "after": {"type": "string"},
    "before": {"type": "string"},
}
WORDS = {
    "limit": "How many rows a page holds.",
    "after": "The mark of a row; `next` holds it already.",
    "before": "The mark of a row; `previous` holds it already.",
}


@dataclass(frozen=True)
class Slice:
    """Which part of a list is asked for."""

    limit: int
    after: str
    before: str

    @classmethod
    def asked(cls, address: QueryDict) -> Slice:
        text = address.get("limit", str(USUAL))
        limit = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
        if not 1 <= limit <= MOST:
            raise ValidationError({"limit": [_("Ask for 1 to %(most)d rows.") % {"most": MOST}]})
        return cls(limit, address.get("after", ""), address.get("before", ""))

    def of(self, rows: QuerySet[Any, Any], order: Order) -> Page[Any]:
        for name, mark in (("after", self.after), ("before", self.before)):
            if mark and not paging.is_mark(mark, rows.model, order.column):
                raise ValidationError({name: [_("This is no mark of a row in this order.")]})
        return paging.page(rows, order, after=self.after, before=self.before, most=self.limit)


class Keyset(BasePagination):
    """Says in the OpenAPI document how lists are paged; `Slice` does it."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": WORDS[name]}
            for name, schema in PARAMETERS.items()
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**address, "description": "The address of the next page, null on the last."},
                "previous": {**address, "description": "The address of the page before, null on the first."},
                "results": schema,
            },
        }
