"""What there is at /api/v1/: each resource by its name and address, for a program that comes in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from prm.api.resources import Makes, Resource, every

RESOURCE: dict[str, dict[str, Any]] = {
    "name": {"type": "string", "example": "partners"},
    "words": {"type": "string", "description": "What it is.", "example": "Outside organisations."},
    "url": {"type": "string", "format": "uri", "example": "https://prm.example/api/v1/partners/"},
    "may_add": {
        "type": "boolean",
        "description": "Whether you may add one; of what belongs to a partner, that one says, too.",
        "example": True,
    },
}
CONTENTS = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "items": {"type": "object", "required": [*RESOURCE], "properties": RESOURCE},
        }
    },
    "example": {"results": [{name: each["example"] for name, each in RESOURCE.items()}]},
}


class Index(ViewSet):
    noun = "index"

    @extend_schema(responses={200: CONTENTS})
    def contents(self, request: Request) -> Response:
        """What there is: each resource by its name and address, and whether you may add to it."""
        found = [
            {
                "name": each.noun,
                "words": str(each.resource.words),
                "url": request.build_absolute_uri(f"{each.noun}/"),
                "may_add": _may_add(request, each.resource),
            }
            for each in every()
            if each.is_told
        ]
        return Response({"results": found}, headers={"Cache-Control": "no-store"})


def _may_add(request: Request, resource: type[Resource]) -> bool:
    token: Any = request.auth
    if not issubclass(resource, Makes) or not token.may_write:
        return False
    try:
        resource.may_make(resource(request=request), None)
    except PermissionDenied:
        return False
    return True
