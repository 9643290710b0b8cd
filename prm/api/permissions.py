"""What a token may do by itself; what its person may do is asked by each verb's door."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class Scope(BasePermission):
    """A token is needed, and to change something one that may write."""

    message = "This token may only read. Make one that may write under Settings › Your API tokens."

    def has_permission(self, request: Request, view: Any) -> bool:
        token: Any = request.auth
        return token is not None and (request.method in SAFE_METHODS or token.may_write)
